iaclint { root = true }

account "data" {
  id = "111122223333"
}
target "**" {
  account = "data"
  regions = ["eu-west-1"]
}

custom_rules {
  rego = ["../../docs/rego"]
}
rule "statement-sid" {
  enabled = false
}
