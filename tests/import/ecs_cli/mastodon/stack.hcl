# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "mastodon" {
  region = "us-east-1"
}

environment "production" {
  # Needs you: the id of the AWS account.
  account = "111111111111"
}

# Needs you: a range that overlaps no other network, or a network that exists.
network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
  nat   = "none"
}

database "db" {
  existing {
    host     = "social.c9akciq32abc.us-east-1.rds.amazonaws.com"
    port     = 5432
    name     = "mastodon_production"
    user     = "mastodon"
    password = secret.db_password
  }
}

bucket "example_social_media" {
  existing = "example-social-media"
}

log_group "social" {
  name = "social"
}

secret "db_password" {}

secret "redis_url" {}

secret "secret_key_base" {}

secret "otp_secret" {}

secret "paperclip_secret" {}

secret "vapid_private_key" {}

secret "smtp_password" {}

secret "aws_access_key_id" {}

secret "aws_secret_access_key" {}

load_balancer "main" {
  # Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.
  https = false
}

# Needs you: the value of LOCAL_DOMAIN is not in the input.
# Needs you: the value of VAPID_PUBLIC_KEY is not in the input.
# Needs you: the value of SMTP_LOGIN is not in the input.
app "mastodon" {
  image     = "tootsuite/mastodon:v2.0.0"
  egress    = [465, 6379]
  log_group = log_group.social

  environment = {
    NODE_ENV              = "production"
    RAILS_ENV             = "production"
    DEFAULT_LOCALE        = "ja"
    LOCAL_HTTPS           = "true"
    DB_HOST               = database.db.host
    DB_PORT               = database.db.port
    DB_NAME               = database.db.name
    DB_USER               = database.db.user
    SMTP_SERVER           = "smtp.mailgun.org"
    SMTP_PORT             = "465"
    SMTP_TLS              = "true"
    SMTP_FROM_ADDRESS     = "noreply@mg.example.social"
    S3_ENABLED            = "true"
    S3_BUCKET             = bucket.example_social_media.name
    S3_REGION             = stack.region
    S3_PROTOCOL           = "https"
    S3_HOSTNAME           = "s3.${stack.region}.amazonaws.com"
    STREAMING_CLUSTER_NUM = "1"
  }

  secrets = {
    DB_PASS               = database.db.password
    REDIS_URL             = secret.redis_url
    SECRET_KEY_BASE       = secret.secret_key_base
    OTP_SECRET            = secret.otp_secret
    PAPERCLIP_SECRET      = secret.paperclip_secret
    VAPID_PRIVATE_KEY     = secret.vapid_private_key
    SMTP_PASSWORD         = secret.smtp_password
    AWS_ACCESS_KEY_ID     = secret.aws_access_key_id
    AWS_SECRET_ACCESS_KEY = secret.aws_secret_access_key
  }

  service "sidekiq" {
    cpu     = 256
    memory  = 512
    command = ["sidekiq", "-q", "default", "-q", "mailers", "-q", "pull", "-q", "push"]
  }

  service "streaming" {
    cpu     = 256
    memory  = 512
    command = ["npm", "run", "start"]
    port    = 4000

    route "/" {
      # Needs you: its host name.
      hosts = ["streaming.example.com"]

      priority = 101
    }
  }

  service "web" {
    cpu    = 512
    memory = 2048

    command = [
      "/bin/ash",
      "-c",
      "rails db:migrate && rails assets:precompile && rails s -b 0.0.0.0 -p 3000",
    ]

    port = 3000

    route "/" {}
  }
}
