package terraform

import (
	"slices"

	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/iaclint/iaclint/analysis/value"
)

// pairs returns the elements of a list argument.
func (c *call) pairs(i int) ([]pair, bool) {
	pairs, ok := c.l.elements(c.args[i], c.at[min(i, len(c.at)-1)], c.span)
	if !ok {
		c.errorf("argument %d must be a list, found %s", i+1, c.args[i].kind)
	}
	return pairs, ok
}

// items returns the elements of a list argument, those of an unknown one in doubt.
func (c *call) items(i int) ([]*val, bool) {
	pairs, ok := c.pairs(i)
	if !ok {
		return nil, false
	}
	items := make([]*val, len(pairs))
	for j, p := range pairs {
		items[j] = p.val
	}
	return items, true
}

func concat(c *call) *val {
	var items []*val
	loose := false
	for i, a := range c.args {
		list, ok := c.items(i)
		if !ok {
			return c.l.failed(c.span)
		}
		items = append(items, list...)
		loose = loose || a.loose
	}
	v := seqVal(items, c.span)
	if len(c.args) == 1 {
		v.span = c.args[0].placed(c.span).span
	}
	v.loose = loose
	return v
}

// chunkList cuts a list into lists of some length, all into one when that is 0.
func chunkList(c *call) *val {
	items, ok := c.items(0)
	n, isNumber := c.l.numberOf(c.args[1])
	switch {
	case !ok || !isNumber:
		return c.errorf("expected a list and a number")
	case n == nil || c.args[0].kind != sequence || c.args[0].maybe != nil:
		return c.derived()
	}
	size, _ := n.Int64()
	if size < 0 {
		return c.errorf("the size of a part must not be negative, found %d", size)
	}
	if size == 0 {
		size = int64(max(len(items), 1))
	}
	if !c.args[0].fixed() {
		return c.partsOf(items, size)
	}
	var parts []*val
	for len(items) > 0 {
		k := int(min(size, int64(len(items))))
		parts = append(parts, seqVal(items[:k:k], c.span))
		items = items[k:]
	}
	return seqVal(parts, c.span)
}

// partsOf cuts a list of which not all elements are known to be there: parts before
// the first of these are as they are, and of one element are those behind it; else
// the last part has all of these.
func (c *call) partsOf(items []*val, size int64) *val {
	c.l.doubts++
	lead := slices.IndexFunc(items, func(i *val) bool { return i.maybe != nil })
	if c.args[0].loose || lead < 0 {
		lead = 0
	}
	var parts []*val
	for ; size <= int64(lead); lead -= int(size) {
		parts = append(parts, seqVal(items[:size:size], c.span))
		items = items[size:]
	}
	if size > 1 {
		last := seqVal(items, c.span)
		last.loose = true
		items, parts = nil, append(parts, last.doubted(c.undecided()))
	}
	for _, item := range items {
		part := seqVal([]*val{item.certain()}, c.span)
		if item.maybe != nil {
			part = part.doubted(item.maybe)
		}
		parts = append(parts, part)
	}
	v := seqVal(parts, c.span)
	v.loose = c.args[0].loose
	return v
}

// flatten. What is not known among the elements may be a list in its turn.
func flatten(c *call) *val {
	if k := c.args[0].kind; k != sequence && k != unknown {
		return c.errorf("expected a list, found %s", k)
	}
	items, ok := c.items(0)
	if !ok {
		return c.l.failed(c.span)
	}
	v := seqVal(nil, c.span)
	v.loose = c.args[0].loose
	var add func(items []*val, why *value.Reference) bool
	add = func(items []*val, why *value.Reference) bool {
		for _, item := range items {
			if !c.l.spend(1, c.span) {
				return false
			}
			if why != nil {
				item = item.doubted(why)
			}
			switch item.kind {
			case sequence:
				v.loose = v.loose || item.loose
				if !add(item.items, item.maybe) {
					return false
				}
			case unknown:
				v.items = append(v.items, item.doubted(item.ref()))
			default:
				v.items = append(v.items, item)
			}
		}
		return true
	}
	if !add(items, nil) {
		return c.l.failed(c.span)
	}
	return v
}

