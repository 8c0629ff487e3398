package catalog

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

var acmpcaRows = []Row{
	{
		Kind: "AWS::ACMPCA::CertificateAuthority",
		ARN:  "arn:{partition}:acm-pca:{region}:{account}:certificate-authority/{id}",
		Resource: []Form{
			{Type: "AWS::ACMPCA::CertificateAuthority", Attr: refARN},
			{Type: "aws_acmpca_certificate_authority", Attr: idARN},
		},
		Parts: []Form{
			{Type: "AWS::ACMPCA::Permission", Of: p("CertificateAuthorityArn"), Read: authorityPermission("Principal", "Actions", "SourceAccount"), Where: "Principal with Actions"},
			{Type: "aws_acmpca_policy", Of: p("resource_arn"), Policy: p("policy")},
			{Type: "aws_acmpca_permission", Of: p("certificate_authority_arn"), Read: authorityPermission("principal", "actions", "source_account"), Where: "principal with actions"},
		},
	},
}

// authorityPermission reads a permission of a certificate authority; the only
// principal is Certificate Manager's.
//
// https://docs.aws.amazon.com/privateca/latest/APIReference/API_CreatePermission.html
func authorityPermission(principal, actions, account string) func(*building, Block) {
	return func(b *building, block Block) {
		v := block.Properties
		list := one(v, actions)
		for i := range list.Items {
			if text, known := list.Items[i].Text.Known(); known && !strings.Contains(text, ":") {
				list = prefixed(list, "acm-pca:")
				break
			}
		}
		s := b.statement(block, one(v, principal), list, p("acm-pca:*"))
		if a := one(v, account); a.Kind != value.Absent {
			s.Condition = append(s.Condition, grants.Where("StringEquals", "aws:SourceAccount", b.Text(a, "source account", block.Span), a.Span))
		} else {
			// Without one it is the authority's own.
			s.Condition = append(s.Condition, grants.Where("StringEquals", "aws:SourceAccount", own(block, value.OwnAccount), block.Span))
		}
		b.addStatement(s, block)
	}
}

func prefixed(list value.Value, prefix string) value.Value {
	out := list
	out.Items = nil
	for _, item := range list.Items {
		item.Text = value.Join(value.Lit(prefix), item.Text)
		out.Items = append(out.Items, item)
	}
	return out
}
