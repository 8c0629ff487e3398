package terraform

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// claims of a token that a trust policy tests.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
var claims = []string{":sub", ":aud", ":amr"}

// claimKey returns the condition key for a claim of an issuer that is not known,
// as "${replace(aws_iam_openid_connect_provider.eks.url, "https://", "")}:sub":
// it is that claim, whoever the issuer is.
func claimKey(t value.Text) (string, bool) {
	last := len(t.Parts) - 1
	if last < 1 || t.Parts[last].Ref != nil {
		return "", false
	}
	var key strings.Builder
	for _, p := range t.Parts[:last] {
		if p.Ref != nil {
			key.WriteString(value.StandIn(p.Ref.Name))
		} else {
			key.WriteString(p.Literal)
		}
	}
	for _, claim := range claims {
		if issuer, ok := strings.CutSuffix(t.Parts[last].Literal, claim); ok && !strings.Contains(issuer, ":") {
			return key.String() + issuer + claim, true
		}
	}
	return "", false
}
