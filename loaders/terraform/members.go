package terraform

import "strconv"

// scalarKey returns a text that known scalars have in common only where they are
// equal; ok is false for all other values.
func (v *val) scalarKey() (key string, ok bool) {
	if v.maybe != nil {
		return "", false
	}
	switch v.kind {
	case null:
		return "z", true
	case boolean:
		return "b" + strconv.FormatBool(v.flag), true
	case number:
		if v.num.Sign() == 0 {
			return "n0", true
		}
		return "n" + v.num.Text('p', 0), true
	case text:
		s, known := v.string().Known()
		return "t" + s, known
	}
	return "", false
}

// members are the elements of a list that others are compared with: known
// scalars are looked up, all others are gone through.
type members struct {
	scalars map[string]bool
	list    []*val // that the scalars are of
	others  []*val
}

func membersOf(items []*val) *members {
	m := &members{scalars: map[string]bool{}}
	for _, item := range items {
		m.add(item)
	}
	return m
}

func (m *members) add(item *val) {
	if key, ok := item.scalarKey(); ok {
		if !m.scalars[key] {
			m.scalars[key] = true
			m.list = append(m.list, item)
		}
		return
	}
	m.others = append(m.others, item)
}

// has reports whether a value is among the members as it is written.
func (m *members) has(item *val) bool {
	if key, ok := item.scalarKey(); ok {
		return m.scalars[key] // no other value is the same as a known scalar
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
	key, scalar := item.scalarKey()
	if scalar && m.scalars[key] {
		return yes
	}
	result := no
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
	if !scalar {
		look(m.list)
	}
	if result != yes {
		look(m.others)
	}
	return result
}
