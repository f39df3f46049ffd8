stack "shop" {
  region = "eu-west-1"
}

environment "staging" {
  account = "111111111111"
}

environment "production" {
  account = "222222222222"

  bucket "b" {
    environments = ["staging"]
  }
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

bucket "a" {
  environments = []
}

bucket "b" {}