func compact(c *call) *val {
	items, ok := c.items(0)
	if !ok {
		return c.l.failed(c.span)
	}
	v := seqVal(nil, c.span)
	v.loose = c.args[0].loose
	for _, item := range items {
		switch empty := equal(item, textVal("", c.span)); {
		case item.isNull() || empty == yes:
		case item.kind == unknown || item.maybe == nil && empty == perhaps && !nonEmpty(item.string()):
			v.items = append(v.items, item.doubted(item.cause()))
		default:
			v.items = append(v.items, item)
		}
	}
	return v
}

// nonEmpty reports whether a text has at least one character for certain.
func nonEmpty(t value.Text) bool {
	if t.Parts == nil {
		return t.Literal != ""
	}
	return slices.ContainsFunc(t.Parts, func(p value.Part) bool { return p.Ref == nil || p.Ref.Is != value.Anything })
}

func distinct(c *call) *val {
	items, ok := c.items(0)
	if !ok {
		return c.l.failed(c.span)
	}
	loose := c.args[0].loose
	var out []*val
	seen := membersOf(nil)
	for _, item := range items {
		if seen.has(item) {
			continue
		}
		loose = loose || seen.in(item) == perhaps
		seen.add(item)
		out = append(out, item)
	}
	v := seqVal(out, c.span)
	v.loose = loose
	return v
}

func contains(c *call) *val {
	items, ok := c.items(0)
	if !ok {
		return c.l.failed(c.span)
	}
	found := no
	for _, item := range items {
		switch equal(item.certain(), c.args[1]) {
		case yes:
			if item.maybe == nil {
				return boolVal(true, c.span)
			}
			found = perhaps
		case perhaps:
			found = perhaps
		}
	}
	if found == perhaps {
		return c.derived()
	}
	return boolVal(false, c.span)
}

// length, where it is not known, is at least that of what is there for certain.
func length(c *call) *val {
	v := c.args[0]
	if v.maybe != nil {
		return c.between(0, -1)
	}
	least := 0
	switch v.kind {
	case unknown:
		return c.between(0, -1)
	case sequence:
		if v.fixed() && (!v.isSet || v.wholly() || len(v.items) < 2) {
			return intVal(len(v.items), c.span)
		}
		for _, item := range v.items {
			if item.maybe == nil {
				least++
			}
		}
		if v.isSet || v.loose {
			least = min(least, 1) // two of them may be one
		}
	case mapping:
		if v.inst != nil || v.mod != nil {
			return c.derived()
		}
		for _, f := range v.fields {
			if f.val.maybe == nil {
				least++
			}
		}
		if v.open == nil && least == len(v.fields) {
			return intVal(least, c.span)
		}
		if v.open == nil {
			return c.between(least, len(v.fields))
		}
	case text:
		if _, known := v.known(); known {
			return library(stdlib.StrlenFunc)(c)
		}
		least = leastCharacters(v.pieces())
	default:
		return c.errorf("expected a list, a map or a string, found %s", v.kind)
	}
	return c.between(least, -1)
}

// leastCharacters is how many characters a text has at least, as users see them: what
// is no letter of ASCII may be part of the one before, or have the next one in it.
//
// https://unicode.org/reports/tr29/#Grapheme_Cluster_Boundaries
func leastCharacters(pieces []chunk) int {
	least, some, open := 0, 0, false // open: the next one may be part of what is before
	for _, k := range pieces {
		if k.part.Ref != nil {
			if open = true; alphabets[k.part.Ref.Is] != "" {
				some = 1
			}
			continue
		}
		for _, r := range k.part.Literal {
			some = 1
			if r >= ' ' && r < 0x7f && !open {
				least++
			}
			open = r >= 0x7f
		}
	}
	return max(least, some)
}

func elementOf(c *call) *val {
	v := c.args[0]
	n, ok := c.l.numberOf(c.args[1])
	switch {
	case !ok:
		return c.errorf("index must be a number, found %s", c.args[1].kind)
	case v.kind == unknown || v.maybe != nil:
		return c.derived()
	case v.kind != sequence:
		return c.errorf("expected a list, found %s", v.kind)
	case v.fixed() && len(v.items) == 0:
		return c.errorf("the list is empty")
	case n == nil || !v.fixed():
		return c.l.elementAt(v, nil, c.args[1], c.span)
	}
	i, _ := n.Int64()
	size := int64(len(v.items))
	return v.items[((i%size)+size)%size].placed(c.span)
}

