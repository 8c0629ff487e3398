package catalog

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// Attribute returns what a reference to a block gives: in CloudFormation "Ref"
// or the name of an attribute of GetAtt, in Terraform an attribute that the
// configuration need not have, as arn. It is not ok for what the catalogue does
// not know.
func Attribute(l Language, b Block, name string) (value.Value, bool) {
	if name == "id" {
		if text, ok := companionID(b); ok {
			return value.Value{Kind: value.String, Text: text}, true
		}
	}
	for _, p := range index().types[b.Type] {
		if text, ok := p.attribute(l, b, name); ok {
			return value.Value{Kind: value.String, Text: text}, true
		}
	}
	if text, ok := otherAttribute(l, b, name); ok {
		return value.Value{Kind: value.String, Text: text}, true
	}
	return value.Value{}, false
}

func (p place) attribute(l Language, b Block, name string) (value.Text, bool) {
	if p.part {
		return value.Text{}, false
	}
	if p.form.Attr[name] != "" {
		return p.fill(p.form.Attr[name], b), true
	}
	switch {
	case l == CloudFormation && name == "Ref", l == Terraform && name == "id":
		return p.form.name(b), true
	case l == CloudFormation && name == "Arn", l == Terraform && name == "arn":
		return p.arn(b), true
	case name == p.form.Name && name != "":
		return p.form.name(b), true
	}
	return value.Text{}, false
}

// NameOfID returns the name that a resource of CloudFormation has by its physical id,
// which is what Ref gives: an ARN or a URL ends with the name.
func NameOfID(typ, id string) (string, bool) {
	if id == "" || languageOf(typ) != CloudFormation {
		return "", false
	}
	for _, p := range index().types[typ] {
		template := p.form.Attr["Ref"]
		switch {
		case p.part, template == "":
		case strings.Contains(p.row.ARN+p.form.ARN+template, "{random:"):
			return "", false // AWS puts something behind the name
		default:
			id = id[strings.LastIndexAny(id, ":/")+1:]
		}
	}
	return id, id != ""
}

// Templates of attributes that many types have.
var (
	refARN = map[string]string{"Ref": "{arn}"} // Ref gives the ARN
	idARN  = map[string]string{"id": "{arn}"}
)
