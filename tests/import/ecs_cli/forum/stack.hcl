# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "forum" {
  region = "eu-west-1"
}

environment "production" {
  account = "222233334444"
}

network "main" {
  existing {
    # Needs you: the VPC of these subnets.
    vpc_id = "vpc-00000000000000000"

    public_subnets  = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    private_subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    public_tasks    = true
  }
}

security_group "app" {
  existing = "sg-0a1b2c3d4e5f60001"
}

database "database" {
  existing {
    host     = "forum.c9akciq32abc.eu-west-1.rds.amazonaws.com"
    port     = 3306
    name     = "forum"
    user     = "forum"
    password = secret.database_password
  }
}

cache "cache" {
  engine  = "redis"
  version = "7.1"

  # Needs you: the smallest node, as a start.
  node = "cache.t4g.micro"
}

file_system "uploads" {
  existing {
    id = "fs-0a1b2c3d4e5f60001"

    # Needs you: the security group of its mount targets.
    security_group = "sg-00000000000000000"
  }
}

registry "proxy" {
  existing = "forum/proxy"
}

registry "rails" {
  existing = "forum/rails"
}

secret "database_password" {}

secret "secret_key_base" {
  existing = "arn:aws:ssm:eu-west-1:222233334444:parameter/forum/secret_key_base"
}

load_balancer "main" {
  # Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.
  https = false
}

namespace "main" {}

service "app" {
  image  = registry.proxy
  cpu    = 1024
  memory = 2048
  port   = 80

  environment = {
    APP_URL      = "http://127.0.0.1:3000"
    METRICS_HOST = service.metrics.host
    CACHE_URL    = cache.cache.url
  }

  security_groups = [security_group.app]
  egress          = [9200]
  task_role       = "forum"

  volume "uploads" {
    file_system = file_system.uploads
  }

  container "rails" {
    image = registry.rails
    tag   = "7"

    mounts = {
      uploads = "/app/uploads"
    }

    depends_on = {
      router = "started"
    }

    environment = {
      DB_HOST         = database.database.host
      DB_PORT         = database.database.port
      DB_NAME         = database.database.name
      DB_USER         = database.database.user
      SEARCH_URL      = "http://search.example.net:9200"
      RAILS_LOG_LEVEL = "warn"
    }

    secrets = {
      DB_PASSWORD     = database.database.password
      SECRET_KEY_BASE = secret.secret_key_base
    }

    cpu                = 256
    memory             = 512
    memory_reservation = 256

    health_check {
      shell        = "curl -f http://127.0.0.1:3000/up"
      interval     = 90
      timeout      = 10
      retries      = 3
      start_period = 60
    }
  }

  container "router" {
    image     = "amazon/aws-for-fluent-bit:2"
    essential = false
  }

  route "/" {}
}

service "jobs" {
  image   = registry.rails
  tag     = "7"
  cpu     = 512
  memory  = 1024
  command = ["bundle", "exec", "sidekiq"]

  mounts = {
    uploads = "/app/uploads"
  }

  environment = {
    RAILS_LOG_LEVEL = "warn"
  }

  volume "uploads" {
    file_system = file_system.uploads
  }
}

service "metrics" {
  image     = "prom/prometheus:v2.50.0"
  cpu       = 256
  memory    = 1024
  port      = 9090
  discovery = namespace.main
}
