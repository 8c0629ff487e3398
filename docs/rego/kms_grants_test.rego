package iaclint.rules.kms_grants_test

import data.iaclint.rules.kms_grants

use := `
resource "aws_kms_key" "k" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "kms:*", Resource = "*" },
      { Effect = "Allow", Principal = { AWS = "444455556666" }, Action = ["kms:Decrypt"], Resource = "*" },
    ]
  })
}
`

test_use if {
	inputs := iaclint.input({"main.tf": use})
	messages := {f.message | some f in kms_grants.finding} with input as inputs
	messages == set()
}

anything := `
resource "aws_kms_key" "k" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "kms:*", Resource = "*" },
      { Effect = "Allow", Principal = { AWS = "444455556666" }, Action = ["kms:Decrypt", "kms:Create*"], Resource = "*" },
    ]
  })
}
`

test_anything if {
	inputs := iaclint.input({"main.tf": anything})
	messages := {f.message | some f in kms_grants.finding} with input as inputs
	messages == {"444455556666 can create grants on aws_kms_key.k"}
}
