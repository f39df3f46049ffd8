stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}

topic "ops" {
  emails = ["ops@example.com", "ops", "OPS@example.com"]
}
