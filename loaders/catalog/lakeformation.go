package catalog

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

var lakeformationRows = []Row{
	{
		Kind: "AWS::LakeFormation::PrincipalPermissions",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::LakeFormation::PrincipalPermissions", Read: lakePrincipal("Principal.DataLakePrincipalIdentifier"), Where: "Principal"},
			{Type: "AWS::LakeFormation::Permissions", Read: lakePrincipal("DataLakePrincipal.DataLakePrincipalIdentifier"), Where: "DataLakePrincipal"},
			{Type: "aws_lakeformation_permissions", Read: lakePrincipal("principal"), Where: "principal"},
		},
	},
}

// lakePrincipal reads who has a permission of Lake Formation.
//
// https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html
func lakePrincipal(path string) func(*building, Block) {
	return func(b *building, block Block) {
		var entries []value.Value
		for _, v := range at(block.Properties, path) {
			for _, item := range b.entries(v) {
				// A group of the account: whoever IAM allows.
				if text, _ := item.Text.Known(); text != "IAM_ALLOWED_PRINCIPALS" && !strings.HasSuffix(text, ":IAMPrincipals") {
					entries = append(entries, item)
				}
			}
		}
		b.shareWith(block, b.row.kind().Grants, entries)
	}
}
