package iaclint.rules.external_writes_test

import data.iaclint.rules.external_writes

reads := `
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

test_reads if {
	inputs := iaclint.input({"main.tf": reads})
	messages := {f.message | some f in external_writes.finding} with input as inputs
	messages == set()
}

writes := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = ["s3:GetObject", "s3:DeleteObject"], Resource = "arn:aws:s3:::acme-b/*" }]
  })
}
`

test_writes if {
	inputs := iaclint.input({"main.tf": writes})
	messages := {f.message | some f in external_writes.finding} with input as inputs
	messages == {"444455556666 has Write access to aws_s3_bucket.b"}
}
