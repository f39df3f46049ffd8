stack "the_community_platform_of_2026" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

environment "dev" {
  account = "222222222222"
}

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}

service "notification_delivery_worker" {
  image  = "nginx:1.27"
  cpu    = 256
  memory = 512
}
