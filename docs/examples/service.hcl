stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
  domain  = "shop.example.com"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

load_balancer "main" {
  domain = environment.domain
  zone   = "Z0123456789EXAMPLE"
}

service "web" {
  image  = "public.ecr.aws/nginx/nginx:1.27"
  port   = 80
  cpu    = 512
  memory = 1024
  tasks  = 2

  route "/" {
    health_check = "/health"
  }

  scaling {
    min = 2
    max = 6
    cpu = 60
  }
}

# Without a route it is a worker.
service "worker" {
  image   = "public.ecr.aws/docker/library/ruby:3.4"
  command = ["ruby", "worker.rb"]
}

# Three containers in one task: they share its size, its network and these volumes, and reach each other at 127.0.0.1.
service "app" {
  image      = "public.ecr.aws/docker/library/ruby:3.4"
  command    = ["ruby", "app.rb"]
  port       = 4000
  mounts     = { static = "/app/public", logs = "/app/log" }
  depends_on = { log = "healthy" }

  volume "static" {}
  volume "logs" {}

  container "proxy" {
    image            = "public.ecr.aws/nginx/nginx:1.27"
    port             = 8080
    read_only_mounts = { static = "/usr/share/nginx/html" }
  }

  container "log" {
    image            = "public.ecr.aws/docker/library/fluentd:v1.17"
    user             = "root"
    stop_timeout     = 60
    read_only_mounts = { logs = "/var/log/app" }

    health_check {
      shell = "pgrep fluentd"
    }
  }

  route "/app*" {
    container = "proxy"
  }
}
