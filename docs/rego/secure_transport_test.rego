package iaclint.rules.secure_transport_test

import data.iaclint.rules.secure_transport

open := `
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

test_open if {
	inputs := iaclint.input({"main.tf": open})
	messages := {f.message | some f in secure_transport.finding} with input as inputs
	messages == {"aws_s3_bucket.b answers requests without TLS"}
}

refused := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }, { Effect = "Deny", Principal = "*", Action = "s3:*", Resource = ["arn:aws:s3:::acme-b", "arn:aws:s3:::acme-b/*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } }]
  })
}
`

test_denied if {
	inputs := iaclint.input({"main.tf": refused})
	messages := {f.message | some f in secure_transport.finding} with input as inputs
	messages == set()
}

too_narrow := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*" }, { Effect = "Deny", Principal = "*", Action = "s3:PutObject", Resource = ["arn:aws:s3:::acme-b", "arn:aws:s3:::acme-b/*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } }]
  })
}
`

test_too_narrow if {
	inputs := iaclint.input({"main.tf": too_narrow})
	messages := {f.message | some f in secure_transport.finding} with input as inputs
	messages == {"aws_s3_bucket.b answers requests without TLS"}
}

allowed_by_tls_only := `
resource "aws_s3_bucket" "b" {
  bucket = "acme-b"
  
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-b/*", Condition = { Bool = { "aws:SecureTransport" = "true" } } }]
  })
}
`

test_allowed_by_tls_only if {
	inputs := iaclint.input({"main.tf": allowed_by_tls_only})
	messages := {f.message | some f in secure_transport.finding} with input as inputs
	messages == set()
}

by_reference := `
resource "aws_sqs_queue" "q" {
  name_prefix = "orders-"
}

resource "aws_sqs_queue_policy" "q" {
  queue_url = aws_sqs_queue.q.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "sqs:SendMessage", Resource = aws_sqs_queue.q.arn },
      { Effect = "Deny", Principal = "*", Action = "sqs:*", Resource = aws_sqs_queue.q.arn, Condition = { Bool = { "aws:SecureTransport" = "false" } } },
    ]
  })
}
`

test_by_reference if {
	inputs := iaclint.input({"main.tf": by_reference})
	messages := {f.message | some f in secure_transport.finding} with input as inputs
	messages == set()
}
