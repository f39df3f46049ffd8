stack "shop" {
  region = "eu-west-1"
}

environment "staging" {
  account = "111111111111"
}

environment "production" {
  account = "222222222222"

  # It exists in production, where what describes a new one must go.
  network "main" {
    zones = null

    existing {
      vpc_id          = "vpc-0123456789abcdef0"
      public_subnets  = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
      private_subnets = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
    }
  }
}

network "main" {
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
  nat   = "single"
}
