stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

load_balancer "main" {
  https = false
}

firewall "main" {
  load_balancer = load_balancer.main
}

firewall "admin" {
  load_balancer = load_balancer.main
}
