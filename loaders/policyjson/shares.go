package policyjson

import (
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// Output of the AWS command line that says with whom something is shared.

// keyGrants reads the grants of keys. Their policies are not in the output.
//
// https://docs.aws.amazon.com/cli/latest/reference/kms/list-grants.html
func (l *loader) keyGrants(v value.Value, w *wrapper) {
	list := at(v, w.policy)
	documents := map[string]*policy.Document{}
	var keys []string
	for i, g := range list.Items {
		key, _ := g.Get("KeyId").Text.Known()
		if documents[key] == nil {
			documents[key] = &policy.Document{Span: list.Span, Version: "2008-10-17"}
			keys = append(keys, key)
		}
		documents[key].Statements = append(documents[key].Statements, l.keyGrant(i, asConfigured(g))...)
	}
	for _, key := range keys {
		r := resource.Resource{Type: "AWS::KMS::Key", Span: list.Span}
		setARN(&r, key)
		r.Documents = []resource.Document{{Policy: documents[key], Address: "grants"}}
		l.add(r)
	}
}

// asConfigured returns a grant with the field names that it has in an access
// preview, and without what does not decide on access.
func asConfigured(v value.Value) value.Value {
	if v.Kind != value.Map {
		return v
	}
	names := map[string]string{
		"Operations": "operations", "GranteePrincipal": "granteePrincipal", "RetiringPrincipal": "retiringPrincipal", "Constraints": "constraints",
		"EncryptionContextEquals": "encryptionContextEquals", "EncryptionContextSubset": "encryptionContextSubset",
	}
	out := v
	out.Fields = nil
	for _, f := range v.Fields {
		name, ok := names[f.Key]
		if !ok {
			continue
		}
		f.Key = name
		if name == "constraints" {
			f.Value = asConfigured(f.Value)
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}

// permissions reads the accounts, groups and organizations that an image or a
// snapshot of a volume is shared with.
//
// https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-image-attribute.html
// https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-snapshot-attribute.html
func (l *loader) permissions(v value.Value, w *wrapper) {
	list := at(v, w.policy)
	r := resource.Resource{Type: w.typ, Span: list.Span}
	var shares []value.Value
	for _, item := range list.Items {
		share := item
		for _, name := range []string{"UserId", "Group", "OrganizationArn", "OrganizationalUnitArn"} {
			if x := item.Get(name); x.Kind != value.Absent {
				share = x
			}
		}
		shares = append(shares, share)
	}
	l.shared(&r, shares, list)
	l.add(r)
}

// restoreAttribute reads the accounts that a snapshot of a database is shared
// with.
//
// https://docs.aws.amazon.com/cli/latest/reference/rds/describe-db-snapshot-attributes.html
func (l *loader) restoreAttribute(v value.Value, w *wrapper) {
	list := at(v, w.policy)
	r := resource.Resource{Type: w.typ, Span: list.Span}
	for _, a := range list.Items {
		if name, _ := a.Get("AttributeName").Text.Known(); name == "restore" {
			values := a.Get("AttributeValues")
			l.shared(&r, l.List(values, "AttributeValues"), values)
		}
	}
	l.add(r)
}
