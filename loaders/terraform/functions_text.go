package terraform

import (
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/iaclint/iaclint/analysis/once"
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

// cased makes a function that changes letters one by one. In a text with
// references it changes the letters around them, and what they stand for later.
func cased(f function.Function) func(*call) *val {
	whole := library(f)
	return func(c *call) *val {
		t, ok := c.textArg(0)
		if !ok {
			return c.l.failed(c.span)
		}
		if t.Parts == nil || c.args[0].kind != text || c.args[0].maybe != nil {
			return whole(c)
		}
		out := slices.Clone(c.args[0].pieces())
		for i, p := range out {
			r := p.part.Ref
			switch {
			case r == nil:
				s, err := f.Call([]cty.Value{cty.StringVal(p.part.Literal)})
				if err != nil {
					return c.derived()
				}
				out[i].part.Literal = s.AsString()
			case r.Is == value.OwnAccount, r.Is != value.OwnName && r.Is != value.Anything && c.name == "lower":
			default:
				named := value.Reference{Name: c.name + "(" + r.Name + ")"}
				if r.Is == value.OwnName {
					named.Is, named.Scope = value.OwnName, r.Scope
				}
				out[i].part = value.Part{Ref: &named}
			}
		}
		return c.built(out)
	}
}

// trimmed makes a function that takes certain characters from the ends of a
// text. White space around JSON says nothing, so that what is known of it stays
// known whatever stands at its ends.
func trimmed(front, back func(cut rune) bool) func(*call) *val {
	return func(c *call) *val {
		if _, ok := c.textArg(0); !ok {
			return c.l.failed(c.span)
		}
		if c.args[0].maybe != nil {
			return c.derived()
		}
		return c.trim(front, back)
	}
}

func (c *call) trim(front, back func(rune) bool) *val {
	runs := runsOf(c.args[0].pieces())
	for len(runs) > 0 && front != nil {
		r := runs[0]
		if r.ref != nil {
			if r.ref.has(front) {
				return c.derived()
			}
			break
		}
		if rest := strings.TrimLeftFunc(r.text, front); rest != "" {
			cut := r.cut(len(r.text)-len(rest), len(r.text))
			runs[0] = run{text: rest, chunks: cut}
			break
		}
		runs = runs[1:]
	}
	for len(runs) > 0 && back != nil {
		last := len(runs) - 1
		r := runs[last]
		if r.ref != nil {
			if r.ref.has(back) {
				return c.derived()
			}
			break
		}
		if rest := strings.TrimRightFunc(r.text, back); rest != "" {
			runs[last] = run{text: rest, chunks: r.cut(0, len(rest))}
			break
		}
		runs = runs[:last]
	}
	var out []chunk
	for _, r := range runs {
		if r.ref != nil {
			out = append(out, *r.ref)
		} else {
			out = append(out, r.chunks...)
		}
	}
	return c.built(out)
}

func lineEnd(r rune) bool { return r == '\n' || r == '\r' }

// trimSet takes characters of a set from the ends.
func trimSet(c *call) *val {
	_, ok := c.textArg(0)
	cut, alsoOK := c.textArg(1)
	if !ok || !alsoOK {
		return c.l.failed(c.span)
	}
	letters, known := cut.Known()
	if !known || c.args[0].maybe != nil || c.args[1].maybe != nil {
		return c.derived()
	}
	in := func(r rune) bool { return strings.ContainsRune(letters, r) }
	return c.trim(in, in)
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
	_, ok := c.textArg(0)
	p, alsoOK := c.textArg(1)
	if !ok || !alsoOK {
		return c.l.failed(c.span)
	}
	part, known := p.Known()
	if !known || c.args[0].maybe != nil || c.args[1].maybe != nil {
		return c.derived()
	}
	runs := runsOf(c.args[0].pieces())
	for _, r := range runs {
		if strings.Contains(r.text, part) {
			return boolVal(true, c.span)
		}
	}
	for _, r := range reaches(runs, literalPattern(part).in, len(part) == 1) {
		if r != apart {
			return c.derived()
		}
	}
	return boolVal(false, c.span)
}

func trimPrefix(c *call) *val {
	return trimEnd(c, first, strings.HasPrefix, func(r run, n int) []chunk { return r.cut(n, len(r.text)) }, 0)
}

func trimSuffix(c *call) *val {
	return trimEnd(c, last, strings.HasSuffix, func(r run, n int) []chunk { return r.cut(0, len(r.text)-n) }, -1)
}

func trimEnd(c *call, end func(value.Text) string, has func(s, part string) bool, cut func(run, int) []chunk, at int) *val {
	s, ok := c.textArg(0)
	p, alsoOK := c.textArg(1)
	if !ok || !alsoOK {
		return c.l.failed(c.span)
	}
	part, known := p.Known()
	if !known || c.args[0].maybe != nil || c.args[1].maybe != nil {
		return c.derived()
	}
	switch e := end(s); {
	case part == "":
		return c.args[0]
	case has(e, part):
		runs := runsOf(c.args[0].pieces())
		if at < 0 {
			at = len(runs) - 1
		}
		var out []chunk
		for i, r := range runs {
			switch {
			case i == at:
				out = append(out, cut(r, len(part))...)
			case r.ref != nil:
				out = append(out, *r.ref)
			default:
				out = append(out, r.chunks...)
			}
		}
		return c.built(out)
	case s.Parts == nil || !has(part, e):
		return c.args[0]
	}
	return c.derived()
}

// special are the characters that no name, account, Region or partition has.
const special = `:/*?${},'"` + " "

// replace. A pattern between slashes is a regular expression.
//
// https://developer.hashicorp.com/terraform/language/functions/replace
func replace(c *call) *val {
	s, ok := c.textArg(0)
	p, ok1 := c.textArg(1)
	r, ok2 := c.textArg(2)
	if !ok || !ok1 || !ok2 {
		return c.l.failed(c.span)
	}
	sub, known := p.Known()
	if !known || c.args[0].maybe != nil || c.args[1].maybe != nil || c.args[2].maybe != nil {
		return c.derived()
	}
	find := literalPattern(sub)
	if len(sub) > 1 && sub[0] == '/' && sub[len(sub)-1] == '/' {
		var err error
		if find, err = regularPattern(sub[1 : len(sub)-1]); err != nil {
			return c.errorf("%s", err)
		}
	}
	if with, known := r.Known(); known && s.Parts == nil {
		return c.replaceWhole(s.Literal, find, with)
	}
	out, ok := c.replaceIn(c.args[0].pieces(), find, c.args[2].pieces())
	if !ok {
		return c.derived()
	}
	return c.built(out)
}

// replaceWhole replaces what matches in a text all of which is known.
func (c *call) replaceWhole(s string, find pattern, with string) *val {
	span := c.args[0].placed(c.span).span
	if find.re == nil {
		return textVal(strings.ReplaceAll(s, find.literal, with), span)
	}
	return textVal(find.re.ReplaceAllString(s, with), span)
}

// split keeps of a text what is known: a piece with a reference that may have
// separators in it stands for any number of pieces.
func split(c *call) *val {
	sepText, ok := c.textArg(0)
	_, alsoOK := c.textArg(1)
	if !ok || !alsoOK {
		return c.l.failed(c.span)
	}
	sep, known := sepText.Known()
	if !known || c.args[0].maybe != nil || c.args[1].maybe != nil {
		return c.derived()
	}
	runs := runsOf(c.args[1].pieces())
	if len(runs) == 0 {
		return seqVal([]*val{textVal("", c.args[1].placed(c.span).span)}, c.span)
	}
	if s, known := c.args[1].known(); known {
		var items []*val
		for _, piece := range strings.Split(s, sep) {
			items = append(items, textVal(piece, c.args[1].placed(c.span).span))
		}
		return seqVal(items, c.span)
	}
	find := literalPattern(sep)
	reach, ok := find.reaches(runs)
	if !ok || len(runs) == 1 && reach[0] == inside {
		return c.derived()
	}
	items := [][]chunk{nil}
	many := []bool{false}
	for i, r := range runs {
		last := len(items) - 1
		if r.ref != nil {
			items[last] = append(items[last], *r.ref)
			many[last] = many[last] || reach[i] == inside
			continue
		}
		at := 0
		for _, m := range find.find(runs, i) {
			last := len(items) - 1
			items[last] = append(items[last], r.cut(at, m[0])...)
			items, many = append(items, nil), append(many, false)
			at = m[1]
		}
		last = len(items) - 1
		items[last] = append(items[last], r.cut(at, len(r.text))...)
	}
	if !c.l.spend(len(items), c.span) {
		return c.l.failed(c.span)
	}
	out := seqVal(nil, c.span)
	for i, item := range items {
		piece := (&call{l: c.l, name: c.name, span: c.args[1].placed(c.span).span}).built(item)
		if many[i] {
			c.l.doubts++
			u := derived(c.name, c.span, c.args[0], piece)
			if n := slices.IndexFunc(item, func(x chunk) bool { return x.part.Ref != nil }); n > 0 {
				// However many there are, the first one begins like this.
				rest := chunk{value.Part{Ref: &value.Reference{Name: "first of " + u.ref().Name}}, piece.span}
				out.items = append(out.items, (&call{l: c.l, name: c.name, span: piece.span}).built(append(slices.Clone(item[:n]), rest)))
			}
			piece = u.doubted(u.ref())
		}
		out.items = append(out.items, piece)
	}
	return seqVal(out.items, c.span)
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
	_, alsoOK := c.textArg(1)
	if !ok || !alsoOK {
		return c.l.failed(c.span)
	}
	if n == nil || c.args[1].maybe != nil {
		return c.derived()
	}
	spaces, _ := n.Int64()
	if spaces < 0 || spaces > 1000 {
		return c.errorf("expected at most 1000 spaces, found %d", spaces)
	}
	if s, known := c.args[1].known(); known {
		return textVal(strings.ReplaceAll(s, "\n", "\n"+strings.Repeat(" ", int(spaces))), c.args[1].placed(c.span).span)
	}
	// What is known later has no line of its own: in JSON none is within a text.
	var out []chunk
	for _, r := range runsOf(c.args[1].pieces()) {
		if r.ref != nil {
			out = append(out, *r.ref)
			continue
		}
		at := 0
		for _, m := range literalPattern("\n").find([]run{r}, 0) {
			out = append(out, r.cut(at, m[1])...)
			out = append(out, chunk{value.Part{Literal: strings.Repeat(" ", int(spaces))}, source.Span{}})
			at = m[1]
		}
		out = append(out, r.cut(at, len(r.text))...)
	}
	return c.built(out)
}

var verb = once.Regexp(`%(?:\[(\d+)\])?([-+# 0]*)(\d{0,3})(\.\d{0,3})?(?:\[(\d+)\])?([A-Za-z%])`)

// format keeps what is literal around arguments that are not known.
//
// https://developer.hashicorp.com/terraform/language/functions/format
func format(c *call) *val { return c.format(c.args[0], c.args[1:]) }

func (c *call) format(spec *val, args []*val) *val {
	if _, ok := spec.scalarText(); !ok || spec.maybe != nil {
		c.l.doubts++
		return derived(c.name, c.span, append([]*val{spec}, args...)...)
	}
	// What has no percent sign in it is text whatever it turns out to be.
	f, refs, ok := held(spec.pieces(), func(r rune) bool { return r == '%' })
	if !ok {
		c.l.doubts++
		return derived(c.name, c.span, append([]*val{spec}, args...)...)
	}
	b := &textBuilder{l: c.l}
	next, at := 0, 0
	lit := func(s string) {
		for _, piece := range heldPieces(s, refs) {
			if piece.span.IsZero() {
				piece.span = spec.span
			}
			b.add(piece)
		}
	}
	for _, m := range verb().FindAllStringSubmatchIndex(f, -1) {
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
	if len(refs) == 0 && strings.Contains(verb().ReplaceAllString(f, ""), "%") {
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

// sensitive hides a value from display.
func sensitive(c *call) *val { return c.l.secret(c.args[0], "value") }

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
