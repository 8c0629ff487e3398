package iaclint.rules.partners_only_test

import data.iaclint.rules.partners_only

partner := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::444455556666:role/reader" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_partner if {
	inputs := iaclint.input({"main.tf": partner})
	messages := {f.message | some f in partners_only.finding} with input as inputs
	messages == set()
}

stranger := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "999988887777" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_stranger if {
	inputs := iaclint.input({"main.tf": stranger})
	messages := {f.message | some f in partners_only.finding} with input as inputs
	messages == {"999988887777, which can reach aws_s3_bucket.b, is no partner"}
}
