# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "blog" {
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

database "cloudsql_mysql" {
  engine  = "mysql"
  version = "9.7"

  # Needs you: a small class, as a start.
  class = "db.t4g.micro"
}

load_balancer "main" {
  # Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.
  https = false
}

service "blog" {
  image = "wordpress:6.6"
  port  = 80

  environment = {
    WORDPRESS_DB_HOST = "${database.cloudsql_mysql.host}:${database.cloudsql_mysql.port}"
    WORDPRESS_DB_USER = database.cloudsql_mysql.user
  }

  secrets = {
    WORDPRESS_DB_PASSWORD = database.cloudsql_mysql.password
  }

  tasks = 2

  route "/" {
    health_check = "/wp-login.php"
  }

  route "/feed*" {
    health_check = "/wp-login.php"
    hosts        = ["blog.example.com"]
  }

  scaling {
    min = 1
    max = 4
    cpu = 70
  }
}

service "worker" {
  image = "ghcr.io/example/worker:3"
}
