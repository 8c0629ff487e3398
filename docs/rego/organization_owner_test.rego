package iaclint.rules.organization_owner_test

import data.iaclint.rules.organization_owner

bare := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*", Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } } }]
  })
}
`

test_bare if {
	inputs := iaclint.input({"main.tf": bare})
	messages := {f.message | some f in organization_owner.finding} with input as inputs
	messages == {"aws_s3_bucket.b is open to o-a1b2c3d4e5 and has no owner"}
}

owned := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  tags   = { owner = "web" }
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*", Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } } }]
  })
}
`

test_owned if {
	inputs := iaclint.input({"main.tf": owned})
	messages := {f.message | some f in organization_owner.finding} with input as inputs
	messages == set()
}
