stack "shop" {
  region = "eu-west-1"
}

environment "staging" {
  account = "111111111111"
}

environment "production" {
  account = "222222222222"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

secret "token" {}

service "web" {
  image = "nginx:1.27"

  secrets = {
    API_URL = "https://api.example/${secret.token}"
  }
}
