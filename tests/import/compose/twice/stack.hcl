# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "twice" {
  # Needs you: the region.
  region = "us-east-1"
}

environment "production" {
  # Needs you: the id of the AWS account.
  account = "111111111111"
}

# Needs you: a range that overlaps no other network, or a network that exists.
network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

secret "pgpassword" {}

secret "smtp_password" {}

load_balancer "main" {
  # Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.
  https = false
}

namespace "main" {}

service "web" {
  image = "example/web:3"
  port  = 80

  environment = {
    API_HOST  = service.api.host
    TOKEN_URL = "http://${service.api.host}:80/token"
  }

  secrets = {
    PGPASSWORD    = secret.pgpassword
    SMTP_PASSWORD = secret.smtp_password
  }

  route "/" {}
}

service "api" {
  image     = "example/api:3"
  command   = ["serve"]
  discovery = namespace.main
}

task "seed" {
  image = "example/seed:3"
}
