iaclint {
  required_version = ">= 0.1.0"
  root             = true
  strict           = true
  fail_on          = "high"
  include          = ["stacks/**", "cfn/**/*.{yaml,yml,json}"]
  exclude          = ["**/testdata/**"]
}

organization {
  id                 = "o-a1b2c3d4e5"
  management_account = "111111111111"
}

account "shared" {
  id = "111111111111"
  ou = "o-a1b2c3d4e5/r-ab12/ou-ab12-core0001/"
}
account "prod" {
  id                     = "222222222222"
  ou                     = "r-ab12/ou-ab12-prod0001"
  canonical_user_id      = "79a579a579a579a579a579a579a579a579a579a579a579a579a579a579a579a5"
  s3_block_public_access = true
}
account "dev" {
  id = "333333333333"
}

zone_of_trust "org" {
  type    = "ORGANIZATION"
  default = true
}
zone_of_trust "prod-only" {
  type  = "ACCOUNT"
  paths = ["stacks/prod/**"]

  trusted_accounts   = ["shared"]
  trusted_org_paths  = ["o-a1b2c3d4e5/r-ab12/ou-ab12-prod0001/*"]
  trusted_principals = ["arn:aws:iam::111111111111:role/deploy-*"]
  trusted_vpcs       = ["vpc-0a1b2c3d4e5f67890"]
  trusted_vpces      = ["vpce-0a1b2c3d4e5f67890"]
  trusted_cidrs      = ["203.0.113.0/24", "2001:db8::/32"]

  trusted_oidc "token.actions.githubusercontent.com" {
    audiences = ["sts.amazonaws.com"]
    subjects  = ["repo:acme/*:environment:prod"]
  }
  trusted_saml = ["arn:aws:iam::222222222222:saml-provider/okta"]
}

known_account "Datadog" {
  ids    = ["464622532012", "417141415827"]
  source = "https://docs.datadoghq.com/integrations/guide/aws-manual-setup/"
}

target "stacks/prod/**" {
  account   = "prod"
  regions   = ["eu-west-1", "us-east-1"]
  partition = "aws"
  var_files = ["prod.tfvars"]
  variables = { env = "prod" }
  workspace = "prod"
}
target "cfn/**" {
  account         = "dev"
  regions         = ["eu-west-1"]
  parameters      = { VendorAccountId = "464622532012" }
  parameter_files = ["cfn/params/dev.json"]
}
target "cfn/**" {
  account = "prod"
}

rule "public-write" {
  severity  = "critical"
  ignorable = false
}
rule "external-network" {
  enabled = false
}

archive_rule "datadog-integration" {
  reason     = "Datadog read-only integration role, external id enforced"
  owner      = "team-observability"
  ticket     = "SEC-1423"
  expires    = "2027-01-31"
  max_access = "Write"

  filter "resourceType" { eq = ["AWS::IAM::Role"] }
  filter "principal.AWS" { eq = ["464622532012", "417141415827"] }
  filter "isPublic" { eq = ["false"] }
}
archive_rule "static-site" {
  reason  = "Public documentation bucket, content reviewed by legal"
  owner   = "team-web"
  expires = "2027-06-30"
  filter "resource" { contains = [":::acme-docs"] }
  filter "iaclint:address" { matches = ["module.docs.*"] }
  filter "condition.aws:SourceVpc" { exists = false }
  filter "principal.Federated" { exists = false }
  filter "iaclint:severity" { neq = ["critical"] }
}

suppressions {
  inline          = "deny"
  require_reason  = true
  require_owner   = false
  max_age         = "365d"
  expired         = "error"
  unused          = "off"
  expiring_within = "30d"
  import_from_iac = true
}

baseline {
  file = ".iaclint-baseline.json"
}

output "text" { path = "-" }
output "sarif" { path = "out/iaclint.sarif" }
