package knowledge

import "strings"

// TaggedKeyNames are the condition keys that a name of their user completes, up to the
// slash.
func TaggedKeyNames() []string {
	var out []string
	for i := range tagRows {
		out = append(out, tagRows[i].Name)
	}
	return out
}

// CallerNames are the service principals and shared issuers that are known by name:
// services may have principals that are not among them.
func CallerNames() []string {
	var out []string
	for _, prefix := range Services() {
		out = append(out, prefix+".amazonaws.com")
	}
	for _, d := range deputies {
		if name := d.name; strings.Contains(name, ".amazon") {
			out = append(out, name)
		} else {
			out = append(out, name+".amazonaws.com")
		}
	}
	for _, i := range issuers {
		out = append(out, i.host)
	}
	return append(out, "cognito-identity.amazonaws.com", "macie.amazonaws.com")
}
