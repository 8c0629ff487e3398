// Package share divides the limits of loaders among the inputs of a run: many inputs
// that each take nearly as much as one may would take many times as much.
package share

// Part is one part in so many of a limit; 0 and 1 are all of it.
type Part int

// Of returns how much of a limit a part has: at least as much as an ordinary input of
// its size takes, whatever others take.
func (p Part) Of(limit, ordinary int) int {
	if p <= 1 {
		return limit
	}
	return min(limit, limit/int(p)+ordinary)
}
