package terraform

import (
	"math/big"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/iaclint/iaclint/analysis/value"
)

// substr counts from the beginning, or from the end. It is known where only
// literals, and what has a known length, are before the cut.
//
// https://developer.hashicorp.com/terraform/language/functions/substr
func substr(c *call) *val {
	if _, ok := c.textArg(0); !ok {
		return c.l.failed(c.span)
	}
	from, ok := c.l.numberOf(c.args[1])
	size, alsoOK := c.l.numberOf(c.args[2])
	if !ok || !alsoOK {
		return c.errorf("expected a string and two numbers")
	}
	if c.args[0].wholly() && from != nil && size != nil {
		return library(stdlib.SubstrFunc)(c)
	}
	if from == nil || size == nil || c.args[0].maybe != nil || !from.IsInt() || !size.IsInt() {
		return c.derived()
	}
	at, _ := from.Int64()
	n, _ := size.Int64()
	runs := runsOf(c.args[0].pieces())
	if at < 0 {
		start, ok := backward(runs, -at)
		if !ok {
			return c.derived()
		}
		runs, at = start, 0
	}
	rest, ok := forward(runs, at)
	if !ok {
		return c.derived()
	}
	if n < 0 {
		return c.built(chunksOf(rest))
	}
	head, ok := taken(rest, n)
	if !ok {
		return c.derived()
	}
	return c.built(chunksOf(head))
}

// letters is the length of a run in characters, where it is known. A text that is
// not ASCII has characters of several code points.
func (r run) letters() (int64, bool) {
	if r.ref == nil {
		ascii := !strings.ContainsFunc(r.text, func(c rune) bool { return c >= utf8.RuneSelf || c == '\r' })
		return int64(len(r.text)), ascii
	}
	switch ref := r.ref.part.Ref; {
	case ref.Is == value.OwnAccount:
		return 12, true
	case ref.Length > 0:
		return int64(ref.Length), true
	}
	return 0, false
}

// forward leaves out n characters at the beginning.
func forward(runs []run, n int64) ([]run, bool) {
	for i, r := range runs {
		if n == 0 {
			return runs[i:], true
		}
		size, ok := r.letters()
		switch {
		case !ok:
			return nil, false
		case size <= n:
			n -= size
		case r.ref != nil:
			return nil, false
		default:
			cut := run{text: r.text[n:], chunks: r.cut(int(n), len(r.text))}
			return append([]run{cut}, runs[i+1:]...), true
		}
	}
	return nil, true
}

// backward keeps n characters at the end.
func backward(runs []run, n int64) ([]run, bool) {
	for i := len(runs) - 1; i >= 0; i-- {
		size, ok := runs[i].letters()
		switch {
		case !ok:
			return nil, false
		case size < n:
			n -= size
		case size == n:
			return runs[i:], true
		case runs[i].ref != nil:
			return nil, false
		default:
			r := runs[i]
			from := len(r.text) - int(n)
			return append([]run{{text: r.text[from:], chunks: r.cut(from, len(r.text))}}, runs[i+1:]...), true
		}
	}
	return runs, true
}

// taken keeps n characters at the beginning.
func taken(runs []run, n int64) ([]run, bool) {
	for i, r := range runs {
		if n == 0 {
			return runs[:i], true
		}
		size, ok := r.letters()
		switch {
		case !ok:
			return nil, false
		case size <= n:
			n -= size
		case r.ref != nil:
			return nil, false
		default:
			return append(slices.Clone(runs[:i]), run{text: r.text[:n], chunks: r.cut(0, int(n))}), true
		}
	}
	return runs, true
}

func chunksOf(runs []run) []chunk {
	var out []chunk
	for _, r := range runs {
		if r.ref != nil {
			out = append(out, *r.ref)
		} else {
			out = append(out, r.chunks...)
		}
	}
	return out
}

// holder is the first of the characters that stand for references in a text that
// a regular expression is applied to.
const holder = '\U000F0000'

