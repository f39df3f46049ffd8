stack "shop" { region = "eu-west-1" }
environment "staging" { account = "111111111111" }
environment "production" { account = "222222222222" }

bucket "media" {
  aws_name = "uploads"
}

bucket "uploads" {
  environments = ["staging"]
}
