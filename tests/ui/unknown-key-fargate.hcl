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

app "shop" {
  image      = "example/app:1"
  log_driver = "syslog"

  service "app" {
    restart = "always"
    mounts  = { data = "/data" }

    container "web" {
      host_port       = 8080
      security_groups = ["sg-0a1b2c3d4e5f60001"]
    }

    volume "data" {
      source_path = "/srv/data"
    }
  }
}
