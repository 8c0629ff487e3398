iaclint {
  root = true
}

account "shop" {
  id = "111122223333"
}
known_account "Parcel Ltd" {
  ids = ["444455556666"]
}

archive_rule "parcel-tracking" {
  reason     = "Parcel Ltd reports deliveries"
  owner      = "team-orders"
  ticket     = "SEC-1423"
  expires    = "2027-01-31"
  max_access = "Write"

  filter "principal.AWS" { eq = ["444455556666"] }
  filter "resourceType" { eq = ["AWS::SQS::Queue"] }
  filter "isPublic" { eq = ["false"] }
}
