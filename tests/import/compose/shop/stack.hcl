# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "corner_shop" {
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

database "db" {
  engine  = "postgres"
  version = "16"

  # Needs you: a small class, as a start.
  class = "db.t4g.micro"

  name = "shop_production"
  user = "shop"
}

cache "cache" {
  engine  = "redis"
  version = "7.1"

  # Needs you: the smallest node, as a start.
  node = "cache.t4g.micro"
}

file_system "index" {}

file_system "uploads" {}

registry "web" {
  # So that `latest` can be pushed again; better is a tag for each build.
  mutable = true
}

secret "smtp_password" {}

secret "api_token" {}

secret "meili_master_key" {}

load_balancer "main" {
  # Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.
  https = false
}

namespace "main" {}

app "web" {
  image = registry.web

  environment = {
    MAIL_FROM   = "Corner Shop <shop@example.com>"
    LOCALE      = "de"
    RAILS_ENV   = "production"
    DB_HOST     = database.db.host
    DB_PORT     = database.db.port
    DB_NAME     = database.db.name
    DB_USER     = database.db.user
    REDIS_URL   = "${cache.cache.url}/1"
    SEARCH_HOST = service.search.host
  }

  secrets = {
    SMTP_PASSWORD = secret.smtp_password
    DB_PASSWORD   = database.db.password
  }

  service "web" {
    cpu     = 1024
    memory  = 2048
    command = ["bundle", "exec", "puma", "-p", "3000"]
    port    = 3000

    mounts = {
      uploads     = "/app/storage"
      web_app_tmp = "/app/tmp"
    }

    tasks = 2

    health_check {
      shell    = "curl -f http://127.0.0.1:3000/up"
      interval = 90
      retries  = 2
    }

    volume "uploads" {
      file_system = file_system.uploads
    }

    volume "web_app_tmp" {}

    route "/" {}
  }

  service "jobs" {
    command      = ["bundle", "exec", "sidekiq"]
    stop_timeout = 120

    read_only_mounts = {
      uploads = "/app/storage"
    }

    environment = {
      CONCURRENCY = "5"
      PRICE       = "$5"
    }

    secrets = {
      API_TOKEN = secret.api_token
    }

    volume "uploads" {
      file_system = file_system.uploads
    }
  }

  task "migrate" {
    command = ["bin/rails", "db:migrate"]
  }
}

# Needs you: the value of MEILI_LOG_LEVEL is not in the input.
service "search" {
  image = "getmeili/meilisearch:v1.10"
  port  = 7700

  mounts = {
    index      = "/meili_data"
    search_tmp = "/tmp"
  }

  environment = {
    MEILI_ENV = "production"
  }

  secrets = {
    MEILI_MASTER_KEY = secret.meili_master_key
  }

  single    = true
  discovery = namespace.main

  volume "index" {
    file_system = file_system.index
  }

  volume "search_tmp" {}
}
