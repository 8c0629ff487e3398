package terraform

import "strconv"

// knownKey returns a text that values have in common only where they are the
// same as they are written. ok is false for a value that is not known in all of
// its parts, and for one with a set in it, which == may take for a list. sure is
// false where == does not say that a value equals its like: an empty list may be
// one of several types.
func (v *val) knownKey() (key string, sure, ok bool) {
	k := keyWriter{sure: true}
	if v.kind == text { // most are
		s, known := v.string().Known()
		return "t" + s, true, known && v.maybe == nil
	}
	ok = k.write(v)
	return string(k.text), k.sure, ok
}

// isKnown reports whether a value has a key.
func (v *val) isKnown() bool {
	if v.maybe != nil {
		return false
	}
	switch v.kind {
	case unknown:
		return false
	case text:
		_, known := v.string().Known()
		return known
	case sequence:
		if v.loose || v.isSet {
			return false
		}
		for _, item := range v.items {
			if !item.isKnown() {
				return false
			}
		}
	case mapping:
		if v.open != nil || v.inst != nil || v.mod != nil {
			return false
		}
		for _, f := range v.fields {
			if !f.val.isKnown() {
				return false
			}
		}
	}
	return true
}

// keyWriter writes keys: for each value its kind, its length and its content.
type keyWriter struct {
	text []byte
	sure bool
}

func (k *keyWriter) write(v *val) bool {
	if !v.shallowKnown() {
		return false
	}
	switch v.kind {
	case null:
		k.text = append(k.text, 'z')
	case boolean:
		k.text = strconv.AppendBool(append(k.text, 'b'), v.flag)
	case number:
		if k.text = append(k.text, 'n'); v.num.Sign() == 0 {
			k.text = append(k.text, '0', ';')
			break
		}
		k.text = append(v.num.Append(k.text, 'p', 0), ';')
	case text:
		s, known := v.string().Known()
		if !known {
			return false
		}
		k.string('t', s)
	case sequence:
		k.sure = k.sure && len(v.items) > 0
		k.length('s', len(v.items))
		for _, item := range v.items {
			if !k.write(item) {
				return false
			}
		}
	case mapping:
		fields := v.lasting()
		k.length('m', len(fields))
		for _, f := range fields {
			k.string('k', f.key)
			if !k.write(f.val) {
				return false
			}
		}
	}
	return true
}

func (k *keyWriter) length(kind byte, n int) {
	k.text = append(strconv.AppendInt(append(k.text, kind), int64(n), 10), ';')
}

func (k *keyWriter) string(kind byte, s string) {
	k.length(kind, len(s))
	k.text = append(k.text, s...)
}

// shallowKnown is isKnown but for what is in the value.
func (v *val) shallowKnown() bool {
	return v.maybe == nil && v.kind != unknown && !v.loose && !v.isSet && v.open == nil && v.inst == nil && v.mod == nil
}

// lasting returns the fields that count, in the order of their keys: the last of
// duplicates.
func (v *val) lasting() []field {
	fields := v.sorted()
	out := fields[:0]
	for i, f := range fields {
		if i == len(fields)-1 || fields[i+1].key != f.key {
			out = append(out, f)
		}
	}
	return out
}

// members are the elements of a list that others are compared with: known values
// are looked up, all others are gone through.
type members struct {
	known  map[string]bool // whether == is sure of it
	list   []*val          // that the known ones are
	others []*val
}

func membersOf(items []*val) *members {
	m := &members{known: map[string]bool{}}
	for _, item := range items {
		m.add(item)
	}
	return m
}

func (m *members) add(item *val) {
	if key, sure, ok := item.knownKey(); ok {
		if _, there := m.known[key]; !there {
			m.known[key] = sure
			m.list = append(m.list, item)
		}
		return
	}
	m.others = append(m.others, item)
}

// has reports whether a value is among the members as it is written.
func (m *members) has(item *val) bool {
	if key, _, ok := item.knownKey(); ok {
		_, there := m.known[key]
		return there // no other value is the same as a known one
	}
	for _, o := range m.others {
		if same(o, item) {
			return true
		}
	}
	return false
}

// in reports whether a value is for certain, or perhaps, equal to a member.
func (m *members) in(item *val) truth {
	key, _, ok := item.knownKey()
	result := no
	if sure, there := m.known[key]; ok && there {
		if sure {
			return yes
		}
		result = perhaps
	}
	look := func(list []*val) {
		for _, o := range list {
			switch t := equal(item, o.certain()); {
			case t == yes && o.maybe == nil:
				result = yes
				return
			case t != no:
				result = perhaps
			}
		}
	}
	if !ok {
		look(m.list)
	}
	if result != yes {
		look(m.others)
	}
	return result
}