// held returns a text with a character in the place of each reference. It is not
// ok where one may have certain characters in it.
func held(chunks []chunk, in func(rune) bool) (s string, refs []chunk, ok bool) {
	var b strings.Builder
	for _, k := range chunks {
		switch {
		case k.part.Ref == nil && strings.ContainsFunc(k.part.Literal, func(r rune) bool { return r >= holder }):
			return "", nil, false
		case k.part.Ref == nil:
			b.WriteString(k.part.Literal)
		case k.has(in) || len(refs) > 1<<15:
			return "", nil, false
		default:
			b.WriteRune(holder + rune(len(refs)))
			refs = append(refs, k)
		}
	}
	return b.String(), refs, true
}

// heldPieces puts the references back.
func heldPieces(s string, refs []chunk) []chunk {
	var out []chunk
	for s != "" {
		at := strings.IndexFunc(s, func(r rune) bool { return r >= holder })
		if at < 0 {
			break
		}
		r, size := utf8.DecodeRuneInString(s[at:])
		out = append(out, chunk{part: value.Part{Literal: s[:at]}}, refs[r-holder])
		s = s[at+size:]
	}
	return append(out, chunk{part: value.Part{Literal: s}})
}

// matched makes a function of one that applies a regular expression. In a text
// with references, it is applied to a text with characters that stand for them:
// that decides where each part of the expression takes either all or none of the
// characters that the reference may have, and the number of them plays no role.
func matched(whole func(*call) *val) func(*call) *val {
	return func(c *call) *val {
		expr, ok := c.textArg(0)
		_, alsoOK := c.textArg(1)
		if !ok || !alsoOK {
			return c.l.failed(c.span)
		}
		pattern, known := expr.Known()
		if c.args[1].wholly() && c.args[0].wholly() || !known || c.args[0].maybe != nil || c.args[1].maybe != nil {
			return whole(c)
		}
		tree, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			return c.errorf("%s", err)
		}
		chunks := c.args[1].pieces()
		h := holding{tree: tree, runs: runsOf(chunks)}
		for _, k := range chunks {
			if k.part.Ref != nil {
				h.refs = append(h.refs, k)
			} else if strings.ContainsFunc(k.part.Literal, func(r rune) bool { return r >= holder }) {
				return c.derived()
			}
		}
		if len(h.refs) > 64 || !h.hold(h.tree) {
			return c.derived()
		}
		var results []*val
		for _, n := range []int{1, 2, 5} {
			r, ok := h.apply(c, whole, chunks, n)
			if !ok || len(results) > 0 && !same(results[0], r) {
				return c.derived()
			}
			results = append(results, r)
		}
		return results[0]
	}
}

// holding is a regular expression that takes a character which stands for a
// reference exactly where it takes those of the reference.
type holding struct {
	tree *syntax.Regexp
	runs []run
	refs []chunk
}

// hold rewrites the classes; it reports false where one takes some of the
// characters of a reference.
func (h *holding) hold(re *syntax.Regexp) bool {
	for _, sub := range re.Sub {
		if !h.hold(sub) {
			return false
		}
	}
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return false
	case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
	default:
		return true
	}
	in := func(r rune) bool { return classHas(re, r) }
	if re.Op == syntax.OpLiteral {
		p := literalPattern(string(re.Rune))
		for i, r := range h.runs {
			if r.ref != nil && r.ref.has(in) && (re.Flags&syntax.FoldCase != 0 || r.ref.holds(p.literal, false, false) || p.crosses(h.runs, i)) {
				return false
			}
		}
		return true
	}
	class := &syntax.Regexp{Op: syntax.OpCharClass, Flags: re.Flags}
	switch re.Op {
	case syntax.OpAnyChar:
		class.Rune = []rune{0, holder - 1}
	case syntax.OpAnyCharNotNL:
		class.Rune = []rune{0, '\n' - 1, '\n' + 1, holder - 1}
	default:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if re.Rune[i] < holder {
				class.Rune = append(class.Rune, re.Rune[i], min(re.Rune[i+1], holder-1))
			}
		}
	}
	for i, k := range h.refs {
		switch {
		case k.pure(in):
			class.Rune = append(class.Rune, holder+rune(i), holder+rune(i))
		case k.has(in):
			return false
		}
	}
	*re = *class
	return true
}

