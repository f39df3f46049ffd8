# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "app" {
  region = "ap-northeast-1"
}

environment "production" {
  account = "999999999999"
}

# Needs you: a range that overlaps no other network, or a network that exists.
network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

cache "redis" {
  existing {
    host = "redis.ab12cd.ng.0001.apne1.cache.amazonaws.com"
    tls  = false
  }
}

bucket "example_chuoi_logs" {
  existing = "example-chuoi-logs"
}

registry "app" {
  existing = "app"
}

registry "web" {
  existing = "web"
}

registry "log" {
  existing = "log"
}

log_group "app" {
  name = "/chuoi/ecs/tasks/app"
}

log_group "web" {
  name = "/chuoi/ecs/tasks/web"
}

log_group "log" {
  name = "/chuoi/ecs/tasks/log"
}

service "app" {
  image  = registry.app
  tag    = "latest"
  cpu    = 256
  memory = 512
  port   = 4000

  ulimits = {
    nofile = 65536
  }

  mounts = {
    app_log    = "/var/log/chuoi"
    app_static = "/var/app/public"
  }

  environment = {
    REDIS_PORT = "6379"
    REDIS_HOST = cache.redis.host
  }

  log_prefix = "qa"
  log_group  = log_group.app
  task_role  = "arn:aws:iam::999999999999:role/chuoi"

  volume "app_log" {}

  volume "app_static" {}

  volume "log_tmp" {}

  container "web" {
    image = registry.web
    tag   = "latest"
    port  = 80

    ulimits = {
      nofile = 65536
    }

    read_only_mounts = {
      app_static = "/var/app/public"
    }

    log_prefix = "qa"
    log_group  = log_group.web
  }

  container "log" {
    image = registry.log
    tag   = "latest"

    ulimits = {
      nofile = 65536
    }

    mounts = {
      log_tmp = "/fluentd/log"
    }

    read_only_mounts = {
      app_log = "/var/log/chuoi"
    }

    environment = {
      S3_BUCKET = bucket.example_chuoi_logs.name
      S3_REGION = stack.region
    }

    log_prefix = "qa"
    log_group  = log_group.log
  }
}
