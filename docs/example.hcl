iaclint {
  required_version = ">= 0.1.0"          # an older program stops with exit status 2
  root             = true                # stop the upward search here
  fail_on          = "medium"            # low, medium, high, critical or none
  include          = ["policies/**"]     # what walking a directory reads
  exclude          = ["**/testdata/**"]
}

organization {
  id                 = "o-a1b2c3d4e5"
  management_account = "111111111111"
}

# Every account block is a member of the organization.
account "prod" {
  id                     = "222222222222"
  ou                     = "r-ab12/ou-ab12-prod0001"  # decides organization paths
  canonical_user_id      = "79a579a579a579a579a579a579a579a579a579a579a579a579a579a579a579a5"
  s3_block_public_access = true                       # set outside the code
}
account "dev" {
  id = "333333333333"
}

# Display names only; they never change a verdict.
known_account "Datadog" {
  ids    = ["464622532012"]
  source = "https://docs.datadoghq.com/integrations/guide/aws-manual-setup/"
}

zone_of_trust "org" {
  type    = "ORGANIZATION"               # or "ACCOUNT": only the owner of a resource
  default = true
}
zone_of_trust "prod-only" {
  type  = "ACCOUNT"
  paths = ["policies/prod/**"]           # a stricter zone for some directories

  trusted_accounts   = ["dev"]           # names or ids
  trusted_org_paths  = ["o-a1b2c3d4e5/r-ab12/ou-ab12-prod0001"]
  trusted_principals = ["arn:aws:iam::333333333333:role/deploy-*"]
  trusted_vpcs       = ["vpc-0a1b2c3d4e5f67890"]
  trusted_vpces      = ["vpce-0a1b2c3d4e5f67890"]
  trusted_cidrs      = ["203.0.113.0/24", "2001:db8::/32"]
  trusted_saml       = ["arn:aws:iam::222222222222:saml-provider/okta"]

  # Both an audience and a subject are needed: an issuer alone is not trust.
  trusted_oidc "token.actions.githubusercontent.com" {
    audiences = ["sts.amazonaws.com"]
    subjects  = ["repo:acme/*"]
  }
}

target "policies/prod/**" {              # where things deploy
  account   = "prod"
  regions   = ["eu-west-1"]
  partition = "aws"
}

rule "public-endpoint" {
  severity = "high"
}
rule "external-network" {
  enabled = false
}
