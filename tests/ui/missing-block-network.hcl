stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

service "web" {
  image  = "nginx:1.27"
  cpu    = 256
  memory = 512
}
