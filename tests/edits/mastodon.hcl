# Edits of stacks/mastodon.hcl: text that stands there once, and what is written instead.

workspace = "production"

edit "more-tasks" {
  exit = 2
  replace = [
    "    tasks  = 2\n    cpu    = 512\n",
    "    tasks  = 4\n    cpu    = 512\n",
  ]
}

edit "larger-tasks" {
  exit = 2
  replace = [
    "    cpu    = 1024\n    memory = 4096\n",
    "    cpu    = 2048\n    memory = 8192\n",
  ]
}

edit "scaling-bounds" {
  exit = 2
  replace = [
    "      min = 4\n      max = 12\n",
    "      min = 6\n      max = 20\n",
  ]
}

edit "scaling-target" {
  exit = 2
  replace = [
    "      cpu = 60\n",
    "      cpu = 50\n",
  ]
}

edit "no-scaling" {
  exit = 2
  replace = [
    "    scaling {\n      min = 4\n      max = 12\n    }\n",
    "",
    "\n    scaling {\n      min = 2\n      max = 6\n      cpu = 60\n    }\n",
    "",
  ]
}

edit "third-zone" {
  exit = 2
  replace = ["zones = [\"a\", \"c\"]", "zones = [\"a\", \"c\", \"d\"]"]
}

edit "other-zone" {
  exit = 2
  replace = ["zones = [\"a\", \"c\"]", "zones = [\"a\", \"d\"]"]
}

edit "other-address-range" {
  exit = 2
  replace = ["10.20.0.0/16", "10.21.0.0/16"]
}

edit "nat-single" {
  exit = 2
  replace = [
    "    nat = \"per-zone\"\n",
    "    nat = \"single\"\n",
  ]
}

edit "nat-none" {
  exit = 2
  replace = [
    "    nat = \"per-zone\"\n",
    "    nat = \"none\"\n",
  ]
}

edit "database-version-up" {
  exit = 2
  replace = [
    "  version = \"16\"\n",
    "  version = \"17\"\n",
  ]
}

edit "database-engine" {
  exit = 3
  replace = [
    "  engine  = \"postgres\"\n  version = \"16\"\n",
    "  engine  = \"mysql\"\n  version = \"8.4\"\n",
  ]
}

edit "database-class" {
  exit = 2
  replace = ["db.r6g.large", "db.r6g.xlarge"]
}

edit "storage-up" {
  exit = 2
  replace = ["storage = 100", "storage = 200"]
}

edit "cache-node" {
  exit = 2
  replace = ["cache.m7g.large", "cache.r7g.large"]
}

edit "cache-version-down" {
  exit = 3
  replace = [
    "  version = \"7.1\"\n",
    "  version = \"7.0\"\n",
  ]
}

edit "cache-to-valkey" {
  exit = 2
  replace = [
    "  engine  = \"redis\"\n  version = \"7.1\"\n",
    "  engine  = \"valkey\"\n  version = \"8.0\"\n",
  ]
}

edit "cache-token" {
  exit = 2
  replace = [
    "  node    = \"cache.t4g.small\"\n",
    "  node    = \"cache.t4g.small\"\n  auth    = \"token\"\n",
  ]
}

edit "swapped-routes" {
  exit = 2
  replace = [
    "    route \"/\" {\n      health_check = \"/health\"\n",
    "    route \"/api/v1/streaming*\" {\n      health_check = \"/health\"\n",
    "    route \"/api/v1/streaming*\" {\n      health_check = \"/api/v1/streaming/health\"\n",
    "    route \"/\" {\n      health_check = \"/api/v1/streaming/health\"\n",
  ]
}

edit "another-route" {
  exit = 2
  replace = [
    "    route \"/api/v1/streaming*\" {\n",
    "    route \"/stream*\" {\n      health_check = \"/api/v1/streaming/health\"\n      idle_timeout = 300\n      drain        = 60\n    }\n\n    route \"/api/v1/streaming*\" {\n",
  ]
}

edit "port" {
  exit = 2
  replace = [
    "    port         = 3000\n",
    "    port         = 3001\n",
  ]
}

edit "health-check" {
  exit = 2
  replace = [
    "      health_check = \"/health\"\n",
    "      health_check = \"/healthz\"\n",
  ]
}

edit "grace-period" {
  exit = 2
  replace = ["grace_period = 120", "grace_period = 180"]
}

edit "environment-variable" {
  exit = 2
  replace = ["DEFAULT_LOCALE = \"ja\"", "DEFAULT_LOCALE = \"en\""]
}

edit "another-environment-variable" {
  exit = 2
  replace = [
    "    NODE_ENV       = \"production\"\n",
    "    NODE_ENV       = \"production\"\n    LOG_LEVEL      = \"warn\"\n",
  ]
}

edit "another-secret" {
  exit = 2
  replace = [
    "secret \"smtp_login\"",
    "secret \"sentry_dsn\" {}\nsecret \"smtp_login\"",
    "    SMTP_LOGIN            = secret.smtp_login\n",
    "    SMTP_LOGIN            = secret.smtp_login\n    SENTRY_DSN            = secret.sentry_dsn\n",
  ]
}

