# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "mastodon" {
  # Needs you: the region.
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
}

database "cloudsql" {
  engine  = "postgres"
  version = "18"

  # Needs you: a small class, as a start.
  class = "db.t4g.micro"
}

cache "redis" {
  engine  = "redis"
  version = "7.1"

  # Needs you: the smallest node, as a start.
  node = "cache.t4g.micro"
}

secret "smtp_password" {}

secret "aws_access_key_id" {}

secret "aws_secret_access_key" {}

secret "paperclip_secret" {}

secret "secret_key_base" {}

secret "otp_secret" {}

secret "local_domain" {}

load_balancer "main" {
  # Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.
  https = false
}

# Needs you: the value of SMTP_FROM_ADDRESS is not in the input.
# Needs you: the value of S3_BUCKET is not in the input.
app "mastodon" {
  image  = "gargron/mastodon:v2.0.0"
  egress = [2525]

  environment = {
    RAILS_ENV                = "production"
    NODE_ENV                 = "production"
    LOCAL_HTTPS              = "true"
    REDIS_HOST               = cache.redis.host
    REDIS_PORT               = "6379"
    DB_HOST                  = database.cloudsql.host
    DB_PORT                  = database.cloudsql.port
    DB_NAME                  = database.cloudsql.name
    SMTP_SERVER              = "smtp.sendgrid.net"
    SMTP_PORT                = "2525"
    SMTP_LOGIN               = "apikey"
    SMTP_AUTH_METHOD         = "plain"
    SMTP_OPENSSL_VERIFY_MODE = "none"
    S3_ENABLED               = "true"
    S3_REGION                = "asia-northeast1"
    S3_PROTOCOL              = "https"
    S3_HOSTNAME              = "storage.googleapis.com"
    S3_ENDPOINT              = "https://storage.googleapis.com"
    DB_USER                  = database.cloudsql.user
  }

  secrets = {
    SMTP_PASSWORD         = secret.smtp_password
    AWS_ACCESS_KEY_ID     = secret.aws_access_key_id
    AWS_SECRET_ACCESS_KEY = secret.aws_secret_access_key
    PAPERCLIP_SECRET      = secret.paperclip_secret
    SECRET_KEY_BASE       = secret.secret_key_base
    OTP_SECRET            = secret.otp_secret
    LOCAL_DOMAIN          = secret.local_domain
    DB_PASS               = database.cloudsql.password
  }

  service "mastodon" {
    cpu         = 256
    memory      = 512
    entry_point = ["bundle", "exec", "rails", "s", "-p", "3000", "-b", "0.0.0.0"]
    port        = 3000

    # Needs you: the value of SMTP_FROM_ADDRESS is not in the input.
    # Needs you: the value of S3_BUCKET is not in the input.
    container "streaming" {
      entry_point = ["npm", "run", "start"]
      port        = 4000
    }

    route "/" {}

    route "/api/v1/streaming*" {
      container = "streaming"
    }
  }

  service "sidekiq" {
    cpu    = 256
    memory = 512

    entry_point = [
      "/bin/sh",
      "-c",
      "echo \"$${CAFILE_RB}\" > config/initializers/cafile.rb && bundle exec sidekiq -q default -q mailers -q pull -q push",
    ]

    environment = {
      CAFILE_RB = "require \"openssl\"\nOpenSSL::SSL::SSLContext::DEFAULT_PARAMS[:ca_file] = \"/etc/ssl/certs/ca-certificates.crt\"\n"
    }
  }
}
