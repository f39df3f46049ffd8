# A Phoenix cluster: the nodes find each other in DNS and connect by Erlang distribution.
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

secret "secret_key_base" {
  generate = 64
}

secret "release_cookie" {
  generate = 40
}

namespace "main" {}

service "web" {
  image     = "ghcr.io/example/shop:1.4.2"
  port      = 4000
  tasks     = 3
  discovery = namespace.main

  # The port mapper of Erlang, and the ports that ERL_AFLAGS gives to distribution.
  peer_ports = ["4369", "9100-9155"]

  # The image names each node after its address, in rel/env.sh.eex.
  environment = {
    PHX_HOST          = environment.domain
    DNS_CLUSTER_QUERY = service.web.host
    ERL_AFLAGS        = "-kernel inet_dist_listen_min 9100 inet_dist_listen_max 9155"
  }

  secrets = {
    SECRET_KEY_BASE = secret.secret_key_base
    RELEASE_COOKIE  = secret.release_cookie
  }

  route "/" {}
}

# Another service calls it by name; that opens port 4000 from here and nothing else.
service "reports" {
  image       = "ghcr.io/example/reports:2.0.1"
  environment = { SHOP_URL = "http://${service.web.host}:4000" }
}
