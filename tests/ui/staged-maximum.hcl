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

  scaling {
    min = 0
    max = [10, 25]
    cpu = 60
  }
}
