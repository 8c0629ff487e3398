# .iaclint.hcl lives at the root of the repository.
iaclint {
  required_version = ">= 0.1.0"
  root             = true     # stop the upward search here
  fail_on          = "medium" # lowest severity that gives exit status 1
  strict           = true     # access that stays undetermined gives exit status 3
  include          = ["stacks/**", "cfn/**/*.{yaml,yml,json}", "policies/**/*.json"]
  exclude          = ["**/testdata/**", "cdk.out/asset.*/**"]
}

# ---- who we are ---------------------------------------------------------------
organization {
  id                 = "o-a1b2c3d4e5"
  management_account = "111111111111"
}

# Every account block is a member of the organization.
account "shared" {
  id = "111111111111"
  ou = "r-ab12/ou-ab12-core0001"
}
account "prod" {
  id                     = "222222222222"
  ou                     = "r-ab12/ou-ab12-prod0001"
  canonical_user_id      = "79a579a579a579a579a579a579a579a579a579a579a579a579a579a579a579a5"
  s3_block_public_access = true # set outside the code
}
account "dev" {
  id = "333333333333"
}

# ---- whom we trust: access from inside the zone is never a finding --------------
zone_of_trust "org" {
  type    = "ORGANIZATION"
  default = true
}
zone_of_trust "prod-only" {
  type  = "ACCOUNT"
  paths = ["stacks/prod/**"] # a stricter zone for some directories

  trusted_accounts   = ["shared"]
  trusted_org_paths  = ["o-a1b2c3d4e5/r-ab12/ou-ab12-prod0001"]
  trusted_principals = ["arn:aws:iam::111111111111:role/deploy-*"]
  trusted_vpcs       = ["vpc-0a1b2c3d4e5f67890"]
  trusted_vpces      = ["vpce-0a1b2c3d4e5f67890"]
  trusted_cidrs      = ["203.0.113.0/24", "2001:db8::/32"]
  trusted_saml       = ["arn:aws:iam::222222222222:saml-provider/okta"]

  # Both an audience and a subject are needed: an issuer alone is not trust.
  trusted_oidc "token.actions.githubusercontent.com" {
    audiences = ["sts.amazonaws.com"]
    subjects  = ["repo:acme/*:environment:prod"]
  }
}

# A name for people; it never changes a verdict.
known_account "Datadog" {
  ids    = ["464622532012", "417141415827"]
  source = "https://docs.datadoghq.com/integrations/guide/aws-manual-setup/"
}

# ---- where things deploy --------------------------------------------------------
target "stacks/prod/**" {
  account   = "prod"
  regions   = ["eu-west-1", "us-east-1"]
  partition = "aws"
  workspace = "prod"
  var_files = ["prod.tfvars"] # relative to the module
  variables = { env = "prod" }
}
target "cfn/**" {
  account         = "dev"
  regions         = ["eu-west-1"]
  parameters      = { VendorAccountId = "464622532012" }
  parameter_files = ["cfn/params/dev.json"] # relative to this file
}

# ---- rules ----------------------------------------------------------------------
rule "public-write" {
  severity  = "critical"
  ignorable = false # no comment, archive rule or baseline hides it
}
rule "external-network" {
  enabled = false
}

# ---- access that is intended ----------------------------------------------------
archive_rule "datadog-integration" {
  reason     = "Datadog read-only integration role, external id enforced"
  owner      = "team-observability"
  ticket     = "SEC-1423"
  expires    = "2027-01-31" # last day (UTC) on which it applies
  max_access = "Write"      # stronger access is a finding again

  filter "resourceType" { eq = ["AWS::IAM::Role"] }
  filter "principal.AWS" { eq = ["464622532012", "417141415827"] }
  filter "isPublic" { eq = ["false"] }
}
archive_rule "static-site" {
  reason  = "public documentation bucket, content reviewed by legal"
  owner   = "team-web"
  expires = "2027-06-30"

  filter "resource" { contains = [":::acme-docs"] }
  filter "iaclint:address" { matches = ["module.docs.*"] }
  filter "isPublic" { eq = ["true"] }
}

suppressions {
  inline          = "allow"
  require_reason  = true
  require_owner   = true
  max_age         = "365d"
  expired         = "error"
  unused          = "warning"
  expiring_within = "30d"
  import_from_iac = false
}

baseline {
  file = ".iaclint-baseline.json"
}

# ---- reports --------------------------------------------------------------------
output "text" {
  path = "-"
}
output "sarif" {
  path = "out/iaclint.sarif"
}
output "junit" {
  path = "out/iaclint.xml"
}
