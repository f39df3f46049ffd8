stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
  domain  = "shop.example.com"
}

bucket "assets" {}

cdn "assets" {
  bucket      = bucket.assets
  domain      = "assets.${environment.domain}"
  certificate = "arn:aws:acm:us-east-1:111111111111:certificate/0a1b2c3d"
  zone        = "Z0123456789ABCDEFGHIJ"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

service "web" {
  image       = "public.ecr.aws/docker/library/ruby:3.4"
  environment = { ASSET_HOST = cdn.assets.url }
}
