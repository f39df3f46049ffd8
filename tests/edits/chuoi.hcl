# Edits of stacks/chuoi.hcl: text that stands there once, and what is written instead.

workspace = "qa"

edit "another-sidecar" {
  exit = 2
  replace = [
    "  container \"web\" {\n",
    "  container \"metrics\" {\n    image = \"public.ecr.aws/docker/library/busybox:1.37\"\n  }\n\n  container \"web\" {\n",
  ]
}

edit "other-network" {
  exit = 2
  replace = ["vpc-0a1b2c3d4e5f60001", "vpc-0a1b2c3d4e5f60009"]
}

edit "peer-ports" {
  exit = 2
  replace = ["[\"4369\", \"9100-9155\"]", "[\"4369\", \"9100-9199\"]"]
}

edit "no-discovery" {
  exit = 2
  replace = [
    "  discovery  = namespace.main\n  peer_ports = [\"4369\", \"9100-9155\"]\n",
    "",
    "    DNS_CLUSTER_QUERY     = service.app.host\n",
    "",
    "# Where the nodes of the application find each other.\nnamespace \"main\" {}\n",
    "",
  ]
}

edit "web-port" {
  exit = 2
  replace = [
    "  ports = [80]\n",
    "  ports = [8080]\n",
    "    port       = 80\n",
    "    port       = 8080\n",
  ]
}

edit "pipeline-archive" {
  exit = 2
  replace = [
    "  source   = bucket.source\n\n  build",
    "  source   = bucket.source\n  archive  = \"release.zip\"\n\n  build",
  ]
}

edit "pipeline-approval" {
  exit = 2
  replace = [
    "    approval = true\n",
    "    approval = false\n",
  ]
}

edit "larger-builds" {
  exit = 2
  replace = [
    "  source   = bucket.source\n\n  build",
    "  source   = bucket.source\n  compute  = \"medium\"\n\n  build",
  ]
}

edit "log-group-retention" {
  exit = 2
  replace = [
    "log_group \"web\" { name = \"/chuoi/ecs/tasks/web\" }",
    "log_group \"web\" {\n  name      = \"/chuoi/ecs/tasks/web\"\n  retention = 90\n}",
  ]
}

edit "log-group-name" {
  exit = 2
  replace = [
    "log_group \"web\" { name = \"/chuoi/ecs/tasks/web\" }",
    "log_group \"web\" { name = \"/chuoi/ecs/tasks/nginx\" }",
  ]
}

edit "bucket-name" {
  exit = 3
  replace = [
    "  domain  = \"qa.chuoi.example\"\n",
    "  domain  = \"qa.chuoi.example\"\n\n  bucket \"logs\" {\n    name = \"chuoi-qa-business-logs\"\n  }\n",
  ]
}

edit "certificate" {
  exit = 2
  replace = [
    "arn:aws:acm:ap-northeast-1:111111111111:certificate/0a1b2c3d-0000-4000-8000-000000000001",
    "arn:aws:acm:ap-northeast-1:111111111111:certificate/0a1b2c3d-0000-4000-8000-000000000009",
  ]
}

edit "file-descriptors" {
  exit = 2
  replace = [
    "  ulimits         = { nofile = 65536 }\n",
    "  ulimits         = { nofile = 131072 }\n",
  ]
}

edit "internal-load-balancer" {
  exit = 2
  replace = [
    "load_balancer \"public\" {\n  domain          = environment.domain\n",
    "load_balancer \"public\" {\n  internal        = true\n  domain          = environment.domain\n",
  ]
}

edit "idle-timeout" {
  exit = 2
  replace = [
    "load_balancer \"public\" {\n  domain          = environment.domain\n",
    "load_balancer \"public\" {\n  idle_timeout    = 120\n  domain          = environment.domain\n",
  ]
}

edit "renamed-log-group" {
  exit = 2
  rename = { "log_group.web" = "puma" }
}

edit "renamed-namespace" {
  exit = 2
  rename = { "namespace.main" = "primary" }
}

edit "renamed-pipeline" {
  exit = 2
  rename = { "pipeline.main" = "primary" }
}

edit "renamed-security-group" {
  exit = 2
  rename = { "security_group.service" = "members" }
}
