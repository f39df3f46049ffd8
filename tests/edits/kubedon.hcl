# Edits of stacks/kubedon.hcl: text that stands there once, and what is written instead.

workspace = "trial"

edit "database-gone" {
  exit = 3
  replace = [
    "database \"main\" {\n  engine  = \"postgres\"\n  version = \"16\"\n  class   = \"db.t4g.micro\"\n}\n",
    "",
    "    DB_HOST    = database.main.host\n    DB_PORT    = database.main.port\n    DB_NAME    = database.main.name\n    DB_USER    = database.main.user\n    DB_SSLMODE = \"require\"\n",
    "",
    "    DB_PASS           = database.main.password\n",
    "",
  ]
}

edit "database-left-in-aws" {
  exit = 2
  replace = [
    "  region = \"ap-northeast-1\"\n",
    "  region = \"ap-northeast-1\"\n  retire = [\"database.main\"]\n",
    "database \"main\" {\n  engine  = \"postgres\"\n  version = \"16\"\n  class   = \"db.t4g.micro\"\n}\n",
    "",
    "    DB_HOST    = database.main.host\n    DB_PORT    = database.main.port\n    DB_NAME    = database.main.name\n    DB_USER    = database.main.user\n    DB_SSLMODE = \"require\"\n",
    "",
    "    DB_PASS           = database.main.password\n",
    "",
  ]
}

edit "bucket-left-in-aws" {
  exit = 2
  replace = [
    "  region = \"ap-northeast-1\"\n",
    "  region = \"ap-northeast-1\"\n  retire = [\"bucket.media\"]\n",
    "bucket \"media\" {\n  public_read = true\n  acls        = true\n  access_logs = bucket.logs\n}\n",
    "",
    "    S3_BUCKET   = bucket.media.name\n",
    "",
  ]
}

edit "destroyed-cache" {
  exit = 3
  replace = [
    "  region = \"ap-northeast-1\"\n",
    "  region = \"ap-northeast-1\"\n  destroy = [\"cache.main\"]\n",
    "cache \"main\" {\n  engine  = \"redis\"\n  version = \"7.1\"\n  node    = \"cache.t4g.micro\"\n}\n",
    "",
    "    REDIS_URL  = cache.main.url\n",
    "",
  ]
}

edit "cache-gone" {
  exit = 3
  replace = [
    "cache \"main\" {\n  engine  = \"redis\"\n  version = \"7.1\"\n  node    = \"cache.t4g.micro\"\n}\n",
    "",
    "    REDIS_URL  = cache.main.url\n",
    "",
  ]
}

edit "existing-database" {
  exit = 3
  replace = [
    "database \"main\" {\n  engine  = \"postgres\"\n  version = \"16\"\n  class   = \"db.t4g.micro\"\n}\n",
    "database \"main\" {\n  existing {\n    host = \"pg.example.com\"\n    port = 5432\n    name = \"mastodon\"\n    user = \"mastodon\"\n    password = secret.db_password\n  }\n}\n",
    "secret \"sendgrid_api_key\" {}\n",
    "secret \"sendgrid_api_key\" {}\nsecret \"db_password\" {}\n",
  ]
}

edit "container-port" {
  exit = 2
  replace = [
    "    container \"streaming\" {\n      entry_point = [\"npm\", \"run\", \"start\"]\n      port        = 4000\n",
    "    container \"streaming\" {\n      entry_point = [\"npm\", \"run\", \"start\"]\n      port        = 4001\n",
  ]
}

edit "nat-gateway" {
  exit = 2
  replace = ["nat   = \"none\"", "nat   = \"single\""]
}

edit "database-parameters" {
  exit = 2
  replace = [
    "  class   = \"db.t4g.micro\"\n",
    "  class   = \"db.t4g.micro\"\n\n  parameters = { \"log_min_duration_statement\" = \"1000\" }\n",
  ]
}

edit "backups" {
  exit = 2
  replace = [
    "  class   = \"db.t4g.micro\"\n",
    "  class   = \"db.t4g.micro\"\n  backup_days = 14\n",
  ]
}

edit "multi-az" {
  exit = 2
  replace = [
    "  class   = \"db.t4g.micro\"\n",
    "  class   = \"db.t4g.micro\"\n  multi_az = true\n",
  ]
}

edit "database-user" {
  exit = 3
  replace = [
    "  class   = \"db.t4g.micro\"\n",
    "  class   = \"db.t4g.micro\"\n  user    = \"owner\"\n",
  ]
}

edit "schedule" {
  exit = 2
  replace = [
    "  task \"precompile\" {\n",
    "  task \"precompile\" {\n    schedule \"nightly\" {\n      at = \"cron(0 3 * * ? *)\"\n    }\n\n",
  ]
}

edit "protected" {
  exit = 2
  replace = [
    "  domain  = \"mastodon.example\"\n",
    "  domain  = \"mastodon.example\"\n  protect = true\n",
  ]
}

edit "parameter-path" {
  exit = 3
  replace = [
    "  region = \"ap-northeast-1\"\n",
    "  region = \"ap-northeast-1\"\n  parameter_path = \"/social/$${environment.name}\"\n",
  ]
}

edit "renamed-key" {
  exit = 2

  append = <<-EOT
    key "data" {
      renamed_from = "main"
    }
  EOT
}

edit "renamed-cluster" {
  exit = 2

  append = <<-EOT
    cluster "apps" {
      renamed_from = "main"
    }
  EOT
}
