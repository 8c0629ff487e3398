package policy

import "strings"

// CanName reports whether a text is one that statements name callers by: an account,
// everyone, or the ARN of an identity.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func CanName(text string) bool {
	if text == "*" {
		return true
	}
	if _, rest, ok := strings.Cut(text, ":iam::"); ok && strings.HasPrefix(text, "arn:") {
		return rest != ""
	}
	return len(text) == 12 && strings.Trim(text, "0123456789") == "" || strings.HasPrefix(text, "arn:") && strings.Contains(text, ":sts::")
}
