# What is adopted under a name that a setting, AWS or a pipeline decides about.
stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"

  bucket "media" {
    import = { aws_s3_bucket = "legacy-media" }
  }

  database "main" {
    import = {
      aws_db_instance        = "legacy"
      aws_db_parameter_group = "legacy-postgres16"
    }
  }

  service "web" {
    import = { aws_ecs_service = "legacy/web" }
  }
}

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}

bucket "media" {
  name = "shop-media"
}

database "main" {
  engine  = "postgres"
  version = "16"
  class   = "db.t4g.small"
}

service "web" {
  image = "nginx:1.27"
}
