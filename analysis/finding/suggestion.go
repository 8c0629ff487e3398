package finding

import "github.com/iaclint/iaclint/analysis/source"

// Suggestion is a change of the code that closes the access of a finding, or why
// there is none.
type Suggestion struct {
	Finding Finding
	Does    string    // what the change does, a sentence without its full stop
	Proven  string    // what the analysis of the changed code says
	Loses   string    // what services that act for the zone, or callers without policies of their own, cannot do any more; "" for nothing
	Closes  []Finding // others that are closed with it
	Reveals []Finding // findings on what is left, which the access has hidden
	Changes []Change
	Reason  string // why there is none; "" if there is one
}

// Change is what is suggested for one file.
type Change struct {
	Path         string
	Diff         string // as "diff -u" writes it
	Replacements []Replacement
}

// Replacement is a text in the place of another.
type Replacement struct {
	Span source.Span
	Text string
}

// Suggestions are all of a run.
type Suggestions struct {
	Tool        Tool
	List        []Suggestion
	Diagnostics []Diagnostic
	Assumptions []string
	Rules       []Rule
	// Written are the files that were changed; nil if none was to be.
	Written []string
}
