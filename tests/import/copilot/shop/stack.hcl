# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "bookshop" {
  region = "eu-west-1"
}

environment "test" {
  account = "111122223333"

  network "main" {
    cidr  = "10.1.0.0/16"
    zones = ["a", "b"]
  }

  secret "session_key" {
    existing = "arn:aws:ssm:eu-west-1:111122223333:parameter/copilot/bookshop/test/secrets/SESSION_KEY"
  }

  secret "db_password" {
    existing = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:test/db"
  }

  service "web" {
    environment = {
      LOG_LEVEL = "debug"
    }
  }

  service "worker" {
    scaling {
      max = 1
    }
  }
}

environment "prod" {
  account = "111122223333"

  network "main" {
    existing {
      vpc_id          = "vpc-0a1b2c3d4e5f60718"
      public_subnets  = ["subnet-0aa1b2c3d4e5f6071", "subnet-0ab1b2c3d4e5f6071"]
      private_subnets = ["subnet-0ba1b2c3d4e5f6071", "subnet-0bb1b2c3d4e5f6071"]
    }
  }

  load_balancer "main" {
    https       = true
    certificate = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
    allow       = ["203.0.113.0/24"]
  }

  secret "session_key" {
    existing = "arn:aws:ssm:eu-west-1:111122223333:parameter/copilot/bookshop/prod/secrets/SESSION_KEY"
  }

  secret "db_password" {
    existing = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db"
  }

  service "web" {
    command = ["node", "server.js", "--stage", "prod"]

    secrets = {
      LICENCE = secret.licence
    }

    spot         = 99
    on_demand    = 3
    grace_period = null

    route "/" {
      health_check  = "/healthy"
      healthy_codes = null
      interval      = null
      timeout       = null
    }

    route "/admin" {
      health_check  = "/healthy"
      healthy_codes = null
      interval      = null
      timeout       = null
    }

    route "/admin/*" {
      health_check  = "/healthy"
      healthy_codes = null
      interval      = null
      timeout       = null
    }

    scaling {
      min      = 2
      max      = 8
      cooldown = 120
    }
  }

  task "report" {
    schedule "main" {
      at = "rate(2 hours)"
    }
  }

  pipeline "main" {
    approval = true
  }
}

network "main" {}

security_group "web" {
  existing = "sg-0a1b2c3d4e5f60718"
}

file_system "covers" {}

bucket "covers" {}

registry "web" {
  # So that `latest` can be pushed again; better is a tag for each build.
  mutable = true
}

registry "metrics" {
  existing = "metrics"
}

registry "worker" {
  # So that `latest` can be pushed again; better is a tag for each build.
  mutable = true
}

secret "cookie_secret" {}

secret "smtp_password" {}

secret "session_key" {}

secret "db_password" {
  field = "password"
}

secret "token" {
  existing = "arn:aws:ssm:eu-west-1:111122223333:parameter/shared/token"
}

secret "exported" {}

secret "licence" {
  existing = "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/licence"
}

load_balancer "inner" {
  # Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.
  https = false

  internal = true
}

load_balancer "main" {
  # Needs you: plain HTTP where the environment has no certificate.
  https = false
}

namespace "main" {}

pipeline "main" {
  platform   = "codepipeline"
  repository = "example/bookshop"
  branch     = "main"

  # Needs you: the ARN of the connection to the repository.
  connection = "arn:aws:codeconnections:eu-west-1:111122223333:connection/00000000-0000-0000-0000-000000000000"

  build "web" {
    dockerfile = "web/Dockerfile"

    args = {
      NODE_ENV = "production"
    }
  }
}

# Needs you: a pipeline of its own, for its other processor architecture.
app "worker" {
  image = registry.worker

  service "worker" {
    cpu    = 256
    memory = 512

    environment = {
      API_URL = "http://${service.api.host}:8080"
    }

    scaling {
      min = 1
      max = 10
      cpu = 70
    }
  }

  task "report" {
    cpu     = 256
    memory  = 512
    timeout = 5400

    schedule "main" {
      at = "cron(30 6 ? * 2-6 *)"
    }
  }
}

service "api" {
  image  = "ghcr.io/example/api:2.1"
  cpu    = 256
  memory = 1024
  port   = 8080

  environment = {
    COVERS_NAME = bucket.covers.name
  }

  tasks     = 2
  spot      = 100
  discovery = namespace.main

  health_check {
    command  = ["/check"]
    interval = 21
    timeout  = 20
    retries  = 1
  }

  route "/api/v1" {
    load_balancer = load_balancer.inner
  }

  route "/api/v1/*" {
    load_balancer = load_balancer.inner
  }
}

# Needs you: the value of BUILD_NUMBER is not in the input.
# Needs you: the value of QUEUE_ARN is not in the input.
service "web" {
  image       = registry.web
  cpu         = 512
  memory      = 1024
  entry_point = ["/bin/tini", "--"]
  command     = ["node", "server.js", "--stage", "test"]
  port        = 3000
  read_only   = true

  mounts = {
    covers = "/var/covers"
    cache  = "/var/cache"
  }

  depends_on = {
    setup = "complete"
  }

  environment = {
    THEME       = "dark"
    API_URL     = "http://${service.api.host}:8080/v1"
    OLD_API_URL = "http://${service.api.host}:8080"
    STAGE       = environment.name
    LOG_LEVEL   = "info"
  }

  secrets = {
    COOKIE_SECRET = secret.cookie_secret
    SMTP_PASSWORD = secret.smtp_password
    SESSION_KEY   = secret.session_key
    DB_PASSWORD   = secret.db_password
    SHARED        = secret.token
    EXPORTED      = secret.exported
  }

  spot            = 0
  log_retention   = 14
  grace_period    = 90
  architecture    = "arm64"
  execute_command = true
  security_groups = [security_group.web]
  deployed_by     = pipeline.main

  volume "covers" {
    file_system = file_system.covers
  }

  volume "cache" {}

  container "setup" {
    image     = "public.ecr.aws/docker/library/busybox:1.37"
    command   = ["sh", "-c", "echo ready"]
    essential = false
  }

  container "metrics" {
    image = registry.metrics
    tag   = "3"
    port  = 9100

    read_only_mounts = {
      covers = "/covers"
    }

    environment = {
      MODE = "pull"
    }

    health_check {
      shell    = "wget -q -O- http://127.0.0.1:9100/"
      interval = 15
      timeout  = 5
      retries  = 2
    }
  }

  route "/" {
    health_check  = "/up"
    healthy_codes = "200,204"
    hosts         = ["${environment.name}.books.example.com"]
    interval      = 20
    timeout       = 10
    drain         = 45
    load_balancer = load_balancer.main
  }

  route "/metrics" {
    container     = "metrics"
    hosts         = ["metrics.example.com"]
    load_balancer = load_balancer.main
  }

  route "/metrics/*" {
    container     = "metrics"
    hosts         = ["metrics.example.com"]
    load_balancer = load_balancer.main
  }

  route "/admin" {
    health_check  = "/up"
    healthy_codes = "200,204"
    hosts         = ["admin.example.com"]
    interval      = 20
    timeout       = 10
    drain         = 45
    load_balancer = load_balancer.main
  }

  route "/admin/*" {
    health_check  = "/up"
    healthy_codes = "200,204"
    hosts         = ["admin.example.com"]
    interval      = 20
    timeout       = 10
    drain         = 45
    load_balancer = load_balancer.main
  }

  scaling {
    min      = 1
    max      = 1
    cpu      = 60
    requests = 1000
  }
}
