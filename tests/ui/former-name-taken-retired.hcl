stack "shop" {
  region = "eu-west-1"
  retire = ["registry.app"]
}
environment "staging" { account = "111111111111" }

registry "shop" {
  renamed_from = "app"
}
