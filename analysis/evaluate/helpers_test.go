package evaluate

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// The tests write policies with these constructors. A text holds references
// as <name>: lit("arn:aws:s3:::<bucket>/*").

func lit(s string) value.Text {
	if !strings.Contains(s, "<") {
		return value.Lit(s)
	}
	var parts []value.Part
	for s != "" {
		before, rest, _ := strings.Cut(s, "<")
		if before != "" {
			parts = append(parts, value.Part{Literal: before})
		}
		name, after, ok := strings.Cut(rest, ">")
		if ok {
			parts = append(parts, value.Part{Ref: &value.Reference{Name: name}})
		}
		s = after
	}
	return value.Text{Parts: parts}
}

func patterns(texts ...string) policy.Patterns {
	p := policy.Patterns{Present: true}
	for _, t := range texts {
		p.List = append(p.List, policy.Pattern{Text: lit(t)})
	}
	return p
}

func except(p policy.Patterns) policy.Patterns {
	p.Not = true
	return p
}

func list(ps ...policy.Principal) policy.Principals {
	return policy.Principals{Present: true, List: ps}
}

func notPrincipal(ps ...policy.Principal) policy.Principals {
	return policy.Principals{Present: true, Not: true, List: ps}
}

func iam(text string) policy.Principal { return policy.Principal{Kind: policy.AWS, Text: lit(text)} }
func service(text string) policy.Principal {
	return policy.Principal{Kind: policy.Service, Text: lit(text)}
}
func federated(text string) policy.Principal {
	return policy.Principal{Kind: policy.Federated, Text: lit(text)}
}
func canonical(text string) policy.Principal {
	return policy.Principal{Kind: policy.CanonicalUser, Text: lit(text)}
}

var (
	anyone        = policy.Principal{Kind: policy.Anyone, Text: lit("*")}
	authenticated = policy.Principal{Kind: policy.Authenticated, Text: lit("*")}
)

// operator reads the name of a condition operator.
func operator(text string) policy.Operator {
	op := policy.Operator{Text: text}
	name := text
	if rest, ok := strings.CutPrefix(name, "ForAllValues:"); ok {
		op.Quantifier, name = policy.ForAllValues, rest
	}
	if rest, ok := strings.CutPrefix(name, "ForAnyValue:"); ok {
		op.Quantifier, name = policy.ForAnyValue, rest
	}
	name, op.IfExists = strings.CutSuffix(name, "IfExists")
	if strings.Contains(name, "Not") {
		op.Negated, name = true, strings.Replace(name, "Not", "", 1)
	}
	op.Compare = map[string]policy.Comparison{
		"StringEquals": policy.StringEquals, "StringEqualsIgnoreCase": policy.StringEqualsIgnoreCase, "StringLike": policy.StringLike,
		"NumericEquals": policy.NumericEquals, "NumericLessThan": policy.NumericLessThan, "NumericLessThanEquals": policy.NumericLessThanEquals,
		"NumericGreaterThan": policy.NumericGreaterThan, "NumericGreaterThanEquals": policy.NumericGreaterThanEquals,
		"DateEquals": policy.DateEquals, "DateLessThan": policy.DateLessThan, "DateLessThanEquals": policy.DateLessThanEquals,
		"DateGreaterThan": policy.DateGreaterThan, "DateGreaterThanEquals": policy.DateGreaterThanEquals,
		"Bool": policy.Bool, "BinaryEquals": policy.BinaryEquals, "IpAddress": policy.IpAddress,
		"ArnEquals": policy.ArnEquals, "ArnLike": policy.ArnLike, "Null": policy.NullCheck,
	}[name]
	return op
}

func when(op, key string, values ...string) policy.Condition {
	return policy.Condition{Operator: operator(op), Key: key, Values: patterns(values...).List}
}

func allow(p policy.Principals, action, resource string, conditions ...policy.Condition) policy.Statement {
	return policy.Statement{Effect: policy.Allow, Principal: p, Action: patterns(action), Resource: patterns(resource), Condition: conditions}
}

func deny(p policy.Principals, action, resource string, conditions ...policy.Condition) policy.Statement {
	s := allow(p, action, resource, conditions...)
	s.Effect = policy.Deny
	return s
}

func document(statements ...policy.Statement) *policy.Document {
	for i := range statements {
		statements[i].Index = i
	}
	return &policy.Document{Version: "2012-10-17", Statements: statements}
}

// vals is the values of a key in a request; nil is an absent key.
func vals(v ...string) []string { return v }

func (t truth) String() string { return [...]string{"no", "maybe", "yes"}[t] }

const (
	acct    = "111122223333"
	other   = "444455556666"
	roleARN = "arn:aws:iam::" + acct + ":role/team/audit"
	userARN = "arn:aws:iam::" + acct + ":user/team/Bob"
	fedARN  = "arn:aws:sts::" + acct + ":federated-user/Eve"
	rootARN = "arn:aws:iam::" + acct + ":root"
)

var (
	nobody  = Principal{Type: Anonymous}
	user    = Principal{Type: AWS, ARN: userARN, Account: acct}
	role    = Principal{Type: AWS, ARN: roleARN, Account: acct}
	session = Principal{Type: AWS, ARN: roleARN, Account: acct, Session: "s1"}
	fedUser = Principal{Type: AWS, ARN: fedARN, Account: acct}
	root    = Principal{Type: AWS, ARN: rootARN, Account: acct}
	trail   = Principal{Type: Service, ARN: "cloudtrail.amazonaws.com"}
	google  = Principal{Type: Federated, ARN: "accounts.google.com"}
	canon   = Principal{Type: CanonicalUser, ARN: "79a59df900b949e5"}
)
