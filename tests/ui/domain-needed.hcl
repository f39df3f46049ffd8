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

load_balancer "public" {
  https = false
  zone  = "Z0123456789ABCDEFGHIJ"
}
