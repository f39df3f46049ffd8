stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
  domain  = "shop.example.com"
}

# A key that the security team keeps, instead of one of the stack's own.
key "main" {
  existing = "arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}
