package tfplan

import (
	"slices"
	"strconv"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// merger makes the properties of an object out of the values that the plan
// knows, what it says is not known yet, and what it says is sensitive.
type merger struct {
	*loader
	object *object
	// partial: see object.
	partial bool
}

// properties of an object once the plan is applied.
func (l *loader) properties(o *object, v value.Value) value.Value {
	m := merger{l, o, o.partial}
	if v.Kind != value.Map {
		v = value.Value{Kind: value.Map, Span: l.span(o.where)}
	}
	if l.is(o.unknown, "true") {
		return m.everything(v)
	}
	return m.value(v, o.unknown, o.sensitive, place{})
}

// before returns the properties that an object has had.
func (l *loader) before(o *object) value.Value {
	return merger{l, o, false}.value(l.parse(o.before), piece{}, o.beforeSensitive, place{})
}

// idle are attributes that decide nothing, and are many; see Options.Properties.
var idle = map[string]bool{
	"tags": true, "tags_all": true, "timeouts": true, "lifecycle_rule": true, "cors_rule": true, "versioning": true, "logging": true, "website": true,
	"object_lock_configuration": true, "replication_configuration": true, "user_data": true, "environment": true, "vpc_config": true,
	"ebs_block_device": true, "attribute": true, "global_secondary_index": true,
}

// parse reads the values of an object, without those that decide nothing.
func (l *loader) parse(at piece) value.Value {
	switch {
	case at.missing():
		return value.Value{}
	case l.kind(at) != '{':
		return l.parsePart(at)
	}
	out := value.Value{Kind: value.Map, Span: l.span(at)}
	for m := range l.members(at) {
		if l.options.Properties || !idle[m.key] {
			out.Fields = append(out.Fields, value.Field{Key: m.key, KeySpan: l.span(m.keyPiece), Value: l.parsePart(m.value)})
		}
	}
	return out
}

func (l *loader) parsePart(at piece) value.Value {
	v := value.Value{Span: l.span(at)}
	switch l.kind(at) {
	case '{', '[':
		v, diags := jsontree.ParsePart(l.file, at.start, at.end)
		l.diags = append(l.diags, diags...)
		return v
	case '"':
		s, _ := l.str(at)
		v.Kind, v.Text = value.String, value.Lit(s)
		return v
	case 'n':
		v.Kind = value.Null
		return v
	case 't', 'f':
		v.Kind = value.Bool
	default:
		v.Kind = value.Number
	}
	v.Text = value.Lit(string(l.raw(at)))
	return v
}

// everything stands for an object of which nothing is known but what is
// configured.
func (m merger) everything(v value.Value) value.Value {
	if m.object.code == nil {
		return value.Value{Kind: value.Unknown, Span: v.Span, Text: value.Ref(value.Reference{Name: m.object.address})}
	}
	m.partial = true
	return m.value(v, piece{}, m.object.sensitive, place{})
}

// place of a value in the properties of an object.
type place struct {
	names []string // attributes and blocks, without indexes
	shown string   // with indexes
	item  bool     // of a list
	nth   int      // of the items that are not known
	of    int      // so many items are not known
}

func (at place) field(key string) place {
	shown := key
	if at.shown != "" {
		shown = at.shown + "." + key
	}
	return place{names: append(slices.Clip(at.names), key), shown: shown}
}

func (at place) index(i, nth, of int) place {
	return place{names: at.names, shown: at.shown + "[" + strconv.Itoa(i) + "]", item: true, nth: nth, of: of}
}

func (at place) last() string {
	if len(at.names) == 0 {
		return ""
	}
	return at.names[len(at.names)-1]
}

func (m merger) value(v value.Value, unknown, sensitive piece, at place) value.Value {
	switch {
	case m.is(unknown, "true"):
		return m.unknown(v, at)
	case m.is(sensitive, "true"):
		return m.secret(v, at)
	}
	switch {
	case v.Kind == value.Map, v.Kind == value.Absent && m.kind(unknown) == '{':
		v.Fields = m.fields(v, unknown, sensitive, at)
		v.Kind = value.Map
	case v.Kind == value.List, v.Kind == value.Absent && m.kind(unknown) == '[':
		v.Items = m.items(v, unknown, sensitive, at)
		v.Kind = value.List
	}
	return v
}

func (m merger) fields(v value.Value, unknown, sensitive piece, at place) []value.Field {
	unknowns, secrets := m.pieces(unknown), m.pieces(sensitive)
	out := make([]value.Field, 0, len(v.Fields))
	seen := make(map[string]bool, len(v.Fields))
	add := func(f value.Field) {
		// null is Terraform's way to say that something is not there.
		if f.Value.Kind != value.Absent && f.Value.Kind != value.Null {
			out = append(out, f)
		}
	}
	for _, f := range v.Fields {
		if seen[f.Key] {
			m.errorf(piece{f.KeySpan.Start, f.KeySpan.End}, "%s: the key %q is written twice, expected it once; the last counts", m.object.address, f.Key)
		}
		seen[f.Key] = true
		f.Value = m.value(f.Value, unknowns[f.Key], secrets[f.Key], at.field(f.Key))
		add(f)
	}
	for u := range m.members(unknown) {
		if seen[u.key] || !m.holdsTrue(u.value) {
			continue
		}
		seen[u.key] = true
		add(value.Field{Key: u.key, KeySpan: m.span(u.keyPiece), Value: m.value(value.Value{Span: m.span(u.value)}, u.value, secrets[u.key], at.field(u.key))})
	}
	if !m.partial || m.object.code == nil {
		return out
	}
	for _, block := range m.written(m.object.code.expressions, at.names) {
		if len(at.names) > 0 && m.isExpression(block) {
			continue
		}
		for f := range m.members(block) {
			if !seen[f.key] {
				seen[f.key] = true
				add(value.Field{Key: f.key, KeySpan: m.span(f.keyPiece), Value: m.configured(f.value, at.field(f.key))})
			}
		}
	}
	return out
}

func (m merger) items(v value.Value, unknown, sensitive piece, at place) []value.Value {
	unknowns, secrets := slices.Collect(m.elements(unknown)), slices.Collect(m.elements(sensitive))
	get := func(list []piece, i int) piece {
		if i < len(list) {
			return list[i]
		}
		return piece{}
	}
	of := 0
	for _, u := range unknowns {
		if m.is(u, "true") {
			of++
		}
	}
	var out []value.Value
	nth := 0
	for i := range max(len(v.Items), len(unknowns)) {
		item := value.Value{Span: v.Span}
		if i < len(v.Items) {
			item = v.Items[i]
		}
		u := get(unknowns, i)
		out = append(out, m.value(item, u, get(secrets, i), at.index(i, nth, of)))
		if m.is(u, "true") {
			nth++
		}
	}
	return out
}

// pieces returns the fields of an object by their keys.
func (m merger) pieces(at piece) map[string]piece {
	out := map[string]piece{}
	for f := range m.members(at) {
		out[f.key] = f.value
	}
	return out
}

// secret hides a sensitive value. Of a policy, the text is read and its place
// is one that nothing is quoted from; anything else is a value that is not known.
func (m merger) secret(v value.Value, at place) value.Value {
	hidden := source.Span{File: m.hidden}
	switch {
	case v.Kind == value.Absent, v.Kind == value.Null:
		return v
	case v.Kind == value.String && strings.HasPrefix(strings.TrimSpace(v.Text.Literal), "{"):
		v.Span = hidden
		return v
	}
	return value.Value{Kind: value.Unknown, Span: hidden, Text: m.own(at, "sensitive")}
}

// own is a reference to a value by its place, since two values that depend on
// the same things need not be the same.
func (m merger) own(at place, why string) value.Text {
	return value.Ref(value.Reference{Name: m.name(at) + " (" + why + ")"})
}

// later is why most values of a plan are not known.
const later = "known after apply"

// name is the address of a value.
func (m merger) name(at place) string {
	if at.shown == "" {
		return m.object.address
	}
	return m.object.address + "." + at.shown
}

// unknown is what stands for a value that the plan does not know: what it refers
// to, if that is one thing; else a reference by its own name. What is not
// configured is for AWS to choose: it is not there.
//
// A block that is made by dynamic is not among the expressions of a plan. One
// of which not even the number is known cannot be told from one that AWS
// chooses, unless the type is such that AWS does not.
func (m merger) unknown(v value.Value, at place) value.Value {
	out := value.Value{Kind: value.Unknown, Span: v.Span, Text: m.own(at, later)}
	if text, stated := m.options.Stated.Of(m.name(at)); stated {
		return value.Value{Kind: value.String, Span: v.Span, Text: value.Lit(text)}
	}
	code := m.object.code
	if code == nil {
		if !at.item && len(at.names) == 1 && m.computed(at.last()) {
			return value.Value{}
		}
		return out
	}
	written := m.written(code.expressions, at.names)
	if len(written) == 0 {
		if !at.item && m.object.mode == tfjson.ManagedResourceMode && (len(at.names) == 1 || m.isWritten(at.names[:len(at.names)-1])) || at.isResult(m.object) {
			return value.Value{}
		}
		return out
	}
	if found, ok := m.follow(m.references(written...), at); ok {
		found.Span = v.Span
		return found
	}
	return out
}

// configured returns the value of an expression, if it is a literal.
func (m merger) configured(expression piece, at place) value.Value {
	if c := m.at(expression, "constant_value"); !c.missing() {
		return m.parsePart(c)
	}
	return m.unknown(value.Value{Span: m.span(expression)}, at)
}

func (m merger) isWritten(names []string) bool {
	return len(m.written(m.object.code.expressions, names)) > 0
}

// isResult: what a data source gives, rather than is asked.
func (at place) isResult(o *object) bool {
	return o.mode == tfjson.DataResourceMode && len(at.names) == 1 && slices.Contains([]string{"id", "json", "minified_json"}, at.last())
}
