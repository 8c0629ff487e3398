// Package policy is the AWS policy document: its elements with their positions,
// and the decoder that reads them from a value tree and reports what AWS would
// refuse. It says nothing about what a document allows; package access does.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
package policy

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Document is a policy document.
type Document struct {
	Span       source.Span
	Version    string // "2012-10-17", "2008-10-17", or "" when absent, which means 2008-10-17
	ID         string
	Statements []Statement
	// Tree is what the document was read from, for checks of how it is written;
	// absent for one that nobody wrote.
	Tree value.Value
}

// HasVariables reports whether ${...} in the document is a policy variable:
// only in version 2012-10-17.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
func (d *Document) HasVariables() bool { return d.Version == "2012-10-17" }

// WithTexts returns the document with every text of it replaced: those of
// principals, actions, resources and the values of conditions.
func (d *Document) WithTexts(text func(value.Text) value.Text) *Document {
	patterns := func(list []Pattern) []Pattern {
		list = slices.Clone(list)
		for i := range list {
			list[i].Text = text(list[i].Text)
		}
		return list
	}
	out := *d
	out.Statements = slices.Clone(d.Statements)
	for i := range out.Statements {
		s := &out.Statements[i]
		s.Action.List, s.Resource.List = patterns(s.Action.List), patterns(s.Resource.List)
		s.Principal.List = slices.Clone(s.Principal.List)
		for k := range s.Principal.List {
			s.Principal.List[k].Text = text(s.Principal.List[k].Text)
		}
		s.Condition = slices.Clone(s.Condition)
		for k := range s.Condition {
			s.Condition[k].Values = patterns(s.Condition[k].Values)
		}
	}
	return &out
}

// Effect of a statement. A statement whose effect is missing, unknown or
// misspelt has the effect it is nearest to and is Refused.
type Effect uint8

const (
	Deny Effect = iota
	Allow
)

func (e Effect) String() string {
	if e == Allow {
		return "Allow"
	}
	return "Deny"
}

// Statement is one statement of a document.
type Statement struct {
	Index     int // position in the document, from 0
	Span      source.Span
	Sid       string
	Effect    Effect
	Principal Principals
	Action    Patterns
	Resource  Patterns
	Condition []Condition // conjunction; empty: no constraint

	// Refused says why AWS would not accept the statement, "" when it would.
	// Such a statement is analysed as it reads and as if it were not there.
	Refused string
	// Maybe names what decides whether the statement is there, "" when it certainly
	// is. If Alternatives is not 0, it is one of so many statements of the same Index
	// of which exactly one is there.
	Maybe        string
	Alternatives int
	// Unread is set when nothing is known of the statement but that it is there,
	// or of the whole document.
	Unread bool
}

// Principals is a Principal or NotPrincipal element.
type Principals struct {
	Span    source.Span
	Present bool // false: neither element is there
	Not     bool // NotPrincipal
	List    []Principal
}

// PrincipalKind is the key that a principal is written under.
type PrincipalKind uint8

const (
	Anyone        PrincipalKind = iota // "*", or {"AWS": "*"}
	AWS                                // account id, or ARN of an account, user, role, session; or a unique id
	Federated                          // identity provider
	Service                            // service principal
	CanonicalUser                      // S3 canonical user id
	Authenticated                      // any AWS principal but nobody anonymous; only from ACLs
)

// Key returns the key of the principal map, as AWS spells it.
func (k PrincipalKind) Key() string {
	return [...]string{"AWS", "AWS", "Federated", "Service", "CanonicalUser", "AWS"}[k]
}

// Principal is one principal. Text is "*" for Anyone and Authenticated.
type Principal struct {
	Kind PrincipalKind
	Text value.Text
	Span source.Span
	// Maybe names the reference that may turn out to be this entry, "" when the
	// entry is certainly there.
	Maybe string
}

// Patterns is an Action, NotAction, Resource or NotResource element.
type Patterns struct {
	Span    source.Span
	Present bool
	Not     bool
	List    []Pattern
}

// Pattern is one entry, with wildcards and policy variables as written.
type Pattern struct {
	Text  value.Text
	Span  source.Span
	Maybe string // see Principal
}

// Condition is one key of one operator block: the key's value must satisfy the
// operator for one of Values (none of them for a negated operator).
type Condition struct {
	Span     source.Span // the values
	Operator Operator
	Key      string // as written; compare without case
	KeySpan  source.Span
	Values   []Pattern
}

// Quantifier is the set operator before a condition operator.
type Quantifier uint8

const (
	Plain Quantifier = iota
	ForAllValues
	ForAnyValue
)

// Operator is a condition operator.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
type Operator struct {
	Quantifier Quantifier
	Compare    Comparison
	Negated    bool // ...NotEquals, ...NotLike, NotIpAddress
	IfExists   bool
	Text       string // as written
}

// Comparison is what a condition operator compares, without negation. The
// negation of NumericLessThan is not NumericGreaterThanEquals: only operators
// with Not in their name are Negated.
type Comparison uint8

const (
	UnknownOperator Comparison = iota // AWS knows no such operator
	StringEquals
	StringEqualsIgnoreCase
	StringLike
	NumericEquals
	NumericLessThan
	NumericLessThanEquals
	NumericGreaterThan
	NumericGreaterThanEquals
	DateEquals
	DateLessThan
	DateLessThanEquals
	DateGreaterThan
	DateGreaterThanEquals
	Bool
	BinaryEquals
	IpAddress
	ArnEquals
	ArnLike
	NullCheck // Null
)
