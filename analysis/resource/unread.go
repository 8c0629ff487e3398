package resource

import (
	"fmt"

	"github.com/iaclint/iaclint/analysis/source"
)

// UnreadKind is a kind of code that calls other code, or of what was left out.
type UnreadKind string

const (
	Module   UnreadKind = "module"
	Template UnreadKind = "template"
	// File is one that other files of a module are made or given values by.
	File UnreadKind = "file"
	// Loop declares something for each item of a collection that is not known.
	Loop UnreadKind = "loop"
	// Budget is code that is here and takes more work than a run allows for it.
	Budget UnreadKind = "budget"
)

// Unread is a call of code that is not part of the input. What it declares may
// grant access, and nothing is known of it.
type Unread struct {
	Kind    UnreadKind
	Source  string // as the call names it: all calls of one source miss the same code
	Path    string // of the file with the call
	Address string // of the call
	Span    source.Span
	Why     string   // a predicate: "is not installed"
	Help    string   // what to do about it
	Needs   []string // the names of what would settle it; absent for the source itself
}

// Message says what is missing, for a single call.
func (u Unread) Message() string {
	switch u.Kind {
	case Budget:
		return fmt.Sprintf("%q %s", u.Source, u.Why)
	case File:
		return fmt.Sprintf("%s %q %s", u.Kind, u.Source, u.Why)
	}
	return fmt.Sprintf("%s %q %s, so its resources are not analysed", u.Kind, u.Source, u.Why)
}
