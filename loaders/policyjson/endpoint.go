package policyjson

import (
	"slices"
	"strings"
	"unicode"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

const endpointType = "AWS::EC2::VPCEndpoint"

// fitsEndpoint reports whether a document says what the policy of a VPC endpoint
// does: it is for everyone and names no resource. A resource's own policy may say
// the same.
//
// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
func fitsEndpoint(doc *policy.Document) bool {
	return forEveryone(doc) && len(arnsOf(doc)) == 0 && !slices.ContainsFunc(doc.Statements, func(s policy.Statement) bool {
		return s.Effect == policy.Allow && (s.Resource.Not || slices.ContainsFunc(s.Resource.List, func(p policy.Pattern) bool { return p.Text.String() != "*" }))
	})
}

// forEveryone reports whether every statement that allows is for everyone, as in the
// policies of endpoints, and says of which resources it is.
func forEveryone(doc *policy.Document) bool {
	some := false
	for _, s := range doc.Statements {
		if s.Effect != policy.Allow {
			continue
		}
		some = true
		if s.Principal.Not || len(s.Principal.List) == 0 || !s.Resource.Present ||
			slices.ContainsFunc(s.Principal.List, func(p policy.Principal) bool { return p.Kind != policy.Anyone }) {
			return false
		}
	}
	return some
}

// saysEndpoint reports whether a word of a path says that it is about endpoints
// of a VPC.
func saysEndpoint(path string) bool {
	words := strings.FieldsFunc(strings.ToLower(path), func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.ContainsFunc(words, func(w string) bool {
		return strings.HasPrefix(w, "endpoint") || strings.HasPrefix(w, "vpcendpoint") || w == "vpce" || w == "vpces"
	})
}

// hasPolicies reports whether a resource of one of the services of the document's
// actions can have a policy.
func hasPolicies(doc *policy.Document) bool {
	prefixes, _ := actionsOf(doc)
	return slices.ContainsFunc(prefixes, func(prefix string) bool {
		return slices.ContainsFunc(knowledge.Kinds[:], func(k knowledge.Kind) bool {
			return hasDocument(&k) && slices.Contains(k.Services, prefix)
		})
	})
}

// unsettle puts every statement that allows under a condition of which nothing is
// known: whether the document is a resource's policy at all.
func unsettle(doc *policy.Document) {
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if s.Effect == policy.Allow {
			t := value.Ref(value.Reference{Name: "--resource-type: what the policy is attached to"})
			s.Condition = append(s.Condition, policy.Condition{Span: s.Span, KeySpan: s.Span, Values: []policy.Pattern{{Text: t, Span: s.Span}}})
		}
	}
}
