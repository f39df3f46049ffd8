stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

# One group for several services, under a name of its own.
log_group "app" {
  name      = "/shop/${environment.name}/app"
  retention = 90
}

app "shop" {
  image     = "public.ecr.aws/docker/library/ruby:3.4"
  log_group = log_group.app

  service "worker" {
    command = ["ruby", "worker.rb"]
  }

  service "mailer" {
    command = ["ruby", "mailer.rb"]
  }
}
