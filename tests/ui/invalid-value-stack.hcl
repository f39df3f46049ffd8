stack "shop" {
  region = "eu-west-1"
  retire = ["old", "bucket.media"]
  tags   = { "aws:owner" = "shop" }

  state {
    bucket = "s3://shop-state"
    region = "eu-west-9"
  }
}

environment "staging" {
  account = "111111111111"
}

environment "production" {
  account = "222222222222"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

bucket "media" {}
