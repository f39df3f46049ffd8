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
}

service "app" {
  image      = "example/app:1"
  port       = 4000
  depends_on = { logs = "started" }

  route "/" {
    container = "wbe"
  }

  container "log" {
    image = "fluent/fluentd:v1.17"
  }

  container "web" {
    image = "nginx:1.27"
    port  = 80
  }
}
