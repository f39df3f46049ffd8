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

load_balancer "public" {
  domain      = "shop.example.com"
  certificate = "arn:aws:acm:eu-west-1:111111111111:certificate/11111111-2222-3333-4444-555555555555"
}

service "web" {
  image  = "nginx:1.27"
  cpu    = 256
  memory = 512
  port   = 3000

  route "/shop*" {
    priority = 10
  }
}

service "api" {
  image  = "nginx:1.27"
  cpu    = 256
  memory = 512
  port   = 4000

  route "/api*" {
    priority = 10
  }
}
