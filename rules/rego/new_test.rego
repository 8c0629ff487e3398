package iaclint.rules.owner_of_external_access_test

import data.iaclint.rules.owner_of_external_access

# bucket is a Terraform module with tags to be filled in.
bucket := `
resource "aws_s3_bucket" "b" {
  bucket = "example"
  tags   = %s
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "444455556666" }
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::example/*"
    }]
  })
}
`

test_without_owner if {
	found := owner_of_external_access.finding with input as iaclint.input({"main.tf": sprintf(bucket, ["{}"])})
	some f in found
	f.message == "aws_s3_bucket.b can be reached by 444455556666 and has no tag \"owner\""
}

test_with_owner if {
	found := owner_of_external_access.finding with input as iaclint.input({"main.tf": sprintf(bucket, [`{ owner = "web" }`])})
	count(found) == 0
}
