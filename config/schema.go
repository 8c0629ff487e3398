package config

import (
	"encoding/json"
	"strings"
)

// object is a JSON object whose keys are written in order.
type object map[string]any

// Schema returns the JSON Schema of the JSON form of the file.
//
// https://json-schema.org/draft/2020-12
func Schema(o Options) []byte {
	w := schemaWriter{options: o, definitions: object{}}
	root := w.body("", Sections(), nil)
	root["$defs"] = w.definitions
	known := severally(object{"propertyNames": object{"enum": append(append([]string{}, o.Rules...), "//")}})
	root["anyOf"] = []object{{"required": []string{"custom_rules"}}, {"properties": object{"rule": known}}}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://github.com/iaclint/iaclint/docs/schema/config-v1.json"
	root["title"] = "iaclint configuration"
	root["properties"].(object)["$schema"] = object{"type": "string"}
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // strings and maps
	}
	return append(out, '\n')
}

// schemaWriter collects a definition of each kind of block, by its name.
type schemaWriter struct {
	options     Options
	definitions object
}

// body is the schema of what a block, or the file, may hold.
func (w schemaWriter) body(within string, sections []Section, attributes []Attribute) object {
	properties := object{"//": true}
	var required []string
	for _, a := range attributes {
		properties[a.Name] = attributeSchema(a, w.options)
		if a.Required {
			required = append(required, a.Name)
		}
	}
	for _, s := range sections {
		properties[s.Name] = w.section(within, s)
	}
	out := object{"type": "object", "additionalProperties": false, "properties": properties}
	if required != nil {
		out["required"] = required
	}
	return out
}

func attributeSchema(a Attribute, o Options) object {
	text := object{"type": "string", "minLength": 1}
	out := object{}
	switch a.Type {
	case Text:
		out = text
		if a.Valid != nil {
			out = object{"enum": a.Valid(o)}
		}
	case Boolean:
		out["type"] = "boolean"
	case Texts:
		out["type"], out["items"] = "array", text
	case Values:
		out["type"] = "object"
	}
	out["description"] = strings.ReplaceAll(a.Doc, "`", "")
	return out
}

// sectionSchema: a block with a label is an object of its labels; wherever a
// block stands, a list of blocks may.
//
// https://github.com/hashicorp/hcl/blob/main/json/spec.md#blocks
func (w schemaWriter) section(within string, s Section) object {
	name := within + s.Name
	w.definitions[name] = w.body(name+".", s.Sections, s.Attributes)
	one := object{"$ref": "#/$defs/" + name}
	if s.Label != "" {
		labelled := object{"type": "object", "additionalProperties": severally(one)}
		if names := labelNames(s, w.options); names != nil {
			labelled["propertyNames"] = object{"enum": append(names, "//")}
			if s.Name == "rule" {
				// Own rules have ids that nobody can list here.
				labelled["propertyNames"] = object{"anyOf": []object{{"enum": append(names, "//")}, {"pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"}}}
			}
		}
		one = labelled
	}
	out := severally(one)
	out["description"] = s.Doc
	return out
}

func severally(one object) object {
	return object{"anyOf": []object{one, {"type": "array", "items": one}}}
}

// labelNames are the only labels that a kind of block can have; nil: any.
func labelNames(s Section, o Options) []string {
	switch s.Name {
	case "rule":
		return append([]string{}, o.Rules...)
	case "output":
		return append([]string{}, o.Formats...)
	}
	return nil
}
