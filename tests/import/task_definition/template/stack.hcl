# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "queue_worker" {
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

file_system "cache" {
  existing {
    id           = "fs-0abc1234"
    access_point = "fsap-0abc1234"

    # Needs you: the security group of its mount targets.
    security_group = "sg-00000000000000000"
  }
}

registry "queue_worker" {
  # So that `latest` can be pushed again; better is a tag for each build.
  mutable = true
}

secret "worker_token" {
  existing = "arn:aws:secretsmanager:us-east-1:111111111111:secret:worker-token"
}

# Needs you: the value of QUEUE is not in the input.
service "queue_worker" {
  image     = registry.queue_worker
  cpu       = 256
  memory    = 1024
  read_only = true

  mounts = {
    cache = "/var/cache"
  }

  environment = {
    THREADS = "8"
  }

  secrets = {
    TOKEN = secret.worker_token
  }

  task_role = "queue-worker"

  volume "cache" {
    file_system = file_system.cache
  }
}
