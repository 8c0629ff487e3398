package terraform

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// onText makes a function of one on a text that is known.
func onText(f func(string) (string, error)) func(*call) *val {
	return func(c *call) *val {
		t, ok := c.args[0].scalarText()
		if !ok {
			return c.errorf("expected a string, found %s", c.args[0].kind)
		}
		s, known := t.Known()
		if !known || c.args[0].maybe != nil {
			return c.derived()
		}
		if !c.l.spend(2*len(s), c.span) {
			return c.l.failed(c.span)
		}
		out, err := f(s)
		if err != nil {
			return c.errorf("%s", err)
		}
		return textVal(out, c.resultSpan())
	}
}

// onText2 does so for two texts.
func onText2(f func(a, b string) (string, error)) func(*call) *val {
	return func(c *call) *val {
		a, ok := c.args[0].scalarText()
		b, alsoOK := c.args[1].scalarText()
		if !ok || !alsoOK {
			return c.errorf("expected two strings, found %s and %s", c.args[0].kind, c.args[1].kind)
		}
		s, known := a.Known()
		t, alsoKnown := b.Known()
		if !known || !alsoKnown || c.args[0].maybe != nil || c.args[1].maybe != nil {
			return c.derived()
		}
		out, err := f(s, t)
		if err != nil {
			return c.errorf("%s", err)
		}
		return textVal(out, c.span)
	}
}

// textArg returns an argument as a text; ok is false after an error.
func (c *call) textArg(i int) (value.Text, bool) {
	t, ok := c.args[i].scalarText()
	if !ok {
		c.errorf("argument %d must be a string, found %s", i+1, c.args[i].kind)
	}
	return t, ok
}

// made returns a text that a function made.
func (c *call) made(t value.Text) *val {
	if len(t.Parts) == 1 && t.Parts[0].Ref.Is == value.Anything {
		return unknownVal(*t.Parts[0].Ref, c.span)
	}
	v := &val{kind: text, text: t, span: c.span}
	for _, a := range c.args {
		v.docs = append(v.docs, a.docs...)
	}
	return v
}

// cased makes a function that changes letters one by one. In a text with
// references it changes the letters around them, and what they stand for later.
func cased(f function.Function) func(*call) *val {
	whole := library(f)
	return func(c *call) *val {
		t, ok := c.textArg(0)
		if !ok {
			return c.l.failed(c.span)
		}
		if t.Parts == nil || c.args[0].kind != text {
			return whole(c)
		}
		texts := make([]value.Text, len(t.Parts))
		for i, p := range t.Parts {
			switch {
			case p.Ref == nil:
				out, err := f.Call([]cty.Value{cty.StringVal(p.Literal)})
				if err != nil {
					return c.derived()
				}
				texts[i] = value.Lit(out.AsString())
			case p.Ref.Is == value.OwnAccount, p.Ref.Is != value.OwnName && p.Ref.Is != value.Anything && c.name == "lower":
				texts[i] = value.Text{Parts: []value.Part{p}}
			default:
				r := value.Reference{Name: c.name + "(" + p.Ref.Name + ")"}
				if p.Ref.Is == value.OwnName {
					r.Is, r.Scope = value.OwnName, p.Ref.Scope
				}
				texts[i] = value.Ref(r)
			}
		}
		return c.made(value.Join(texts...))
	}
}

// trimmed makes a function that only takes white space from the ends of a text.
func trimmed(f function.Function) func(*call) *val {
	whole := library(f)
	return func(c *call) *val {
		v := c.args[0]
		if v.json != nil || v.kind == text && v.string().Parts == nil && v.chunks != nil && looksLikeJSON(v.string()) {
			return v // white space around JSON says nothing, and the text keeps its places
		}
		if v.kind == text && v.string().Parts != nil {
			t := v.string()
			parts := append([]value.Part{}, t.Parts...)
			last := len(parts) - 1
			if c.name == "trimspace" && parts[0].Ref == nil {
				parts[0].Literal = strings.TrimLeft(parts[0].Literal, " \t\r\n")
			}
			if parts[last].Ref == nil {
				cut := " \t\r\n"
				if c.name == "chomp" {
					cut = "\r\n"
				}
				parts[last].Literal = strings.TrimRight(parts[last].Literal, cut)
			}
			if parts[0].Ref == nil && parts[last].Ref == nil {
				out := *v
				out.text, out.chunks = value.Join(value.Text{Parts: parts}), nil
				if looksLikeJSON(t) {
					out.text, out.chunks = t, v.chunks
				}
				return &out
			}
		}
		return whole(c)
	}
}

