stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
  domain  = "shop.example.com"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

bucket "uploads" {
  versioning = true
  cors       = ["https://${environment.domain}"]
}

# The reference to the name lets the service read and write objects.
service "worker" {
  image = "public.ecr.aws/docker/library/ruby:3.4"

  environment = { UPLOADS = bucket.uploads.name }
}
