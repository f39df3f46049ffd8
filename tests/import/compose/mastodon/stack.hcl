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

database "db" {
  engine  = "postgres"
  version = "14"

  # Needs you: a small class, as a start.
  class = "db.t4g.micro"
}

cache "redis" {
  engine  = "redis"
  version = "5.0.6"

  # Needs you: the smallest node, as a start.
  node = "cache.t4g.micro"
}

file_system "public_assets" {}

file_system "public_packs" {}

file_system "public_system" {}

registry "mastodon" {
  # So that `latest` can be pushed again; better is a tag for each build.
  mutable = true
}

secret "paperclip_secret" {}

secret "secret_key_base" {}

secret "otp_secret" {}

secret "smtp_password" {}

load_balancer "main" {
  # Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.
  https = false
}

app "mastodon" {
  image  = registry.mastodon
  egress = [587]

  environment = {
    REDIS_HOST            = cache.redis.host
    REDIS_PORT            = "6379"
    DB_HOST               = database.db.host
    DB_USER               = database.db.user
    DB_NAME               = database.db.name
    DB_PORT               = database.db.port
    LOCAL_DOMAIN          = "example.org"
    LOCAL_HTTPS           = "true"
    SMTP_SERVER           = "smtp.mailgun.org"
    SMTP_PORT             = "587"
    SMTP_LOGIN            = ""
    SMTP_FROM_ADDRESS     = "notifications@example.org"
    STREAMING_CLUSTER_NUM = "1"
  }

  secrets = {
    DB_PASS          = database.db.password
    PAPERCLIP_SECRET = secret.paperclip_secret
    SECRET_KEY_BASE  = secret.secret_key_base
    OTP_SECRET       = secret.otp_secret
    SMTP_PASSWORD    = secret.smtp_password
  }

  service "web" {
    command = ["bundle", "exec", "rails", "s", "-p", "3000", "-b", "0.0.0.0"]
    port    = 3000

    mounts = {
      public_assets = "/mastodon/public/assets"
      public_packs  = "/mastodon/public/packs"
      public_system = "/mastodon/public/system"
    }

    volume "public_assets" {
      file_system = file_system.public_assets
    }

    volume "public_packs" {
      file_system = file_system.public_packs
    }

    volume "public_system" {
      file_system = file_system.public_system
    }

    route "/" {}
  }

  service "streaming" {
    command = ["npm", "run", "start"]
    port    = 4000

    route "/" {
      # Needs you: its host name.
      hosts = ["streaming.example.com"]

      priority = 101
    }
  }

  service "sidekiq" {
    command = [
      "bundle",
      "exec",
      "sidekiq",
      "-q",
      "default",
      "-q",
      "mailers",
      "-q",
      "pull",
      "-q",
      "push",
    ]

    mounts = {
      public_system = "/mastodon/public/system"
    }

    volume "public_system" {
      file_system = file_system.public_system
    }
  }
}
