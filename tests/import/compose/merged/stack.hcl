# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "merged" {
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

file_system "spool" {
  uid = 1200
  gid = 1300
}

secret "signing_key" {}

load_balancer "main" {
  # Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.
  https = false
}

namespace "main" {}

app "api" {
  image = "example/api:7.2"

  environment = {
    KEPT = "yes"
  }

  service "api" {
    cpu               = 256
    memory            = 1024
    command           = ["serve", "--workers", "4"]
    working_directory = "/srv"
    user              = "1200:1300"
    port              = 8000
    ports             = [9000]

    mounts = {
      spool = "/srv/spool"
    }

    secrets = {
      SIGNING_KEY = secret.signing_key
    }

    discovery = namespace.main

    environment = {
      MODE = "live"
    }

    volume "spool" {
      file_system = file_system.spool
    }

    route "/v1*" {
      hosts = ["api.example.com"]
    }
  }

  service "worker" {
    command           = ["work"]
    working_directory = "/srv"
    user              = "1200:1300"

    ulimits = {
      nofile  = 2048
      memlock = 2147483647
    }

    mounts = {
      spool = "/srv/spool"
    }

    environment = {
      SIGNING_KEY_FILE = "/run/secrets/signing_key"
      MODE             = "trial"
    }

    volume "spool" {
      file_system = file_system.spool
    }
  }
}

service "queue" {
  image = "rabbitmq:3.13"
  port  = 5672
}

service "front" {
  image = "example/front:5"
  port  = 80

  environment = {
    API_URL = "http://${service.api.host}:8000/v1"
  }

  route "/" {}
}

service "shell" {
  image = "alpine:3"
}

task "seed" {
  image       = "example/api:2"
  entry_point = ["/bin/sh", "-c"]
  command     = ["seed \"all\""]
}
