package grants

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Share returns the statement that an entry of a sharing list amounts to: "all"
// and "*" are everyone, an organization or a unit of one all its accounts,
// everything else is an account or an ARN.
//
// The account in the ARN of an organization is its management account.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_arn-formats.html
func (r *Reader) Share(index int, v value.Value, actions []string, arn value.Text) policy.Statement {
	text := r.Text(v, "account id", v.Span)
	s := Allow(index, v.Span, policy.Principal{Kind: policy.AWS, Text: policy.AWSText(text), Span: v.Span}, actions, arn)
	kind, id := ofOrganization(text)
	anyone := policy.Principal{Kind: policy.Anyone, Text: value.Lit("*"), Span: v.Span}
	signed := policy.Principal{Kind: policy.Authenticated, Text: value.Lit("*"), Span: v.Span}
	switch {
	case text.Literal == "all" || text.Literal == "*":
		s.Principal.List[0] = anyone
	case kind == "organization":
		s.Principal.List[0] = signed
		s.Condition = []policy.Condition{Where("StringEquals", "aws:PrincipalOrgID", id, v.Span)}
	case kind == "ou":
		// o-…/ou-…: the path has the root and the units above between them.
		organization, unit, _ := strings.Cut(id.Literal, "/")
		s.Principal.List[0] = signed
		s.Condition = []policy.Condition{Where("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", value.Lit(organization+"/*/"+unit+"/*"), v.Span)}
	case strings.HasSuffix(text.Literal, ".amazonaws.com"):
		s.Principal.List[0].Kind = policy.Service
	}
	return s
}

// ofOrganization splits the ARN of an organization or of a unit.
func ofOrganization(t value.Text) (kind string, id value.Text) {
	if text, known := t.Known(); known {
		_, rest, ok := strings.Cut(text, ":organizations::")
		_, rest, more := strings.Cut(rest, ":")
		if kind, name, _ := strings.Cut(rest, "/"); ok && more {
			return kind, value.Lit(name)
		}
		return "", value.Text{}
	}
	last := t.Parts[len(t.Parts)-1]
	if len(t.Parts) > 1 && last.Ref != nil && strings.HasSuffix(t.Parts[len(t.Parts)-2].Literal, ":organization/") {
		return "organization", value.Ref(*last.Ref)
	}
	return "", value.Text{}
}

// ShareList returns the policy for a sharing list.
func (r *Reader) ShareList(entries []value.Value, span source.Span, actions []string, arn value.Text) *policy.Document {
	doc := &policy.Document{Version: "2008-10-17", Span: span}
	for i, v := range entries {
		list, why := v.Alternatives()
		for _, one := range list {
			s := r.Share(i, one, actions, arn)
			s.Maybe = why
			doc.Statements = append(doc.Statements, s)
		}
	}
	return doc
}
