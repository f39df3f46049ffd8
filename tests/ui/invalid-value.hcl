stack "shop" {
  region = "eu-west-9"
}

environment "production" {
  account = "1111"
}

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}

service "web" {
  image  = "nginx:1.27"
  cpu    = 256
  memory = 512
  tasks         = 9000
  log_retention = 45
}
