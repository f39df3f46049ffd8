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

load_balancer "internal" {
  https    = false
  internal = true
}

load_balancer "public" {
  https = false
}

service "web" {
  image = "nginx:1.27"
  port  = 3000

  route "/" {
    load_balancer = load_balancer.public
  }

  route "/admin*" {
    container     = "admin"
    load_balancer = load_balancer.internal
  }

  route "/status" {
    load_balancer = load_balancer.internal
  }

  container "admin" {
    port = 4000
  }
}
