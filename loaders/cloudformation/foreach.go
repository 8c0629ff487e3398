package cloudformation

import (
	"slices"
	"strconv"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// forEach is the beginning of the key of a loop.
const forEach = "Fn::ForEach::"

// expand returns the fields of an object with its loops unrolled and what it
// includes in place. open names the collections of loops that are not known in
// full: in a section of the template their bodies stand there once for each item
// that is not known, elsewhere they are left out.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
func (e *evaluator) expand(s *scope, fields []value.Field, section string) (out []value.Field, open []string) {
	special := false
	for _, f := range fields {
		special = special || strings.HasPrefix(f.Key, forEach) || f.Key == "Fn::Transform"
	}
	if !special {
		return fields, nil
	}
	for _, f := range fields {
		switch {
		case strings.HasPrefix(f.Key, forEach):
			more, names := e.loop(s, f, section)
			out, open = append(out, more...), append(open, names...)
		case f.Key == "Fn::Transform":
			out = append(out, e.transformed(s, f.Value)...)
		default:
			out = append(out, f)
		}
	}
	return out, open
}

// expanded is expand for what cannot be not known itself: what open loops would add
// to it is recorded as not read.
func (e *evaluator) expanded(s *scope, v value.Value) []value.Field {
	out, open := e.expand(s, v.Fields, "")
	if open != nil {
		for _, f := range v.Fields {
			if strings.HasPrefix(f.Key, forEach) && len(f.Value.Items) == 3 {
				e.unreadLoop(s, f.Key, f.Value.Items[1].Span, open)
			}
		}
	}
	return out
}

// loop unrolls Fn::ForEach::Name: [identifier, collection, body].
func (e *evaluator) loop(s *scope, f value.Field, section string) (out []value.Field, open []string) {
	v := f.Value
	if v.Kind != value.List || len(v.Items) != 3 {
		e.errorf(v.Span, "expected an identifier, a collection and an object for %q, found %s", f.Key, described(v))
		return nil, nil
	}
	identifier, known := v.Items[0].Text.Known()
	if v.Items[0].Kind != value.String || !known || identifier == "" {
		e.errorf(v.Items[0].Span, "expected an identifier for %q, found %s", f.Key, v.Items[0].Kind)
		return nil, nil
	}
	body := v.Items[2]
	if body.Kind != value.Map {
		e.errorf(body.Span, "expected an object as body of %q, found %s", f.Key, body.Kind)
		return nil, nil
	}
	items, open := e.collection(s, f.Key, v.Items[1])
	if open != nil {
		s.loose = true
	}
	for _, item := range items {
		if e.over {
			break // which is reported
		}
		text, letters := item.text, alphanumeric(item.text)
		if item.open.Parts != nil {
			if section == "" {
				continue
			}
			text = s.mark(identifier, item.open)
			letters = text
		}
		if item.generic {
			s.within = append(s.within, item.open)
		}
		replaced := e.substitute(body, identifier, text, letters)
		fields, more := e.expand(s, replaced.Fields, section)
		if item.maybe != "" && section == "Resources" {
			fields = e.maybe(s, fields, item.maybe)
		}
		if item.generic {
			s.within = s.within[:len(s.within)-1]
		}
		out, open = append(out, fields...), append(open, more...)
	}
	return out, open
}

// item is one element of the collection of a loop.
type item struct {
	text  string
	open  value.Text // instead of the text, where it is not known
	maybe string     // the condition that there is such an item, "" if there is one
	// generic is set where the item stands for any number of others.
	generic bool
}

// collection returns the items of the collection of a loop: those that are known,
// those of which it is known that they may be there, and of others one that stands
// for all of them. open names what keeps it from being known in full.
func (e *evaluator) collection(s *scope, key string, v value.Value) (items []item, open []string) {
	got := e.argument(s, v)
	switch got.Kind {
	case value.List:
	case value.Unknown:
		name := strings.Join(value.Settling(got.Text.References()), ", ")
		alternatives, _ := got.Alternatives()
		for _, a := range alternatives {
			if a.Kind != value.List {
				items = append(items, s.anyItem(name))
			}
			for _, i := range unique(a.Items) {
				items = append(items, e.itemOf(i, i.Text.String()+" in "+name))
			}
		}
		if p := s.parameters[v.Get("Ref").Text.Literal]; p != nil && p.isList() && p.allowed != nil && got.Kind == value.Unknown {
			items = nil // each item is one of these
			for _, allowed := range p.allowed {
				items = append(items, item{text: allowed, maybe: allowed + " in " + name})
			}
			return items, got.Text.References()
		}
		return together(items, len(alternatives)), got.Text.References()
	default:
		e.errorf(v.Span, "expected a list as collection of %q, found %s", key, got.Kind)
		return nil, nil
	}
	for _, i := range got.Items {
		it := e.itemOf(i, "")
		if open == nil && it.open.Parts != nil {
			open = i.Text.References()
		}
		items = append(items, it)
	}
	return items, open
}

// anyItem stands for the items of a collection of which nothing is known. Within a
// loop over the same collection it is another one than that loop's.
func (s *scope) anyItem(name string) item {
	i := item{maybe: "an item of " + name, generic: true}
	for n := 1; i.open.Parts == nil || slices.ContainsFunc(s.within, i.open.Equal); n++ {
		open := i.maybe
		if n > 1 {
			open = "another " + strings.Repeat("and another ", n-2) + "item of " + name
		}
		i.open = value.Ref(value.Reference{Name: open})
	}
	return i
}

func (e *evaluator) itemOf(v value.Value, maybe string) item {
	if text, known := e.literal(v); known {
		return item{text: text, maybe: maybe}
	}
	if !v.IsScalar() {
		v.Text = value.Ref(value.Reference{Name: "an item that is not a text"})
	}
	return item{open: v.Text, maybe: maybe}
}

// unique returns the items of a list, each once.
func unique(items []value.Value) []value.Value {
	var out []value.Value
	for _, i := range items {
		if !slices.ContainsFunc(out, func(o value.Value) bool { return equal(o, i) }) {
			out = append(out, i)
		}
	}
	return out
}

// together returns the items of a number of alternatives, each once. One that is in
// all of them is there.
func together(items []item, alternatives int) []item {
	var out []item
	in := map[string]int{}
	for _, i := range items {
		if in[i.maybe]++; in[i.maybe] == 1 {
			out = append(out, i)
		}
	}
	for n, i := range out {
		if in[i.maybe] == alternatives && !i.generic {
			out[n].maybe = ""
		}
	}
	return out
}

// mark returns the text that stands for an item which is not known, in keys and
// texts alike: &{Identifier?}. Items of one collection are the same in all loops
// over it, but not in a loop within another.
func (s *scope) mark(identifier string, open value.Text) string {
	for mark, t := range s.marks {
		if t.Equal(open) {
			return mark
		}
	}
	mark := "&{" + identifier + "?}" // which is no identifier
	for n := 2; s.marks[mark].Parts != nil; n++ {
		mark = "&{" + identifier + "? " + strconv.Itoa(n) + "}"
	}
	if s.marks == nil {
		s.marks = map[string]value.Text{}
	}
	s.marks[mark] = open
	return mark
}

// marked reports whether a text has an item in it that is not known.
func (s *scope) marked(text string) bool {
	if len(s.marks) == 0 || !strings.Contains(text, "&{") {
		return false
	}
	for mark := range s.marks {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}

// unmarked returns the pieces of a text, what stands for an item that is not known
// as a reference to it.
func (s *scope) unmarked(text string, where jsontree.Place) (texts []value.Text, pieces []jsontree.Piece) {
	from := 0
	literal := func(end int) {
		if from < end {
			texts = append(texts, value.Lit(text[from:end]))
			pieces = append(pieces, jsontree.Piece{Literal: text[from:end], Place: shifted(where, from)})
		}
	}
	for at := 0; at < len(text) && len(s.marks) > 0; at++ {
		if text[at] != '&' {
			continue
		}
		end := strings.IndexByte(text[at:], '}')
		if end < 0 {
			break
		}
		end += at + 1
		if open, ok := s.marks[text[at:end]]; ok {
			literal(at)
			texts = append(texts, open)
			pieces = append(pieces, jsontree.Pieces(open, jsontree.At(where(at, end)))...)
			from, at = end, end-1
		}
	}
	literal(len(text))
	return texts, pieces
}

func (s *scope) unmarkedText(text string) value.Text {
	texts, _ := s.unmarked(text, jsontree.At(source.Span{}))
	return value.Join(texts...)
}

// maybe puts resources under the condition that a loop has an item for them.
func (e *evaluator) maybe(s *scope, fields []value.Field, name string) []value.Field {
	s.conditions[name] = &condition{name: s.prefix + name}
	out := make([]value.Field, len(fields))
	for i, f := range fields {
		out[i] = f
		if f.Value.Kind != value.Map {
			continue
		}
		both := name
		if own := f.Value.Get("Condition"); own.Kind != value.Absent {
			old, known := own.Text.Known()
			if own.Kind != value.String || !known {
				continue // which is reported
			}
			both = old + " and " + name
			named := func(name string) value.Value { return object(own.Span, "Condition", name) }
			s.conditions[both] = &condition{name: s.prefix + both, both: []string{name, old},
				body: object(own.Span, "Fn::And", list(own.Span, named(name), named(old)))}
		}
		out[i].Value.Fields = append(slices.DeleteFunc(slices.Clone(f.Value.Fields), func(f value.Field) bool { return f.Key == "Condition" }),
			value.Field{Key: "Condition", KeySpan: f.KeySpan, Value: text(f.KeySpan, both)})
	}
	return out
}

// substitute replaces an identifier in the keys and texts of a loop's body:
// ${Identifier} is the item, &{Identifier} its letters and digits.
func (e *evaluator) substitute(v value.Value, identifier, item, letters string) value.Value {
	r := strings.NewReplacer("${"+identifier+"}", item, "&{"+identifier+"}", letters)
	return e.replace(v, identifier, item, r)
}

func (e *evaluator) replace(v value.Value, identifier, item string, r *strings.Replacer) value.Value {
	if !e.step(v.Span) {
		return unknown(v.Span, "too much to evaluate")
	}
	switch v.Kind {
	case value.String:
		if strings.Contains(v.Text.Literal, "{"+identifier+"}") {
			v.Text = value.Lit(r.Replace(v.Text.Literal))
			e.spend(v.Span, len(v.Text.Literal))
		}
	case value.List:
		items := make([]value.Value, len(v.Items))
		for i := range v.Items {
			items[i] = e.replace(v.Items[i], identifier, item, r)
		}
		v.Items = items
	case value.Map:
		if name, _ := v.Get("Ref").Text.Known(); len(v.Fields) == 1 && name == identifier && v.Get("Ref").Kind == value.String {
			return value.Value{Kind: value.String, Span: v.Span, Text: value.Lit(item)}
		}
		fields := make([]value.Field, len(v.Fields))
		for i, f := range v.Fields {
			if strings.Contains(f.Key, "{"+identifier+"}") {
				f.Key = r.Replace(f.Key)
			}
			f.Value = e.replace(f.Value, identifier, item, r)
			fields[i] = f
		}
		v.Fields = fields
	}
	return v
}

func alphanumeric(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s)
}
