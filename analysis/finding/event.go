package finding

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// EventKind is what became of a finding between two reports.
type EventKind string

const (
	FindingNew      EventKind = "new" // not there before, or archived then and active now
	FindingChanged  EventKind = "changed"
	FindingArchived EventKind = "archived"
	FindingResolved EventKind = "resolved"
)

// Event is a finding that is not what it was in an earlier report.
type Event struct {
	Kind    EventKind
	Finding Finding  // as it is now; as it was, if it is resolved
	Before  *Finding // as it was, unless it is resolved or was not there
}

// Events lists what differs between two reports on the same inputs. A finding
// that is gone is resolved only if what it is about was read: unsure is the number
// of those that may be there still.
func Events(before, after Report) (events []Event, unsure int) {
	old := byID(before.Findings)
	for _, f := range after.Findings {
		if f.withdrawn() {
			continue
		}
		was, known := old[f.ID]
		delete(old, f.ID)
		e := Event{Finding: f}
		if known {
			e.Before = &was
		}
		if e.Kind = became(e.Before, f); e.Kind != "" {
			events = append(events, e)
		}
	}
	read := readIn(before, after)
	for _, f := range before.Findings {
		if _, gone := old[f.ID]; !gone || f.withdrawn() {
			continue
		}
		if !read(f.Path) {
			unsure++
			continue
		}
		events = append(events, Event{Kind: FindingResolved, Finding: f})
	}
	return events, unsure
}

func byID(list []Finding) map[string]Finding {
	out := make(map[string]Finding, len(list))
	for _, f := range list {
		if !f.withdrawn() {
			out[f.ID] = f
		}
	}
	return out
}

// withdrawn reports whether a finding is of what a plan or a change takes away.
func (f Finding) withdrawn() bool { return f.Change.Is(Removed) }

func (f Finding) archived() bool { return f.Status == Archived }

// became is what happened to a finding, "" if nothing did.
func became(was *Finding, f Finding) EventKind {
	switch {
	case f.archived() && (was == nil || !was.archived()):
		return FindingArchived
	case f.archived():
		return ""
	case was == nil || was.archived():
		return FindingNew
	case !alike(*was, f):
		return FindingChanged
	}
	return ""
}

// alike reports whether two findings say the same, wherever it stands and in
// whichever words.
func alike(a, b Finding) bool {
	return a.Rule == b.Rule && a.Severity == b.Severity && a.Certainty == b.Certainty && a.IsPublic == b.IsPublic &&
		a.ResourceType == b.ResourceType && a.Resource == b.Resource && a.ResourceOwnerAccount == b.ResourceOwnerAccount && a.IssueCode == b.IssueCode &&
		maps.Equal(a.Principal, b.Principal) && maps.Equal(a.Condition, b.Condition) &&
		slices.Equal(a.Action, b.Action) && slices.Equal(a.AccessLevels, b.AccessLevels) && slices.Equal(a.Needs, b.Needs) &&
		slices.EqualFunc(a.Sources, b.Sources, func(x, y Source) bool { return reflect.DeepEqual(x, y) })
}

// readIn returns whether what is below a path was read as far as it was before.
// After an error, or where code is not here that was, nothing is known to be gone.
func readIn(before, after Report) func(path string) bool {
	missing := slices.ContainsFunc(after.Diagnostics, func(d Diagnostic) bool { return d.Severity == "error" })
	known := byID(before.Findings)
	for _, f := range after.Findings {
		if _, ok := known[f.ID]; !ok && strings.HasPrefix(f.Rule, "unread-") {
			missing = true
		}
	}
	unread := map[string]bool{}
	for _, in := range after.Inputs {
		unread[in.Path] = in.Status != InputAnalysed
	}
	return func(path string) bool {
		if missing {
			return false
		}
		for {
			if unread[path] {
				return false
			}
			i := strings.LastIndexByte(path, '/')
			if i < 0 {
				return true
			}
			path = path[:i]
		}
	}
}
