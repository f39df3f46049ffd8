# One service behind a load balancer, in one environment: enough to see what Groundplan makes of a stack file.

stack "minimal" {
  region = "us-east-1"
}

# An environment is a Terraform workspace. Put in the id of your AWS account: Terraform refuses to plan with another.
environment "staging" {
  account = "111111111111"
}

# The VPC, with subnets in two availability zones and one NAT gateway.
network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

# Plain HTTP, for a first try. For HTTPS give it a domain and a certificate or a hosted zone.
load_balancer "main" {
  https = false
}

# The container. The route lets the load balancer send every request to it.
service "web" {
  image = "public.ecr.aws/nginx/nginx:1.27"
  port  = 80

  route "/" {}
}
