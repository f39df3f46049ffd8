# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "book_club_web" {
  region = "eu-west-1"
}

environment "production" {
  account = "222233334444"
}

# Needs you: a range that overlaps no other network, or a network that exists.
network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

file_system "uploads" {
  existing {
    id           = "fs-0123456789abcdef0"
    access_point = "fsap-0123456789abcdef0"

    # Needs you: the security group of its mount targets.
    security_group = "sg-00000000000000000"
  }
}

registry "book_club" {
  existing = "book-club"
}

registry "assets" {
  existing = "book-club/assets"
}

log_group "book_club" {
  name = "/ecs/book-club"
}

secret "mailer_password" {}

secret "search_url" {}

secret "stripe_key" {
  existing = "arn:aws:ssm:eu-west-1:222233334444:parameter/book-club/stripe_key"
}

secret "book_club_db_username" {
  existing = "arn:aws:secretsmanager:eu-west-1:222233334444:secret:book-club-db-a1B2c3"
  field    = "username"
}

secret "book_club_db_password" {
  existing = "arn:aws:secretsmanager:eu-west-1:222233334444:secret:book-club-db-a1B2c3"
  field    = "password"
}

secret "captcha" {
  existing = "arn:aws:ssm:eu-west-1:222233334444:parameter/book-club/captcha"
}

service "book_club_web" {
  image        = registry.book_club
  tag          = "9"
  cpu          = 1024
  memory       = 2048
  command      = ["bin/serve", "--port", "4000"]
  port         = 4000
  ports        = [9394]
  stop_timeout = 45

  ulimits = {
    nofile = 4096
  }

  mounts = {
    uploads = "/app/uploads"
  }

  read_only_mounts = {
    public = "/out"
  }

  depends_on = {
    assets = "success"
  }

  environment = {
    LOG_LEVEL = "info"
    PRICE     = "100%%{x}"
  }

  secrets = {
    MAILER_PASSWORD = secret.mailer_password
    SEARCH_URL      = secret.search_url
    STRIPE_KEY      = secret.stripe_key
    DB_USER         = secret.book_club_db_username
    DB_PASSWORD     = secret.book_club_db_password
    CAPTCHA         = secret.captcha
  }

  log_prefix      = "ecs"
  log_group       = log_group.book_club
  tasks           = 3
  spot            = 75
  grace_period    = 90
  architecture    = "arm64"
  execute_command = true
  task_role       = "arn:aws:iam::222233334444:role/book-club-task"

  health_check {
    shell        = "curl -fs http://127.0.0.1:4000/up || exit 1"
    interval     = 20
    start_period = 40
  }

  volume "uploads" {
    file_system = file_system.uploads
  }

  volume "public" {}

  container "assets" {
    image = registry.assets
    tag   = "9"

    mounts = {
      public = "/out"
    }

    essential = false
  }

  target_group {
    arn = "arn:aws:elasticloadbalancing:eu-west-1:222233334444:targetgroup/book-club/0123456789abcdef"
  }
}