func startsWith(c *call) *val { return ends(c, first, strings.HasPrefix) }

func endsWith(c *call) *val { return ends(c, last, strings.HasSuffix) }

func ends(c *call, end func(value.Text) string, has func(s, part string) bool) *val {
	s, ok := c.textArg(0)
	p, alsoOK := c.textArg(1)
	if !ok || !alsoOK {
		return c.l.failed(c.span)
	}
	part, known := p.Known()
	switch {
	case !known || c.args[0].maybe != nil:
	case has(end(s), part):
		return boolVal(true, c.span)
	case s.Parts == nil || !has(part, end(s)):
		return boolVal(false, c.span)
	}
	return c.derived()
}

func strContains(c *call) *val {
	s, ok := c.textArg(0)
	p, alsoOK := c.textArg(1)
	if !ok || !alsoOK {
		return c.l.failed(c.span)
	}
	part, known := p.Known()
	if known && c.args[0].maybe == nil {
		if s.Parts == nil {
			return boolVal(strings.Contains(s.Literal, part), c.span)
		}
		for _, piece := range s.Parts {
			if piece.Ref == nil && strings.Contains(piece.Literal, part) {
				return boolVal(true, c.span)
			}
		}
	}
	return c.derived()
}

func trimPrefix(c *call) *val {
	return trimEnd(c, first, strings.HasPrefix, func(parts []value.Part, n int) { parts[0].Literal = parts[0].Literal[n:] })
}

func trimSuffix(c *call) *val {
	return trimEnd(c, last, strings.HasSuffix, func(parts []value.Part, n int) {
		p := &parts[len(parts)-1]
		p.Literal = p.Literal[:len(p.Literal)-n]
	})
}

func trimEnd(c *call, end func(value.Text) string, has func(s, part string) bool, cut func([]value.Part, int)) *val {
	s, ok := c.textArg(0)
	p, alsoOK := c.textArg(1)
	if !ok || !alsoOK {
		return c.l.failed(c.span)
	}
	part, known := p.Known()
	if !known || c.args[0].maybe != nil {
		return c.derived()
	}
	parts := append([]value.Part{}, s.Parts...)
	if s.Parts == nil {
		parts = []value.Part{{Literal: s.Literal}}
	}
	switch e := end(s); {
	case has(e, part):
		cut(parts, len(part))
		v := c.made(value.Join(value.Text{Parts: parts}))
		return v.at(c.args[0].placed(c.span).span)
	case s.Parts == nil || !has(part, e):
		return c.args[0]
	}
	return c.derived()
}

// special are the characters that no name, account, Region or partition has.
const special = `:/*?${},'"` + " "

// plainRefs reports whether no reference of a text may hold a special character.
func plainRefs(t value.Text) bool {
	for _, p := range t.Parts {
		if p.Ref != nil && (p.Ref.Is == value.Anything || p.Ref.Is == value.OwnSuffix) {
			return false
		}
	}
	return true
}

