package iaclint.rules.statement_sid_test

import data.iaclint.rules.statement_sid

bare := `
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

test_bare if {
	inputs := iaclint.input({"main.tf": bare})
	messages := {f.message | some f in statement_sid.finding} with input as inputs
	messages == {"statement 1 of aws_s3_bucket.b has no Sid"}
}

named := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*", Sid = "PartnerReads" }]
  })
}
`

test_named if {
	inputs := iaclint.input({"main.tf": named})
	messages := {f.message | some f in statement_sid.finding} with input as inputs
	messages == set()
}
