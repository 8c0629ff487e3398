package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Decode reads a policy document from a value tree. It returns nil when there
// is none: the value is absent or null.
//
// What AWS would refuse is reported. A warning goes with a statement that has a
// defined reading all the same; the statement is Refused. An error goes with a
// piece that has none. Such a piece, like one that is known only after
// deployment, stands in the document as a reference, so that whoever resolves
// references in favour of access never finds less access than there may be:
//
//   - an element that cannot be read is a list of one reference; a principal
//     element is one reference under every key;
//   - a constraint that cannot be read is a Condition with UnknownOperator, an
//     empty key and one reference as value;
//   - a statement that cannot be read, or whose effect is not known, is two
//     statements of the same index, one for each effect, that either may hold;
//     so is a document that passes MaxStatements, MaxValues or MaxText.
//
// Of a value that is one of several known ones every one is in the document, as an
// entry or a statement that may be there.
func Decode(v value.Value) (*Document, []source.Diagnostic) {
	if v.Kind == value.Absent || v.Kind == value.Null {
		return nil, nil
	}
	d := &decoder{}
	doc := d.document(v)
	return doc, d.diags
}

type decoder struct {
	diags     []source.Diagnostic
	variables bool   // ${...} is a policy variable
	refused   string // why AWS refuses the statement being read
	// badVersion is set when the version does not say whether ${...} is a
	// policy variable.
	badVersion string
}

// errorf reports what is not read although it may be right.
func (d *decoder) errorf(span source.Span, format string, args ...any) {
	d.diags = append(d.diags, source.Diagnostic{Severity: source.Error, Path: span.Path(), Span: span, Message: fmt.Sprintf(format, args...)})
	d.refuse(fmt.Sprintf(format, args...))
}

// refusef reports something that AWS would not accept but that can be read.
func (d *decoder) refusef(span source.Span, format string, args ...any) {
	d.warnf(span, format, args...)
	d.refuse(fmt.Sprintf(format, args...))
}

func (d *decoder) warnf(span source.Span, format string, args ...any) {
	d.diags = append(d.diags, source.Diagnostic{Severity: source.Warning, Path: span.Path(), Span: span, Message: fmt.Sprintf(format, args...)})
}

// refuse keeps the first reason.
func (d *decoder) refuse(why string) {
	if d.refused == "" {
		d.refused = why
	}
}

var (
	documentElements  = []string{"Version", "Id", "Statement"}
	statementElements = []string{
		"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
	}
)

func (d *decoder) document(v value.Value) *Document {
	doc := &Document{Span: v.Span, Tree: v}
	if v.Kind == value.Unknown && len(v.Items) > 0 {
		return d.oneDocument(v)
	}
	if v.Kind != value.Map {
		if v.Kind != value.Unknown {
			d.refusef(v.Span, "policy document must be an object, found %s", v.Kind)
		}
		doc.Version = "2012-10-17"
		doc.Statements = d.unreadable(0, v, "policy document")
		return doc
	}
	if limit := tooLarge(v); limit != "" {
		d.errorf(v.Span, "policy document has %s; AWS takes no policy as large, and this one is not analysed", limit)
		doc.Version = "2012-10-17"
		doc.Statements = d.unreadable(0, v, "policy document")
		return doc
	}
	elements := d.elements(v, documentElements, "policy")
	doc.Version = d.version(elements)
	doc.ID = d.label(elements, "Id")
	d.variables = doc.HasVariables()
	ofDocument := d.refused // holds for every statement
	fields := elements["Statement"]
	if len(fields) == 0 {
		d.refusef(v.Span, `policy document has no "Statement"`)
	}
	for _, f := range fields {
		if f.Key != "Statement" {
			// Read as if it were, so that its content is not lost; but what
			// AWS would make of the document is nothing.
			d.refusef(f.KeySpan, `policy document has no "Statement", only %q`, f.Key)
		}
		for _, s := range entries(f.Value) {
			d.refused = ofDocument
			list := d.statement(nextIndex(doc.Statements), s.value)
			doc.Statements = append(doc.Statements, inDoubt(list, s.maybe)...)
		}
	}
	if len(doc.Statements) == 0 && (len(fields) == 0 || fields[0].Key != "Statement") {
		doc.Statements = d.unreadable(0, v, "policy document")
	}
	return doc
}

