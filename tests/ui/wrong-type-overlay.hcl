stack "shop" {
  region = "eu-west-1"
}

environment "staging" {
  account = "111111111111"
}

environment "production" {
  account = "222222222222"

  # The name of the database is missing.
  database {
    storage = 50
  }
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

database "main" {
  engine  = "postgres"
  version = "16"
  class   = "db.t4g.small"
}
