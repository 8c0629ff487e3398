package policyjson

import (
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

// key reads a key's policy and grants. Without a policy it has the one that KMS
// makes by default.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (l *loader) key(r *resource.Resource, fields map[string]value.Value) {
	policies := l.object(fields["keyPolicies"], "keyPolicies", "default")
	doc := l.Document(policies["default"])
	if doc == nil && r.Account != "" {
		doc = grants.DefaultKeyPolicy(value.Lit(r.Partition), value.Lit(r.Account), r.Span)
	}
	if doc != nil {
		r.Documents = append(r.Documents, resource.Document{Policy: doc})
	}
	list, ok := fields["grants"]
	if !ok {
		return
	}
	doc = &policy.Document{Span: list.Span, Version: "2008-10-17"}
	for i, g := range l.List(list, "grants") {
		doc.Statements = append(doc.Statements, l.keyGrant(i, g)...)
	}
	r.Documents = append(r.Documents, resource.Document{Policy: doc, Address: "grants", Grant: true})
}

// keyGrant reads one grant.
func (l *loader) keyGrant(index int, v value.Value) []policy.Statement {
	g := l.object(v, "grant", "operations", "granteePrincipal", "retiringPrincipal", "constraints", "issuingAccount")
	grant := grants.KeyGrant{Span: v.Span, Grantee: g["granteePrincipal"], Retiring: g["retiringPrincipal"], Operations: g["operations"]}
	constraints := l.object(g["constraints"], "constraints", "encryptionContextEquals", "encryptionContextSubset")
	for _, name := range []string{"encryptionContextEquals", "encryptionContextSubset"} {
		if pairs := constraints[name]; pairs.Kind == value.Map {
			grant.EncryptionContexts = append(grant.EncryptionContexts, pairs.Fields...)
		} else {
			l.object(pairs, name)
		}
	}
	return l.KeyGrant(index, grant)
}

// volumeSnapshot reads with whom an EBS snapshot is shared.
func (l *loader) volumeSnapshot(r *resource.Resource, fields map[string]value.Value) {
	shares := l.List(fields["userIds"], "userIds")
	for _, g := range l.List(fields["groups"], "groups") {
		if text, _ := g.Text.Known(); g.Kind == value.String && text != "all" {
			l.Errorf(g.Span, `group must be "all", found %q`, text)
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
	l.shared(r, l.List(restore["accountIds"], "accountIds"), restore["accountIds"])
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
	arn := r.ARN
	if arn.Equal(value.Text{}) {
		arn = value.Lit("*")
	}
	for i, v := range shares {
		doc.Statements = append(doc.Statements, l.Share(i, v, kind.Grants, arn))
	}
	r.Documents = append(r.Documents, resource.Document{Policy: doc})
}
