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

service "app" {
  image  = "example/app:1"
  mounts = { app_statik = "/var/app/public" }

  volume "app_static" {}

  container "web" {
    image            = "nginx:1.27"
    read_only_mounts = { app_static = "/var/app/public" }
  }
}

task "migrate" {
  image  = "example/app:1"
  mounts = { tmp = "/var/migrate" }
}
