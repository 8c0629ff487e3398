package iaclint.rules.github_own_repositories_test

import data.iaclint.rules.github_own_repositories

own_repository := `
resource "aws_iam_role" "r" {
  name               = "deploy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }, Action = "sts:AssumeRoleWithWebIdentity", Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:acme/web:*", "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" } } }]
  })
}
`

test_own_repository if {
	inputs := iaclint.input({"main.tf": own_repository})
	messages := {f.message | some f in github_own_repositories.finding} with input as inputs
	messages == set()
}

other_repository := `
resource "aws_iam_role" "r" {
  name               = "deploy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }, Action = "sts:AssumeRoleWithWebIdentity", Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:other/web:*", "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" } } }]
  })
}
`

test_other_repository if {
	inputs := iaclint.input({"main.tf": other_repository})
	messages := {f.message | some f in github_own_repositories.finding} with input as inputs
	messages == {"aws_iam_role.r can be assumed from repositories that are not ours: repo:other/web:*"}
}

any_repository := `
resource "aws_iam_role" "r" {
  name               = "deploy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }, Action = "sts:AssumeRoleWithWebIdentity", Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:*", "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" } } }]
  })
}
`

test_any_repository if {
	inputs := iaclint.input({"main.tf": any_repository})
	messages := {f.message | some f in github_own_repositories.finding} with input as inputs
	messages == {"aws_iam_role.r can be assumed from repositories that are not ours: repo:*"}
}
