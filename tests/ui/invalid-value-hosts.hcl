stack "shop" {
  region = "eu-west-1"
}

environment "staging" {
  account = "111111111111"
}

environment "production" {
  account = "222222222222"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

load_balancer "main" {
  https = false
}

service "web" {
  image = "nginx:1.27"
  port  = 80

  route "/" {
    hosts = ["a.example", "https://b.example", "c.example", "d.example", "e.example", "f.example"]
  }
}
