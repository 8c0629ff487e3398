package rewrite

import (
	"bytes"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/repair"
)

// blockSettings are those of Block Public Access that take away what policies and
// lists grant. The other two refuse a public policy or list when it is put: with
// one in the code, they would let the deployment fail.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
var blockSettings = []struct{ hcl, cloudformation string }{
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
		if slices.ContainsFunc(w.code.Others, func(text []byte) bool {
			return bytes.Contains(text, []byte(`"aws_s3_bucket_public_access_block" "`+n.labels[1]+`"`))
		}) {
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

// grant allows callers of the zone what a list has allowed to everyone.
func (w *writer) grant(n *node, e repair.Edit) error {
	resources, err := w.arns(n, e.Bucket)
	if err != nil {
		return err
	}
	var actions []repair.Value
	for _, a := range e.Statement.Action.List {
		name, known := a.Text.Known()
		if !known {
			return unwritable("what the list allows is not known")
		}
		if v := (repair.Value{Text: name}); !slices.Contains(actions, v) {
			actions = append(actions, v)
		}
	}
	principal := tree{value: repair.Value{Text: "*"}}
	if len(e.Conditions) == 0 {
		principal = tree{fields: []field{{"AWS", tree{value: e.Value}}}, inline: true}
	}
	fields := []field{
		{"Effect", tree{value: repair.Value{Text: "Allow"}}}, {"Principal", principal}, {"Action", listTree(actions)}, {"Resource", tree{items: resources}},
	}
	if len(e.Conditions) > 0 {
		fields = append(fields, field{"Condition", conditionTree(e.Conditions)})
	}
	statement := tree{fields: fields}
	document := tree{fields: []field{{"Version", tree{value: repair.Value{Text: "2012-10-17"}}}, {"Statement", tree{items: []tree{statement}}}}}
	switch {
	case n.kind == block && n.key == "resource" && n.labels[0] == "aws_s3_bucket":
		name := n.labels[1]
		if n.get("policy") != nil || w.declares("aws_s3_bucket_policy", name) {
			return unwritable("the bucket has a policy already, elsewhere")
		}
		return w.insertBlockAfter(n, `resource "aws_s3_bucket_policy" "`+name+`"`, []field{
			{"bucket", tree{raw: e.Bucket + ".id"}}, {"policy", tree{call: "jsonencode", fields: document.fields}},
		})
	case n.kind == object && w.text(n.get("Type")) == "AWS::S3::Bucket" && n.parent != nil:
		name := n.key + "Policy"
		if n.parent.get(name) != nil || names(w.content, name) {
			return unwritable("the template has something of the name " + name)
		}
		ref := w.intrinsic(n.parent.style, "Ref", n.key)
		return w.insert(n.parent, name, tree{fields: []field{
			{"Type", tree{value: repair.Value{Text: "AWS::S3::BucketPolicy"}}},
			{"Properties", tree{fields: []field{{"Bucket", tree{raw: ref}}, {"PolicyDocument", document}}}},
		}})
	}
	p := n.parent
	if n.kind == block || n.kind != object || p == nil || p.kind != list || p.key != "Statement" {
		return unwritable("the statements of the bucket's policy are not written as a list")
	}
	return w.append(p, statement)
}

// declares reports whether the module has a resource.
func (w *writer) declares(kind, name string) bool {
	text := []byte(`"` + kind + `" "` + name + `"`)
	return bytes.Contains(w.content, text) || slices.ContainsFunc(w.code.Others, func(other []byte) bool { return bytes.Contains(other, text) })
}

// arns are the expressions of a bucket's ARN and that of its objects.
func (w *writer) arns(n *node, bucket string) ([]tree, error) {
	switch {
	case w.env == module && strings.HasPrefix(bucket, "aws_s3_bucket.") && !strings.Contains(bucket, "["):
		return []tree{{raw: bucket + ".arn"}, {raw: `"${` + bucket + `.arn}/*"`}}, nil
	case w.env == template && strings.HasPrefix(bucket, "aws_s3_bucket.") && !strings.Contains(bucket, "["):
		return []tree{{raw: `"${` + bucket + `.arn}"`}, {raw: `"${` + bucket + `.arn}/*"`}}, nil
	case w.env == stack && names(w.content, bucket):
		return []tree{{raw: w.intrinsic(n.style, "GetAtt", bucket+".Arn")}, {raw: w.intrinsic(n.style, "Sub", "${"+bucket+".Arn}/*")}}, nil
	}
	return nil, unwritable("the code has no expression for the bucket here")
}

// intrinsic writes a function of CloudFormation.
func (w *writer) intrinsic(s style, function, argument string) string {
	if s != json {
		if function == "Sub" {
			argument = `"` + argument + `"`
		}
		return "!" + function + " " + argument
	}
	switch function {
	case "Ref":
		return `{"Ref": "` + argument + `"}`
	case "GetAtt":
		return `{"Fn::GetAtt": ["` + strings.ReplaceAll(argument, ".", `", "`) + `"]}`
	}
	return `{"Fn::` + function + `": "` + argument + `"}`
}