// replace. A pattern between slashes is a regular expression.
func replace(c *call) *val {
	s, ok := c.textArg(0)
	p, ok1 := c.textArg(1)
	r, ok2 := c.textArg(2)
	if !ok || !ok1 || !ok2 {
		return c.l.failed(c.span)
	}
	sub, known := p.Known()
	with, withKnown := r.Known()
	if !known || !withKnown || c.args[0].maybe != nil {
		return c.derived()
	}
	isRegexp := len(sub) > 1 && sub[0] == '/' && sub[len(sub)-1] == '/'
	if s.Parts == nil {
		if n := strings.Count(s.Literal, "") * (len(with) + 1); !c.l.spend(min(n, len(s.Literal)*(len(with)+1)+n/8), c.span) {
			return c.l.failed(c.span)
		}
		if !isRegexp {
			return textVal(strings.ReplaceAll(s.Literal, sub, with), c.args[0].placed(c.span).span)
		}
		out, err := stdlib.RegexReplace(cty.StringVal(s.Literal), cty.StringVal(sub[1:len(sub)-1]), cty.StringVal(with))
		if err != nil {
			return c.errorf("%s", err)
		}
		return fromCty(out, c.args[0].placed(c.span).span)
	}
	if isRegexp || sub == "" || !plainRefs(s) || !strings.ContainsAny(sub, special) || straddles(s, sub) {
		return c.derived()
	}
	texts := make([]value.Text, len(s.Parts))
	for i, piece := range s.Parts {
		texts[i] = value.Text{Parts: []value.Part{piece}}
		if piece.Ref == nil {
			texts[i] = value.Lit(strings.ReplaceAll(piece.Literal, sub, with))
		}
	}
	return c.made(value.Join(texts...))
}

// straddles reports whether a part that has a special character in it may begin
// or end inside a reference of a text.
func straddles(t value.Text, sub string) bool {
	literal := func(i int) string {
		if i < 0 || i >= len(t.Parts) || t.Parts[i].Ref != nil {
			return ""
		}
		return t.Parts[i].Literal
	}
	for i, p := range t.Parts {
		if p.Ref == nil {
			continue
		}
		before, after := literal(i-1), literal(i+1)
		for k := 1; k < len(sub); k++ {
			head, tail := sub[:k], sub[k:]
			if !strings.ContainsAny(head, special) && (strings.HasPrefix(after, tail) || strings.HasPrefix(tail, after)) ||
				!strings.ContainsAny(tail, special) && (strings.HasSuffix(before, head) || strings.HasSuffix(head, before)) {
				return true
			}
		}
	}
	return false
}

func split(c *call) *val {
	sepText, ok := c.textArg(0)
	s, alsoOK := c.textArg(1)
	if !ok || !alsoOK {
		return c.l.failed(c.span)
	}
	sep, known := sepText.Known()
	span := c.args[1].placed(c.span).span
	switch {
	case !known || c.args[1].maybe != nil:
	case s.Parts == nil:
		if s.Literal == "" {
			return seqVal([]*val{textVal("", span)}, c.span)
		}
		var items []*val
		for _, piece := range strings.Split(s.Literal, sep) {
			items = append(items, textVal(piece, span))
		}
		if !c.l.spend(len(items), c.span) {
			return c.l.failed(c.span)
		}
		return seqVal(items, c.span)
	case plainRefs(s) && len(sep) == 1 && strings.Contains(special, sep):
		texts := []value.Text{{}}
		for _, p := range s.Parts {
			if p.Ref != nil {
				texts[len(texts)-1] = value.Join(texts[len(texts)-1], value.Text{Parts: []value.Part{p}})
				continue
			}
			for i, piece := range strings.Split(p.Literal, sep) {
				if i > 0 {
					texts = append(texts, value.Text{})
				}
				texts[len(texts)-1] = value.Join(texts[len(texts)-1], value.Lit(piece))
			}
		}
		items := make([]*val, len(texts))
		for i, t := range texts {
			items[i] = textOf(t, span)
		}
		return seqVal(items, c.span)
	}
	return c.derived()
}

func join(c *call) *val {
	sep, ok := c.textArg(0)
	if !ok {
		return c.l.failed(c.span)
	}
	b := &textBuilder{l: c.l}
	first := true
	for _, list := range c.args[1:] {
		if list.kind == unknown || list.maybe != nil {
			u := derived("join", c.span, list)
			list = seqVal([]*val{u.doubted(u.ref())}, c.span)
		}
		if list.kind != sequence {
			return c.errorf("expected a list, found %s", list.kind)
		}
		for _, item := range list.items {
			if item.maybe != nil {
				// Any number of elements, with what separates them.
				b.value(derived("join", item.span, item), c.span)
				continue
			}
			if !first {
				b.value(&val{kind: text, text: sep, span: c.at[0]}, c.at[0])
			}
			first = false
			if !b.value(item, c.span) {
				return c.errorf("expected a list of strings, found %s in it", item.kind)
			}
		}
	}
	v := b.done(c.span)
	if len(b.chunks) == 1 && b.chunks[0].part.Ref == nil {
		v.span = b.chunks[0].span
	}
	return v
}

