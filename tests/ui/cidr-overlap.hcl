stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

network "main" {
  cidr      = "10.20.0.0/16"
  zones     = ["a", "b"]
  connected = ["10.8.0.0/16", "10.20.128.0/20"]
}
