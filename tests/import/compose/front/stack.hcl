# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "tickets" {
  # Needs you: the region.
  region = "us-east-1"
}

environment "production" {
  # Needs you: the id of the AWS account.
  account = "111111111111"

  domain = "tickets.example.org"
}

# Needs you: a range that overlaps no other network, or a network that exists.
network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

load_balancer "main" {
  domain  = environment.domain
  aliases = ["www.tickets.example.org"]

  # Needs you: the hosted zone of these names. Without one in Route 53 write `certificate` instead.
  zone = "Z00000000000000000000"
}

service "site" {
  image = "acme/site:4"
  port  = 3000

  route "/" {}
}

service "api" {
  image = "acme/api:4"
  port  = 8080
  ports = [9000]

  route "/api/*" {}

  route "/auth/*" {}

  route "/live" {
    idle_timeout = 900
  }
}