func indexOf(c *call) *val {
	items, ok := c.items(0)
	if !ok {
		return c.l.failed(c.span)
	}
	for i, item := range items {
		switch {
		case item.maybe != nil || c.args[0].loose || equal(item, c.args[1]) == perhaps:
			return c.derived()
		case equal(item, c.args[1]) == yes:
			return intVal(i, c.span)
		}
	}
	return c.errorf("the list does not have the value")
}

func reverse(c *call) *val {
	items, ok := c.items(0)
	if !ok {
		return c.l.failed(c.span)
	}
	items = slices.Clone(items)
	slices.Reverse(items)
	v := seqVal(items, c.span)
	v.loose = c.args[0].loose
	return v
}

func slice(c *call) *val {
	items, ok := c.items(0)
	from, ok1 := c.l.numberOf(c.args[1])
	to, ok2 := c.l.numberOf(c.args[2])
	if !ok || !ok1 || !ok2 {
		return c.errorf("expected a list and two numbers")
	}
	if from == nil || to == nil || c.args[0].kind != sequence || !c.args[0].fixed() {
		return c.some(items)
	}
	i, _ := from.Int64()
	j, _ := to.Int64()
	if i < 0 || j < i || j > int64(len(items)) {
		return c.errorf("%d to %d is out of range: the list has %d elements", i, j, len(items))
	}
	return seqVal(items[i:j], c.span)
}

// some returns a list of some of the elements, of which it is not known which.
func (c *call) some(items []*val) *val {
	c.l.doubts++
	out := make([]*val, len(items))
	why := derived(c.name, c.span, c.args...).ref()
	for i, item := range items {
		out[i] = item.doubted(why)
	}
	v := seqVal(out, c.span)
	v.loose = true
	return v
}

func sortStrings(c *call) *val {
	items, ok := c.items(0)
	if !ok {
		return c.l.failed(c.span)
	}
	if c.args[0].wholly() {
		texts := make([]string, len(items))
		for i, item := range items {
			t, ok := item.scalarText()
			if !ok {
				return c.errorf("expected a list of strings, found %s in it", item.kind)
			}
			texts[i] = t.Literal
		}
		slices.Sort(texts)
		sorted := make([]*val, len(texts))
		for i, t := range texts {
			sorted[i] = textVal(t, c.resultSpan())
		}
		return seqVal(sorted, c.resultSpan())
	}
	v := seqVal(items, c.span)
	v.loose = true
	return v
}

func allTrue(c *call) *val { return c.fold(yes, no) }

func anyTrue(c *call) *val { return c.fold(no, yes) }

// fold looks for an element that decides; without one, the result is the other.
func (c *call) fold(otherwise, decides truth) *val {
	items, ok := c.items(0)
	if !ok {
		return c.l.failed(c.span)
	}
	result := otherwise
	for _, item := range items {
		if item.isNull() {
			if decides == no {
				return boolVal(false, c.span)
			}
			continue
		}
		t, ok := truthy(item.certain())
		switch {
		case !ok:
			return c.errorf("expected a list of booleans, found %s in it", item.kind)
		case t == decides && item.maybe == nil:
			return boolVal(decides == yes, c.span)
		case t != otherwise:
			result = perhaps
		}
	}
	if result == perhaps {
		return c.derived()
	}
	return boolVal(result == yes, c.span)
}

// coalesce returns the first argument that is neither null nor an empty string.
func coalesce(c *call) *val {
	return c.firstOf(func(v *val) truth {
		switch {
		case v.isNull():
			return no
		case v.kind == unknown || v.maybe != nil:
			return perhaps
		case v.kind == text:
			if nonEmpty(v.string()) {
				return yes
			}
			return equal(v, textVal("", c.span)).not()
		}
		return yes
	})
}

// coalesceList returns the first list that is not empty.
func coalesceList(c *call) *val {
	return c.firstOf(func(v *val) truth {
		switch {
		case v.isNull():
			return no
		case v.kind == unknown || v.maybe != nil:
			return perhaps
		case slices.ContainsFunc(v.items, func(i *val) bool { return i.maybe == nil }):
			return yes
		case len(v.items) == 0:
			return no
		}
		return perhaps
	})
}

