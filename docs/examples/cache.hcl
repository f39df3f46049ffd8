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

cache "main" {
  engine  = "redis"
  version = "7.1"
  node    = "cache.t4g.micro"
}

service "worker" {
  image = "public.ecr.aws/docker/library/ruby:3.4"

  environment = { REDIS_URL = cache.main.url }
}
