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

# The operations team changes the channel without a deployment.
parameter "report_channel" {
  value = "#reports-${environment.name}"
}

service "worker" {
  image = "public.ecr.aws/docker/library/ruby:3.4"

  secrets = { REPORT_CHANNEL = parameter.report_channel }
}