func (c *call) firstOf(there func(*val) truth) *val {
	var choices []*val
	var why *value.Reference
	for _, a := range c.args {
		t := there(a)
		if t == no {
			continue
		}
		choices = append(choices, a.certain())
		if t == yes {
			break
		}
		if why == nil {
			why = a.cause()
		}
	}
	switch len(choices) {
	case 0:
		return c.errorf("no argument has a value")
	case 1:
		return choices[0]
	}
	if why == nil {
		why = c.l.failed(c.span).ref()
	}
	c.l.doubts++
	return either(choices, why, why.Name+" in "+c.name+" #"+tag(c.name, c.args...), c.span)
}

// one returns the only element of a list, or null for an empty one.
func one(c *call) *val {
	v := c.args[0]
	if v.kind == unknown || v.maybe != nil {
		return c.derived()
	}
	if v.kind != sequence {
		if v.isNull() {
			return v
		}
		return c.errorf("expected a list or set, found %s", v.kind)
	}
	certain := 0
	for _, item := range v.items {
		if item.maybe == nil {
			certain++
		}
	}
	switch {
	case len(v.items) == 0:
		return nullVal(c.span)
	case len(v.items) == 1:
		return v.items[0].placed(c.span) // one in doubt: it, or null
	case certain > 1 && !v.loose:
		return c.errorf("the list has more than one element")
	}
	return c.l.anyOf(v, v.items, nullVal(c.span), c.span)
}

func setUnion(c *call) *val {
	v := concat(c)
	if v.kind != sequence {
		return v
	}
	return setOf(v.items, c.span)
}

func setIntersection(c *call) *val {
	items, ok := c.items(0)
	if !ok {
		return c.l.failed(c.span)
	}
	for i := 1; i < len(c.args); i++ {
		others, ok := c.items(i)
		if !ok {
			return c.l.failed(c.span)
		}
		items = c.filter(items, membersOf(others), func(in truth) truth { return in })
	}
	return setOf(items, c.span)
}

func setSubtract(c *call) *val {
	items, ok := c.items(0)
	others, alsoOK := c.items(1)
	if !ok || !alsoOK {
		return c.l.failed(c.span)
	}
	return setOf(c.filter(items, membersOf(others), truth.not), c.span)
}

// filter keeps the elements that are wanted, given whether they are members.
func (c *call) filter(items []*val, others *members, wanted func(in truth) truth) []*val {
	var out []*val
	for _, item := range items {
		switch wanted(others.in(item.certain())) {
		case yes:
			out = append(out, item)
		case perhaps:
			out = append(out, item.doubted(c.undecided()))
		}
	}
	return out
}

func setProduct(c *call) *val {
	product := [][]*val{nil}
	isSet := true
	for i, a := range c.args {
		items, ok := c.items(i)
		if !ok {
			return c.l.failed(c.span)
		}
		isSet = isSet && a.isSet
		if !c.l.spend(len(product)*max(len(items), 1)*len(c.args), c.span) {
			return c.l.failed(c.span)
		}
		var next [][]*val
		for _, p := range product {
			for _, item := range items {
				next = append(next, append(p[:len(p):len(p)], item))
			}
		}
		product = next
	}
	items := make([]*val, len(product))
	for i, p := range product {
		var why *value.Reference
		certain := make([]*val, len(p))
		for j, item := range p {
			certain[j] = item.certain()
			if item.maybe != nil {
				why = item.maybe
			}
		}
		items[i] = seqVal(certain, c.span)
		if why != nil {
			items[i] = items[i].doubted(why)
		}
	}
	v := seqVal(items, c.span)
	v.isSet = isSet
	return v
}

// matchKeys returns the values whose keys are among those that are searched.
func matchKeys(c *call) *val {
	vals, ok := c.items(0)
	keys, ok1 := c.items(1)
	search, ok2 := c.items(2)
	if !ok || !ok1 || !ok2 {
		return c.l.failed(c.span)
	}
	if !c.args[0].wholly() && !seqFixed(c.args[0]) || !seqFixed(c.args[1]) {
		return c.some(vals)
	}
	if len(vals) != len(keys) {
		return c.errorf("%d values and %d keys, expected as many of both", len(vals), len(keys))
	}
	var items []*val
	searched := membersOf(search)
	for i, v := range vals {
		kept := c.filter([]*val{keys[i]}, searched, func(in truth) truth { return in })
		if len(kept) == 0 {
			continue
		}
		if kept[0].maybe != nil {
			v = v.doubted(kept[0].maybe)
		}
		items = append(items, v)
	}
	return seqVal(items, c.span)
}

func seqFixed(v *val) bool { return v.kind == sequence && v.maybe == nil && v.fixed() }
