# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "params" {
  region = "eu-west-1"
}

environment "production" {
  account = "222233334444"
}

# Needs you: a range that overlaps no other network, or a network that exists.
network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
  nat   = "none"
}

file_system "public" {}

registry "nginx" {
  existing = "forum/nginx"
}

registry "app" {
  existing = "forum/app"
}

log_group "forum" {
  name = "forum"
}

secret "secret_key_base" {
  existing = "arn:aws:ssm:eu-west-1:222233334444:parameter/forum/secret_key_base"
}

load_balancer "main" {
  # Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.
  https = false
}

service "params" {
  image  = registry.nginx
  tag    = "3"
  cpu    = 512
  memory = 1024
  port   = 80

  read_only_mounts = {
    public = "/public"
  }

  log_group = log_group.forum
  task_role = "arn:aws:iam::222233334444:role/forum"

  volume "public" {
    file_system = file_system.public
  }

  container "app" {
    image = registry.app
    tag   = "3"

    mounts = {
      public = "/app/public"
    }

    depends_on = {
      log = "started"
    }

    environment = {
      RAILS_ENV = "production"
    }

    secrets = {
      SECRET_KEY_BASE = secret.secret_key_base
    }

    memory = 512
  }

  container "log" {
    image              = "fluent/fluentd:v1.17"
    essential          = false
    memory_reservation = 100
  }

  route "/" {}
}
