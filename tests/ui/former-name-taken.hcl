stack "shop" { region = "eu-west-1" }
environment "staging" { account = "111111111111" }
environment "production" { account = "222222222222" }
network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}

registry "shop" {
  renamed_from = "app"
}

registry "admin" {
  renamed_from = ["backend", "app"]
}

# A swap: each has the name that the other had.
service "web" {
  image        = "nginx:1.27"
  renamed_from = "api"
}

task "api" {
  image        = "nginx:1.27"
  renamed_from = "web"
}

bucket "media" {
  renamed_from = ["uploads", "media"]
}
