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

service "app" {
  image      = "example/app:1"
  depends_on = { log = "healthy", setup = "success" }

  container "log" {
    image = "fluent/fluentd:v1.17"
  }

  container "setup" {
    command = ["bin/setup"]
  }

  container "web" {
    image      = "nginx:1.27"
    depends_on = { app = "complete" }
  }
}
