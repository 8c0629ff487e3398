package policyjson

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// pseudo are the placeholders whose meaning CloudFormation has fixed: people write
// them into documents that a tool fills in.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
var pseudo = map[string]value.Meaning{
	"AWS::AccountId": value.OwnAccount, "AWS::Region": value.OwnRegion, "AWS::Partition": value.OwnPartition, "AWS::URLSuffix": value.OwnSuffix,
}

// withPlaceholders returns the tree with a reference for each ${NAME} in it that
// is not a policy variable: something fills it in before AWS sees the document.
func withPlaceholders(v value.Value) value.Value {
	switch v.Kind {
	case value.String:
		v.Text = placeholders(v.Text)
	case value.List:
		items := make([]value.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = withPlaceholders(item)
		}
		v.Items = items
	case value.Map:
		fields := make([]value.Field, len(v.Fields))
		for i, f := range v.Fields {
			f.Value = withPlaceholders(f.Value)
			fields[i] = f
		}
		v.Fields = fields
	}
	return v
}

func placeholders(t value.Text) value.Text {
	text, known := t.Known()
	if !known || !strings.Contains(text, "${") {
		return t
	}
	var out []value.Text
	for {
		before, rest, found := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return value.Join(append(out, value.Lit(text))...)
		}
		piece := value.Lit("${" + name + "}")
		if is, ok := pseudo[name]; ok {
			piece = value.Ref(value.Reference{Name: name, Is: is})
		} else if !isVariable(name) {
			piece = value.Ref(value.Reference{Name: strings.TrimSpace(name)})
		}
		out = append(out, value.Lit(before), piece)
		text = after
	}
}

// isVariable reports whether AWS puts something in the place of ${name}: the value
// of a condition key, which has a colon in its name, or a character.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func isVariable(name string) bool {
	return strings.Contains(name, ":") || name == "*" || name == "?" || name == "$" || strings.TrimSpace(name) == ""
}
