package iaclint.rules.new_public_test

import data.iaclint.rules.new_public

opens := `
{
 "format_version": "1.2",
 "terraform_version": "1.9.0",
 "resource_changes": [
  {
   "address": "aws_s3_bucket.b",
   "mode": "managed",
   "type": "aws_s3_bucket",
   "name": "b",
   "provider_name": "registry.terraform.io/hashicorp/aws",
   "change": {
    "actions": [
     "no-op"
    ],
    "before": {
     "bucket": "acme-b",
     "id": "acme-b",
     "arn": "arn:aws:s3:::acme-b"
    },
    "after": {
     "bucket": "acme-b",
     "id": "acme-b",
     "arn": "arn:aws:s3:::acme-b"
    },
    "after_unknown": {}
   }
  },
  {
   "address": "aws_s3_bucket_policy.b",
   "mode": "managed",
   "type": "aws_s3_bucket_policy",
   "name": "b",
   "provider_name": "registry.terraform.io/hashicorp/aws",
   "change": {
    "actions": [
     "update"
    ],
    "before": {
     "bucket": "acme-b",
     "id": "acme-b",
     "policy": "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"444455556666\"}, \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::acme-b/*\"}]}"
    },
    "after": {
     "bucket": "acme-b",
     "id": "acme-b",
     "policy": "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::acme-b/*\"}]}"
    },
    "after_unknown": {}
   }
  }
 ]
}
`

test_opens if {
	inputs := iaclint.input({"plan.json": opens})
	messages := {f.message | some f in new_public.finding} with input as inputs
	messages == {"this change makes aws_s3_bucket.b public"}
}

was_open := `
{
 "format_version": "1.2",
 "terraform_version": "1.9.0",
 "resource_changes": [
  {
   "address": "aws_s3_bucket.b",
   "mode": "managed",
   "type": "aws_s3_bucket",
   "name": "b",
   "provider_name": "registry.terraform.io/hashicorp/aws",
   "change": {
    "actions": [
     "no-op"
    ],
    "before": {
     "bucket": "acme-b",
     "id": "acme-b",
     "arn": "arn:aws:s3:::acme-b"
    },
    "after": {
     "bucket": "acme-b",
     "id": "acme-b",
     "arn": "arn:aws:s3:::acme-b"
    },
    "after_unknown": {}
   }
  },
  {
   "address": "aws_s3_bucket_policy.b",
   "mode": "managed",
   "type": "aws_s3_bucket_policy",
   "name": "b",
   "provider_name": "registry.terraform.io/hashicorp/aws",
   "change": {
    "actions": [
     "no-op"
    ],
    "before": {
     "bucket": "acme-b",
     "id": "acme-b",
     "policy": "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::acme-b/*\"}]}"
    },
    "after": {
     "bucket": "acme-b",
     "id": "acme-b",
     "policy": "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::acme-b/*\"}]}"
    },
    "after_unknown": {}
   }
  }
 ]
}
`

test_was_open if {
	inputs := iaclint.input({"plan.json": was_open})
	messages := {f.message | some f in new_public.finding} with input as inputs
	messages == set()
}
