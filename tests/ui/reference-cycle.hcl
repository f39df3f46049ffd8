stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

parameter "a" {
  value = "after ${parameter.b.name}"
}

parameter "b" {
  value = parameter.a.name
}
