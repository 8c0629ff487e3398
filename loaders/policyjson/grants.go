package policyjson

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Lists of grants are analysed as the policy that says the same. A statement of
// it has the place of its grant.

// allow returns a statement without condition.
func allow(index int, span source.Span, principal policy.Principal, actions []string, resources ...string) policy.Statement {
	return policy.Statement{
		Index:     index,
		Span:      span,
		Effect:    policy.Allow,
		Principal: policy.Principals{Span: principal.Span, Present: true, List: []policy.Principal{principal}},
		Action:    patterns(span, actions),
		Resource:  patterns(span, resources),
	}
}

func patterns(span source.Span, texts []string) policy.Patterns {
	p := policy.Patterns{Span: span, Present: true}
	for _, t := range texts {
		p.List = append(p.List, policy.Pattern{Text: value.Lit(t), Span: span})
	}
	return p
}

// aclGrant is a grant of an access control list, as written.
type aclGrant struct {
	span                source.Span
	id, uri, permission value.Value
}

// aclActions are the actions that a permission on a bucket stands for.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
var aclActions = map[string][]string{
	"READ":      {"s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"},
	"WRITE":     {"s3:PutObject"},
	"READ_ACP":  {"s3:GetBucketAcl"},
	"WRITE_ACP": {"s3:PutBucketAcl"},
	"FULL_CONTROL": {
		"s3:GetBucketAcl", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions", "s3:PutBucketAcl", "s3:PutObject",
	},
}

var aclPermissions = []string{"READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"}

// acl returns the policy that grants what an access control list of a bucket
// does; the bucket's ARN may be "".
func (l *loader) acl(grants []aclGrant, span source.Span, arn string) *policy.Document {
	if arn == "" {
		arn = "arn:*:s3:::*"
	}
	doc := &policy.Document{Span: span}
	for i, g := range grants {
		actions := aclActions["FULL_CONTROL"]
		if permission := l.text(g.permission, "permission", g.span); permission.Parts == nil {
			var ok bool
			if actions, ok = aclActions[permission.Literal]; !ok {
				actions = aclActions["FULL_CONTROL"] // at most
				l.errorf(g.permission.Span, "permission must be one of %s, found %q", strings.Join(aclPermissions, ", "), permission.Literal)
			}
		}
		doc.Statements = append(doc.Statements, allow(i, g.span, l.grantee(g), actions, arn, arn+"/*"))
	}
	return doc
}

// aclGroups are the predefined groups of grantees.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups
var aclGroups = map[string]policy.Principal{
	"http://acs.amazonaws.com/groups/global/AllUsers":           {Kind: policy.Anyone, Text: value.Lit("*")},
	"http://acs.amazonaws.com/groups/global/AuthenticatedUsers": {Kind: policy.Authenticated, Text: value.Lit("*")},
	"http://acs.amazonaws.com/groups/s3/LogDelivery":            {Kind: policy.Service, Text: value.Lit("logging.s3.amazonaws.com")},
}

func (l *loader) grantee(g aclGrant) policy.Principal {
	if g.uri.Kind == value.Absent {
		span := g.id.Span
		if span.IsZero() {
			span = g.span
		}
		return policy.Principal{Kind: policy.CanonicalUser, Text: l.text(g.id, "id of the grantee", g.span), Span: span}
	}
	uri := l.text(g.uri, "uri of the grantee", g.span)
	principal, ok := aclGroups[uri.Literal]
	if !ok {
		if uri.Parts == nil {
			l.errorf(g.uri.Span, "uri of the grantee must be that of AllUsers, AuthenticatedUsers or LogDelivery, found %q", uri.Literal)
		}
		principal = policy.Principal{Kind: policy.AWS, Text: value.Text{Parts: []value.Part{{Ref: &value.Reference{Name: "uri of the grantee"}}}}}
	}
	principal.Span = g.uri.Span
	return principal
}

// key reads a key's policy and grants. Without a policy it has the one that KMS
// makes by default.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (l *loader) key(r *resource.Resource, fields map[string]value.Value) {
	policies := l.object(fields["keyPolicies"], "keyPolicies", "default")
	doc := l.document(policies["default"])
	if doc == nil && r.Account != "" {
		root := policy.Principal{Kind: policy.AWS, Text: value.Lit("arn:" + r.Partition + ":iam::" + r.Account + ":root"), Span: r.Span}
		doc = &policy.Document{Span: r.Span, Version: "2012-10-17", Statements: []policy.Statement{allow(0, r.Span, root, p("kms:*"), "*")}}
	}
	if doc != nil {
		r.Documents = append(r.Documents, resource.Document{Policy: doc})
	}
	grants, ok := fields["grants"]
	if !ok {
		return
	}
	list := &policy.Document{Span: grants.Span, Version: "2008-10-17"}
	for i, g := range l.list(grants, "grants") {
		list.Statements = append(list.Statements, l.keyGrant(i, g)...)
	}
	r.Documents = append(r.Documents, resource.Document{Policy: list, Address: "grants"})
}

// grantOperations are what a grant can allow. Constraints apply to those of the
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

