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

  environment = {
    SMTP_PASSWORD = "hunter2"
    REDIS_URL     = "redis://:letmein@cache.example.com:6379"
    UPLOAD_KEY    = "AKIAIOSFODNN7EXAMPLE"
  }

  command = ["serve", "--password", "hunter2"]

  health_check {
    shell = "curl --user admin:hunter2 localhost"
  }
}

parameter "feed" {
  value = "https://reader:hunter2@feed.example.com"
}
