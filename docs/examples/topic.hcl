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

# Each address gets a mail with a link that must be followed once.
topic "ops" {
  emails      = ["ops@example.com", "oncall@example.com"]
  deployments = true
}

# The reference to the ARN lets the service publish.
service "worker" {
  image       = "public.ecr.aws/docker/library/ruby:3.4"
  environment = { OPS_TOPIC = topic.ops.arn }
}
