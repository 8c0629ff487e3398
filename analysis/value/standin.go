package value

import "strings"

// Delimiters of a stand-in, and what the characters that policies and ARNs give
// a meaning become inside it. All are of Unicode's private use area.
const (
	open  = '\uE000'
	close = '\uE001'
	inner = '\uE010'
)

const meaningful = `:/*?${},'"` + " "

// StandIn is a text in place of one that is not known yet, although it is known
// what it is: the name that AWS will give to a resource of this stack. Wildcards
// match it as they match any name, and it equals nothing but itself.
func StandIn(name string) string {
	var b strings.Builder
	b.WriteRune(open)
	for _, r := range name {
		if i := strings.IndexRune(meaningful, r); i >= 0 {
			r = inner + rune(i)
		}
		b.WriteRune(r)
	}
	b.WriteRune(close)
	return b.String()
}

// HasStandIn reports whether a text has a stand-in in it.
func HasStandIn(s string) bool { return strings.ContainsRune(s, open) }

// CutStandIn returns what stands before and after the first stand-in of a text
// that has one.
func CutStandIn(s string) (before, after string) {
	i := strings.IndexRune(s, open)
	n := strings.IndexRune(s[i:], close)
	if n < 0 {
		return s[:i], ""
	}
	return s[:i], s[i+n+len(string(close)):]
}

// Shown writes stand-ins for people, as ${name}.
func Shown(s string) string {
	if !HasStandIn(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == open:
			b.WriteString("${")
		case r == close:
			b.WriteByte('}')
		case r >= inner && int(r-inner) < len(meaningful):
			b.WriteByte(meaningful[r-inner])
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
