package validate

import "strings"

// covers reports whether a glob matches all that another one matches. It may miss
// that a question mark covers a piece of a star. Texts are compared as they are:
// fold them first where letter case does not count.
func covers(wide, narrow string) bool {
	wide, narrow = normal(wide), normal(narrow)
	star, from := -1, 0 // the last star of wide, and where what it stands for ends
	i, j := 0, 0
	for j < len(narrow) {
		switch {
		case i < len(wide) && wide[i] == '*':
			star, from = i, j
			i++
		case i < len(wide) && (wide[i] == narrow[j] || wide[i] == '?' && narrow[j] != '*'):
			i, j = i+1, j+1
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(wide[i:], "*") == ""
}

// overlaps reports whether some text matches both globs.
func overlaps(a, b string) bool {
	if k := strings.IndexAny(a, "*?"); k >= 0 {
		if m := strings.IndexAny(b, "*?"); m >= 0 && a[:min(k, m)] != b[:min(k, m)] {
			return false
		}
	}
	if !hasWildcard(b) {
		return covers(a, b)
	}
	if !hasWildcard(a) {
		return covers(b, a)
	}
	// row[j] says whether a up to i and b up to j can be the same text.
	row, next := make([]bool, len(b)+1), make([]bool, len(b)+1)
	row[0] = true
	for j := 0; j < len(b) && b[j] == '*'; j++ {
		row[j+1] = true
	}
	for i := range len(a) {
		next[0] = row[0] && a[i] == '*'
		for j := range len(b) {
			if a[i] == '*' || b[j] == '*' {
				next[j+1] = row[j+1] || next[j]
			} else {
				next[j+1] = row[j] && (a[i] == b[j] || a[i] == '?' || b[j] == '?')
			}
		}
		row, next = next, row
	}
	return row[len(b)]
}

// normal puts the question marks of a run of wildcards before its star, so that
// covers need not try both orders.
func normal(glob string) string {
	if !strings.Contains(glob, "*?") && !strings.Contains(glob, "**") {
		return glob
	}
	var b strings.Builder
	for i := 0; i < len(glob); {
		j := i
		for j < len(glob) && (glob[j] == '*' || glob[j] == '?') {
			j++
		}
		if j == i {
			b.WriteByte(glob[i])
			i++
			continue
		}
		b.WriteString(strings.Repeat("?", strings.Count(glob[i:j], "?")))
		if strings.Contains(glob[i:j], "*") {
			b.WriteByte('*')
		}
		i = j
	}
	return b.String()
}

func hasWildcard(s string) bool {
	return strings.IndexByte(s, '*') >= 0 || strings.IndexByte(s, '?') >= 0
}
