# Edits of stacks/proff.hcl: text that stands there once, and what is written instead.

workspace = "dev"

edit "parameter-value" {
  exit = 2
  replace = ["\"#proff-$${environment.name}\"", "\"#proff\""]
}

edit "another-parameter" {
  exit = 2
  replace = [
    "parameter \"report_channel\"",
    "parameter \"banner\" {\n  value = \"none\"\n}\n\nparameter \"report_channel\"",
    "    REPORT_CHANNEL        = parameter.report_channel\n",
    "    REPORT_CHANNEL        = parameter.report_channel\n    BANNER                = parameter.banner\n",
  ]
}

edit "parameter-path" {
  exit = 3
  replace = [
    "parameter_path = \"/proff_$${environment.name}\"",
    "parameter_path = \"/proff/$${environment.name}\"",
  ]
}

edit "pipeline-branch" {
  exit = 2
  replace = ["develop", "next"]
}

edit "own-bucket" {
  exit = 2
  replace = [
    "  existing = \"proff-assets\"\n",
    "",
  ]
}

# Terraform can no longer plan a workspace that is gone: nothing happens in the others.
edit "removed-environment" {
  exit = 2
  replace = [
    "environment \"production\" {\n  account = \"222222222222\"\n  domain  = \"proff.example\"\n  protect = true\n\n  pipeline \"main\" {\n    contexts = [\"proff-production\"]\n    approval = true\n  }\n\n  load_balancer \"main\" {\n    certificate = \"arn:aws:acm:ap-northeast-1:222222222222:certificate/66666666-7777-8888-9999-000000000000\"\n  }\n\n  database \"main\" {\n    class   = \"db.m6g.large\"\n    storage = 100\n  }\n\n  service \"app\" {\n    tasks  = 3\n    cpu    = 2048\n    memory = 8192\n\n    scaling {\n      min = 3\n      max = 9\n    }\n  }\n}\n",
    "",
  ]
}

edit "allowed-addresses" {
  exit = 2
  replace = [
    "load_balancer \"main\" {\n  domain      = environment.domain\n",
    "load_balancer \"main\" {\n  allow       = [\"203.0.113.0/24\"]\n  domain      = environment.domain\n",
  ]
}

edit "healthy-codes" {
  exit = 2
  replace = ["200,401", "200-299,401"]
}

edit "release-task-later" {
  exit = 2
  replace = [
    "    before  = \"deploy\"\n",
    "",
  ]
}

edit "renamed-parameter" {
  exit = 2
  rename = { "parameter.report_channel" = "reports" }
}
