# Proff: one Rails application with Node.js in the same image. Assets are compiled when the image is built and synced to
# a bucket, for which the build and the application share an IAM user. Production is the same description, only bigger.

stack "proff" {
  region         = "ap-northeast-1"
  parameter_path = "/proff_${environment.name}"

  state {
    bucket = "proff-terraform"
  }
}

environment "dev" {
  account = "111111111111"
  domain  = "dev.proff.example"

  pipeline "main" {
    branch   = "develop"
    contexts = ["proff-dev"]
  }

  load_balancer "main" {
    certificate = "arn:aws:acm:ap-northeast-1:111111111111:certificate/11111111-2222-3333-4444-555555555555"
  }
}

environment "production" {
  account = "222222222222"
  domain  = "proff.example"
  protect = true

  pipeline "main" {
    contexts = ["proff-production"]
    approval = true
  }

  load_balancer "main" {
    certificate = "arn:aws:acm:ap-northeast-1:222222222222:certificate/66666666-7777-8888-9999-000000000000"
  }

  database "main" {
    class   = "db.m6g.large"
    storage = 100
  }

  service "app" {
    tasks  = 3
    cpu    = 2048
    memory = 8192

    scaling {
      min = 3
      max = 9
    }
  }
}

network "main" {
  cidr  = "10.30.0.0/16"
  zones = ["a", "c"]
}

bastion "main" {
  access = [database.main]
}

database "main" {
  engine  = "mysql"
  version = "8.4"
  class   = "db.t4g.small"
}

registry "app" {}

# The only thing that was there before: the bucket that browsers load assets from.
bucket "assets" {
  existing = "proff-assets"
}

# asset_sync knows access keys only. The key is made outside Terraform, which would keep it in its state.
user "app" {
  access = [bucket.assets.name]
}

secret "secret_key_base" { generate = 128 }

# Reports from the batch job go to a channel that the operations team changes without a deployment.
parameter "report_channel" {
  value = "#proff-${environment.name}"
}

bucket "logs" {}

load_balancer "main" {
  domain      = environment.domain
  access_logs = bucket.logs
}

# CircleCI builds the image, syncs the assets that were compiled in it, migrates, and updates the service. Each branch has
# its environment, whose variables stand in a context.
pipeline "main" {
  platform     = "circleci"
  repository   = "example/proff"
  organization = "00000000-0000-4000-8000-000000000001"
  project      = "00000000-0000-4000-8000-000000000002"

  build "app" {
    run = [["bundle", "exec", "rake", "assets:sync"]]

    environment = {
      RAILS_ENV     = "production"
      ASSETS_BUCKET = bucket.assets.name
      ASSETS_REGION = stack.region
    }

    secrets = {
      AWS_ACCESS_KEY_ID     = user.app.access_key_id
      AWS_SECRET_ACCESS_KEY = user.app.secret_access_key
    }
  }
}

app "proff" {
  image       = registry.app
  deployed_by = pipeline.main

  environment = {
    APP_ENV       = environment.name
    RAILS_ENV     = "production"
    DB_HOST       = database.main.host
    DB_NAME       = database.main.name
    DB_USER       = database.main.user
    ASSETS_BUCKET = bucket.assets.name
    ASSETS_REGION = stack.region
  }

  secrets = {
    DB_PASSWORD           = database.main.password
    SECRET_KEY_BASE       = secret.secret_key_base
    REPORT_CHANNEL        = parameter.report_channel
    AWS_ACCESS_KEY_ID     = user.app.access_key_id
    AWS_SECRET_ACCESS_KEY = user.app.secret_access_key
  }

  # The image's entry point refreshes the sitemap before it starts puma, so a task takes a while to answer.
  service "app" {
    cpu          = 512
    memory       = 2048
    port         = 3000
    grace_period = 180

    # The site stands behind basic authentication until it opens: 401 is an answer, too.
    route "/" {
      health_check  = "/"
      healthy_codes = "200,401"
    }

    scaling {
      min = 1
      max = 3
      cpu = 60
    }
  }

  task "migrate" {
    command = ["bundle", "exec", "rails", "db:migrate"]
    before  = "deploy"
    timeout = 600
  }
}