// apply matches a text with n characters for each reference, an account's being
// twelve, and puts the references back.
func (h *holding) apply(c *call, whole func(*call) *val, chunks []chunk, n int) (*val, bool) {
	var b strings.Builder
	var back []string
	for _, k := range chunks {
		if k.part.Ref == nil {
			b.WriteString(k.part.Literal)
			continue
		}
		size := n
		if k.part.Ref.Is == value.OwnAccount {
			size = 12
		}
		holders := strings.Repeat(string(holder+rune(len(back))), size)
		back = append(back, holders)
		b.WriteString(holders)
	}
	failures, diags := c.l.failures, len(c.l.diags)
	inner := &call{l: c.l, name: c.name, at: c.at, span: c.span, args: []*val{textVal(h.tree.String(), c.args[0].span), textVal(b.String(), c.args[1].span)}}
	if inner.affordable() != nil {
		return nil, false
	}
	r := whole(inner)
	if c.l.failures > failures {
		// The expression does not match whatever the values are, or the text is
		// read in another way than the values are: leave it open.
		c.l.failures = failures
		if !c.l.exhausted {
			c.l.diags = c.l.diags[:diags]
		}
		return nil, false
	}
	return h.restore(c, r, back)
}

func (h *holding) restore(c *call, v *val, back []string) (*val, bool) {
	switch v.kind {
	case text:
		s, _ := v.known()
		var texts []value.Text
		for s != "" {
			at := strings.IndexFunc(s, func(r rune) bool { return r >= holder })
			if at < 0 {
				break
			}
			r, _ := utf8.DecodeRuneInString(s[at:])
			i := int(r - holder)
			if i >= len(back) || !strings.HasPrefix(s[at:], back[i]) {
				return nil, false
			}
			texts = append(texts, value.Lit(s[:at]), value.Ref(*h.refs[i].part.Ref))
			s = s[at+len(back[i]):]
		}
		if texts == nil {
			return v, true
		}
		return textOf(value.Join(append(texts, value.Lit(s))...), v.span), true
	case sequence:
		items := make([]*val, len(v.items))
		for i, item := range v.items {
			r, ok := h.restore(c, item, back)
			if !ok {
				return nil, false
			}
			items[i] = r
		}
		return seqVal(items, v.span), true
	case mapping:
		fields := slices.Clone(v.fields)
		for i := range fields {
			r, ok := h.restore(c, fields[i].val, back)
			if !ok {
				return nil, false
			}
			fields[i].val = r
		}
		return mapVal(fields, v.span), true
	}
	return v, true
}

// bounds are what is known of a number that is not.
type bounds struct {
	least, most int // most is -1 where there is no limit
}

// between returns the length of something that is not known wholly.
func (c *call) between(least, most int) *val {
	v := c.derived()
	v.bounds = &bounds{least, most}
	return v
}

// limits returns between which numbers a number lies; ok is false where nothing is known.
func (v *val) limits() (least, most *big.Float, ok bool) {
	switch {
	case v.maybe != nil:
	case v.kind == number:
		return v.num, v.num, true
	case v.kind == unknown && v.bounds != nil:
		least = new(big.Float).SetInt64(int64(v.bounds.least))
		if v.bounds.most >= 0 {
			most = new(big.Float).SetInt64(int64(v.bounds.most))
		}
		return least, most, true
	}
	return nil, nil, false
}

