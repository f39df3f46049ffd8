# Edits of stacks/rails.hcl: text that stands there once, and what is written instead.

workspace = "production"

edit "firewall-count" {
  exit = 2
  replace = [
    "  count         = [\"SizeRestrictions_BODY\"]\n",
    "  count         = [\"SizeRestrictions_BODY\", \"CrossSiteScripting_BODY\"]\n",
  ]
}

edit "no-firewall" {
  exit = 2
  replace = [
    "firewall \"main\" {\n  environments  = [\"production\"]\n  load_balancer = load_balancer.main\n  count         = [\"SizeRestrictions_BODY\"]\n}\n",
    "",
  ]
}

edit "file-system-throughput" {
  exit = 2
  replace = [
    "file_system \"uploads\" {}",
    "file_system \"uploads\" {\n  throughput = \"bursting\"\n}",
  ]
}

edit "file-system-owner" {
  exit = 2
  replace = [
    "file_system \"uploads\" {}",
    "file_system \"uploads\" {\n  uid = 2000\n}",
  ]
}

edit "cache-parameter" {
  exit = 2
  replace = ["\"maxmemory-policy\" = \"noeviction\"", "\"maxmemory-policy\" = \"allkeys-lru\""]
}

edit "cache-nodes" {
  exit = 2
  replace = [
    "  node    = \"cache.t4g.micro\"\n",
    "  node    = \"cache.t4g.micro\"\n  nodes   = 3\n",
  ]
}

edit "no-file-system" {
  exit = 3
  replace = [
    "file_system \"uploads\" {}\n",
    "",
    "\n  volume \"uploads\" {\n    file_system = file_system.uploads\n  }\n",
    "",
    "  mounts      = { uploads = \"/rails/storage\" }\n",
    "",
  ]
}

edit "pipeline-repository" {
  exit = 2
  replace = ["example/rails", "example/shop"]
}

edit "deployed-by-terraform" {
  exit = 2
  replace = [
    "  deployed_by = pipeline.main\n",
    "  tag         = \"v1\"\n",
    "pipeline \"main\" {\n  platform   = \"github-actions\"\n  repository = \"example/rails\"\n}\n",
    "",
    "  # What reaches this branch goes live; staging follows `main`.\n  pipeline \"main\" {\n    branch = \"release\"\n  }\n\n",
    "",
  ]
}

edit "renamed-file-system" {
  exit = 2
  rename = { "file_system.uploads" = "files" }
}

edit "renamed-firewall" {
  exit = 2
  rename = { "firewall.main" = "primary" }
}
