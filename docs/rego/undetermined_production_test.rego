package iaclint.rules.undetermined_production_test

import data.iaclint.rules.undetermined_production

production := `
variable "partner" {}

resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  tags   = { env = "production" }
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = var.partner }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_production if {
	inputs := iaclint.input({"main.tf": production})
	messages := {f.message | some f in undetermined_production.finding} with input as inputs
	messages == {"access to aws_s3_bucket.b depends on var.partner"}
}

development := `
variable "partner" {}

resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  tags   = { env = "development" }
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = var.partner }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_development if {
	inputs := iaclint.input({"main.tf": development})
	messages := {f.message | some f in undetermined_production.finding} with input as inputs
	messages == set()
}
