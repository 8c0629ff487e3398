package iaclint.rules.public_tagged_test

import data.iaclint.rules.public_tagged

tagged := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  tags   = { public = "true" }
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_tagged if {
	inputs := iaclint.input({"main.tf": tagged})
	messages := {f.message | some f in public_tagged.finding} with input as inputs
	messages == set()
}

not_tagged := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_not_tagged if {
	inputs := iaclint.input({"main.tf": not_tagged})
	messages := {f.message | some f in public_tagged.finding} with input as inputs
	messages == {"aws_s3_bucket.b is public and is not tagged so"}
}

writable := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  tags   = { public = "true" }
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = ["s3:GetObject", "s3:PutObject"], Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_writable if {
	inputs := iaclint.input({"main.tf": writable})
	messages := {f.message | some f in public_tagged.finding} with input as inputs
	messages == {"anyone has Write access to aws_s3_bucket.b"}
}
