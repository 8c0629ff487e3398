package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/spelling"
	"github.com/iaclint/iaclint/analysis/value"
)

// SyntaxError is the code of the only check that has no tree to look at: whoever
// reads the text finds out.
const SyntaxError = "JSON_SYNTAX_ERROR"

// Syntax is the finding of text that is not JSON, which goes wrong at a place. AWS
// counts bytes and columns from 0.
func Syntax(at source.Span) Finding {
	check, _ := Find(SyntaxError)
	start, _ := at.Range(source.Bytes)
	return Finding{
		Check:     check,
		Details:   fmt.Sprintf(check.Details, at.Start, start.Line, start.Column-1),
		Locations: []Location{{Path: []Step{}, Span: at}},
	}
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
var documentChecks = []Check{
	{Code: SyntaxError, Type: Error, Basis: Grammar, Details: "Fix the JSON syntax error at index %d line %d column %d.", run: func(*run) {}},
	{Code: "DATA_TYPE_MISMATCH", Type: Error, Basis: Grammar, Details: "The text does not match the expected JSON data type %s.", run: dataTypes},
	{Code: "INVALID_POLICY_ELEMENT", Type: Error, Basis: Grammar, Details: "The policy element %s is not valid.", run: elementNames},
	{Code: "INVALID_VERSION", Type: Error, Basis: Grammar, Details: "The version %s is not valid. Use one of the following versions: 2012-10-17, 2008-10-17", run: version},
	{Code: "MISSING_VERSION", Type: Warning, Basis: Grammar, Details: "We recommend that you specify the Version element to help you with debugging permission issues.", run: func(r *run) {
		if r.form.tree.Kind == value.Map && !r.form.version.present() {
			r.at(r.whole())
		}
	}},
	{Code: "MISSING_STATEMENT", Type: Error, Basis: Grammar, Details: "Add a statement to the policy", run: func(r *run) {
		list := field(r.form.tree, nil, "Statement")
		if r.form.tree.Kind == value.Map && !list.present() || list.value.Kind == value.List && len(list.value.Items) == 0 {
			r.at(r.whole())
		}
	}},
	missing("MISSING_EFFECT", "Add an Effect element to the policy statement with a value of Allow or Deny.", nil, "Effect"),
	missing("MISSING_ACTION", "Add an Action or NotAction element to the policy statement.", nil, "Action", "NotAction"),
	{Code: "MISSING_RESOURCE", Type: Error, Basis: Grammar, Details: "Add a Resource or NotResource element to the policy statement.", run: func(r *run) {
		if r.options.ResourceType != Trust && !r.options.ResourceOptional {
			r.missing("Resource", "NotResource")
		}
	}},
	missing("MISSING_PRINCIPAL", "Add a Principal element to the policy statement.", []PolicyType{Resource, ResourceControl}, "Principal", "NotPrincipal"),
	{Code: "INVALID_EFFECT", Type: Error, Basis: Grammar, Details: "The effect %s is not valid. Use Allow or Deny.", run: func(r *run) {
		r.eachStatement(func(s *statement) {
			if text, known := s.effect.value.Text.Known(); known && s.effect.value.Kind == value.String && text != "Allow" && text != "Deny" {
				r.at(s.effect.at(), text)
			}
		})
	}},
	{Code: "UNSUPPORTED_ELEMENT_COMBINATION", Type: Error, Basis: Grammar, Details: "The policy elements %s and %s can not be used in the same statement. Remove one of these elements.", run: func(r *run) {
		r.eachStatement(func(s *statement) {
			for _, pair := range [][2]*element{{&s.action, &s.notAction}, {&s.resource, &s.notResource}, {&s.principal, &s.notPrincipal}} {
				if pair[0].present() && pair[1].present() {
					r.report([]Location{pair[0].key(), pair[1].key()}, pair[0].name, pair[1].name)
				}
			}
		})
	}},
}

// missing is the check that a statement has one of some elements.
func missing(code, details string, types []PolicyType, names ...string) Check {
	return Check{Code: code, Type: Error, Basis: Grammar, Details: details, For: types, run: func(r *run) { r.missing(names...) }}
}

func (r *run) missing(names ...string) {
	r.eachStatement(func(s *statement) {
		if s.value.Kind != value.Map {
			return
		}
		for _, name := range names {
			if e := field(s.value, s.path, name); e.present() {
				return
			}
		}
		r.at(s.at())
	})
}

// whole is the place of the document.
func (r *run) whole() Location { return Location{[]Step{}, r.form.tree.Span} }

func (r *run) eachStatement(f func(*statement)) {
	for i := range r.form.statements {
		f(&r.form.statements[i])
	}
}

// Names of elements, as AWS spells them.
var (
	ofDocument  = []string{"Version", "Id", "Statement"}
	ofStatement = []string{"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)

func elementNames(r *run) {
	strange := func(v value.Value, path []Step, known []string) {
		for _, f := range v.Fields {
			if !slices.Contains(known, f.Key) && !isOpen(f.Key) {
				e := elementOf(f, path)
				r.at(e.key(), f.Key)
			}
		}
	}
	strange(r.form.tree, nil, ofDocument)
	r.eachStatement(func(s *statement) { strange(s.value, s.path, ofStatement) })
}

// isOpen reports whether a key has a part that is not known: a loader writes the
// references of a key into its text.
func isOpen(key string) bool { return strings.Contains(key, "${") }

func version(r *run) {
	v := r.form.version
	if text, known := v.value.Text.Known(); known && v.value.Kind == value.String && text != "2012-10-17" && text != "2008-10-17" {
		r.at(v.at(), text)
	}
}

// dataTypes checks the JSON types of all elements; INVALID_PRINCIPAL_FORMAT is about
// a principal that is not an object.
func dataTypes(r *run) {
	d := types{r}
	if !d.is(r.whole(), r.form.tree, "Object", value.Map) {
		return
	}
	for _, name := range []string{"Version", "Id"} {
		d.text(field(r.form.tree, nil, name))
	}
	if list := field(r.form.tree, nil, "Statement"); list.present() && list.value.Kind != value.List {
		d.is(list.at(), list.value, "Object", value.Map)
	}
	r.eachStatement(func(s *statement) {
		if len(s.path) > 1 {
			d.is(s.at(), s.value, "Object", value.Map)
		}
		d.text(s.sid)
		d.text(s.effect)
		for _, e := range []*element{&s.principal, &s.notPrincipal} {
			for _, f := range e.value.Fields {
				key := elementOf(f, e.path)
				d.texts(&key)
			}
		}
		for _, e := range []*element{&s.action, &s.notAction, &s.resource, &s.notResource} {
			d.texts(e)
		}
		if !s.condition.present() || !d.is(s.condition.at(), s.condition.value, "Object", value.Map) {
			return
		}
		for _, f := range s.condition.value.Fields {
			e := elementOf(f, s.condition.path)
			d.is(e.at(), e.value, "Object", value.Map)
		}
		for i := range s.conditions {
			for _, x := range s.conditions[i].entries() {
				d.is(x.at(), x.value, "String", value.String, value.Bool, value.Number)
			}
		}
	})
}

type types struct{ *run }

func (d types) text(e element) {
	if e.present() {
		d.is(e.at(), e.value, "String", value.String)
	}
}

// texts checks an element that is a text or a list of them.
func (d types) texts(e *element) {
	name := "String or String Array"
	if e.value.Kind == value.List {
		name = "String"
	}
	for _, x := range e.entries() {
		d.is(x.at(), x.value, name, value.String)
	}
}

// is reports a value that has none of some kinds.
func (d types) is(at Location, v value.Value, name string, kinds ...value.Kind) bool {
	if v.Kind == value.Unknown || slices.Contains(kinds, v.Kind) {
		return true
	}
	d.at(at, name)
	return false
}

var sidChecks = []Check{
	{Code: "UNIQUE_SIDS_REQUIRED", Type: Error, Basis: Grammar, Details: "Duplicate statement IDs are not supported for this policy type. Update the Sid value.", run: func(r *run) {
		if r.options.Type != Resource || r.options.ResourceType == Trust {
			r.duplicateSids()
		}
	}},
	{Code: "UNIQUE_SIDS_RECOMMENDED", Type: Warning, Basis: Grammar, Details: "We recommend that you use statement IDs that are unique to your policy. Update the Sid value.", run: func(r *run) {
		if r.options.Type == Resource && r.options.ResourceType != Trust {
			r.duplicateSids()
		}
	}},
	{Code: "UNSUPPORTED_SID", Type: Error, Basis: Grammar, Details: "Update the characters in the Sid element to use one of the following character types: [a-z, A-Z, 0-9]", run: func(r *run) {
		if r.options.Type == Resource && r.options.ResourceType != Trust {
			return
		}
		r.eachStatement(func(s *statement) {
			sid, known := s.sid.value.Text.Known()
			strange := func(c rune) bool { return !(c < 0x80 && (isLetter(byte(c)) || isDigit(byte(c)))) }
			if known && s.sid.value.Kind == value.String && strings.ContainsFunc(sid, strange) {
				r.at(s.sid.at())
			}
		})
	}},
	{Code: "EMPTY_SID_VALUE", Type: Suggestion, Basis: Grammar, Details: "Add a value to the empty string in the Sid element.", run: func(r *run) {
		r.eachStatement(func(s *statement) {
			if sid, known := s.sid.value.Text.Known(); known && s.sid.value.Kind == value.String && sid == "" {
				r.at(s.sid.at())
			}
		})
	}},
}

// duplicateSids reports each name that several statements have, with all of them.
func (r *run) duplicateSids() {
	places := map[string][]Location{}
	var order []string
	r.eachStatement(func(s *statement) {
		sid, known := s.sid.value.Text.Known()
		if !known || s.sid.value.Kind != value.String || sid == "" {
			return
		}
		if places[sid] == nil {
			order = append(order, sid)
		}
		places[sid] = append(places[sid], s.sid.at())
	})
	for _, sid := range order {
		if len(places[sid]) > 1 {
			r.report(places[sid])
		}
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// nearService returns the service that a text was probably meant to be. Recorded
// answers guess nothing for short names (mgn, oam), which are all near each other.
func (r *run) nearService(text string) string {
	if len(text) < 5 {
		return ""
	}
	service, known := r.nearest[text]
	if !known {
		if r.nearest == nil {
			r.nearest = map[string]string{}
		}
		service = spelling.Nearest(text, serviceNames())
		r.nearest[text] = service
	}
	return service
}
