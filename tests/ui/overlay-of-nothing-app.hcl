stack "shop" {
  region = "eu-west-1"
}

environment "staging" {
  account = "111111111111"
}

environment "production" {
  account = "222222222222"

  app "shop" {
    service "wbe" {
      tasks = 2
    }
  }
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}

app "shop" {
  image = "nginx:1.27"

  service "web" {}
}
