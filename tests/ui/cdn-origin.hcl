stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

bucket "assets" {}

cdn "none" {}

cdn "two" {
  bucket = bucket.assets
  origin = "shop.example.com"
}
