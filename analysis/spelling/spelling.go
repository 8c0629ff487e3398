// Package spelling finds the name that was probably meant by one that is unknown, and
// writes numbers of things.
package spelling

import "strings"

// Nearest returns the one of names that name was probably meant to be, "" when
// none is near: equal but for the letter case, or at most two letters inserted,
// deleted, replaced or swapped with their neighbour, at most one in a short name.
func Nearest(name string, names []string) string {
	best, bestDistance := "", 3
	for _, candidate := range names {
		if strings.EqualFold(name, candidate) {
			return candidate
		}
		if len(candidate) < 3 {
			continue
		}
		limit := min(bestDistance, max(2, 1+len(candidate)/4))
		if d := distance(strings.ToLower(name), strings.ToLower(candidate), limit); d < limit {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete, replace or swap with their
// neighbour that turns a into b (optimal string alignment), or limit if it is not
// less.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit // which keeps the rows small, whatever a is
	}
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
	return min(one[len(b)], limit)
}
