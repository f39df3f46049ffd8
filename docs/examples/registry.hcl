stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
  domain  = "shop.example.com"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

registry "app" {
  keep = 50
}

service "web" {
  image = registry.app
  tag   = "v1"
}
