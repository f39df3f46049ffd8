# An import into a resource of a type of which the component has several, and into one that it does not have.
stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"

  network "main" {
    import = {
      aws_vpc                   = "vpc-0a1b2c3d4e5f60718"
      aws_internet_gateway      = "igw-0a1b2c3d4e5f60718"
      aws_subnet                = "subnet-0a1b2c3d4e5f60718"
      "aws_route_table.private" = "rtb-0a1b2c3d4e5f60718"
    }
  }

  bucket "media" {
    import = { aws_s3_bucket_acl = "legacy-media" }
  }
}

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}

bucket "media" {}
