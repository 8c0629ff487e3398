package grants

import (
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Share returns the statement that an entry of a sharing list amounts to: "all"
// and "*" are everyone, everything else is an account or an ARN.
func (r *Reader) Share(index int, v value.Value, actions []string, arn value.Text) policy.Statement {
	principal := policy.Principal{Kind: policy.AWS, Text: r.Text(v, "account id", v.Span), Span: v.Span}
	if t := principal.Text.Literal; t == "all" || t == "*" {
		principal.Kind, principal.Text = policy.Anyone, value.Lit("*")
	}
	return Allow(index, v.Span, principal, actions, arn)
}

// ShareList returns the policy for a sharing list.
func (r *Reader) ShareList(entries []value.Value, span source.Span, actions []string, arn value.Text) *policy.Document {
	doc := &policy.Document{Version: "2008-10-17", Span: span}
	for i, v := range entries {
		doc.Statements = append(doc.Statements, r.Share(i, v, actions, arn))
	}
	return doc
}
