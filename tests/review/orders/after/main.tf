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
  default   = "canary-two"
}

module "worker" {
  source   = "./worker"
  for_each = toset(["de", "pl"])

  country = each.key
  memory  = 512
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
      image        = "registry.example/reports:2"
      essential    = true
      environment  = [{ name = "THREADS", value = "2" }, { name = "RAILS_ENV", value = "production" }, { name = "LOG", value = "info" }]
      portMappings = [{ containerPort = 3000 }]
    },
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
    environment = [{ name = "TOKEN", value = var.token }, { name = "PORT", value = "587" }]
  }])
}

resource "aws_ssm_parameter" "token" {
  name  = "/orders/token"
  type  = "SecureString"
  value = var.token
}
