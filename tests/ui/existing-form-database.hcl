stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"

  database "main" {
    existing {
      host = "main.example.eu-west-1.rds.amazonaws.com"
      port = 5432
    }
  }
}

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}

database "main" {
  engine  = "postgres"
  version = "16"
  class   = "db.t4g.small"
}
