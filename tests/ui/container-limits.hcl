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
  image  = "example/app:1"
  cpu    = 256
  memory = 512

  container "log" {
    image              = "fluent/fluentd:v1.17"
    cpu                = 256
    memory             = 1024
    memory_reservation = 128
  }

  container "web" {
    image              = "nginx:1.27"
    memory             = 128
    memory_reservation = 128
  }

  container "metrics" {
    image  = "prom/statsd-exporter:v0.28.0"
    memory = 384
  }
}
