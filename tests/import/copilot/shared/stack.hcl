# Imported. Lines that say "needs you" want a decision; the report has the rest.

stack "shared" {
  region = "eu-west-1"
}

environment "test" {
  account = "111122223333"

  service "b" {
    environment = {
      MODE = null
    }

    secrets = {
      MODE = secret.mode
    }

    architecture = null
  }
}

environment "live" {
  account = "111122223333"

  service "b" {
    image = "ghcr.io/example/shop:8"

    secrets = {
      TOKEN = secret.live_token
    }

    tag = null
  }
}

# Needs you: a range that overlaps no other network, or a network that exists.
network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
  nat   = "none"
}

registry "shop" {
  existing = "shop"
}

secret "mode" {
  existing = "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/mode"
}

secret "live_token" {
  existing = "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/live/live-token"
}

app "shop" {
  image = registry.shop

  environment = {
    LEVEL = "info"
  }

  service "a" {
    tag          = "7"
    cpu          = 256
    memory       = 512
    command      = ["bin/a"]
    architecture = "arm64"

    environment = {
      MODE = "plain"
    }
  }

  service "b" {
    tag          = "7"
    cpu          = 256
    memory       = 512
    command      = ["bin/b"]
    architecture = "arm64"

    environment = {
      MODE = "plain"
    }
  }
}
