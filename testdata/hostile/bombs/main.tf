locals {
  wide   = format("%999999999d", 1)
  yaml   = yamlencode([for a in range(1000) : [for b in range(1000) : "a"]])
  number = parseint("${join("", [for a in range(900) : "9999999999"])}", 10)
  nested = [for a in range(1024) : [for b in range(1024) : range(1024)]]
}

resource "aws_sqs_queue" "bomb" {
  name   = local.wide
  policy = jsonencode([local.yaml, local.number, local.nested])
}
