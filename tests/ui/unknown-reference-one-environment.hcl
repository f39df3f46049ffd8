stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

environment "staging" {
  account = "222222222222"
  domain  = "staging.example.com"
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
    ORIGIN = "https://${environment.domain}"
  }
}