// keyGrant returns the statements for one grant.
func (l *loader) keyGrant(index int, v value.Value) []policy.Statement {
	g := l.object(v, "grant", "operations", "granteePrincipal", "retiringPrincipal", "constraints", "issuingAccount")
	grantee := l.grantPrincipal(g["granteePrincipal"], "granteePrincipal", v.Span)
	conditions := l.encryptionContext(g["constraints"])
	var free, limited []string
	for _, op := range l.operations(g["operations"], v.Span) {
		if slices.Contains(constrainedOperations, op) && len(conditions) > 0 {
			limited = append(limited, "kms:"+op)
		} else {
			free = append(free, "kms:"+op)
		}
	}
	var out []policy.Statement
	if len(free) > 0 {
		out = append(out, allow(index, v.Span, grantee, free, "*"))
	}
	if len(limited) > 0 {
		s := allow(index, v.Span, grantee, limited, "*")
		s.Condition = conditions
		out = append(out, s)
	}
	if retiring, ok := g["retiringPrincipal"]; ok {
		out = append(out, allow(index, v.Span, l.grantPrincipal(retiring, "retiringPrincipal", v.Span), p("kms:RetireGrant"), "*"))
	}
	return out
}

// operations returns the operations of a grant; all there are where they
// cannot be read.
func (l *loader) operations(v value.Value, grant source.Span) []string {
	all := append(append([]string{}, constrainedOperations...), otherOperations...)
	slices.Sort(all)
	if v.Kind == value.Absent {
		l.errorf(grant, `grant has no "operations"`)
		return all
	}
	if v.Kind != value.List {
		l.list(v, "operations")
		return all
	}
	var operations []string
	for _, item := range v.Items {
		text := l.text(item, "operation of a grant", v.Span)
		if text.Parts != nil {
			return all
		}
		if !slices.Contains(all, text.Literal) {
			l.errorf(item.Span, "operation of a grant must be one of %s, found %q", strings.Join(all, ", "), text.Literal)
			return all
		}
		operations = append(operations, text.Literal)
	}
	return operations
}

func (l *loader) grantPrincipal(v value.Value, name string, grant source.Span) policy.Principal {
	principal := policy.Principal{Kind: policy.AWS, Text: l.text(v, name, grant), Span: v.Span}
	if v.Kind == value.Absent {
		principal.Span = grant
	}
	text := principal.Text.Literal
	if strings.HasSuffix(text, ".amazonaws.com") || strings.HasSuffix(text, ".amazonaws.com.cn") {
		principal.Kind = policy.Service
	}
	return principal
}

// encryptionContext returns the conditions that a grant's constraints are. A
// context that must equal the given one has at least its pairs.
func (l *loader) encryptionContext(v value.Value) []policy.Condition {
	constraints := l.object(v, "constraints", "encryptionContextEquals", "encryptionContextSubset")
	var conditions []policy.Condition
	for _, name := range []string{"encryptionContextEquals", "encryptionContextSubset"} {
		pairs := constraints[name]
		if pairs.Kind != value.Map {
			l.object(pairs, name)
			continue
		}
		for _, f := range pairs.Fields {
			conditions = append(conditions, policy.Condition{
				Span:     f.Value.Span,
				Operator: policy.ParseOperator("StringEquals"),
				Key:      "kms:EncryptionContext:" + f.Key,
				KeySpan:  f.KeySpan,
				Values:   []policy.Pattern{{Text: l.text(f.Value, name, f.KeySpan), Span: f.Value.Span}},
			})
		}
	}
	return conditions
}

// volumeSnapshot reads with whom an EBS snapshot is shared.
func (l *loader) volumeSnapshot(r *resource.Resource, fields map[string]value.Value) {
	shares := l.list(fields["userIds"], "userIds")
	for _, g := range l.list(fields["groups"], "groups") {
		if text, _ := g.Text.Known(); g.Kind == value.String && text != "all" {
			l.errorf(g.Span, `group must be "all", found %q`, text)
		}
		shares = append(shares[:len(shares):len(shares)], g)
	}
	l.shared(r, shares, fields["userIds"], fields["groups"])
	l.encryption(r, fields["kmsKeyId"])
}

// databaseSnapshot reads with whom a snapshot of RDS is shared.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_RdsDbSnapshotAttributeValue.html
func (l *loader) databaseSnapshot(r *resource.Resource, fields map[string]value.Value) {
	attributes := l.object(fields["attributes"], "attributes", "restore")
	restore := l.object(attributes["restore"], "restore", "accountIds")
	l.shared(r, l.list(restore["accountIds"], "accountIds"), restore["accountIds"])
	l.encryption(r, fields["kmsKeyId"])
}

// shared adds the statements that a sharing list amounts to: "all" is everyone.
func (l *loader) shared(r *resource.Resource, shares []value.Value, lists ...value.Value) {
	if len(shares) == 0 {
		return
	}
	kind, ok := knowledge.KindOf(r.Type)
	if !ok {
		panic("no kind " + r.Type)
	}
	doc := &policy.Document{Version: "2008-10-17"}
	for _, v := range lists {
		if v.Kind != value.Absent && doc.Span.IsZero() {
			doc.Span = v.Span
		}
	}
	for i, v := range shares {
		principal := policy.Principal{Kind: policy.AWS, Text: l.text(v, "account id", v.Span), Span: v.Span}
		if principal.Text.Literal == "all" {
			principal.Kind, principal.Text = policy.Anyone, value.Lit("*")
		}
		arn := r.ARN.Literal
		if arn == "" {
			arn = "*"
		}
		s := allow(i, v.Span, principal, kind.Grants, arn)
		if c, ok := ofOrganization(principal.Text.Literal, v.Span); ok {
			s.Principal.List[0].Kind, s.Principal.List[0].Text = policy.Anyone, value.Lit("*")
			s.Condition = []policy.Condition{c}
		}
		doc.Statements = append(doc.Statements, s)
	}
	r.Documents = append(r.Documents, resource.Document{Policy: doc})
}
