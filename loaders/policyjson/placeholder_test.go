package policyjson

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/value"
)

// A placeholder is an unknown value, a policy variable is AWS's.
func TestPlaceholders(t *testing.T) {
	for text, want := range map[string][]string{
		"${ORG_ID}":                             {"ORG_ID"},
		"arn:aws:iam::${account_id}:role/${r}":  {"account_id", "r"},
		"${var.partner}":                        {"var.partner"},
		"${AWS::AccountId}":                     {"AWS::AccountId"},
		"${aws:username}":                       nil,
		"${aws:PrincipalTag/team, 'none'}":      nil,
		"${*}${?}${$}":                          nil,
		"${www.amazon.com:user_id}":             nil,
		"${unclosed":                            nil,
		"home/${aws:username}/${ENVIRONMENT}/*": {"ENVIRONMENT"},
		"${}":                                   nil,
	} {
		got := placeholders(value.Lit(text))
		if names := got.References(); len(names) != len(want) || len(want) > 0 && names[0] != want[0] || got.String() != text {
			t.Errorf("%s: %q %s, want %q", text, names, got, want)
		}
	}
}
