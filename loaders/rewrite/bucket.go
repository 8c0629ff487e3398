package rewrite

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/repair"
)

// blockSettings are those of Block Public Access, as either language names them.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
var blockSettings = []struct{ hcl, cloudformation string }{
	{"block_public_acls", "BlockPublicAcls"},
	{"block_public_policy", "BlockPublicPolicy"},
	{"ignore_public_acls", "IgnorePublicAcls"},
	{"restrict_public_buckets", "RestrictPublicBuckets"},
}

// block turns on Block Public Access of a bucket, where it is declared.
func (w *writer) block(n *node) error {
	on := tree{value: repair.Value{Text: "true"}, bare: true}
	switch {
	case n.kind == block && n.key == "resource" && len(n.labels) == 2 && n.labels[0] == "aws_s3_bucket_public_access_block":
		return w.setAll(n, false, on)
	case n.kind == block && n.key == "resource" && len(n.labels) == 2 && n.labels[0] == "aws_s3_bucket":
		if n.get("count") != nil || n.get("for_each") != nil {
			return unwritable("the bucket is declared several times")
		}
		address := "aws_s3_bucket." + n.labels[1]
		for _, b := range w.root.blocks("resource") {
			if len(b.labels) == 2 && b.labels[0] == "aws_s3_bucket_public_access_block" && (b.labels[1] == n.labels[1] || b.get("bucket") != nil && strings.HasPrefix(w.text(b.get("bucket")), address+".")) {
				return w.setAll(b, false, on)
			}
		}
		if w.code.Mentioned != nil && w.code.Mentioned("aws_s3_bucket_public_access_block."+n.labels[1]) {
			return unwritable("the module has Block Public Access of that name elsewhere")
		}
		lines := []field{{"bucket", tree{raw: address + ".id"}}, {"", tree{}}}
		for _, s := range blockSettings {
			lines = append(lines, field{s.hcl, on})
		}
		return w.insertBlockAfter(n, `resource "aws_s3_bucket_public_access_block" "`+n.labels[1]+`"`, lines)
	case n.kind == object && w.text(n.get("Type")) == "AWS::S3::Bucket":
		properties := n.get("Properties")
		var fields []field
		for _, s := range blockSettings {
			fields = append(fields, field{s.cloudformation, on})
		}
		settings := tree{fields: fields}
		switch {
		case properties == nil:
			return w.insert(n, "Properties", tree{fields: []field{{"PublicAccessBlockConfiguration", settings}}})
		case properties.kind != object:
			return unwritable("the properties of the bucket are not written out")
		case properties.get("PublicAccessBlockConfiguration") == nil:
			return w.insert(properties, "PublicAccessBlockConfiguration", settings)
		}
		return w.setAll(properties.get("PublicAccessBlockConfiguration"), true, on)
	}
	return unwritable("the bucket is not declared where Block Public Access could be")
}

// setAll switches on what is there, and adds one of the settings that decide if
// it is not: of several that are missing the block is as good as absent.
func (w *writer) setAll(n *node, template bool, on tree) error {
	if n.kind != object && n.kind != block {
		return unwritable("the settings are not written out")
	}
	var missing []field
	for _, s := range blockSettings {
		name := s.hcl
		if template {
			name = s.cloudformation
		}
		switch c := n.get(name); {
		case c == nil:
			missing = append(missing, field{name, on})
		case !strings.EqualFold(w.text(c), "true"):
			w.splice(c.start, c.end, "true")
		}
	}
	return w.insertAll(n, missing)
}
