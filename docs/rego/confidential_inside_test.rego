package iaclint.rules.confidential_inside_test

import data.iaclint.rules.confidential_inside

tagged := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  tags   = { class = "confidential" }
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_tagged if {
	inputs := iaclint.input({"main.tf": tagged})
	messages := {f.message | some f in confidential_inside.finding} with input as inputs
	messages == {"aws_s3_bucket.b is confidential and can be reached by 444455556666"}
}

not_tagged := `
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

test_not_tagged if {
	inputs := iaclint.input({"main.tf": not_tagged})
	messages := {f.message | some f in confidential_inside.finding} with input as inputs
	messages == set()
}

own_account := `
provider "aws" {
  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/deploy"
  }
}

resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  tags   = { class = "confidential" }
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_own_account if {
	inputs := iaclint.input({"main.tf": own_account})
	messages := {f.message | some f in confidential_inside.finding} with input as inputs
	messages == set()
}

may_be_tagged := `
variable "class" {}

resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  tags   = { class = var.class }
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_may_be_tagged if {
	inputs := iaclint.input({"main.tf": may_be_tagged})
	messages := {f.message | some f in confidential_inside.finding} with input as inputs
	messages == {"aws_s3_bucket.b is confidential and can be reached by 444455556666"}
}
