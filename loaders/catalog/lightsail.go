package catalog

import (
	"github.com/iaclint/iaclint/analysis/value"
)

var lightsailRows = []Row{
	{
		Kind:     "AWS::Lightsail::Bucket",
		ARN:      "arn:{partition}:s3:::{name}",
		Combined: "access rules, accounts with read access",
		Resource: []Form{
			{Type: "AWS::Lightsail::Bucket", Name: "BucketName", Read: lightsailBucket, Where: "AccessRules.GetObject, ReadOnlyAccessAccounts"},
			{Type: "aws_lightsail_bucket", Name: "name", Where: "it is private"},
		},
	},
}

// lightsailBucket reads who may read the objects of a bucket.
//
// https://docs.aws.amazon.com/lightsail/latest/userguide/amazon-lightsail-understanding-bucket-permissions.html
func lightsailBucket(b *building, block Block) {
	rule := one(block.Properties, "AccessRules.GetObject")
	text, known := rule.Text.Known()
	var entries []value.Value
	switch {
	case rule.Kind == value.Unknown, rule.Kind == value.String && !known:
		entries = append(entries, rule)
	case text == "public":
		rule.Text = value.Lit("*")
		entries = append(entries, rule)
	}
	if len(entries) > 0 {
		b.shareWith(block, []string{"s3:GetObject"}, entries)
	}
	b.share(block, []string{"s3:GetObject", "s3:ListBucket"}, []string{"ReadOnlyAccessAccounts"})
}
