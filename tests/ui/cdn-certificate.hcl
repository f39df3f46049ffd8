stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

bucket "assets" {}

cdn "elsewhere" {
  bucket      = bucket.assets
  domain      = "assets.example.com"
  certificate = "arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d"
}

cdn "missing" {
  bucket = bucket.assets
  domain = "files.example.com"
}
