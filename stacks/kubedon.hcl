# Mastodon as its Kubernetes manifests have it: the web server and the streaming API are two containers of one pod, and
# Sidekiq has pods of its own. PostgreSQL, Redis and the certificates are managed, uploads lie in a bucket, mail goes
# out through SendGrid.

stack "kubedon" {
  region = "ap-northeast-1"

  state {
    bucket = "example-kubedon-terraform"
  }
}

environment "trial" {
  account = "111111111111"
  domain  = "mastodon.example"

  load_balancer "public" {
    zone = "Z0123456789KUBEDON00"
  }
}

network "main" {
  cidr  = "10.50.0.0/16"
  zones = ["a", "c"]
  nat   = "none"
}

database "main" {
  engine  = "postgres"
  version = "16"
  class   = "db.t4g.micro"
}

cache "main" {
  engine  = "redis"
  version = "7.1"
  node    = "cache.t4g.micro"
}

bucket "media" {
  public_read = true
  acls        = true
  access_logs = bucket.logs
}

# What the manifests expect from `kubectl create secret`.
secret "paperclip_secret" { generate = 128 }
secret "secret_key_base" { generate = 128 }
secret "otp_secret" { generate = 128 }
secret "vapid_private_key" {}
secret "vapid_public_key" {}
secret "sendgrid_api_key" {}

bucket "logs" {}

load_balancer "public" {
  domain      = environment.domain
  access_logs = bucket.logs
}

app "mastodon" {
  image  = "gargron/mastodon:v2.0.0"
  egress = [2525]

  environment = {
    RAILS_ENV    = "production"
    NODE_ENV     = "production"
    LOCAL_DOMAIN = environment.domain
    LOCAL_HTTPS  = true

    DB_HOST    = database.main.host
    DB_PORT    = database.main.port
    DB_NAME    = database.main.name
    DB_USER    = database.main.user
    DB_SSLMODE = "require"
    REDIS_URL  = cache.main.url

    SMTP_SERVER              = "smtp.sendgrid.net"
    SMTP_PORT                = 2525
    SMTP_LOGIN               = "apikey"
    SMTP_FROM_ADDRESS        = "noreply@${environment.domain}"
    SMTP_AUTH_METHOD         = "plain"
    SMTP_OPENSSL_VERIFY_MODE = "none"

    S3_ENABLED  = true
    S3_BUCKET   = bucket.media.name
    S3_REGION   = stack.region
    S3_PROTOCOL = "https"
    S3_HOSTNAME = "s3.${stack.region}.amazonaws.com"
  }

  secrets = {
    DB_PASS           = database.main.password
    PAPERCLIP_SECRET  = secret.paperclip_secret
    SECRET_KEY_BASE   = secret.secret_key_base
    OTP_SECRET        = secret.otp_secret
    VAPID_PRIVATE_KEY = secret.vapid_private_key
    VAPID_PUBLIC_KEY  = secret.vapid_public_key
    SMTP_PASSWORD     = secret.sendgrid_api_key
  }

  # The pod of two containers: they share one address, one size and one number of tasks. What Kubernetes calls a command
  # replaces the entry point of the image.
  service "mastodon" {
    entry_point  = ["bundle", "exec", "rails", "s", "-p", "3000", "-b", "0.0.0.0"]
    cpu          = 512
    memory       = 2048
    port         = 3000
    grace_period = 300

    container "streaming" {
      entry_point = ["npm", "run", "start"]
      port        = 4000
    }

    # The load balancer asks in plain HTTP, which Mastodon answers with a redirect to HTTPS.
    route "/" {
      health_check  = "/about"
      healthy_codes = "200,301"
    }

    route "/api/v1/streaming*" {
      container    = "streaming"
      health_check = "/api/v1/streaming/health"
      idle_timeout = 300
    }
  }

  service "sidekiq" {
    cpu    = 256
    memory = 512

    # Sidekiq loads a piece of Ruby first, which the pod gets as a variable.
    environment = {
      CAFILE_RB = <<-RUBY
        require "openssl"
        OpenSSL::SSL::SSLContext::DEFAULT_PARAMS[:ca_file] = "/etc/ssl/certs/ca-certificates.crt"
      RUBY
    }

    entry_point = [
      "/bin/sh", "-c",
      "echo \"$${CAFILE_RB}\" > config/initializers/cafile.rb && bundle exec sidekiq -q default -q mailers -q pull -q push",
    ]
  }

  # What was done with `kubectl exec` after the first start.
  task "setup" {
    command = ["bundle", "exec", "rails", "db:setup"]
    memory  = 1024
  }

  task "precompile" {
    command = ["bundle", "exec", "rails", "assets:precompile"]
    cpu     = 512
    memory  = 2048
  }
}
