package grants

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Permission is a permission of Lambda, as written.
type Permission struct {
	Index  int
	Span   source.Span
	Sid    string
	Action value.Value
	// Principal is an account id, an ARN, the host name of a service, or "*".
	Principal                                value.Value
	SourceARN, SourceAccount, OrganizationID value.Value
	URLAuthType, EventSourceToken, ByURL     value.Value
}

// Permission returns the statement that Lambda makes of a permission.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
func (r *Reader) Permission(p Permission, resources ...value.Text) policy.Statement {
	s := Allow(p.Index, p.Span, policy.Principal{}, nil, resources...)
	s.Sid = p.Sid
	s.Action.List = []policy.Pattern{{Text: r.Text(p.Action, "action of a permission", p.Span), Span: p.Action.Span}}
	s.Principal.Span = p.Principal.Span
	s.Principal.List = Named(r.Text(p.Principal, "principal of a permission", p.Span), p.Principal.Span)
	for _, c := range []struct {
		operator, key string
		v             value.Value
	}{
		{"ArnLike", "aws:SourceArn", p.SourceARN},
		{"StringEquals", "aws:SourceAccount", p.SourceAccount},
		{"StringEquals", "aws:PrincipalOrgID", p.OrganizationID},
		{"StringEquals", "lambda:FunctionUrlAuthType", p.URLAuthType},
		{"StringEquals", "lambda:EventSourceToken", p.EventSourceToken},
	} {
		if c.v.Kind != value.Absent && c.v.Kind != value.Null {
			s.Condition = append(s.Condition, Where(c.operator, c.key, r.Text(c.v, c.key, p.Span), c.v.Span))
		}
	}
	if t := p.ByURL.Text; p.ByURL.Kind == value.Unknown || t.Literal == "true" {
		if p.ByURL.Kind == value.Unknown {
			s.Condition = append(s.Condition, policy.Condition{Span: p.ByURL.Span, KeySpan: p.ByURL.Span, Values: []policy.Pattern{{Text: r.Text(p.ByURL, "InvokedViaFunctionUrl", p.Span), Span: p.ByURL.Span}}})
		} else {
			s.Condition = append(s.Condition, Where("Bool", "lambda:InvokedViaFunctionUrl", value.Lit("true"), p.ByURL.Span))
		}
	}
	return s
}

// Named returns the principals that a name without its key stands for: a host
// name is a service's. Which it is of a name that is not known is not known.
func Named(t value.Text, span source.Span) []policy.Principal {
	list, why := value.Value{Kind: value.String, Text: t}.Alternatives()
	var out []policy.Principal
	for _, one := range list {
		for _, p := range named(one.Text, span) {
			p.Maybe = why
			out = append(out, p)
		}
	}
	return out
}

func named(t value.Text, span source.Span) []policy.Principal {
	text, known := t.Known()
	switch {
	case known && text == "*":
		return []policy.Principal{{Kind: policy.Anyone, Text: t, Span: span}}
	case known && !strings.HasPrefix(text, "arn:") && strings.Contains(text, "."):
		return []policy.Principal{{Kind: policy.Service, Text: t, Span: span}}
	case known:
		return []policy.Principal{{Kind: policy.AWS, Text: policy.AWSText(t), Span: span}}
	}
	first, last := t.Parts[0], t.Parts[len(t.Parts)-1]
	switch {
	case strings.HasPrefix(first.Literal, "arn:"):
	case strings.HasSuffix(last.Literal, ".amazonaws.com"), last.Ref != nil && last.Ref.Is == value.OwnSuffix,
		strings.Contains(first.Literal, "."):
		return []policy.Principal{{Kind: policy.Service, Text: t, Span: span}}
	case len(t.Parts) == 1 && first.Ref.Is == value.Anything:
		return []policy.Principal{{Kind: policy.AWS, Text: policy.AWSText(t), Span: span}, {Kind: policy.Service, Text: t, Span: span}}
	}
	return []policy.Principal{{Kind: policy.AWS, Text: policy.AWSText(t), Span: span}}
}

// OpenURL returns the statements that Lambda's console, SAM and Terraform add
// for a function URL without authentication.
//
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func OpenURL(span source.Span, resources ...value.Text) *policy.Document {
	anyone := policy.Principal{Kind: policy.Anyone, Text: value.Lit("*"), Span: span}
	url := Allow(0, span, anyone, []string{"lambda:InvokeFunctionUrl"}, resources...)
	url.Sid = "FunctionURLAllowPublicAccess"
	url.Condition = []policy.Condition{Where("StringEquals", "lambda:FunctionUrlAuthType", value.Lit("NONE"), span)}
	function := Allow(1, span, anyone, []string{"lambda:InvokeFunction"}, resources...)
	function.Sid = "FunctionURLInvokeAllowPublicAccess"
	function.Condition = []policy.Condition{Where("Bool", "lambda:InvokedViaFunctionUrl", value.Lit("true"), span)}
	return &policy.Document{Span: span, Version: "2012-10-17", Statements: []policy.Statement{url, function}}
}
