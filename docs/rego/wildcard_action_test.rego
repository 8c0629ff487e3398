package iaclint.rules.wildcard_action_test

import data.iaclint.rules.wildcard_action

named := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_named if {
	inputs := iaclint.input({"main.tf": named})
	messages := {f.message | some f in wildcard_action.finding} with input as inputs
	messages == set()
}

wildcard := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = ["s3:GetObject", "s3:Get*"], Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_wildcard if {
	inputs := iaclint.input({"main.tf": wildcard})
	messages := {f.message | some f in wildcard_action.finding} with input as inputs
	messages == {"\"s3:Get*\" is granted to outsiders on aws_s3_bucket.b"}
}
