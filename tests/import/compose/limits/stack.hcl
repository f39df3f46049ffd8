# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "limits" {
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

file_system "spool" {}

secret "helper_argument_1" {}

load_balancer "main" {
  # Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.
  https = false
}

service "agent" {
  image = "example/agent:1"
  port  = 9100

  mounts = {
    spool = "/var/spool/agent"
  }

  volume "spool" {
    file_system = file_system.spool
  }

  route "/" {}
}

service "helper" {
  image   = "example/helper:1"
  cpu     = 512
  memory  = 1024
  command = ["sh", "-c", "exec 'fetch' '--from' \"$ARGUMENT_1\""]

  secrets = {
    ARGUMENT_1 = secret.helper_argument_1
  }
}
