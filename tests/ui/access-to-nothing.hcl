stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

bucket "assets" {}

user "ci" {
  access = [bucket.assets.domain, "assets"]
}
