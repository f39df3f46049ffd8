stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

# It would be there without being written; this one does without Container Insights.
cluster "main" {
  insights = false
}

service "web" {
  image = "public.ecr.aws/nginx/nginx:1.27"
}
