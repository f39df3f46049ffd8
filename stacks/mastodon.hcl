# Mastodon: puma, the streaming API and Sidekiq from one image, with PostgreSQL, Redis and a bucket for media. Staging is
# small and can be destroyed in one command; production is larger and protected.

stack "mastodon" {
  region = "us-east-1"

  state {
    bucket = "example-social-terraform"
  }
}

environment "staging" {
  account = "111111111111"
  domain  = "staging.example.social"

  # No NAT gateways: tasks stand in public subnets and have public addresses.
  network "main" {
    nat = "none"
  }

  # A free plan of a Redis provider. Without this line Redis is managed, as in production.
  cache "main" {
    outside = secret.redis_url
  }

  # The way out to that provider's port, beside the one to Mailgun.
  app "mastodon" {
    egress = [465, 6379]
  }

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

# Browsers load avatars and attachments straight from the bucket, and Paperclip sets an ACL on each object. It signs
# its requests with an access key.
bucket "media" {
  public_read = true
  acls        = true
  access_logs = bucket.logs
}

user "media" {
  access = [bucket.media.name]
}

bucket "logs" {}

registry "mastodon" {
  keep = 20
}

# Rails and Mastodon want random values that never change.
secret "secret_key_base" { generate = 128 }
secret "otp_secret" { generate = 128 }

secret "vapid_private_key" { hint = "first half of rake mastodon:webpush:generate_vapid_key" }
secret "vapid_public_key" { hint = "second half of the same key pair" }

secret "smtp_login" { hint = "user name at Mailgun" }
secret "smtp_password" { hint = "password at Mailgun" }

secret "redis_url" {
  environments = ["staging"]
  hint         = "redis://:<password>@<host>:<port> of the provider"
}

load_balancer "public" {
  domain      = environment.domain
  access_logs = bucket.logs
}

bastion "main" {
  access = [database.main]
}

app "mastodon" {
  image  = registry.mastodon
  tag    = "v4.2.13"
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

    SMTP_SERVER       = "smtp.mailgun.org"
    SMTP_PORT         = 465
    SMTP_TLS          = true
    SMTP_FROM_ADDRESS = "noreply@${environment.domain}"

    S3_ENABLED  = true
    S3_BUCKET   = bucket.media.name
    S3_REGION   = stack.region
    S3_PROTOCOL = "https"
    S3_HOSTNAME = "s3.${stack.region}.amazonaws.com"

    STREAMING_CLUSTER_NUM = 1
  }

  secrets = {
    DB_PASS               = database.main.password
    REDIS_URL             = cache.main.url
    SECRET_KEY_BASE       = secret.secret_key_base
    OTP_SECRET            = secret.otp_secret
    VAPID_PRIVATE_KEY     = secret.vapid_private_key
    VAPID_PUBLIC_KEY      = secret.vapid_public_key
    SMTP_LOGIN            = secret.smtp_login
    SMTP_PASSWORD         = secret.smtp_password
    AWS_ACCESS_KEY_ID     = user.media.access_key_id
    AWS_SECRET_ACCESS_KEY = user.media.secret_access_key
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

  # Jobs survive that a task is taken away, so most of them run on spare capacity.
  service "sidekiq" {
    command   = ["bundle", "exec", "sidekiq", "-q", "default", "-q", "mailers", "-q", "pull", "-q", "push"]
    cpu       = 256
    memory    = 1024
    on_demand = 1
    spot      = 80
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
