# Two zones, and a NAT gateway in each, in production only.
stack "shop" {
  region = "eu-west-1"
}

environment "staging" {
  account = "111111111111"
}

environment "production" {
  account = "222222222222"

  network "main" { nat = "per-zone" }
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
  nat   = "single"
}
