package catalog

import "github.com/iaclint/iaclint/analysis/resource"

var organizationsRows = []Row{
	{
		Kind: "AWS::Organizations::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::Organizations::ResourcePolicy", Policy: p("Content")},
			{Type: "aws_organizations_resource_policy", Policy: p("content")},
		},
	},
	{
		Kind: "AWS::Organizations::Policy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::Organizations::Policy", Name: "Name", Read: organizationPolicy, Where: "Content", Attr: map[string]string{"Ref": "{Id}", "Id": "{Id}"}},
			{Type: "aws_organizations_policy", Name: "name", Read: organizationPolicy, Where: "content", Attr: map[string]string{"id": "{id}"}},
		},
		Combined: "limits what accounts may do, grants nothing",
	},
}

// organizationPolicy reads a policy of an organization, if it is one about access:
// others, such as those for tags and backups, have languages of their own.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html
func organizationPolicy(b *building, block Block) {
	typ, known := first(block.Properties, "Type", "type").Text.Known()
	if typ == "" && known {
		typ = "SERVICE_CONTROL_POLICY" // Terraform's default
	}
	if typ != "SERVICE_CONTROL_POLICY" && typ != "RESOURCE_CONTROL_POLICY" {
		return
	}
	b.res.PolicyType = typ
	if doc := b.document(first(block.Properties, "Content", "content"), block); doc != nil {
		b.add(resource.Document{Policy: doc}, block)
	}
}
