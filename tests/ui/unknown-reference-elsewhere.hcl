stack "shop" {
  region = "eu-west-1"
}

environment "staging" {
  account = "111111111111"
}

environment "production" {
  account = "222222222222"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

bucket "media" {
  environments = ["production"]
}

service "web" {
  image = "nginx:1.27"

  environment = {
    BUCKET = bucket.media.name
  }
}
