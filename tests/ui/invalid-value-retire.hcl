stack "shop" {
  region  = "eu-west-1"
  retire  = ["service.web", "database.old", "database.Old"]
  destroy = ["database.old", "bucket.media"]
}
environment "staging" { account = "111111111111" }

bucket "media" {}
