stack "shop" { region = "eu-west-1" }
environment "staging" { account = "111111111111" }
environment "production" {
  account = "222222222222"
  bucket "media" { renamed_from = "uploads" }
  app "shop" {
    service "web" { aws_name = "front" }
  }
}
network "main" {
  cidr     = "10.20.0.0/16"
  zones    = ["a", "b"]
  aws_name = "wide"
}

bucket "media" {}

app "shop" {
  image = "nginx:1.27"
  service "web" { renamed_from = "front" }
}
