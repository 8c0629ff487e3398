package value

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// Delimiters of a stand-in, and what the characters that policies and ARNs give
// a meaning become inside it. All are of Unicode's private use area.
const (
	open  = '\uE000'
	close = '\uE001'
	inner = '\uE010'
)

const meaningful = `:/*?${},'"` + " " + "[]()<>|;&!#%^~\\`"

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

// digits of a stand-in of a fixed length: a character of Unicode's plane 15 each,
// which holds sixteen bits.
const digits = '\U000F0000'

// shortest is the length of the shortest stand-in that tells names apart: two
// delimiters and a digit.
const shortest = 3

// OwnCanonicalUser names the canonical user id of the account that is deployed to.
const OwnCanonicalUser = "canonical user id of your account"

// StandInOf is a stand-in with as many characters as the text in whose place it
// is, so that a pattern of question marks matches it as well. A length that is
// not known is 0.
func StandInOf(name string, length int) string {
	if length < shortest {
		return StandIn(name)
	}
	sum := sha256.Sum256([]byte(name))
	var b strings.Builder
	b.WriteRune(open)
	for i := range length - 2 {
		at := i * 2 % len(sum)
		// The last two code points of the plane are not characters.
		b.WriteRune(digits + rune(binary.BigEndian.Uint16(sum[at:]))%0xFFFE)
	}
	b.WriteRune(close)
	return b.String()
}

// Opening returns the character that every stand-in begins with.
func Opening() string { return string(open) }

// HasStandIn reports whether a text has a stand-in in it.
func HasStandIn(s string) bool { return strings.ContainsRune(s, open) }

// CutStandIn returns what stands before and after the first stand-in of a text
// that has one, and the length of what it stands for, 0 if that is not known.
func CutStandIn(s string) (before, after string, length int) {
	i := strings.IndexRune(s, open)
	n := strings.IndexRune(s[i:], close)
	if n < 0 {
		return s[:i], "", 0
	}
	inside := s[i+len(string(open)) : i+n]
	if r, _ := utf8.DecodeRuneInString(inside); isDigit(r) {
		length = utf8.RuneCountInString(inside) + 2
	}
	return s[:i], s[i+n+len(string(close)):], length
}

func isDigit(r rune) bool { return r >= digits && r < digits+0xFFFE }

// Shown writes stand-ins for people, as ${name}, those of a fixed length as
// question marks.
func Shown(s string) string {
	if !HasStandIn(s) {
		return s
	}
	var b strings.Builder
	for HasStandIn(s) {
		before, after, length := CutStandIn(s)
		inside := s[len(before) : len(s)-len(after)]
		b.WriteString(before)
		if length > 0 {
			b.WriteString(strings.Repeat("?", length))
		} else {
			showName(&b, inside)
		}
		s = after
	}
	b.WriteString(s)
	return b.String()
}

// showName writes a stand-in with its name in it.
func showName(b *strings.Builder, s string) {
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
}
