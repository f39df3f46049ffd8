stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
  domain  = "shop.example.com"
}

network "main" {
  existing {
    vpc_id          = "vpc-0a1b2c3d4e5f60718"
    public_subnets  = ["subnet-0aa1b2c3d4e5f6071", "subnet-0ab1b2c3d4e5f6071"]
    private_subnets = ["subnet-0ba1b2c3d4e5f6071", "subnet-0bb1b2c3d4e5f6071"]
  }
}

# Load balancer and service are members, so neither needs a rule that names the other.
security_group "service" {
  ports = [80]
}

# The group of a Redis that exists already, whose only rule lets its own members connect.
security_group "redis" {
  existing = "sg-0a1b2c3d4e5f60718"
  ports    = [6379]
}

load_balancer "main" {
  domain          = environment.domain
  zone            = "Z0123456789EXAMPLE"
  security_groups = [security_group.service]
}

service "web" {
  image           = "public.ecr.aws/nginx/nginx:1.27"
  port            = 80
  security_groups = [security_group.service, security_group.redis]

  route "/" {}
}
