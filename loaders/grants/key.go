package grants

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// DefaultKeyPolicy is what a key has whose creator gave none: the account of the
// key's ARN may do everything.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func DefaultKeyPolicy(partition, account value.Text, span source.Span) *policy.Document {
	root := policy.Principal{
		Kind: policy.AWS,
		Text: value.Join(value.Lit("arn:"), partition, value.Lit(":iam::"), account, value.Lit(":root")),
		Span: span,
	}
	return &policy.Document{Span: span, Version: "2012-10-17", Statements: []policy.Statement{Allow(0, span, root, []string{"kms:*"}, value.Lit("*"))}}
}

// KeyGrant is a grant of KMS, as written.
type KeyGrant struct {
	Span               source.Span
	Grantee, Retiring  value.Value
	Operations         value.Value
	EncryptionContexts []value.Field // pairs that a request's context must have
	// MaybeContexts is set when there may be pairs that are not known: they only
	// take away, and are left out.
	MaybeContexts value.Text
}

// Operations are what a grant can allow. Constraints apply to those of the
// first list alone, the others have no encryption context.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations
// https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
var (
	constrainedOperations = []string{
		"Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext",
		"GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo",
	}
	otherOperations = []string{
		"CreateGrant", "DeriveSharedSecret", "DescribeKey", "GenerateMac", "GetPublicKey", "RetireGrant", "Sign", "Verify", "VerifyMac",
	}
)

// KeyGrant returns the statements for one grant.
func (r *Reader) KeyGrant(index int, g KeyGrant) []policy.Statement {
	grantee := r.grantPrincipal(g.Grantee, "granteePrincipal", g.Span)
	conditions := r.contextConditions(g)
	var free, limited []string
	for _, op := range r.operations(g.Operations, g.Span) {
		if slices.Contains(constrainedOperations, op) && len(conditions) > 0 {
			limited = append(limited, "kms:"+op)
		} else {
			free = append(free, "kms:"+op)
		}
	}
	var out []policy.Statement
	if len(free) > 0 {
		out = append(out, Allow(index, g.Span, grantee, free, value.Lit("*")))
	}
	if len(limited) > 0 {
		s := Allow(index, g.Span, grantee, limited, value.Lit("*"))
		s.Condition = conditions
		out = append(out, s)
	}
	if g.Retiring.Kind != value.Absent && g.Retiring.Kind != value.Null {
		out = append(out, Allow(index, g.Span, r.grantPrincipal(g.Retiring, "retiringPrincipal", g.Span), []string{"kms:RetireGrant"}, value.Lit("*")))
	}
	return out
}

// operations returns the operations of a grant; all there are where they
// cannot be read.
func (r *Reader) operations(v value.Value, grant source.Span) []string {
	all := append(append([]string{}, constrainedOperations...), otherOperations...)
	slices.Sort(all)
	if v.Kind == value.Absent {
		r.Errorf(grant, `grant has no "operations"`)
		return all
	}
	if v.Kind == value.Unknown {
		return all
	}
	if v.Kind != value.List {
		r.List(v, "operations")
		return all
	}
	var operations []string
	for _, item := range v.Items {
		text := r.Text(item, "operation of a grant", v.Span)
		if text.Parts != nil {
			return all
		}
		if !slices.Contains(all, text.Literal) {
			r.Errorf(item.Span, "operation of a grant must be one of %s, found %q", strings.Join(all, ", "), text.Literal)
			return all
		}
		operations = append(operations, text.Literal)
	}
	return operations
}

func (r *Reader) grantPrincipal(v value.Value, name string, grant source.Span) policy.Principal {
	principal := policy.Principal{Kind: policy.AWS, Text: policy.AWSText(r.Text(v, name, grant)), Span: v.Span}
	if v.Kind == value.Absent {
		principal.Span = grant
	}
	text := principal.Text.Literal
	if strings.HasSuffix(text, ".amazonaws.com") || strings.HasSuffix(text, ".amazonaws.com.cn") {
		principal.Kind = policy.Service
	}
	return principal
}

// contextConditions returns the conditions that a grant's constraints are. A
// context that must equal the given one has at least its pairs.
func (r *Reader) contextConditions(g KeyGrant) []policy.Condition {
	var conditions []policy.Condition
	for _, f := range g.EncryptionContexts {
		c := Where("StringEquals", "kms:EncryptionContext:"+f.Key, r.Text(f.Value, "encryption context", f.KeySpan), f.Value.Span)
		c.KeySpan = f.KeySpan
		conditions = append(conditions, c)
	}
	if g.MaybeContexts.Parts != nil {
		conditions = append(conditions, policy.Condition{Span: g.Span, KeySpan: g.Span, Values: []policy.Pattern{{Text: g.MaybeContexts, Span: g.Span}}})
	}
	return conditions
}
