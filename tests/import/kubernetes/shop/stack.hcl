# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "222233334444"
  domain  = "shop.example.com"
}

# Needs you: a range that overlaps no other network, or a network that exists.
network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

database "postgres" {
  engine  = "postgres"
  version = "16"

  # Needs you: a small class, as a start.
  class = "db.t4g.micro"

  name    = "shop"
  user    = "shop"
  storage = 40
}

cache "redis" {
  engine  = "redis"
  version = "7.1"

  # Needs you: the smallest node, as a start.
  node = "cache.t4g.micro"
}

file_system "uploads" {
  uid = 1000
  gid = 1000
}

registry "shop" {
  existing = "shop"
}

secret "stripe_secret_key" {}

secret "api_token" {}

secret "broker_url" {}

secret "rails_header" {}

secret "payment" {}

load_balancer "main" {
  domain  = environment.domain
  aliases = ["www.example.com"]

  # Needs you: the hosted zone of these names. Without one in Route 53 write `certificate` instead.
  zone = "Z00000000000000000000"
}

namespace "main" {}

app "shop" {
  image = registry.shop
  tag   = "7"

  task "web_migrate" {
    command = ["rake", "db:migrate"]

    environment = {
      DATABASE_HOST = database.postgres.host
      DATABASE_NAME = database.postgres.name
      REDIS_URL     = "${cache.redis.url}/1"
      MAIL_URL      = "smtp://mail.example.net"
    }

    secrets = {
      STRIPE_SECRET_KEY = secret.stripe_secret_key
    }

    architecture = "arm64"
    egress       = [587]
    task_role    = "arn:aws:iam::222233334444:role/shop-web"
  }

  task "report" {
    cpu     = 1024
    memory  = 3072
    command = ["rake", "report"]
    timeout = 900

    schedule "main" {
      at        = "cron(30 2 ? * MON-FRI *)"
      time_zone = "Europe/Berlin"
    }
  }
}

app "busybox" {
  image = "busybox:1.36"

  task "paused" {
    entry_point = ["true"]

    schedule "main" {
      at      = "cron(0 0 * * ? *)"
      enabled = false
    }
  }

  task "seed" {
    entry_point = ["echo", "seed"]
  }
}

service "search" {
  image     = "getmeili/meilisearch:v1.10"
  port      = 7700
  discovery = namespace.main

  route "/search" {
    hosts = ["shop.example.com", "www.example.com"]
  }

  route "/search/*" {
    hosts = ["shop.example.com", "www.example.com"]
  }

  route "/status" {
    hosts = ["shop.example.com", "www.example.com"]
  }
}

service "web" {
  image        = "nginxinc/nginx-unprivileged:1.27"
  cpu          = 1024
  memory       = 2048
  user         = "1000:1000"
  port         = 8080
  stop_timeout = 45

  read_only_mounts = {
    public = "/usr/share/nginx/html"
  }

  depends_on = {
    log = "started"
  }

  tasks        = 3
  grace_period = 20
  architecture = "arm64"
  egress       = [587, 5671]
  task_role    = "arn:aws:iam::222233334444:role/shop-web"

  volume "public" {}

  volume "uploads" {
    file_system = file_system.uploads
  }

  volume "tmp" {}

  # Needs you: the value of NOT_HERE is not in the input.
  # Needs you: the value of POD_IP is not in the input.
  # Needs you: the value of LIMIT is not in the input.
  container "rails" {
    image = registry.shop
    tag   = "7"

    entry_point = [
      "sh",
      "-c",
      "exec \"bin/serve\" \"--key=$${API_TOKEN}\" \"--env=production\" \"\\$HOME\"",
    ]

    user         = "1000:1000"
    port         = 9090
    ports        = [3000]
    stop_timeout = 45
    read_only    = true

    mounts = {
      uploads = "/app/uploads"
      tmp     = "/tmp"
    }

    depends_on = {
      log = "started"
    }

    environment = {
      DATABASE_HOST        = database.postgres.host
      DATABASE_NAME        = database.postgres.name
      REDIS_URL            = "${cache.redis.url}/1"
      MAIL_URL             = "smtp://mail.example.net"
      APP_threads          = "5"
      "APP_never.used"     = "1"
      REPORT_DATABASE_HOST = database.postgres.host
      REPORT_DATABASE_PORT = database.postgres.port
      REPORT_DATABASE_NAME = database.postgres.name
      REPORT_DATABASE_USER = database.postgres.user
      DATABASE_USER        = database.postgres.user
      RAILS_ENV            = "production"
      SEARCH               = "http://${service.search.host}:7700/v1"
      LEGACY               = "http://legacy.example.net"
      TIER                 = "front"
      THREADS              = "5"
    }

    secrets = {
      STRIPE_SECRET_KEY        = secret.stripe_secret_key
      REPORT_DATABASE_PASSWORD = database.postgres.password
      API_TOKEN                = secret.api_token
      DATABASE_PASSWORD        = database.postgres.password
      BROKER_URL               = secret.broker_url
      HEADER                   = secret.rails_header
      PAYMENT                  = secret.payment
    }

    health_check {
      command      = ["bin/alive"]
      interval     = 20
      retries      = 4
      start_period = 60
    }
  }

  container "assets" {
    image   = registry.shop
    tag     = "7"
    command = ["rake", "assets:copy"]
    user    = "1000:1000"

    mounts = {
      public = "/out"
    }

    essential = false
  }

  container "log" {
    image        = "fluent/fluent-bit:3.1"
    user         = "1000:1000"
    stop_timeout = 45

    depends_on = {
      assets = "success"
    }
  }

  route "/" {
    health_check = "/up"
    hosts        = ["shop.example.com", "www.example.com"]
  }

  scaling {
    min = 2
    max = 9
    cpu = 60
  }
}
