stack "shop" {
  region = "eu-west-1"
}

environment "staging" {
  account = "111111111111"
}

environment "production" {
  account = "222222222222"
  protect = true

  pipeline "main" { branch = "release" }
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

registry "app" {}

secret "sentry_token" {}

# Builds on GitHub whatever is pushed to the branch of an environment, without a key.
pipeline "main" {
  platform   = "github-actions"
  repository = "example/shop"

  build "app" {
    args       = { RAILS_ENV = "production" }
    commit_arg = "GIT_SHA1"
    secrets    = { SENTRY_TOKEN = secret.sentry_token }
  }
}

app "shop" {
  image       = registry.app
  deployed_by = pipeline.main

  service "worker" {}

  task "migrate" {
    command = ["bin/rails", "db:migrate"]
    before  = "deploy"
    timeout = 600
  }
}
