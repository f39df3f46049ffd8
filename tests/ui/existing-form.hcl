stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

bucket "assets" {
  existing   = "shop-assets"
  versioning = true
}
