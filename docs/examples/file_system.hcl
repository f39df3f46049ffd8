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

file_system "uploads" {}

service "web" {
  image  = "public.ecr.aws/nginx/nginx:1.27"
  mounts = { uploads = "/usr/share/nginx/html/uploads" }

  volume "uploads" {
    file_system = file_system.uploads
  }
}