func indent(c *call) *val {
	n, ok := c.l.numberOf(c.args[0])
	t, alsoOK := c.textArg(1)
	if !ok || !alsoOK {
		return c.l.failed(c.span)
	}
	if n == nil || c.args[1].maybe != nil {
		return c.derived()
	}
	spaces, _ := n.Int64()
	s, known := t.Known()
	if !known {
		return c.derived()
	}
	if spaces < 0 || spaces > 1000 || !c.l.spend(int(spaces)*strings.Count(s, "\n"), c.span) {
		return c.errorf("expected at most 1000 spaces, found %d", spaces)
	}
	return textVal(strings.ReplaceAll(s, "\n", "\n"+strings.Repeat(" ", int(spaces))), c.span)
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([-+# 0]*)(\d{0,3})(\.\d{0,3})?(?:\[(\d+)\])?([A-Za-z%])`)

// format keeps what is literal around arguments that are not known.
//
// https://developer.hashicorp.com/terraform/language/functions/format
func format(c *call) *val { return c.format(c.args[0], c.args[1:]) }

func (c *call) format(spec *val, args []*val) *val {
	f, known := spec.known()
	if !known {
		c.l.doubts++
		return derived(c.name, c.span, append([]*val{spec}, args...)...)
	}
	b := &textBuilder{l: c.l}
	next, at := 0, 0
	lit := func(s string) { b.add(chunk{value.Part{Literal: s}, spec.span}) }
	for _, m := range verb.FindAllStringSubmatchIndex(f, -1) {
		lit(f[at:m[0]])
		at = m[1]
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return f[m[2*n]:m[2*n+1]]
		}
		letter := group(6)
		if letter == "%" {
			lit("%")
			continue
		}
		if index := group(1) + group(5); index != "" {
			next, _ = strconv.Atoi(index)
			next--
		}
		if next < 0 || next >= len(args) {
			return c.errorf("there is no argument for %q", f[m[0]:m[1]])
		}
		arg := args[next]
		next++
		plain := group(2)+group(3)+group(4) == ""
		if !c.formatOne(b, arg, "%"+group(2)+group(3)+group(4)+letter, plain && (letter == "s" || letter == "v")) {
			return c.l.failed(c.span)
		}
	}
	lit(f[at:])
	v := b.done(c.span)
	if strings.Contains(verb.ReplaceAllString(f, ""), "%") {
		return library(stdlib.FormatFunc)(c) // a verb of a form that is not read here, or an error
	}
	return v
}

// formatOne adds an argument in the form of a verb; it reports false after an error.
func (c *call) formatOne(b *textBuilder, arg *val, spec string, plain bool) bool {
	if !arg.wholly() {
		if !plain || arg.kind != text && arg.kind != unknown {
			arg = derived(spec, arg.span, arg)
		}
		return b.value(arg, c.span)
	}
	if plain && arg.kind == text {
		return b.value(arg, c.span)
	}
	out, err := stdlib.Format(cty.StringVal(spec), toCty(arg))
	if err != nil {
		c.errorf("%s", err)
		return false
	}
	b.add(chunk{value.Part{Literal: out.AsString()}, arg.placed(c.span).span})
	return true
}

// formatList formats the elements of lists one by one. A single value is the
// same for each.
func formatList(c *call) *val {
	n := -1
	for i, a := range c.args[1:] {
		switch {
		case a.kind == unknown || a.maybe != nil || a.kind == sequence && !a.fixed():
			return c.formatMany()
		case a.kind != sequence:
		case n >= 0 && len(a.items) != n:
			return c.errorf("argument %d has %d elements, another list has %d", i+2, len(a.items), n)
		default:
			n = len(a.items)
		}
	}
	if n < 0 {
		n = 1
	}
	items := make([]*val, n)
	for i := range items {
		args := make([]*val, len(c.args)-1)
		for j, a := range c.args[1:] {
			if args[j] = a; a.kind == sequence {
				args[j] = a.items[i]
			}
		}
		items[i] = c.format(c.args[0], args)
	}
	return seqVal(items, c.span)
}

// formatMany does so where the number of elements is not known: of one list the
// known elements are kept.
func (c *call) formatMany() *val {
	list := -1
	for i, a := range c.args[1:] {
		if a.kind == unknown || a.kind == sequence || a.maybe != nil {
			if list >= 0 {
				return seqVal([]*val{derived("formatlist", c.span, c.args...).doubted(derived("formatlist", c.span, c.args...).ref())}, c.span)
			}
			list = i
		}
	}
	pairs, ok := c.l.elements(c.args[1+list], c.at[1+list], c.span)
	if !ok {
		return c.errorf("expected a list, found %s", c.args[1+list].kind)
	}
	var items []*val
	for _, p := range pairs {
		args := append([]*val{}, c.args[1:]...)
		args[list] = p.val.certain()
		v := c.format(c.args[0], args)
		if p.val.maybe != nil {
			v = v.doubted(p.val.maybe)
		}
		items = append(items, v)
	}
	return seqVal(items, c.span)
}

// to makes a function that converts to a type.
func to(name string) func(*call) *val {
	types := map[string]cty.Type{
		"tobool": cty.Bool, "tonumber": cty.Number, "tostring": cty.String,
		"tolist": cty.List(cty.DynamicPseudoType), "toset": cty.Set(cty.DynamicPseudoType), "tomap": cty.Map(cty.DynamicPseudoType),
	}
	return func(c *call) *val {
		v := c.args[0]
		switch {
		case v.kind == unknown && name == "toset":
			set := seqVal([]*val{unknownVal(value.Reference{Name: v.ref().Name + "[*]"}, v.span).doubted(v.ref())}, c.span)
			set.isSet = true
			return set
		case v.kind == sequence && v.isSet && name == "tolist":
			list := *v
			list.isSet = false
			list.loose = !v.wholly()
			return &list
		}
		out, why := c.l.convert(v, types[name], nil)
		if why != "" {
			return c.errorf("%s", why)
		}
		return unified(out)
	}
}

// unified gives the elements of a list or set one type, as far as strings are
// among them.
func unified(v *val) *val {
	if v.kind != sequence {
		return v
	}
	texts, others := 0, 0
	for _, i := range v.items {
		switch i.kind {
		case text:
			texts++
		case number, boolean:
			others++
		}
	}
	if texts == 0 || others == 0 {
		return v
	}
	out := *v
	out.items = make([]*val, len(v.items))
	for i, item := range v.items {
		out.items[i] = item
		if item.kind == number || item.kind == boolean {
			t, _ := item.scalarText()
			out.items[i] = &val{kind: text, text: t, span: item.span, maybe: item.maybe}
		}
	}
	if v.isSet {
		return setOf(out.items, v.span)
	}
	return &out
}

func argument(c *call) *val { return c.args[0] }

// sensitive hides a value: what is known of it must not be shown.
func sensitive(c *call) *val {
	return hidden(c.args[0], unknownVal(value.Reference{Name: "sensitive " + c.l.failed(c.span).ref().Name}, source.Span{}))
}

func sum(c *call) *val {
	v := c.args[0]
	if !v.wholly() {
		return c.derived()
	}
	if v.kind != sequence || len(v.items) == 0 {
		return c.errorf("expected a list with at least one number")
	}
	total := cty.NumberIntVal(0)
	for _, item := range v.items {
		n, err := convert.Convert(toCty(item), cty.Number)
		if err != nil || n.IsNull() {
			return c.errorf("expected a list of numbers, found %s in it", item.kind)
		}
		total = total.Add(n)
	}
	return fromCty(total, c.span)
}