func nextIndex(statements []Statement) int {
	if len(statements) == 0 {
		return 0
	}
	return statements[len(statements)-1].Index + 1
}

// elements sorts the fields of an object under the elements that they are, or
// that they are taken for when their name is near one that is not there.
func (d *decoder) elements(v value.Value, known []string, of string) map[string][]value.Field {
	found := map[string][]value.Field{}
	var strange []value.Field
	for _, f := range v.Fields {
		if !contains(known, f.Key) {
			strange = append(strange, f)
			continue
		}
		if len(found[f.Key]) > 0 {
			d.refusef(f.KeySpan, "%s element %q is written twice; AWS refuses duplicate keys", of, f.Key)
		}
		found[f.Key] = append(found[f.Key], f)
	}
	for _, f := range strange {
		near := spelling.Nearest(f.Key, known)
		message := fmt.Sprintf("%s element %q is unknown", of, f.Key)
		if near != "" {
			message += fmt.Sprintf("; did you mean %q?", near)
		} else {
			message += "; expected one of " + strings.Join(known, ", ")
		}
		d.warnf(f.KeySpan, "%s", message)
		if near == "Id" || near == "Sid" {
			continue // no effect on what the policy allows
		}
		d.refuse(message)
		if near == "Condition" {
			continue // whoever ignored the name would ignore the constraint
		}
		if near != "" && len(found[near]) == 0 {
			found[near] = append(found[near], f)
		}
	}
	return found
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// version returns the version in force. An unknown or invalid one counts as
// the one with policy variables, which can match more; where there are none, it
// makes no difference.
func (d *decoder) version(elements map[string][]value.Field) string {
	fields := elements["Version"]
	if len(fields) == 0 {
		return ""
	}
	v := fields[len(fields)-1].Value
	if v.Kind == value.Unknown {
		return "2012-10-17"
	}
	text, known := v.Text.Known()
	switch {
	case v.Kind != value.String:
		d.refusef(v.Span, `Version must be "2012-10-17" or "2008-10-17", found %s`, v.Kind)
	case !known:
	case text != "2012-10-17" && text != "2008-10-17":
		d.warnf(v.Span, `Version must be "2012-10-17" or "2008-10-17", found %q`, text)
		d.badVersion = fmt.Sprintf(`Version must be "2012-10-17" or "2008-10-17", found %q`, text)
	default:
		return text
	}
	return "2012-10-17"
}

// label reads Id or Sid, which have no effect on what a policy allows.
func (d *decoder) label(elements map[string][]value.Field, name string) string {
	fields := elements[name]
	if len(fields) == 0 {
		return ""
	}
	v := fields[len(fields)-1].Value
	switch v.Kind {
	case value.String, value.Unknown:
		return v.Text.String()
	case value.Null:
		return ""
	}
	d.refusef(v.Span, "%s must be a string, found %s", name, v.Kind)
	return v.Text.String()
}

// reference returns the text that stands for a value that is not known: the
// value's own reference, or one named after the element and its place.
func reference(v value.Value, element string) value.Text {
	if v.Kind == value.Unknown && v.Text.Parts != nil {
		return v.Text
	}
	name := element
	if v.Span.File != nil {
		start, _ := v.Span.Range(source.Runes)
		name = fmt.Sprintf("%s at %s:%d:%d", element, v.Span.Path(), start.Line, start.Column)
	}
	return value.Text{Parts: []value.Part{{Ref: &value.Reference{Name: name}}}}
}

// unreadable returns the two statements that stand for one of which nothing is
// known.
func (d *decoder) unreadable(index int, v value.Value, element string) []Statement {
	text := reference(v, element)
	s := Statement{
		Index:     index,
		Span:      v.Span,
		Principal: Principals{Span: v.Span, Present: true, List: anyKey(text, v.Span)},
		Action:    Patterns{Span: v.Span, Present: true, List: []Pattern{{Text: text, Span: v.Span}}},
		Resource:  Patterns{Span: v.Span, Present: true, List: []Pattern{{Text: text, Span: v.Span}}},
		Refused:   d.refused,
		Unread:    true,
	}
	return eitherEffect(s, text, v.Span)
}

// eitherEffect returns the statement with both effects, each under a
// constraint that is not known.
func eitherEffect(s Statement, text value.Text, span source.Span) []Statement {
	condition := append([]Condition{constraint(text, span)}, s.Condition...)
	allow, deny := s, s
	allow.Effect, deny.Effect = Allow, Deny
	allow.Condition, deny.Condition = condition, append([]Condition{}, condition...)
	return []Statement{allow, deny}
}

// constraint returns the condition that stands for one that is not known.
func constraint(text value.Text, span source.Span) Condition {
	return Condition{Span: span, KeySpan: span, Values: []Pattern{{Text: text, Span: span}}}
}

// statement reads a statement, as the alternatives that there are of it.
func (d *decoder) statement(index int, v value.Value) []Statement {
	list, why := alternatives(v)
	if len(list) == 1 {
		return d.oneStatement(index, list[0])
	}
	var out []Statement
	refused, said := d.refused, len(d.diags)
	for _, v := range list {
		d.refused = refused
		out = append(out, inDoubt(d.oneStatement(index, v), why)...)
	}
	if len(out) == len(list) {
		for i := range out {
			out[i].Alternatives = len(list)
		}
	}
	d.diags = append(d.diags[:said:said], unique(d.diags[said:])...)
	return out
}

// unique drops what is said of several alternatives of a statement.
func unique(list []source.Diagnostic) []source.Diagnostic {
	seen := map[source.Diagnostic]bool{}
	return slices.DeleteFunc(list, func(x source.Diagnostic) bool {
		again := seen[x]
		seen[x] = true
		return again
	})
}

func (d *decoder) oneStatement(index int, v value.Value) []Statement {
	if v.Kind != value.Map {
		if v.Kind != value.Unknown {
			d.refusef(v.Span, "Statement must be an object or a list of objects, found %s", v.Kind)
		}
		return d.unreadable(index, v, "Statement")
	}
	elements := d.elements(v, statementElements, "policy")
	s := Statement{Index: index, Span: v.Span, Sid: d.label(elements, "Sid")}
	effect, unknown := d.effect(v, elements["Effect"])
	s.Principal = d.principals(v, elements)
	s.Action = d.patterns(v, elements, "Action")
	s.Resource = d.patterns(v, elements, "Resource")
	s.Condition = d.conditions(elements["Condition"])
	if !s.Action.Present {
		d.refusef(v.Span, `statement has neither "Action" nor "NotAction"`)
	}
	s.Refused = d.refused
	if unknown != nil {
		return eitherEffect(s, *unknown, v.Span)
	}
	s.Effect = effect
	return []Statement{s}
}

// effect returns the effect, or the text of one that is not known.
func (d *decoder) effect(statement value.Value, fields []value.Field) (Effect, *value.Text) {
	if len(fields) == 0 {
		d.refusef(statement.Span, `statement has no "Effect", expected "Allow" or "Deny"`)
		return Allow, nil
	}
	effect := Deny
	for _, f := range fields { // more than one: the first that allows
		e, unknown := d.oneEffect(f.Value)
		if unknown != nil {
			return e, unknown
		}
		if e == Allow {
			effect = Allow
		}
	}
	return effect, nil
}

func (d *decoder) oneEffect(v value.Value) (Effect, *value.Text) {
	text, known := v.Text.Known()
	switch {
	case v.Kind == value.Unknown || v.Kind == value.String && !known:
		unknown := reference(v, "Effect")
		if v.Kind == value.String {
			unknown = v.Text
		}
		return Allow, &unknown
	case v.Kind == value.String && text == "Allow":
		return Allow, nil
	case v.Kind == value.String && text == "Deny":
		return Deny, nil
	case v.Kind == value.String:
		d.refusef(v.Span, `Effect must be "Allow" or "Deny", found %q`, text)
		if spelling.Nearest(text, []string{"Allow", "Deny"}) == "Deny" {
			return Deny, nil
		}
		return Allow, nil
	}
	d.refusef(v.Span, `Effect must be "Allow" or "Deny", found %s`, v.Kind)
	unknown := reference(v, "Effect")
	return Allow, &unknown
}

// one returns the fields of an element or of its Not form. Both at once, or a
// mixture by duplicate keys, have no reading: then it reports ok false.
func (d *decoder) one(elements map[string][]value.Field, name string) (fields []value.Field, not, ok bool) {
	plain, negated := elements[name], elements["Not"+name]
	if len(plain) > 0 && len(negated) > 0 {
		d.refusef(negated[0].KeySpan, "statement has both %q and %q, expected one of them", name, "Not"+name)
		return append(plain[:len(plain):len(plain)], negated...), false, false
	}
	if len(negated) > 1 {
		return negated, true, false // the union would exclude more than each
	}
	if len(negated) > 0 {
		return negated, true, true
	}
	return plain, false, true
}

func (d *decoder) patterns(statement value.Value, elements map[string][]value.Field, name string) Patterns {
	fields, not, ok := d.one(elements, name)
	if len(fields) == 0 {
		return Patterns{}
	}
	p := Patterns{Span: fields[0].Value.Span, Present: true, Not: not}
	if !ok {
		p.Not = false
		p.List = []Pattern{{Text: reference(value.Value{Span: statement.Span}, name), Span: p.Span}}
		return p
	}
	for _, f := range fields {
		for _, e := range entries(f.Value) {
			q := d.pattern(e.value, name)
			q.Maybe = e.maybe
			p.List = append(p.List, q)
		}
	}
	return p
}

func (d *decoder) pattern(v value.Value, name string) Pattern {
	text := d.scalar(v, name, "a string or a list of strings")
	if known, ok := text.Known(); ok && name == "Action" && known != "*" && !strings.Contains(known, ":") {
		d.refusef(v.Span, `action %q must be "*" or of the form "service:Name"`, known)
	}
	if name == "Resource" {
		d.checkVariables(text, v.Span)
	}
	return Pattern{Text: text, Span: v.Span}
}

// scalar returns the text of a string, number or boolean; AWS reads numbers
// and booleans as their text. Anything else is a reference.
func (d *decoder) scalar(v value.Value, element, expected string) value.Text {
	switch v.Kind {
	case value.String, value.Number, value.Bool:
		return v.Text
	case value.Unknown:
	case value.Null:
		d.refusef(v.Span, "%s must be %s, found null", element, expected)
	default:
		d.refusef(v.Span, "%s must be %s, found %s", element, expected, v.Kind)
	}
	return reference(v, element)
}

// checkVariables reports a policy variable that AWS cannot parse; the text
// around it is read as it stands.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (d *decoder) checkVariables(text value.Text, span source.Span) {
	if !d.variables {
		return
	}
	rest := text.Literal
	if d.badVersion != "" && strings.Contains(text.String(), "${") {
		d.refuse(d.badVersion)
	}
	if text.Parts != nil {
		// A reference may supply the end of a variable, so only a whole
		// variable inside one literal piece is looked at.
		for _, p := range text.Parts {
			if body, _, whole := cutVariable(p.Literal); whole {
				d.checkVariable(body, span)
			}
		}
		return
	}
	for strings.Contains(rest, "${") {
		body, after, whole := cutVariable(rest)
		if !whole {
			d.refusef(span, `policy variable in %q has no closing brace`, text.Literal)
			return
		}
		d.checkVariable(body, span)
		rest = after
	}
}

func cutVariable(s string) (body, after string, whole bool) {
	_, s, _ = strings.Cut(s, "${")
	return strings.Cut(s, "}")
}

func (d *decoder) checkVariable(body string, span source.Span) {
	name, fallback, hasDefault := strings.Cut(body, ",")
	fallback = strings.TrimLeft(fallback, " ")
	switch {
	case name == "":
		d.refusef(span, `policy variable "${%s}" has no name`, body)
	case strings.ContainsAny(name, " \t\r\n"):
		d.refusef(span, "policy variable %q must not contain a space", "${"+body+"}")
	case hasDefault && (len(fallback) < 2 || fallback[0] != '\'' || fallback[len(fallback)-1] != '\''):
		d.refusef(span, "default value of the policy variable %q must be in single quotes", "${"+body+"}")
	}
}
