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
  image = "nginx:1.27"
}

alarm "cpu_high" {
  of       = service.web
  metric   = "CPUUtilization"
  above    = 80
  at_least = 90
}

alarm "cpu_low" {
  of     = service.web
  metric = "CPUUtilization"
}
