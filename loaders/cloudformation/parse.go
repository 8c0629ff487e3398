package cloudformation

import (
	"bytes"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
	"github.com/iaclint/iaclint/loaders/yamltree"
)

// tags are the short forms of intrinsic functions.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
var tags = yamltree.Tags{
	"!Ref": "Ref", "!Condition": "Condition",
	"!And": "Fn::And", "!Base64": "Fn::Base64", "!Cidr": "Fn::Cidr", "!Contains": "Fn::Contains",
	"!EachMemberEquals": "Fn::EachMemberEquals", "!EachMemberIn": "Fn::EachMemberIn", "!Equals": "Fn::Equals",
	"!FindInMap": "Fn::FindInMap", "!GetAZs": "Fn::GetAZs", "!GetAtt": "Fn::GetAtt", "!If": "Fn::If",
	"!ImportValue": "Fn::ImportValue", "!Join": "Fn::Join", "!Length": "Fn::Length", "!Not": "Fn::Not", "!Or": "Fn::Or",
	"!RefAll": "Fn::RefAll", "!Select": "Fn::Select", "!Split": "Fn::Split", "!Sub": "Fn::Sub",
	"!ToJsonString": "Fn::ToJsonString", "!Transform": "Fn::Transform", "!ValueOf": "Fn::ValueOf", "!ValueOfAll": "Fn::ValueOfAll",
}

// maxTemplate is the size of the largest template that CloudFormation takes.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const maxTemplate = 1 << 20

// parse reads a file of one JSON or YAML value, with the short forms of
// intrinsic functions written out.
func parse(f *source.File) (value.Value, []source.Diagnostic) {
	if isJSON(f.Content) {
		v, diags := jsontree.Parse(f)
		if len(diags) == 0 {
			return v, nil
		}
		// What begins like JSON and is none may be YAML in flow style.
		if len(f.Content) <= maxTemplate {
			if docs, yamlDiags := yamltree.Parse(f, tags); len(yamlDiags) == 0 && len(docs) == 1 && docs[0].Kind == value.Map {
				return docs[0], nil
			}
		}
		return v, diags
	}
	docs, diags := yamltree.Parse(f, tags)
	if len(docs) == 0 {
		if len(diags) == 0 {
			diags = []source.Diagnostic{{Severity: source.Error, Path: f.Name, Message: `expected a template: an object with "Resources", found nothing`}}
		}
		return value.Value{}, diags
	}
	for _, d := range docs[1:] {
		if d.Kind != value.Null {
			diags = append(diags, source.Diagnostic{
				Severity: source.Error, Path: f.Name, Span: d.Span,
				Message: "expected one YAML document, as CloudFormation reads; this one is not analysed",
			})
		}
	}
	return docs[0], diags
}

var utf8BOM = []byte("\xef\xbb\xbf")

func isJSON(content []byte) bool {
	content = bytes.TrimLeft(bytes.TrimPrefix(content, utf8BOM), " \t\r\n")
	return len(content) > 0 && (content[0] == '{' || content[0] == '[')
}

// place returns the Place of the text of a string of a template.
func place(v value.Value) jsontree.Place {
	if v.Span.File == nil {
		return jsontree.At(v.Span)
	}
	if isJSON(v.Span.File.Content) {
		return jsontree.Quoted(v.Span)
	}
	return yamltree.Within(v)
}