// ordered compares numbers of which only limits are known.
func ordered(op *hclsyntax.Operation, a, b *val) truth {
	aLeast, aMost, ok := a.limits()
	bLeast, bMost, alsoOK := b.limits()
	if !ok || !alsoOK {
		return perhaps
	}
	below := func(most, least *big.Float, orEqual bool) bool {
		return most != nil && least != nil && (most.Cmp(least) < 0 || orEqual && most.Cmp(least) == 0)
	}
	switch op {
	case hclsyntax.OpLessThan:
		switch {
		case below(aMost, bLeast, false):
			return yes
		case below(bMost, aLeast, true):
			return no
		}
	case hclsyntax.OpLessThanOrEqual:
		switch {
		case below(aMost, bLeast, true):
			return yes
		case below(bMost, aLeast, false):
			return no
		}
	case hclsyntax.OpGreaterThan:
		return ordered(hclsyntax.OpLessThan, b, a)
	case hclsyntax.OpGreaterThanOrEqual:
		return ordered(hclsyntax.OpLessThanOrEqual, b, a)
	case hclsyntax.OpEqual:
		if below(aMost, bLeast, false) || below(bMost, aLeast, false) {
			return no
		}
	}
	return perhaps
}

// inverse makes a function whose result remembers what it was made of, where
// that is not known wholly: another function makes that of it again.
func inverse(of string, f func(*call) *val) func(*call) *val {
	return func(c *call) *val {
		if from := c.args[0].from; from != nil && from.function == of && c.args[0].maybe == nil && sameArguments(from.rest, c.args[1:]) {
			return from.arg.placed(c.span)
		}
		v := f(c)
		if v.kind == unknown && !c.args[0].wholly() {
			v = v.at(v.span)
			v.from = &origin{c.name, c.args[0], c.args[1:]}
		}
		return v
	}
}

// origin is the call that a value is the result of.
type origin struct {
	function string
	arg      *val
	rest     []*val
}

func sameArguments(a, b []*val) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !same(a[i], b[i]) {
			return false
		}
	}
	return true
}

// transpose swaps the keys and values of a map of lists of strings.
//
// https://developer.hashicorp.com/terraform/language/functions/transpose
func transpose(c *call) *val {
	v := c.args[0]
	if v.kind == unknown || v.maybe != nil || v.kind == mapping && (v.open != nil || v.inst != nil || v.mod != nil) {
		return c.derived()
	}
	if v.kind != mapping {
		return c.errorf("expected a map of lists of strings, found %s", v.kind)
	}
	lists := map[string][]*val{}
	var open []*val
	for _, f := range v.sorted() {
		if f.val.kind == unknown || f.val.maybe != nil && f.val.kind == null {
			open = append(open, f.val)
			continue
		}
		if f.val.kind != sequence {
			return c.errorf("expected a map of lists of strings, found %s in it", f.val.kind)
		}
		for _, item := range f.val.items {
			key := textVal(f.key, f.span)
			if why := cmpMaybe(f.val, item); why != nil {
				key = key.doubted(why)
			}
			s, ok := item.certain().known()
			switch {
			case ok:
				lists[s] = append(lists[s], key)
			case item.kind == unknown || item.kind == text:
				open = append(open, item)
			default:
				return c.errorf("expected a map of lists of strings, found %s in a list", item.kind)
			}
		}
	}
	var fields []field
	for _, k := range sortedKeys(lists) {
		list := seqVal(lists[k], c.span)
		f := field{k, c.span, list}
		if !list.fixed() && !slices.ContainsFunc(list.items, func(i *val) bool { return i.maybe == nil }) {
			f.val = list.doubted(list.items[0].maybe)
		}
		fields = append(fields, f)
	}
	out := mapVal(fields, c.span)
	if open != nil {
		out.open = derived(c.name, c.span, open...)
		why := out.open.ref()
		keys := v.sorted()
		for i, f := range out.fields {
			// What is not known may add any key of the map to it.
			more := slices.Clone(f.val.items)
			there := map[string]bool{}
			for _, o := range more {
				there[o.text.Literal] = true
			}
			for _, from := range keys {
				if !there[from.key] {
					more = append(more, textVal(from.key, from.span).doubted(why))
				}
			}
			list := seqVal(more, c.span)
			list.loose, list.maybe = true, f.val.maybe
			out.fields[i].val = list
		}
	}
	return out
}

func cmpMaybe(list ...*val) *value.Reference {
	for _, v := range list {
		if v.maybe != nil {
			return v.maybe
		}
	}
	return nil
}
