# A Rails application: a web server, a worker, PostgreSQL and Redis, in a small staging and a larger production.
#
# Read it from top to bottom: first where it runs, then what it runs on, then the application. Accounts, domains, zones
# and the bucket of the state are examples: put in your own.

# The label is the stack's name. Names in AWS begin with it and the environment: example-staging-web.
stack "rails" {
  region = "us-east-1"

  # Where Terraform keeps its state: an existing, versioned S3 bucket.
  state {
    bucket = "example-terraform-state"
  }
}

# An environment is a Terraform workspace. It has settings of its own, and blocks that say what differs there.
environment "staging" {
  account = "111111111111"
  domain  = "staging.example.com"

  load_balancer "main" {
    zone = "Z0123456789STAGING0"
  }
}

environment "production" {
  account = "222222222222"
  domain  = "example.com"

  # Deletion protection, final snapshots, longer backups and logs, a standby of the database.
  protect = true

  # What reaches this branch goes live; staging follows `main`.
  pipeline "main" {
    branch = "release"
  }

  network "main" {
    nat = "per-zone"
  }

  load_balancer "main" {
    zone = "Z012345678PRODUCTION"
  }

  database "main" {
    class   = "db.m6g.large"
    storage = 100
  }

  service "web" {
    tasks  = 3
    cpu    = 1024
    memory = 2048
  }
}

# The VPC. `cidr` cannot be changed later, so choose a range that none of your other networks has.
network "main" {
  cidr  = "10.40.0.0/16"
  zones = ["a", "b"]
  nat   = "single"
}

# ECR: `docker push` goes here. The output `registry_app_url` says where that is.
registry "app" {}

database "main" {
  engine  = "postgres"
  version = "16"
  class   = "db.t4g.small"
}

# What users upload, kept beside the tasks and shared by all of them.
file_system "uploads" {}

cache "main" {
  engine  = "redis"
  version = "7.1"
  node    = "cache.t4g.micro"

  # Sidekiq keeps its queues here: Redis must refuse new jobs rather than forget old ones.
  parameters = {
    "maxmemory-policy" = "noeviction"
  }
}

# `rake assets:precompile` uploads to the bucket; nobody reads it but the CDN.
bucket "assets" {
  access_logs = bucket.logs
}

cdn "assets" {
  bucket = bucket.assets
}

# Secrets are created empty, and the README beside the generated files has the commands that fill them. This one is
# from config/master.key.
secret "rails_master_key" {}

# Keeps the access logs of the load balancer and of the assets.
bucket "logs" {}

# HTTPS with a certificate of ACM. The zone of each environment stands above.
load_balancer "main" {
  domain      = environment.domain
  access_logs = bucket.logs
}

# Blocks common attacks before they reach the application. Its uploads are larger than what AWS takes for harmless.
firewall "main" {
  environments  = ["production"]
  load_balancer = load_balancer.main
  count         = ["SizeRestrictions_BODY"]
}

# Builds the image of every commit on GitHub and deploys it. The generated file in `pipelines/` belongs into the
# repository of the application; reviewers of production are set on GitHub, in the environment of that name.
pipeline "main" {
  platform   = "github-actions"
  repository = "example/rails"
}

# One image and one configuration for everything inside.
app "main" {
  image       = registry.app
  deployed_by = pipeline.main
  mounts      = { uploads = "/rails/storage" }

  volume "uploads" {
    file_system = file_system.uploads
  }

  # A reference is also a permission: only what refers to the database can reach it.
  environment = {
    RAILS_ENV           = "production"
    RAILS_LOG_TO_STDOUT = true
    APP_HOST            = environment.domain
    DB_HOST             = database.main.host
    DB_PORT             = database.main.port
    DB_NAME             = database.main.name
    DB_USER             = database.main.user
    REDIS_URL           = cache.main.url
  }

  # ECS fetches these when a task starts; their values are in no file.
  secrets = {
    DB_PASSWORD      = database.main.password
    RAILS_MASTER_KEY = secret.rails_master_key
  }

  service "web" {
    command = ["bundle", "exec", "puma", "-C", "config/puma.rb"]
    cpu     = 512
    memory  = 1024
    port    = 3000
    tasks   = 1

    route "/" {
      health_check = "/up"
    }
  }

  # Without a route it is a worker.
  service "worker" {
    command = ["bundle", "exec", "sidekiq"]
    cpu     = 256
    memory  = 1024
  }

  # Runs when somebody starts it: the output `task_migrate_run_command` has the command.
  task "migrate" {
    command = ["bundle", "exec", "rails", "db:migrate"]
    before  = "deploy"
    timeout = 600
  }
}
