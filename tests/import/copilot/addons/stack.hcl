# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "orders" {
  region = "eu-central-1"
}

environment "test" {
  # Needs you: the id of the AWS account.
  account = "111111111111"

  network "main" {
    cidr  = "10.20.0.0/16"
    zones = ["a", "b"]
    nat   = "none"
  }

  bucket "invoices" {
    import = {
      aws_s3_bucket = "acme-orders-test-invoices"
    }
  }

  bucket "exports" {
    existing = "acme-orders-test-exports"
  }

  service "admin" {
    route "/" {
      hosts = ["shop.example.com"]
    }
  }

  secret "token" {
    existing = "arn:aws:ssm:eu-central-1:111111111111:parameter/TOKEN"
  }

  service "api" {
    route "/api" {
      hosts    = ["*.elb.amazonaws.com"]
      priority = 201
    }

    route "/api/*" {
      hosts    = ["*.elb.amazonaws.com"]
      priority = 200
    }
  }

  service "web" {
    route "/" {
      hosts = ["closed.invalid"]
    }
  }
}

environment "prod" {
  account = "222233334444"
  region  = "eu-west-1"

  network "main" {
    cidr  = "10.30.0.0/16"
    zones = ["a", "b"]
    nat   = "none"
  }

  bucket "invoices" {
    import = {
      aws_s3_bucket = "acme-orders-prod-invoices"
    }
  }

  bucket "exports" {
    existing = "acme-orders-prod-exports"
  }

  load_balancer "main" {
    https       = true
    certificate = "arn:aws:acm:eu-west-1:222233334444:certificate/0f0e0d0c"
  }

  secret "token" {
    existing = "arn:aws:ssm:eu-west-1:222233334444:parameter/TOKEN"
  }

  service "api" {
    route "/api" {
      hosts    = ["shop.example.com"]
      priority = 201
    }

    route "/api/*" {
      hosts    = ["shop.example.com"]
      priority = 200
    }
  }

  service "worker" {
    image = "ghcr.io/acme/worker:7"
  }

  pipeline "orders" {
    approval = true
  }
}

network "main" {}

database "main" {
  engine  = "postgres"
  version = "16"

  # Needs you: a small class, as a start.
  class = "db.t4g.micro"

  name = "orders"
  user = "owner"
}

cache "sessions" {
  engine  = "redis"
  version = "7.0"
  node    = "cache.t4g.small"
}

file_system "shared" {}

bucket "invoices" {}

bucket "exports" {}

bucket "uploads" {}

registry "admin" {
  # So that `latest` can be pushed again; better is a tag for each build.
  mutable = true
}

registry "worker" {
  # So that `latest` can be pushed again; better is a tag for each build.
  mutable = true
}

secret "token" {}

load_balancer "main" {
  # Needs you: plain HTTP where the environment has no certificate.
  https = false
}

pipeline "orders" {
  platform   = "codepipeline"
  repository = "acme/orders"
  branch     = "main"

  # Needs you: the ARN of the connection to the repository.
  connection = "arn:aws:codeconnections:eu-central-1:111111111111:connection/00000000-0000-0000-0000-000000000000"

  build "admin" {
    dockerfile = "admin/Dockerfile"
    context    = "admin"
  }
}

service "admin" {
  image       = registry.admin
  cpu         = 256
  memory      = 512
  port        = 80
  deployed_by = pipeline.orders

  route "/" {
    hosts    = ["admin.example.com"]
    priority = 202
  }
}

service "api" {
  image  = "ghcr.io/acme/api:1"
  cpu    = 256
  memory = 512
  port   = 8080

  read_only_mounts = {
    shared = "/shared"
  }

  environment = {
    REDIS_HOST    = cache.sessions.host
    INVOICES_NAME = bucket.invoices.name
    MAIN_HOST     = database.main.host
    MAIN_NAME     = database.main.name
    MAIN_USER     = database.main.user
  }

  secrets = {
    TOKEN         = secret.token
    MAIN_PASSWORD = database.main.password
  }

  volume "shared" {
    file_system = file_system.shared
  }

  route "/api" {}

  route "/api/*" {}
}

service "web" {
  image  = "ghcr.io/acme/web:1"
  cpu    = 256
  memory = 512
  port   = 3000

  route "/" {
    hosts    = ["shop.example.com"]
    priority = 203
  }
}

# Needs you: no pipeline deploys it, because environments have other images.
service "worker" {
  image  = registry.worker
  cpu    = 256
  memory = 512
}