edit "no-secret" {
  exit = 3
  replace = [
    "secret \"otp_secret\" { generate = 128 }\n",
    "",
    "    OTP_SECRET            = secret.otp_secret\n",
    "",
  ]
}

edit "image-tag" {
  exit = 2
  replace = ["v4.2.13", "v4.3.0"]
}

edit "no-https" {
  exit = 2
  replace = [
    "load_balancer \"public\" {\n  domain      = environment.domain\n",
    "load_balancer \"public\" {\n  https       = false\n  domain      = environment.domain\n",
  ]
}

edit "other-domain" {
  exit = 2
  replace = [
    "  domain  = \"example.social\"\n",
    "  domain  = \"social.example\"\n",
  ]
}

edit "no-protection" {
  exit = 2
  replace = [
    "  protect = true\n",
    "",
  ]
}

edit "no-bastion" {
  exit = 2
  replace = [
    "bastion \"main\" {\n  access = [database.main]\n}\n",
    "",
  ]
}

edit "no-access-logs" {
  exit = 2
  replace = [
    "  domain      = environment.domain\n  access_logs = bucket.logs\n",
    "  domain      = environment.domain\n",
  ]
}

edit "no-service" {
  exit = 2
  replace = [
    "  service \"streaming\" {\n    command = [\"node\", \"./streaming\"]\n    port    = 4000\n\n    # Browsers keep these connections open; the load balancer must not cut silent ones.\n    route \"/api/v1/streaming*\" {\n      health_check = \"/api/v1/streaming/health\"\n      idle_timeout = 300\n      drain        = 60\n    }\n  }\n",
    "",
  ]
}

edit "no-task" {
  exit = 2
  replace = [
    "  task \"make_admin\" {\n    command = [\"bin/tootctl\", \"accounts\", \"modify\", \"admin\", \"--role\", \"Owner\"]\n  }\n",
    "",
  ]
}

edit "only-on-demand" {
  exit = 2
  replace = [
    "    on_demand = 1\n    spot      = 80\n",
    "",
  ]
}

edit "less-spot" {
  exit = 2
  replace = ["spot      = 80", "spot      = 50"]
}

edit "tags" {
  exit = 2
  replace = [
    "  region = \"us-east-1\"\n",
    "  region = \"us-east-1\"\n  tags   = { Team = \"social\" }\n",
  ]
}

edit "log-retention" {
  exit = 2
  replace = [
    "  egress = [465]\n\n",
    "  egress = [465]\n\n  log_retention = 30\n\n",
  ]
}

edit "way-out" {
  exit = 2
  replace = [
    "  egress = [465]\n\n",
    "  egress = [465, 587]\n\n",
  ]
}

edit "images-kept" {
  exit = 2
  replace = [
    "  keep = 20\n",
    "  keep = 50\n",
  ]
}

edit "bucket-without-acls" {
  exit = 2
  replace = [
    "  acls        = true\n",
    "",
  ]
}

edit "bucket-not-public" {
  exit = 2
  replace = [
    "  public_read = true\n  acls        = true\n",
    "",
  ]
}

edit "no-user" {
  exit = 3
  replace = [
    "user \"media\" {\n  access = [bucket.media.name]\n}\n",
    "",
    "    AWS_ACCESS_KEY_ID     = user.media.access_key_id\n    AWS_SECRET_ACCESS_KEY = user.media.secret_access_key\n",
    "",
  ]
}

edit "comment-only" {
  exit = 0
  replace = [
    "# Rails and Mastodon want random values that never change.",
    "# Random values that never change.",
  ]
}

edit "arm64" {
  exit = 2
  replace = [
    "    grace_period = 120\n",
    "    grace_period = 120\n    architecture = \"arm64\"\n",
  ]
}

edit "shell-in-containers" {
  exit = 2
  replace = [
    "    grace_period = 120\n",
    "    grace_period = 120\n    execute_command = true\n",
  ]
}

edit "another-environment" {
  exit = 2

  append = <<-EOT
    environment "review" {
      account = "333333333333"
      domain  = "review.example.social"

      load_balancer "public" {
        zone = "Z01234567890REVIEW00"
      }
    }
  EOT
}

edit "renamed-bastion" {
  exit = 2
  rename = { "bastion.main" = "primary" }
}

edit "renamed-bucket" {
  exit = 2
  rename = { "bucket.media" = "files" }
}

edit "renamed-cache" {
  exit = 2
  rename = { "cache.main" = "primary" }
}

edit "renamed-database" {
  exit = 2
  rename = { "database.main" = "primary" }
}

edit "renamed-load-balancer" {
  exit = 2
  rename = { "load_balancer.public" = "front" }
}

edit "renamed-network" {
  exit = 2
  rename = { "network.main" = "primary" }
}

edit "renamed-registry" {
  exit = 2
  rename = { "registry.mastodon" = "images" }
}

edit "renamed-secret" {
  exit = 2
  rename = { "secret.otp_secret" = "otp" }
}

edit "renamed-service" {
  exit = 2
  rename = { "service.web" = "puma" }
}

edit "renamed-task" {
  exit = 2
  rename = { "task.migrate" = "schema" }
}

edit "renamed-user" {
  exit = 2
  rename = { "user.media" = "files" }
}
