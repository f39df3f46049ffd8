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

# One image and one configuration for the service and the task.
app "shop" {
  image       = "public.ecr.aws/docker/library/ruby:3.4"
  environment = { STAGE = environment.name }

  service "worker" {
    command = ["ruby", "worker.rb"]
  }

  task "migrate" {
    command = ["rake", "db:migrate"]
    before  = "deploy"
    timeout = 600
  }

  # Every night, in the time of Tokyo.
  task "report" {
    command = ["rake", "report:mail"]

    schedule "nightly" {
      at        = "cron(0 3 * * ? *)"
      time_zone = "Asia/Tokyo"
    }
  }
}
