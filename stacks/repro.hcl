# Repro: a Rails API under bursts of mobile traffic, with MySQL. It scales on alarms, keeps more tasks while the
# nightly batch calls it, and releases only after its tasks have checked the database.

stack "repro" {
  region = "ap-northeast-1"

  state {
    bucket = "example-repro-terraform"
  }
}

environment "staging" {
  account = "111111111111"
  domain  = "api.staging.repro.example"

  load_balancer "api" {
    certificate = "arn:aws:acm:ap-northeast-1:111111111111:certificate/0a1b2c3d-0000-4000-8000-000000000003"
  }
}

environment "production" {
  account = "222222222222"
  domain  = "api.repro.example"
  protect = true

  load_balancer "api" {
    certificate = "arn:aws:acm:ap-northeast-1:222222222222:certificate/0a1b2c3d-0000-4000-8000-000000000004"
  }

  database "main" {
    class   = "db.r6g.xlarge"
    storage = 500
  }

  pipeline "main" {
    approval = true
  }

  service "api" {
    tasks  = 4
    cpu    = 1024
    memory = 2048

    scaling {
      max = 25
    }
  }
}

network "main" {
  cidr  = "10.40.0.0/16"
  zones = ["a", "c"]
}

database "main" {
  engine  = "mysql"
  version = "8.4"
  class   = "db.t4g.medium"
}

registry "app" {}
registry "autoscaler" {}

# Compiled assets and their manifests, one for each commit; a container fetches its manifest when it starts.
bucket "assets" {
  access_logs = bucket.logs
}

cdn "assets" {
  bucket = bucket.assets
}

bucket "logs" {}

load_balancer "api" {
  domain      = environment.domain
  access_logs = bucket.logs
}

topic "operations" {
  emails      = ["operations@repro.example"]
  deployments = true
}

alarm "cpu_high" {
  name    = "ECS [app-${environment.name}] CPUUtilization"
  of      = service.api
  metric  = "CPUUtilization"
  above   = 70
  periods = 3
  notify  = [topic.operations]
}

# Quiet again: back in the state OK, it lets tasks go.
alarm "cpu_low" {
  name    = "ECS [app-${environment.name}] CPUUtilization (low)"
  of      = service.api
  metric  = "CPUUtilization"
  above   = 30
  periods = 15
}

# The data platform watches its own queue; its alarm was there before.
alarm "queue_backlog" {
  existing = "SQS [events] Backlog (high)"
}

pipeline "main" {
  platform   = "circleci"
  repository = "example/repro"

  # Ids of the organization and the project on CircleCI, whose tokens the role of each environment trusts.
  organization = "00000000-0000-4000-8000-000000000001"
  project      = "00000000-0000-4000-8000-000000000002"

  # Assets are compiled in the new image, for the environment it is meant for, and uploaded with their manifest.
  build "app" {
    commit_arg = "git_sha1"
    run        = [["bundle", "exec", "rake", "assets:precompile", "assets:sync", "assets:manifest_upload"]]

    environment = {
      RAILS_ENV     = environment.name
      RAILS_GROUPS  = "assets"
      ASSETS_BUCKET = bucket.assets.name
    }
  }

  build "autoscaler" {
    context = "docker/autoscaler"
  }
}

app "repro" {
  image             = registry.app
  deployed_by       = pipeline.main
  working_directory = "/app"
  entry_point       = ["prehook", "ruby /app/docker/setup.rb", "--"]

  # The image holds its configuration encrypted; the entry point decrypts it with the rights of the environment.
  access = [key.main, bucket.assets.name]

  environment = {
    RAILS_ENV     = environment.name
    ASSETS_BUCKET = bucket.assets.name
    ASSET_HOST    = cdn.assets.url
    DB_HOST       = database.main.host
    DB_NAME       = database.main.name
    DB_USER       = database.main.user
  }

  secrets = {
    DB_PASSWORD = database.main.password
  }

  service "api" {
    command      = ["bundle", "exec", "unicorn_rails", "-c", "config/unicorn.rb"]
    cpu          = 512
    memory       = 1024
    port         = 8080
    tasks        = 2
    stop_timeout = 60

    route "/" {
      health_check = "/health"
      drain        = 60
    }

    scaling {
      min       = 0
      max       = 10
      cooldown  = 240
      time_zone = "Asia/Tokyo"

      step "busy" {
        alarm  = alarm.cpu_high
        change = 1
      }

      step "quiet" {
        alarm  = alarm.cpu_low
        when   = "ok"
        change = -1
      }

      window "nightly_batch" {
        from = "01:45"
        to   = "04:30"
        min  = 8
      }
    }
  }

  service "worker" {
    command = ["bundle", "exec", "rake", "events:consume"]
    cpu     = 512
    memory  = 1024
  }

  # Release tasks, in this order: a schema that differs from the code stops the release.
  task "ridgepole" {
    command = ["bundle", "exec", "rake", "db:ridgepole:apply"]
    before  = "deploy"
    timeout = 600
  }

  task "validate" {
    command = ["bundle", "exec", "rake", "before_release:validate"]
    before  = "deploy"
    after   = task.ridgepole
    timeout = 600
  }

  # For whatever nobody would log in to a server for: `scripts/run-task runner -- rails runner '..'`.
  task "runner" {
    cpu    = 1024
    memory = 2048
  }
}

# An autoscaler of its own for the worker: it looks at alarms and sets the number of tasks.
service "autoscaler" {
  image       = registry.autoscaler
  deployed_by = pipeline.main
  command     = ["bundle", "exec", "ecs_auto_scaler", "config.yml"]
  access      = [service.worker, alarm.queue_backlog]
}

# Whoever operates the application may start its one-off tasks in this cluster, and nothing else.
user "operator" {
  access = [task.runner]
}
