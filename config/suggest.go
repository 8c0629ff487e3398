package config

import (
	"fmt"
	"strings"
)

// Nearest returns the candidate that differs from s in at most two letters, ""
// if there is none.
func Nearest(s string, candidates []string) string {
	best, found := 3, ""
	for _, c := range candidates {
		// The bound on the length keeps the table small, whatever s is.
		if len(s) > len(c)+2 || len(c) > len(s)+2 {
			continue
		}
		if d := distance(strings.ToLower(s), strings.ToLower(c)); d < best && d < len(c) {
			best, found = d, c
		}
	}
	return found
}

// Hint is a clause that follows the message about an unknown name: the name
// that was probably meant, else the valid ones.
func Hint(s string, candidates []string) string {
	if near := Nearest(s, candidates); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	if len(candidates) == 0 || len(candidates) > 30 {
		return ""
	}
	return "; valid are " + strings.Join(candidates, ", ")
}

// distance is the number of letters to insert, delete, replace or swap with
// their neighbour that turns a into b (optimal string alignment).
func distance(a, b string) int {
	two, one, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(one[j]+1, row[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		two, one, row = one, row, two
	}
	return one[len(b)]
}
