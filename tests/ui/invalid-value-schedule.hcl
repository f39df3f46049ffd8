stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

task "report" {
  image = "nginx:1.27"

  schedule "nightly" {
    at        = "cron(0 25 * * ? *)"
    time_zone = "Asia/Tokio"
  }

  schedule "unix" {
    at = "0 3 * * *"
  }
}
