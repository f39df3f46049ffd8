# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "routes" {
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

service "blog" {
  image = "acme/blog:1"
  port  = 3000

  route "/v1*" {
    hosts    = ["blog.example.org"]
    priority = 200
  }
}

service "wiki" {
  image = "acme/wiki:1"
  port  = 3000

  route "/v1*" {
    hosts    = ["wiki.example.org", "docs.example.org"]
    priority = 202
  }
}

service "shop" {
  image = "acme/shop:1"
  port  = 3000

  route "/v1*" {
    # Needs you: its host name.
    hosts = ["shop.example.com"]

    priority = 201
  }
}
