variable "country" {
  type = string
}

variable "memory" {
  type = number
}

resource "aws_sqs_queue" "orders" {
  name                       = "orders-${var.country}"
  visibility_timeout_seconds = 30
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders-${var.country}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "order"

  attribute {
    name = "order"
    type = "S"
  }
}

resource "aws_iam_role" "worker" {
  name = "worker-${var.country}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "worker" {
  function_name = "worker-${var.country}"
  role          = aws_iam_role.worker.arn
  package_type  = "Image"
  image_uri     = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/worker:1"
  memory_size   = var.memory

  environment {
    variables = {
      QUEUE = aws_sqs_queue.orders.url
      TABLE = aws_dynamodb_table.orders.name
    }
  }
}
