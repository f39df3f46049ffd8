# Edits of stacks/repro.hcl: text that stands there once, and what is written instead.

workspace = "staging"

edit "alarm-threshold" {
  exit = 2
  replace = [
    "  above   = 70\n",
    "  above   = 80\n",
  ]
}

edit "another-alarm" {
  exit = 2

  append = <<-EOT
    alarm "database_cpu" {
      of      = database.main
      metric  = "CPUUtilization"
      above   = 80
      periods = 5
      notify  = [topic.operations]
    }
  EOT
}

edit "another-topic" {
  exit = 2

  append = <<-EOT
    topic "business" {
      emails = ["business@repro.example"]
    }
  EOT
}

edit "other-email" {
  exit = 2
  replace = ["operations@repro.example", "ops@repro.example"]
}

edit "no-deployment-events" {
  exit = 2
  replace = [
    "  deployments = true\n",
    "",
  ]
}

edit "alarm-name" {
  exit = 2
  replace = ["\"ECS [app-$${environment.name}] CPUUtilization\"", "\"ECS $${environment.name} CPU\""]
}

edit "scaling-window" {
  exit = 2
  replace = [
    "        min  = 8\n",
    "        min  = 10\n",
  ]
}

edit "scaling-window-times" {
  exit = 2
  replace = [
    "        to   = \"04:30\"\n",
    "        to   = \"05:00\"\n",
  ]
}

edit "timed-bounds" {
  exit = 2
  replace = [
    "      max       = 10\n",
    "      max       = 12\n",
  ]
}

edit "step" {
  exit = 2
  replace = [
    "        change = 1\n",
    "        change = 2\n",
  ]
}

edit "price-class" {
  exit = 2
  replace = [
    "cdn \"assets\" {\n  bucket = bucket.assets\n",
    "cdn \"assets\" {\n  bucket      = bucket.assets\n  price_class = \"200\"\n",
  ]
}

edit "cdn-cors" {
  exit = 2
  replace = [
    "cdn \"assets\" {\n  bucket = bucket.assets\n",
    "cdn \"assets\" {\n  bucket = bucket.assets\n  cors   = [\"https://$${environment.domain}\"]\n",
  ]
}

edit "no-cdn" {
  exit = 2
  replace = [
    "cdn \"assets\" {\n  bucket = bucket.assets\n}\n",
    "",
    "    ASSET_HOST    = cdn.assets.url\n",
    "",
  ]
}

edit "no-topic-target" {
  exit = 2
  replace = [
    "  periods = 3\n  notify  = [topic.operations]\n",
    "  periods = 3\n",
  ]
}

edit "release-order" {
  exit = 2
  replace = [
    "    after   = task.ridgepole\n",
    "",
  ]
}

edit "existing-alarm-name" {
  exit = 2
  replace = ["SQS [events] Backlog (high)", "SQS [events] Backlog"]
}

# An app is only what services share: the service, its roles and its groups stay as they are.
edit "worker-in-its-own-app" {
  exit = 0
  replace = [
    "  service \"worker\" {\n    command = [\"bundle\", \"exec\", \"rake\", \"events:consume\"]\n    cpu     = 512\n    memory  = 1024\n  }\n\n",
    "",
  ]

  append = <<-EOT
    app "jobs" {
      image             = registry.app
      deployed_by       = pipeline.main
      working_directory = "/app"
      entry_point       = ["prehook", "ruby /app/docker/setup.rb", "--"]
      access            = [key.main, bucket.assets.name]

      environment = {
        RAILS_ENV     = environment.name
        ASSETS_BUCKET = bucket.assets.name
        ASSET_HOST    = cdn.assets.url
        DB_HOST       = database.main.host
        DB_NAME       = database.main.name
        DB_USER       = database.main.user
      }

      secrets = {
        DB_PASSWORD = database.main.password
      }

      service "worker" {
        command = ["bundle", "exec", "rake", "events:consume"]
        cpu     = 512
        memory  = 1024
      }
    }
  EOT
}

edit "renamed-alarm" {
  exit = 2
  rename = { "alarm.cpu_high" = "busy" }
}

edit "renamed-cdn" {
  exit = 2
  rename = { "cdn.assets" = "static" }
}

edit "renamed-topic" {
  exit = 2
  rename = { "topic.operations" = "oncall" }
}
