stack "shop" {
  region = "eu-west-1"
}

environment "staging" {
  account = "111111111111"
}

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "c"]
  natt  = "single"
}

# Cannot be read, so what refers to it is not reported.
database "main" {
  engine  = "postgres"
  version = 16
  class   = "db.t4g.small"
}

service "web" {
  image  = "nginx:1.27"
  cpu    = 300
  memory = 1024

  environment = {
    DB_HOST = database.main.host
    BUCKET  = bucket.media.name
    DOMAIN  = environment.domain
  }
}
