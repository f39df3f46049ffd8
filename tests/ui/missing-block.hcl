network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}
