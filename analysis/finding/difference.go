package finding

// DifferenceKind is how a comparison of two states lists a change of access.
type DifferenceKind string

const (
	Granted           DifferenceKind = "granted"
	Withdrawn         DifferenceKind = "withdrawn"
	Altered           DifferenceKind = "changed"
	NewlyArchived     DifferenceKind = "archived"
	NewlyUndetermined DifferenceKind = "undetermined"
)

// DifferenceKinds in the order in which they are listed.
var DifferenceKinds = []DifferenceKind{Granted, Altered, NewlyUndetermined, NewlyArchived, Withdrawn}

// Difference is one change of access.
type Difference struct {
	Kind    DifferenceKind
	Finding Finding  // as it is after the change; what it was, if it is withdrawn
	Before  *Finding // what it was, if it is something else now
	Wider   bool     // some of its access was not there before
	Inexact bool     // or may not have been: the policies cannot be compared as sets
	// Added and Removed are actions of the finding.
	Added, Removed []string
	// Gained and Lost are the access that is on one side only, each with a request
	// that shows it where one is known.
	Gained, Lost []Finding
	// PolicyBefore and PolicyAfter are the statements of the resource's policies,
	// a line each; nil where they are not known or not shown.
	PolicyBefore, PolicyAfter []string
}

// Comparison is the result of comparing two states.
type Comparison struct {
	Tool        Tool
	Base, Head  string // as they were named
	Zones       []Zone
	Differences []Difference
	Diagnostics []Diagnostic
	Assumptions []string
	Rules       []Rule
	Both        int // resources on both sides
	OnlyBase    int
	OnlyHead    int
	Failing     int // differences that count for the exit status
}

// Count returns how many differences are of a kind.
func (c Comparison) Count(kind DifferenceKind) int {
	n := 0
	for _, d := range c.Differences {
		if d.Kind == kind {
			n++
		}
	}
	return n
}
