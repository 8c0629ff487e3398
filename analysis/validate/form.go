package validate

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// form is a policy as its author wrote it, taken apart: unlike policy.Document
// it keeps what AWS would refuse.
type form struct {
	tree       value.Value
	version    element
	statements []statement
}

// element is a field of an object with its place; absent if its value is.
type element struct {
	name    string
	keySpan source.Span
	value   value.Value
	path    []Step // of the value

	list []entry // once entries has made it
}

func (e *element) present() bool { return e.value.Kind != value.Absent }

// at returns the place of the element's value.
func (e *element) at() Location { return Location{e.path, e.value.Span} }

// key returns the place of the element's name.
func (e *element) key() Location {
	path := append([]Step{}, e.path...)
	path[len(path)-1].Kind = ToKey
	return Location{path, e.keySpan}
}

// entries returns the entries of a list, or the value itself. Many checks ask.
func (e *element) entries() []entry {
	if e.list != nil {
		return e.list
	}
	switch e.value.Kind {
	case value.Absent:
		return nil
	case value.List:
		e.list = make([]entry, len(e.value.Items))
		for i, item := range e.value.Items {
			e.list[i] = entryOf(item, down(e.path, Step{Kind: ToItem, Index: i}))
		}
	default:
		e.list = []entry{entryOf(e.value, e.path)}
	}
	return e.list
}

// complete reports whether every entry is there for certain: none is an unknown
// value, which may be a whole list.
func (e *element) complete() bool {
	if e.value.Kind == value.Unknown {
		return false
	}
	for _, item := range e.value.Items {
		if item.Kind == value.Unknown {
			return false
		}
	}
	return true
}

// entry is one value of an element.
type entry struct {
	value  value.Value
	path   []Step
	folded string // its text in lower case, if it is a string that is known
}

func entryOf(v value.Value, path []Step) entry {
	x := entry{value: v, path: path}
	if text, ok := x.text(); ok {
		x.folded = strings.ToLower(text)
	}
	return x
}

func (e entry) at() Location { return Location{e.path, e.value.Span} }

// text returns the entry's text, and whether it is a string that is known.
func (e entry) text() (string, bool) {
	s, known := e.value.Text.Known()
	return s, known && e.value.Kind == value.String
}

// lower returns the entry's text in lower case.
func (e entry) lower() (string, bool) {
	_, ok := e.text()
	return e.folded, ok
}

func down(path []Step, s Step) []Step { return append(path[:len(path):len(path)], s) }

// statement is one statement, with its elements by name.
type statement struct {
	entry
	sid, effect, principal, notPrincipal, action, notAction, resource, notResource, condition element
	conditions                                                                                []condition
}

// allows reports whether the statement is certain to have the effect Allow.
func (s *statement) allows() bool { return s.hasEffect("Allow") }
func (s *statement) denies() bool { return s.hasEffect("Deny") }

func (s *statement) hasEffect(want string) bool {
	text, known := s.effect.value.Text.Known()
	return known && s.effect.value.Kind == value.String && text == want
}

// readable reports whether all constraints are known: the Condition element
// is not an unknown value, nor a block in it.
func (s *statement) readable() bool {
	if s.condition.value.Kind == value.Unknown {
		return false
	}
	for _, f := range s.condition.value.Fields {
		if f.Value.Kind == value.Unknown {
			return false
		}
	}
	return true
}

// condition is one key of one operator block.
type condition struct {
	element  // the key and its values
	block    element
	operator policy.Operator
	lower    string // the key in lower case
}

// uses reports whether a constraint of the statement is on one of the keys,
// which are in lower case, or may be.
func (s *statement) uses(keys ...string) bool {
	if !s.readable() {
		return true
	}
	for i := range s.conditions {
		for _, k := range keys {
			if s.conditions[i].lower == k {
				return true
			}
		}
	}
	return false
}

func formOf(tree value.Value) *form {
	f := &form{tree: tree}
	f.version = field(tree, nil, "Version")
	list := field(tree, nil, "Statement")
	for _, e := range list.entries() {
		f.statements = append(f.statements, statementOf(e))
	}
	return f
}

// isTrust reports whether no statement names a resource, and all actions are those
// of the service that lets a role be assumed.
func (f *form) isTrust() bool {
	for i := range f.statements {
		s := &f.statements[i]
		if s.resource.present() || s.notResource.present() || !s.action.isKnown() || len(s.action.entries()) == 0 {
			return false
		}
		for _, x := range s.action.entries() {
			if text, _ := x.lower(); !strings.HasPrefix(text, "sts:") {
				return false
			}
		}
	}
	return len(f.statements) > 0
}

// field returns the last field of an object with a name.
func field(v value.Value, path []Step, name string) element {
	for i := len(v.Fields) - 1; i >= 0; i-- {
		if f := v.Fields[i]; f.Key == name {
			return elementOf(f, path)
		}
	}
	return element{name: name}
}

func elementOf(f value.Field, path []Step) element {
	return element{name: f.Key, keySpan: f.KeySpan, value: f.Value, path: down(path, Step{Kind: ToValue, Name: f.Key})}
}

func statementOf(e entry) statement {
	s := statement{entry: e}
	for name, to := range map[string]*element{
		"Sid": &s.sid, "Effect": &s.effect, "Principal": &s.principal, "NotPrincipal": &s.notPrincipal,
		"Action": &s.action, "NotAction": &s.notAction, "Resource": &s.resource, "NotResource": &s.notResource,
		"Condition": &s.condition,
	} {
		*to = field(e.value, e.path, name)
	}
	for _, block := range s.condition.value.Fields {
		b := elementOf(block, s.condition.path)
		for _, key := range block.Value.Fields {
			s.conditions = append(s.conditions, condition{element: elementOf(key, b.path), block: b, operator: policy.ParseOperator(block.Key), lower: strings.ToLower(key.Key)})
		}
	}
	return s
}

// principals returns the entries of a Principal or NotPrincipal element under a
// key of its map.
func principals(e *element, key string) []entry {
	if e.value.Kind != value.Map {
		return nil
	}
	f := field(e.value, e.path, key)
	return f.entries()
}
