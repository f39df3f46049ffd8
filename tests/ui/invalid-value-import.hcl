# One repository that two environments of an account would manage, and an identifier that is none.
stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"

  network "main" {
    import = { aws_vpc = "" }
  }
}

environment "staging" {
  account = "111111111111"
}

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}

registry "app" {
  import = { aws_ecr_repository = "legacy/app" }
}
