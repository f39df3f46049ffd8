stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}

cache "main" {
  existing {
    host = "redis.example.com"
  }
}

bastion "main" {
  access = [cache.main]
}
