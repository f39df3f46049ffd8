stack "shop" {
  region         = "eu-west-1"
  parameter_path = "/shop/${environment.domain}"
}

environment "production" {
  account = "111111111111"
  domain  = "example.com"
}

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}

secret "session_key" {
  hint = ""
}
