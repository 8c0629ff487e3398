package catalog

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// attaching are types that give managed policies to identities: where they name the
// policies, and the roles. Others is set where a user or a group may have them too.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy_attachment
var attaching = map[string]struct {
	policies, roles string // roles "": the block itself is the role
	others          []string
}{
	"aws_iam_role_policy_attachment":             {policies: "policy_arn", roles: "role"},
	"aws_iam_role_policy_attachments_exclusive":  {policies: "policy_arns", roles: "role_name"},
	"aws_iam_policy_attachment":                  {policies: "policy_arn", roles: "roles", others: []string{"users", "groups"}},
	"aws_iam_user_policy_attachment":             {policies: "policy_arn", roles: "role", others: []string{"user"}},
	"aws_iam_group_policy_attachment":            {policies: "policy_arn", roles: "role", others: []string{"group"}},
	"aws_iam_user_policy_attachments_exclusive":  {policies: "policy_arns", roles: "role", others: []string{"user_name"}},
	"aws_iam_group_policy_attachments_exclusive": {policies: "policy_arns", roles: "role", others: []string{"group_name"}},
	"aws_iam_role":    {policies: "managed_policy_arns"},
	"AWS::IAM::Role":  {policies: "ManagedPolicyArns"},
	"AWS::IAM::User":  {policies: "ManagedPolicyArns", roles: "-", others: []string{"ManagedPolicyArns"}},
	"AWS::IAM::Group": {policies: "ManagedPolicyArns", roles: "-", others: []string{"ManagedPolicyArns"}},
}

// attachments are the managed policies that blocks give to identities.
func attachments(blocks []Block) []resource.Attachment {
	var out []resource.Attachment
	for _, b := range blocks {
		row, ok := attaching[b.Type]
		if !ok {
			continue
		}
		var to resource.Attachment
		switch {
		case row.roles == "":
			to.Roles = []string{"at " + b.Path + " " + b.Address}
		default:
			for _, v := range flat(at(b.Properties, row.roles)) {
				if v.Text.Parts == nil && v.Text.Literal == "" {
					to.Others = true // roles of which nothing is known
					continue
				}
				to.Roles = append(to.Roles, v.Text.String())
			}
		}
		for _, path := range row.others {
			to.Others = to.Others || len(flat(at(b.Properties, path))) > 0
		}
		for _, v := range flat(at(b.Properties, row.policies)) {
			to.Policy = v.Text
			if v.Kind != value.String || strings.Contains(v.Text.Literal, ":aws:policy/") {
				if v.Kind == value.String {
					continue // AWS's own
				}
				to.Policy = value.Text{}
			}
			out = append(out, to)
		}
	}
	return out
}

// flat are values with those of lists in their place.
func flat(list []value.Value) []value.Value {
	var out []value.Value
	for _, v := range list {
		switch {
		case v.Kind == value.List:
			out = append(out, flat(v.Items)...)
		case v.Kind == value.Null || v.Kind == value.Absent:
		default:
			out = append(out, v)
		}
	}
	return out
}

// users are the users that blocks declare.
func users(blocks []Block) []resource.User {
	var out []resource.User
	for _, b := range blocks {
		property := map[string]string{"aws_iam_user": "name", "AWS::IAM::User": "UserName"}[b.Type]
		if property == "" {
			continue
		}
		u := resource.User{Path: b.Path, Address: b.Address, Span: b.Span, Account: b.Account}
		if name, ok := written(b.Properties, property); ok {
			u.Name, _ = name.Known()
		} else if name := b.Given[""]; name != "" {
			u.Name = name
		}
		out = append(out, u)
	}
	return out
}
