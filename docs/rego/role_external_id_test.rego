package iaclint.rules.role_external_id_test

import data.iaclint.rules.role_external_id

not_asked := `
resource "aws_iam_role" "r" {
  name               = "deploy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::444455556666:root" }, Action = "sts:AssumeRole" }]
  })
}
`

test_not_asked if {
	inputs := iaclint.input({"main.tf": not_asked})
	messages := {f.message | some f in role_external_id.finding} with input as inputs
	messages == {"444455556666 can assume aws_iam_role.r without an external id"}
}

asked := `
resource "aws_iam_role" "r" {
  name               = "deploy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::444455556666:root" }, Action = "sts:AssumeRole", Condition = { StringEquals = { "sts:ExternalId" = "7f3a" } } }]
  })
}
`

test_asked if {
	inputs := iaclint.input({"main.tf": asked})
	messages := {f.message | some f in role_external_id.finding} with input as inputs
	messages == set()
}

if_exists := `
resource "aws_iam_role" "r" {
  name               = "deploy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::444455556666:root" }, Action = "sts:AssumeRole", Condition = { StringEqualsIfExists = { "sts:ExternalId" = "7f3a" } } }]
  })
}
`

test_if_exists if {
	inputs := iaclint.input({"main.tf": if_exists})
	messages := {f.message | some f in role_external_id.finding} with input as inputs
	messages == {"444455556666 can assume aws_iam_role.r without an external id"}
}
