package catalog

import (
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

var kmsRows = []Row{
	{
		Kind:     keyKind,
		ARN:      "arn:{partition}:kms:{region}:{account}:key/{name}",
		Combined: "key policy (without one KMS's default), grants",
		Resource: []Form{
			{Type: "AWS::KMS::Key", Policy: p("KeyPolicy"), Attr: map[string]string{"KeyId": "{name}"}},
			{Type: "AWS::KMS::ReplicaKey", Policy: p("KeyPolicy"), Attr: map[string]string{"KeyId": "{name}"}},
			{Type: "aws_kms_key", Policy: p("policy"), Attr: map[string]string{"key_id": "{name}"}},
			{Type: "aws_kms_external_key", Policy: p("policy"), Attr: map[string]string{"key_id": "{name}"}},
			{Type: "aws_kms_replica_key", Policy: p("policy"), Attr: map[string]string{"key_id": "{name}"}},
			{Type: "aws_kms_replica_external_key", Policy: p("policy"), Attr: map[string]string{"key_id": "{name}"}},
		},
		Parts: []Form{
			{Type: "aws_kms_key_policy", Of: p("key_id"), Policy: p("policy")},
			{Type: "aws_kms_grant", Of: p("key_id"), Read: keyGrant, Where: "grantee_principal, retiring_principal"},
		},
		Settle: settleKey,
	},
}

// settleKey: a key has a policy in any case.
func settleKey(b *building) {
	if b.parent == nil {
		return
	}
	for _, d := range b.res.Documents {
		if d.Source == "" && !b.grantsOnly[d.Address] && !b.unsure[d.Address] {
			return
		}
	}
	doc := grants.DefaultKeyPolicy(own(*b.parent, value.OwnPartition), own(*b.parent, value.OwnAccount), b.res.Span)
	b.res.Documents = append(b.res.Documents, resource.Document{Policy: doc, Implied: true})
}

// keyGrant reads aws_kms_grant.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_grant
func keyGrant(b *building, block Block) {
	v := block.Properties
	g := grants.KeyGrant{
		Span:       block.Span,
		Grantee:    one(v, "grantee_principal"),
		Retiring:   one(v, "retiring_principal"),
		Operations: one(v, "operations"),
	}
	for _, path := range []string{"constraints.encryption_context_equals", "constraints.encryption_context_subset"} {
		for _, pairs := range at(v, path) {
			g.EncryptionContexts = append(g.EncryptionContexts, pairs.Fields...)
			if pairs.Kind == value.Unknown {
				g.MaybeContexts = b.Text(pairs, "constraints", block.Span)
			}
		}
	}
	doc := &policy.Document{Span: block.Span, Version: "2008-10-17", Statements: b.KeyGrant(0, g)}
	b.grantsOnly[block.Address] = true
	b.add(resource.Document{Policy: b.joiner.seenDocument(doc, block.Scope), Grant: true}, block)
}

const keyKind = "AWS::KMS::Key"
