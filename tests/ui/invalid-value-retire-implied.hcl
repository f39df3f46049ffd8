stack "shop" {
  region = "eu-west-1"
  retire = ["key.main"]
}
environment "staging" { account = "111111111111" }

bucket "media" {}
