package evaluate

// truth is the answer to "does this match?": the documentation settles it
// either way, or leaves it open. Values are ordered, so that "and" is min,
// "or" is max, and an open point stays open through a negation.
type truth int8

const (
	no truth = iota
	maybe
	yes
)

// flip negates for the Not elements and operators.
func (t truth) flip(not bool) truth {
	if not {
		return yes - t
	}
	return t
}

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// open weakens an answer that holds only in one reading of the documentation.
func (t truth) open() truth { return min(t, maybe) }
