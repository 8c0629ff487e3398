package validate

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// Parts of an ARN.
const (
	arnPrefix = iota
	arnPartition
	arnService
	arnRegion
	arnAccount
	arnResource
)

// arn is the parts of an ARN as far as they are known: a part with a reference
// in it is unknown, and so is all behind one that may have colons.
type arn struct {
	parts [6]string
	known [6]bool
	count int // of parts
	open  bool
}

// arnOf splits a text at its first five colons. A policy variable has colons of
// its own and is one piece.
func arnOf(t value.Text) arn {
	var a arn
	a.known[0] = true
	pieces := t.Parts
	if pieces == nil {
		pieces = []value.Part{{Literal: t.Literal}}
	}
	at, variable := 0, 0
	var b strings.Builder
	end := func() {
		a.parts[at] = b.String()
		b.Reset()
	}
	for _, p := range pieces {
		if p.Ref != nil {
			a.known[at] = false
			if p.Ref.Is == value.Anything {
				a.open = true
				a.count = at + 1
				end()
				return a
			}
			continue
		}
		for i := 0; i < len(p.Literal); i++ {
			c := p.Literal[i]
			switch {
			case c == '$' && strings.HasPrefix(p.Literal[i:], "${"):
				variable++
			case c == '}' && variable > 0:
				variable--
			case c == ':' && at < arnResource && variable == 0:
				end()
				at++
				a.known[at] = true
				continue
			}
			b.WriteByte(c)
		}
	}
	end()
	a.count = at + 1
	return a
}

// literal returns a part that is known and has neither wildcards nor variables.
func (a *arn) literal(part int) (string, bool) {
	s := a.parts[part]
	return s, a.known[part] && part < a.count && !hasWildcard(s) && !strings.Contains(s, "${")
}

// glob returns a part that is known, with every policy variable as a star.
func (a *arn) glob(part int) (string, bool) {
	if !a.known[part] || part >= a.count {
		return "", false
	}
	return withoutVariables(a.parts[part]), true
}

// withoutVariables returns a glob with every policy variable replaced by a star.
// ${*}, ${?} and ${$} are the characters themselves; nothing compares them.
func withoutVariables(s string) string {
	for {
		start := strings.Index(s, "${")
		if start < 0 {
			return s
		}
		end := strings.IndexByte(s[start:], '}')
		if end < 0 {
			return s[:start] + "*"
		}
		s = s[:start] + "*" + s[start+end+1:]
	}
}

// arnCovers reports whether one ARN pattern matches all that another one does:
// part by part, as IAM compares them.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func arnCovers(wide, narrow string) bool {
	if wide == "*" {
		return true
	}
	w, n := arnOf(value.Lit(wide)), arnOf(value.Lit(narrow))
	if w.count != n.count {
		return false
	}
	for i := range w.count {
		if !covers(w.parts[i], n.parts[i]) {
			return false
		}
	}
	return true
}
