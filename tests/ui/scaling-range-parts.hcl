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

alarm "busy" {
  of     = service.web
  metric = "CPUUtilization"
  above  = 80
}

service "web" {
  image  = "nginx:1.27"
  cpu    = 256
  memory = 512

  scaling {
    min      = 1
    max      = 20
    requests = 1000

    step "busy" {
      alarm  = alarm.busy
      change = 0
    }

    window "batch" {
      from = "01:45"
      to   = "04:30"
      min  = 30
    }

    schedule "friday" {
      at = "cron(0 18 ? * FRI *)"
    }
  }
}
