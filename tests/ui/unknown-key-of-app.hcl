stack "shop" { region = "eu-west-1" }
environment "staging" { account = "111111111111" }
network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}

app "shop" {
  image        = "nginx:1.27"
  renamed_from = "store"
  service "web" {}
}
