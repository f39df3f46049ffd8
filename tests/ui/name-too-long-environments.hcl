stack "shop" {
  region = "eu-west-1"
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

cache "a_name_of_thirty_two_characters" {
  engine  = "redis"
  version = "7.1"
  node    = "cache.t4g.micro"
}
