# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "gate" {
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

load_balancer "main" {
  # Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.
  https = false
}

namespace "main" {}

service "gate" {
  image = "nginx:1.27"
  port  = 80

  environment = {
    ADMIN_HOST = service.admin.host
  }

  route "/" {}
}

service "admin" {
  image     = "acme/admin:2"
  port      = 8000
  discovery = namespace.main
}
