stack "shop" {
  region = "eu-west-1"
}

environment "staging" {
  account = "111111111111"
}

environment "production" {
  account = "222222222222"

  service "web" {
    scaling {
      min = 2
      max = 4
      cpu = 60
    }
  }
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

service "web" {
  image = "nginx:1.27"
}
