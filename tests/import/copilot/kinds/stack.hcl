# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "kinds" {
  # Needs you: the region.
  region = "us-east-1"
}

environment "production" {
  # Needs you: the id of the AWS account.
  account = "111111111111"
}

# Needs you: a range that overlaps no other network, or a network that exists.
network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
  nat   = "none"
}

file_system "models" {
  existing {
    id           = "fs-0a1b2c3d4e5f60718"
    access_point = "fsap-0a1b2c3d4e5f60718"

    # Needs you: the security group of its mount targets.
    security_group = "sg-00000000000000000"
  }
}

bucket "docs" {}

registry "grpc" {
  # So that `latest` can be pushed again; better is a tag for each build.
  mutable = true
}

load_balancer "main" {
  # Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.
  https = false
}

cdn "docs" {
  bucket      = bucket.docs
  domain      = "docs.example.com"
  certificate = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"
}

service "grpc" {
  image  = registry.grpc
  cpu    = 512
  memory = 1024
  port   = 50051

  read_only_mounts = {
    models = "/models"
  }

  tasks = 0

  volume "models" {
    file_system = file_system.models
  }
}

service "hello" {
  image  = "public.ecr.aws/example/hello:1"
  cpu    = 1024
  memory = 2048
  port   = 80

  route "/" {
    health_check = "/health"
    hosts        = ["hello.example.com"]
    interval     = 10
  }
}
