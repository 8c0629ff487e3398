package iaclint.rules.topic_standard_test

import data.iaclint.rules.topic_standard

standard_topic := `
resource "aws_sns_topic" "t" {
  name = "orders"
}

resource "aws_sns_topic_policy" "t" {
  arn    = aws_sns_topic.t.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "sns:Publish", Resource = aws_sns_topic.t.arn }]
  })
}
`

test_standard_topic if {
	inputs := iaclint.input({"main.tf": standard_topic})
	messages := {f.message | some f in topic_standard.finding} with input as inputs
	messages == set()
}

deletes := `
resource "aws_sns_topic" "t" {
  name = "orders"
}

resource "aws_sns_topic_policy" "t" {
  arn    = aws_sns_topic.t.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = ["sns:Publish", "sns:DeleteTopic"], Resource = aws_sns_topic.t.arn }]
  })
}
`

test_deletes if {
	inputs := iaclint.input({"main.tf": deletes})
	messages := {f.message | some f in topic_standard.finding} with input as inputs
	messages == {"aws_sns_topic.t allows sns:DeleteTopic beyond the standard (yes)"}
}

not_known := `
variable "partner" {}

resource "aws_sns_topic" "t" {
  name = "orders"
}

resource "aws_sns_topic_policy" "t" {
  arn    = aws_sns_topic.t.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = var.partner }, Action = "sns:Publish", Resource = aws_sns_topic.t.arn }]
  })
}
`

test_not_known if {
	inputs := iaclint.input({"main.tf": not_known})
	messages := {f.message | some f in topic_standard.finding} with input as inputs
	messages == {"aws_sns_topic.t allows sns:Publish beyond the standard (undetermined)"}
}
