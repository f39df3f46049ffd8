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
    min = 1
    max = 20

    window "batch" {
      from = "22:45"
      to   = "04:30"
      min  = 8
    }

    window "morning" {
      days = ["mon", "tue"]
      from = "04:30"
      to   = "09:00"
      min  = 4
    }
  }
}
