resource "aws_s3_bucket" "reports" {
  bucket = "acme-reports"
  tags   = { class = "confidential" }
}

resource "aws_s3_bucket_policy" "reports" {
  bucket = aws_s3_bucket.reports.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "PartnerReads"
        Effect    = "Allow"
        Principal = { AWS = "444455556666" }
        Action    = ["s3:GetObject", "s3:List*"]
        Resource  = ["arn:aws:s3:::acme-reports", "arn:aws:s3:::acme-reports/*"]
      },
      {
        Sid       = "OnlyTLS"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:GetObject"
        Resource  = "arn:aws:s3:::acme-reports/*"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_iam_role" "deploy" {
  name = "deploy"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Pipeline"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::777788889999:role/pipeline" }
      Action    = "sts:AssumeRole"
      Condition = { StringEqualsIfExists = { "sts:ExternalId" = "7f3a" } }
    }]
  })
}
