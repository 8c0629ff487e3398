iaclint {
  fail_on = "hihg"
}
acount "prod" {
  id = "222222222222"
}
account "dev" {
  id = "33333333333"
}
archive_rule "vendor" {
  reason  = "reads our logs"
  owner   = "team-web"
  expires = "2027-02-30"
  filter "aws:PrincipalOrgID" { eq = ["o-a1b2c3d4e5"] }
}
