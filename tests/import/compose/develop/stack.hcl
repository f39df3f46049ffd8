# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "develop" {
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

database "mysql" {
  engine  = "mysql"
  version = "9.7"

  # Needs you: a small class, as a start.
  class = "db.t4g.micro"
}

file_system "bundle" {}

registry "app" {
  # So that `latest` can be pushed again; better is a tag for each build.
  mutable = true
}

service "app" {
  image = registry.app

  mounts = {
    app_srv_app_tmp_pids = "/srv/app/tmp/pids"
  }

  read_only_mounts = {
    bundle = "/srv/app/vendor/bundle"
  }

  environment = {
    MYSQL_HOST     = database.mysql.host
    MYSQL_USERNAME = database.mysql.user
  }

  secrets = {
    MYSQL_PASSWORD = database.mysql.password
  }

  volume "app_srv_app_tmp_pids" {}

  volume "bundle" {
    file_system = file_system.bundle
  }
}
