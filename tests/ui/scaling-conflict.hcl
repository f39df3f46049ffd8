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

alarm "quiet" {
  of     = service.web
  metric = "CPUUtilization"
  below  = 20
}

service "web" {
  image  = "nginx:1.27"
  cpu    = 256
  memory = 512

  scaling {
    min = 1
    max = 20
    cpu = 60

    step "quiet" {
      alarm  = alarm.quiet
      change = -1
    }
  }
}
