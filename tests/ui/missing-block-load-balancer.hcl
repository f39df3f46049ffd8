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

service "web" {
  image  = "nginx:1.27"
  cpu    = 256
  memory = 512
  port   = 3000

  route "/" {}
}
