package policy

import "strings"

// Nearest returns the one of names that name was probably meant to be, "" when
// none is near: equal but for the letter case, or few edits away.
func Nearest(name string, names []string) string {
	best, bestDistance := "", 3
	for _, candidate := range names {
		if strings.EqualFold(name, candidate) {
			return candidate
		}
		limit := min(bestDistance, 1+len(candidate)/4)
		if d := distance(strings.ToLower(name), strings.ToLower(candidate), limit); d < limit {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// distance returns the Levenshtein distance, or limit if it is not less.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			edit := diagonal
			if a[i] != b[j] {
				edit++
			}
			diagonal = row[j+1]
			row[j+1] = min(edit, row[j+1]+1, row[j]+1)
		}
	}
	return min(row[len(b)], limit)
}
