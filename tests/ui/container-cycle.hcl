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
  depends_on = { log = "started" }

  container "log" {
    image      = "fluent/fluentd:v1.17"
    depends_on = { web = "started" }
  }

  container "web" {
    image      = "nginx:1.27"
    depends_on = { app = "started" }
  }
}
