# An archive that is being taken apart.

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

resource "terraform_data" "version" {
  input            = { number = 2, notes = ["a", "b", "c"] }
  triggers_replace = ["second"]
}

moved {
  from = terraform_data.old
  to   = terraform_data.new
}

resource "terraform_data" "new" {
  input = "x"
}

removed {
  from = aws_s3_bucket.letters

  lifecycle {
    destroy = false
  }
}

import {
  to = aws_s3_bucket.films
  id = "archive-films"
}

resource "aws_s3_bucket" "films" {
  bucket = "archive-films"
  tags   = { Kept = "yes" }
}

resource "aws_s3_bucket" "photos" {
  bucket = "archive-photos"
}

resource "aws_s3_bucket_policy" "photos" {
  bucket = aws_s3_bucket.photos.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Write", Effect = "Deny", Principal = "*", Action = "s3:PutObject", Resource = "arn:aws:s3:::archive-photos/*" },
      { Sid = "Read", Effect = "Allow", Principal = "*", Action = ["s3:GetObject"], Resource = ["arn:aws:s3:::archive-photos/*"] },
    ]
  })
}
