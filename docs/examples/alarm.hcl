stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
  domain  = "shop.example.com"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

# Who is told. AWS asks each address once whether it agrees.
topic "ops" {
  emails = ["ops@example.com"]
}

database "main" {
  engine  = "postgres"
  version = "16"
  class   = "db.t4g.small"
}

alarm "disk" {
  of     = database.main
  metric = "FreeStorageSpace"
  below  = 2000000000
  period = 300
  notify = [topic.ops]
}

# The service grows while this is above its threshold.
alarm "cpu_high" {
  of      = service.worker
  metric  = "CPUUtilization"
  above   = 70
  periods = 2
}

alarm "cpu_low" {
  of      = service.worker
  metric  = "CPUUtilization"
  below   = 20
  periods = 15
}

service "worker" {
  image       = "public.ecr.aws/docker/library/ruby:3.4"
  command     = ["ruby", "worker.rb"]
  environment = { DB_HOST = database.main.host }

  scaling {
    min      = 1
    max      = 10
    cooldown = 120

    step "more" {
      alarm  = alarm.cpu_high
      change = 1
      beyond = { 20 = 3 }
    }

    step "fewer" {
      alarm  = alarm.cpu_low
      change = -1
    }
  }
}
