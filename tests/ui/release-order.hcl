stack "shop" { region = "eu-west-1" }

environment "production" { account = "111111111111" }

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "c"]
}

registry "app" {}

pipeline "main" {
  platform   = "github-actions"
  repository = "example/shop"
}

service "web" {
  image       = registry.app
  deployed_by = pipeline.main
}

task "migrate" {
  image       = registry.app
  deployed_by = pipeline.main
  before      = "deploy"
}

task "audit" {
  image       = registry.app
  deployed_by = pipeline.main
  after       = task.migrate
}
