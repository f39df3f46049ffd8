# Chuoi: a Phoenix application that delivers content on a medical site. One task holds the application, an nginx that
# serves its compressed static files, and a fluentd that ships its business logs to S3. The VPC and Redis were there
# before; deployments come from an in-house GitLab by way of CodePipeline.

stack "chuoi" {
  region = "ap-northeast-1"

  state {
    bucket = "example-chuoi-terraform"
  }
}

environment "qa" {
  account = "111111111111"
  domain  = "qa.chuoi.example"

  network "main" {
    existing {
      vpc_id          = "vpc-0a1b2c3d4e5f60001"
      public_subnets  = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
      private_subnets = ["subnet-0a1b2c3d4e5f60003", "subnet-0a1b2c3d4e5f60004"]
    }
  }

  security_group "redis" {
    existing = "sg-0a1b2c3d4e5f60001"
  }

  load_balancer "public" {
    certificate = "arn:aws:acm:ap-northeast-1:111111111111:certificate/0a1b2c3d-0000-4000-8000-000000000001"
  }
}

environment "production" {
  account = "222222222222"
  domain  = "chuoi.example"
  protect = true

  network "main" {
    existing {
      vpc_id          = "vpc-0a1b2c3d4e5f60002"
      public_subnets  = ["subnet-0a1b2c3d4e5f60005", "subnet-0a1b2c3d4e5f60006"]
      private_subnets = ["subnet-0a1b2c3d4e5f60007", "subnet-0a1b2c3d4e5f60008"]
    }
  }

  security_group "redis" {
    existing = "sg-0a1b2c3d4e5f60002"
  }

  load_balancer "public" {
    certificate = "arn:aws:acm:ap-northeast-1:222222222222:certificate/0a1b2c3d-0000-4000-8000-000000000002"
  }

  pipeline "main" {
    approval = true
  }

  service "app" {
    tasks  = 4
    cpu    = 1024
    memory = 2048

    # While traffic moves over from the old fleet, both together must stay below what Redis accepts.
    environment = {
      REDIS_CONNECTION_SIZE = 500
    }
  }
}

network "main" {}

# Groups that let their own members in: whoever may talk to Redis, or to the web port, joins.
security_group "redis" {}

security_group "service" {
  ports = [80]
}

cache "main" {
  existing {
    host = "redis.chuoi.internal"
  }
}

# What fluentd ships: the data lake reads it from here.
bucket "logs" {
  access_logs = bucket.access_logs
}

registry "app" {}
registry "web" {}
registry "log" {}

log_group "app" { name = "/chuoi/ecs/tasks/app" }
log_group "web" { name = "/chuoi/ecs/tasks/web" }
log_group "log" { name = "/chuoi/ecs/tasks/log" }

# The release build bakes it into the image: sessions hold nothing confidential.
secret "secret_key_base" { generate = 64 }

bucket "access_logs" {}

load_balancer "public" {
  domain          = environment.domain
  access_logs     = bucket.access_logs
  security_groups = [security_group.service]
}

# Where the nodes of the application find each other.
namespace "main" {}

# GitLab uploads an archive of the source; the pipeline builds three images from it and rewrites nothing but images.
bucket "source" {
  access_logs = bucket.access_logs
}

pipeline "main" {
  platform = "codepipeline"
  source   = bucket.source

  build "app" {
    dockerfile = "dockerfiles/app/Dockerfile"

    args = {
      MIX_ENV = environment.name
      LOG_DIR = "/var/log/chuoi"
    }

    secrets = {
      SECRET_KEY_BASE = secret.secret_key_base
    }
  }

  build "web" {
    context = "dockerfiles/web"
  }

  build "log" {
    context = "dockerfiles/log"
  }
}

service "app" {
  image           = registry.app
  deployed_by     = pipeline.main
  cpu             = 256
  memory          = 512
  port            = 4000
  ulimits         = { nofile = 65536 }
  log_group       = log_group.app
  log_prefix      = environment.name
  security_groups = [security_group.service, security_group.redis]

  # Erlang's port mapper, and the ports that nodes connect by.
  discovery  = namespace.main
  peer_ports = ["4369", "9100-9155"]

  environment = {
    DNS_CLUSTER_QUERY     = service.app.host
    REDIS_HOST            = cache.main.host
    REDIS_PORT            = 6379
    REDIS_CONNECTION_SIZE = 1000
    TZ                    = "Asia/Tokyo"
  }

  volume "app_log" {}
  volume "app_static" {}
  volume "log_tmp" {}

  mounts = {
    app_log    = "/var/log/chuoi"
    app_static = "/var/app/public"
  }

  container "web" {
    image      = registry.web
    port       = 80
    ulimits    = { nofile = 65536 }
    log_group  = log_group.web
    log_prefix = environment.name

    # Not localhost, which nginx may resolve to ::1.
    environment = {
      APP_SERVER = "127.0.0.1"
    }

    read_only_mounts = {
      app_static = "/var/app/public"
    }

    health_check {
      command = ["curl", "-fs", "http://127.0.0.1/system/healthcheck"]
    }
  }

  # Reads the logs that the application writes, so it runs as root; its buffer outlives a restart of the container.
  container "log" {
    image        = registry.log
    user         = "root"
    stop_timeout = 120
    ulimits      = { nofile = 65536 }
    log_group    = log_group.log
    log_prefix   = environment.name

    environment = {
      S3_REGION = stack.region
      S3_BUCKET = bucket.logs.name
    }

    mounts = {
      log_tmp = "/fluentd/log"
    }

    read_only_mounts = {
      app_log = "/var/log/chuoi"
    }
  }

  route "/" {
    container    = "web"
    health_check = "/system/healthcheck"
  }
}
