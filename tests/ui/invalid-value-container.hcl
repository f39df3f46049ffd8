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
  image             = "example/app:1"
  user              = "a b"
  working_directory = "app"
}

service "web" {
  image          = "example/app:1"
  ulimits        = { nofiles = 65536 }
  execution_role = "arn:aws:iam::111111111111:user/ecs"
  entry_point    = ["redis-server", "redis://:hunter2@127.0.0.1"]

  container "log_" {
    health_check {}
  }

  container "web" {
    mounts = { log = "var/log" }

    health_check {
      command = ["true"]
      shell   = "true"
    }
  }

  volume "log" {}
}
