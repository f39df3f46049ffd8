# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "ledger" {
  region = "ap-northeast-1"
}

environment "production" {
  account = "222233334444"
}

# Needs you: a range that overlaps no other network, or a network that exists.
network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

registry "ledger" {
  existing = "ledger"
}

log_group "ledger" {
  name = "ledger"
}

secret "sentry_token" {}

app "ledger" {
  image = registry.ledger
  tag   = "8"

  service "ledger" {
    cpu               = 512
    memory            = 1024
    entry_point       = ["prehook", "ruby /app/docker/setup.rb", "--"]
    working_directory = "/app"
    port              = 3000

    mounts = {
      sockets = "/app/tmp/sockets"
    }

    environment = {
      RAILS_ENV = "production"
    }

    secrets = {
      SENTRY_TOKEN = secret.sentry_token
    }

    log_group    = log_group.ledger
    architecture = "arm64"
    task_role    = "arn:aws:iam::222233334444:role/ledger"

    volume "sockets" {}

    container "statsd" {
      image = "prom/statsd-exporter:v0.26.0"

      read_only_mounts = {
        sockets = "/app/tmp/sockets"
      }

      essential = false
    }
  }

  task "ledger_migrate" {
    cpu     = 256
    memory  = 512
    command = ["bin/rails", "db:migrate"]
  }
}
