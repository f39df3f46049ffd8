stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
  domain  = "shop.example.com"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

database "main" {
  engine  = "postgres"
  version = "16"
  class   = "db.t4g.small"
  storage = 50
}

service "worker" {
  image = "public.ecr.aws/docker/library/ruby:3.4"

  environment = { DB_HOST = database.main.host }
  secrets     = { DB_PASSWORD = database.main.password }
}
