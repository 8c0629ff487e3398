package terraform

import (
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// readBack returns an attribute of a resource that AWS gives back in a form of
// its own, whatever the configuration says; nil for others.
func (i *instance) readBack(name string, span source.Span) *val {
	switch i.block.Labels[0] {
	case "aws_organizations_organization":
		return organization(i, name, span)
	case "aws_iam_openid_connect_provider":
		// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html
		if url := i.argument(name, span); name == "url" && url != nil && (url.kind == text || url.kind == unknown) {
			return textOf(issuerOf(url.string(), i.provider().scope), span)
		}
	}
	return nil
}

// organization has the attributes of the organization of the account.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/organizations_organization
func organization(i *instance, name string, span source.Span) *val {
	d := i.provider()
	id := d.own(value.OwnOrganization, "")
	switch name {
	case "id":
		return textOf(id, span)
	case "arn":
		return textOf(value.Join(value.Lit("arn:"), d.partitionText(), value.Lit(":organizations::"),
			value.Ref(value.Reference{Name: i.address + ".master_account_id"}), value.Lit(":organization/"), id), span)
	case "master_account_id":
		return textOf(d.own(value.OwnMember, ""), span)
	}
	return memberAccounts(i, name, span)
}

// memberAccounts are the lists of accounts of the organization: how many there
// are is not known, but that each is a member.
func memberAccounts(i *instance, name string, span source.Span) *val {
	if name != "accounts" && name != "non_master_accounts" {
		return nil
	}
	d := i.provider()
	later := func(attribute string) *val {
		return unknownVal(value.Reference{Name: i.address + "." + name + "[*]." + attribute}, span)
	}
	account := mapVal([]field{
		{key: "id", span: span, val: textOf(d.own(value.OwnMember, ""), span)},
		{key: "arn", span: span, val: later("arn")},
		{key: "email", span: span, val: later("email")},
		{key: "name", span: span, val: later("name")},
		{key: "status", span: span, val: later("status")},
		{key: "state", span: span, val: later("state")},
	}, span)
	list := seqVal([]*val{account}, span)
	list.loose = true
	return list
}
