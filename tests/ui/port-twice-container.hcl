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
    port  = 4000
  }
}
