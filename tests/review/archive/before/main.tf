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
  input            = { number = 1, notes = ["a", "b"] }
  triggers_replace = ["first"]
}

resource "terraform_data" "old" {
  input = "x"
}

resource "aws_s3_bucket" "scans" {
  bucket = "archive-scans"
}

resource "aws_s3_bucket" "letters" {
  bucket = "archive-letters"
}

resource "aws_s3_bucket" "photos" {
  bucket = "archive-photos"
}

resource "aws_s3_bucket_policy" "photos" {
  bucket = aws_s3_bucket.photos.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Read", Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::archive-photos/*" }]
  })
}
