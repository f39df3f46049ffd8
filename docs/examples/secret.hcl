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

# Made by a command that the generated README has.
secret "session_key" { generate = 64 }

# Brought by a person.
secret "smtp_password" {}

service "worker" {
  image = "public.ecr.aws/docker/library/ruby:3.4"

  secrets = {
    SESSION_KEY   = secret.session_key
    SMTP_PASSWORD = secret.smtp_password
  }
}
