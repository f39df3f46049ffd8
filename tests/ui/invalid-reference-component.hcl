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

database "main" {
  engine  = "postgres"
  version = "16"
  class   = "db.t4g.small"
}

service "api" {
  image = "nginx:1.27"
}

service "web" {
  image = "nginx:1.27"

  environment = {
    WHOLE    = database.main
    KIND     = database
    TOO_LONG = database.main.host.name
    CLUSTER  = cluster.main.name
  }
}
