variable "name" {
  type = string
}

variable "readers" {
  type    = list(string)
  default = []
}

resource "aws_sqs_queue" "this" {
  name = var.name
}

resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Readers"
      Effect    = "Allow"
      Principal = { AWS = var.readers }
      Action    = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
      Resource  = aws_sqs_queue.this.arn
    }]
  })
}
