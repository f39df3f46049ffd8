# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "api" {
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

registry "api" {
  # So that `latest` can be pushed again; better is a tag for each build.
  mutable = true
}

registry "api_migrate" {
  # So that `latest` can be pushed again; better is a tag for each build.
  mutable = true
}

secret "database_url" {}

# Needs you: the value of RELEASE is not in the input.
service "api" {
  image  = registry.api
  cpu    = 256
  memory = 512
  port   = 8000

  environment = {
    APP_ENV = "live"
    WORKERS = "4"
  }

  secrets = {
    DATABASE_URL = secret.database_url
  }
}

task "api_migrate" {
  image   = registry.api_migrate
  cpu     = 256
  memory  = 512
  command = ["./manage", "migrate"]

  environment = {
    APP_ENV = "live"
  }

  secrets = {
    DATABASE_URL = secret.database_url
  }
}
