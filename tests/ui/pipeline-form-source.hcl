stack "shop" { region = "eu-west-1" }

environment "production" { account = "111111111111" }

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "c"]
}

registry "app" {}

pipeline "main" {
  platform = "codepipeline"
}

service "web" {
  image       = registry.app
  deployed_by = pipeline.main
}
