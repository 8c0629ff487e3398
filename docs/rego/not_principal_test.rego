package iaclint.rules.not_principal_test

import data.iaclint.rules.not_principal

allowed := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", NotPrincipal = { AWS = "444455556666" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_allowed if {
	inputs := iaclint.input({"main.tf": allowed})
	messages := {f.message | some f in not_principal.finding} with input as inputs
	messages == {"aws_s3_bucket.b is open to everyone but 444455556666"}
}

refused := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", NotPrincipal = { AWS = "444455556666" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_denied if {
	inputs := iaclint.input({"main.tf": refused})
	messages := {f.message | some f in not_principal.finding} with input as inputs
	messages == set()
}
