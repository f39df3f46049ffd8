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
