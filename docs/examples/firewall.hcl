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

load_balancer "main" {
  domain = environment.domain
  zone   = "Z0123456789EXAMPLE"
}

# Customers upload pictures, which are larger than what the rule lets pass.
firewall "main" {
  load_balancer = load_balancer.main
  count         = ["SizeRestrictions_BODY"]
}

service "web" {
  image = "public.ecr.aws/nginx/nginx:1.27"
  port  = 80

  route "/" {}
}
