stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

network "main" {
  zones = ["a", "b"]
}
