package terraform

import "slices"

// merge. What is not known may replace what is before it, and is replaced by
// what is behind it.
func merge(c *call) *val {
	out := &val{kind: mapping, span: c.span}
	var open []*val
	places := map[string]int{} // of keys among the fields
	for _, a := range c.args {
		switch {
		case a.isNull():
			continue
		case a.kind == unknown, a.kind == mapping && (a.inst != nil || a.mod != nil):
			open = append(open, a)
			out.open = derived("merge", c.span, append(open, out)...)
			shadow(out)
			continue
		case a.kind != mapping:
			return c.errorf("expected maps or objects, found %s", a.kind)
		}
		if a.open != nil {
			open = append(open, a.open)
			before := out.fields
			out = &val{kind: mapping, span: c.span, fields: slices.Clone(before)}
			out.open = derived("merge", c.span, append(open, a)...)
			shadow(out)
			if a.each != nil && len(c.args) == 1 {
				out.each = a.each
			}
		}
		for _, f := range a.fields {
			if !c.l.spend(1, c.span) {
				return c.l.failed(c.span)
			}
			why := f.val.maybe
			if why == nil {
				why = a.maybe
			}
			at, found := places[f.key]
			switch {
			case !found && a.maybe != nil:
				f.val = f.val.doubted(a.maybe)
				fallthrough
			case !found:
				places[f.key] = len(out.fields)
				out.fields = append(out.fields, f)
			case why != nil:
				old := out.fields[at].val
				out.fields[at].val = c.l.either([]*val{old, f.val.certain()}, why, func() string { return why.Name + " in merge #" + tag("merge", old, f.val) }, f.val.span)
			default:
				out.fields[at] = f
			}
		}
	}
	v := mapVal(out.fields, c.span)
	v.open, v.each = out.open, out.each
	return v
}

func keys(c *call) *val {
	v := c.args[0]
	pairs, ok := c.l.elements(v, c.at[0], c.span)
	if !ok || v.kind == sequence {
		return c.errorf("expected a map, found %s", v.kind)
	}
	items := make([]*val, len(pairs))
	for i, p := range pairs {
		items[i] = p.key
		if p.val.maybe != nil {
			items[i] = p.key.doubted(p.val.maybe)
		}
	}
	return seqVal(items, c.span)
}

func values(c *call) *val {
	v := c.args[0]
	pairs, ok := c.l.elements(v, c.at[0], c.span)
	if !ok || v.kind == sequence {
		return c.errorf("expected a map, found %s", v.kind)
	}
	items := make([]*val, len(pairs))
	for i, p := range pairs {
		items[i] = p.val
	}
	return seqVal(items, c.span)
}

func lookup(c *call) *val {
	m, key := c.args[0], c.args[1]
	if m.kind != mapping && m.kind != unknown {
		return c.errorf("expected a map, found %s", m.kind)
	}
	if len(c.args) == 2 {
		return c.l.indexed(m, key, c.span)
	}
	fallback := c.args[2]
	s, known := key.known()
	if known && m.kind == mapping && m.maybe == nil && m.inst == nil && m.mod == nil {
		f := m.get(s)
		switch {
		case f != nil && f.maybe == nil:
			return f.placed(c.span)
		case f == nil && m.open == nil:
			return fallback
		case f != nil:
			return c.either(f.certain(), fallback)
		}
	}
	if m.kind == mapping && m.open == nil && !known && m.inst == nil && m.mod == nil {
		choices := []*val{fallback}
		for _, f := range m.sorted() {
			choices = append(choices, f.val.certain())
		}
		return c.either(choices...)
	}
	return c.either(derived("lookup", c.span, m, key), fallback)
}

// either returns what is known of one of several results.
func (c *call) either(choices ...*val) *val {
	c.l.doubts++
	why := c.l.failed(c.span).ref()
	for _, a := range append([]*val{c.args[1]}, c.args...) {
		if r := a.cause(); r != nil {
			why = r
			break
		}
	}
	return either(choices, why, why.Name+" in "+c.name+" #"+tag(c.name, c.args...), c.span)
}

func zipMap(c *call) *val {
	ks, ok := c.items(0)
	vs, alsoOK := c.items(1)
	if !ok || !alsoOK {
		return c.l.failed(c.span)
	}
	if !seqFixed(c.args[0]) || !seqFixed(c.args[1]) {
		v := mapVal(nil, c.span)
		v.open = derived("zipmap", c.span, c.args...)
		return v
	}
	if len(ks) != len(vs) {
		return c.errorf("%d keys and %d values, expected as many of both", len(ks), len(vs))
	}
	var fields []field
	var open []*val
	for i, k := range ks {
		name, known := c.l.keyText(k)
		if !known {
			open = append(open, k, vs[i])
			continue
		}
		fields = append(fields, field{name, k.span, vs[i]})
	}
	v := mapVal(unique(fields), c.span)
	if open != nil {
		v.open = derived("zipmap", c.span, open...)
		shadow(v)
	}
	return v
}
