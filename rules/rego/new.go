package rego

import (
	_ "embed"
	"strings"
)

//go:embed new.rego
var newRule string

//go:embed new_test.rego
var newTest string

// New is a rule to begin with, and its test.
func New(id string) (rule, test string) {
	names := strings.NewReplacer("owner-of-external-access", id, "owner_of_external_access", strings.ReplaceAll(id, "-", "_"))
	return names.Replace(newRule), names.Replace(newTest)
}
