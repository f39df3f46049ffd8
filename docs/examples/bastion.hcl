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
}

bastion "main" {
  access = [database.main]
}
