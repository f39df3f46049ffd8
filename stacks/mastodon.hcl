# Mastodon on AWS Fargate: puma, the streaming API and Sidekiq from one image, with PostgreSQL, Redis and a bucket for
# media. Staging is small and can be destroyed in one command; production is larger and protected.

stack "mastodon" {
  region = "us-east-1"

  state {
    bucket = "example-social-terraform"
  }
}

environment "staging" {
  account = "111111111111"
  domain  = "staging.example.social"

  load_balancer "public" {
    zone = "Z0123456789STAGING0"
  }
}

environment "production" {
  account = "222222222222"
  domain  = "example.social"
  protect = true

  network "main" {
    nat = "per-zone"
  }

  load_balancer "public" {
    zone = "Z012345678PRODUCTION"
  }

  database "main" {
    class   = "db.r6g.large"
    storage = 100
  }

  cache "main" {
    node = "cache.m7g.large"
  }

  service "web" {
    tasks  = 4
    cpu    = 1024
    memory = 4096

    scaling {
      min = 4
      max = 12
    }
  }

  service "sidekiq" {
    tasks  = 2
    cpu    = 512
    memory = 2048
  }
}

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "c"]
  nat   = "single"
}

database "main" {
  engine  = "postgres"
  version = "16"
  class   = "db.t4g.small"
  storage = 50
}

cache "main" {
  engine  = "redis"
  version = "7.1"
  node    = "cache.t4g.small"
}

# Browsers load avatars and attachments straight from the bucket, and Paperclip sets an ACL on each object.
bucket "media" {
  public_read = true
  acls        = true
}

registry "mastodon" {
  keep = 20
}

# Rails and Mastodon want random values that never change.
secret "secret_key_base" { generate = 128 }
secret "otp_secret" { generate = 128 }

# A key pair from `rake mastodon:webpush:generate_vapid_key`, and the credentials of the mail relay.
secret "vapid_private_key" {}
secret "vapid_public_key" {}
secret "smtp_login" {}
secret "smtp_password" {}

load_balancer "public" {
  domain = environment.domain
}

bastion "main" {
  access = [database.main, cache.main]
}

app "mastodon" {
  image  = registry.mastodon
  tag    = "v4.3.0"
  egress = [465]

  environment = {
    RAILS_ENV      = "production"
    NODE_ENV       = "production"
    LOCAL_DOMAIN   = environment.domain
    LOCAL_HTTPS    = true
    DEFAULT_LOCALE = "ja"

    DB_HOST    = database.main.host
    DB_PORT    = database.main.port
    DB_NAME    = database.main.name
    DB_USER    = database.main.user
    DB_SSLMODE = "require"
    REDIS_URL  = cache.main.url

    SMTP_SERVER       = "smtp.mailgun.org"
    SMTP_PORT         = 465
    SMTP_TLS          = true
    SMTP_FROM_ADDRESS = "noreply@${environment.domain}"

    S3_ENABLED  = true
    S3_BUCKET   = bucket.media.name
    S3_REGION   = stack.region
    S3_PROTOCOL = "https"
    S3_HOSTNAME = bucket.media.domain

    STREAMING_CLUSTER_NUM = 1
  }

  secrets = {
    DB_PASS           = database.main.password
    SECRET_KEY_BASE   = secret.secret_key_base
    OTP_SECRET        = secret.otp_secret
    VAPID_PRIVATE_KEY = secret.vapid_private_key
    VAPID_PUBLIC_KEY  = secret.vapid_public_key
    SMTP_LOGIN        = secret.smtp_login
    SMTP_PASSWORD     = secret.smtp_password
  }

  service "web" {
    command      = ["bundle", "exec", "puma", "-C", "config/puma.rb"]
    cpu          = 512
    memory       = 2048
    port         = 3000
    tasks        = 2
    grace_period = 120

    route "/" {
      health_check = "/health"
    }

    scaling {
      min = 2
      max = 6
      cpu = 60
    }
  }

  service "streaming" {
    command = ["node", "./streaming"]
    port    = 4000

    # Browsers keep these connections open; the load balancer must not cut silent ones.
    route "/api/v1/streaming*" {
      health_check = "/api/v1/streaming/health"
      idle_timeout = 300
      drain        = 60
    }
  }

  service "sidekiq" {
    command = ["bundle", "exec", "sidekiq", "-q", "default", "-q", "mailers", "-q", "pull", "-q", "push"]
    cpu     = 256
    memory  = 1024
  }

  task "migrate" {
    command = ["bundle", "exec", "rails", "db:migrate"]
    before  = "deploy"
    timeout = 600
  }

  task "make_admin" {
    command = ["bin/tootctl", "accounts", "modify", "admin", "--role", "Owner"]
  }
}
