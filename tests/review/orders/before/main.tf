# Orders: one worker for each country, and a page of reports in a container.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "token" {
  type      = string
  sensitive = true
  default   = "canary-one"
}

module "worker" {
  source   = "./worker"
  for_each = toset(["de", "fr"])

  country = each.key
  memory  = 256
}

resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "web"
      image        = "registry.example/reports:1"
      essential    = true
      environment  = [{ name = "RAILS_ENV", value = "staging" }, { name = "THREADS", value = "2" }]
      portMappings = [{ containerPort = 3000 }]
    },
    { name = "proxy", image = "registry.example/proxy:7", essential = false },
  ])
}

resource "aws_ecs_task_definition" "mailer" {
  family                   = "mailer"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([{
    name        = "mailer"
    image       = "registry.example/mailer:1"
    essential   = true
    environment = [{ name = "TOKEN", value = var.token }, { name = "PORT", value = "25" }]
  }])
}

resource "aws_ssm_parameter" "token" {
  name  = "/orders/token"
  type  = "SecureString"
  value = var.token
}
