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

alarm "queue" {
  dimensions = { Queue = "mail" }
  above      = 100
}

alarm "cpu_high" {
  existing = "ECS CPUUtilization"
  periods  = 2
}
