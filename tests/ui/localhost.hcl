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
  image = "example/app:1"
  port  = 4000

  container "web" {
    image = "nginx:1.27"

    environment = {
      APP_SERVER = "localhost"
      UPSTREAM   = "http://localhost:4000/"
      DEBUG_URL  = "http://localhost:9000/"
      PUBLIC     = "app.localhost:4000"
    }
  }
}
