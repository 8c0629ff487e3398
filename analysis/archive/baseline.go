package archive

import (
	"cmp"
	"slices"

	"github.com/iaclint/iaclint/analysis/finding"
)

// Entry is a finding as a baseline records it. Only the id and what follows
// IsPublic decide; the rest is for people.
type Entry struct {
	ID       string   `json:"id"`
	Rule     string   `json:"rule"`
	Path     string   `json:"path"`
	Address  string   `json:"address"`
	IsPublic bool     `json:"isPublic"`
	Proven   bool     `json:"proven"`
	Actions  []string `json:"actions"`
	Since    string   `json:"since"` // day of the first record
}

// EntryOf records a finding on a day.
func EntryOf(f finding.Finding, today string) Entry {
	actions := slices.Clone(f.Action)
	if actions == nil {
		actions = []string{}
	}
	slices.Sort(actions)
	return Entry{
		ID: f.ID, Rule: f.Rule, Path: f.Path, Address: f.Address,
		IsPublic: f.IsPublic, Proven: f.Certainty == finding.Proven, Actions: actions, Since: today,
	}
}

// Covers reports whether a finding is still what was recorded: no action has
// been added, it has not become public, nor proven where it was not.
func (e Entry) Covers(f finding.Finding) bool {
	added := func(action string) bool { return !slices.Contains(e.Actions, action) }
	return e.ID == f.ID && !slices.ContainsFunc(f.Action, added) && (e.IsPublic || !f.IsPublic) && (e.Proven || f.Certainty != finding.Proven)
}

// CompareEntries orders entries by where they are, then by id.
func CompareEntries(a, b Entry) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Address, b.Address), cmp.Compare(a.ID, b.ID))
}
