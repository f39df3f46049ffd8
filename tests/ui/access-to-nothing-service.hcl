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

registry "app" {}

service "web" {
  image  = "nginx:1.27"
  access = [registry.app]
}
