package scan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/rules"
)

// unreadCode is code that inputs of one configuration call and that is not here.
type unreadCode struct {
	in      *workspace.Input // with the first call
	finding finding.Finding
	places  []source.Span
}

// unreadOf collects the code that is not here, one of each source under each
// configuration, in the order of their first calls.
func unreadOf(in workspace.Inputs, results []Result) []unreadCode {
	type key struct {
		settings *workspace.Settings
		kind     resource.UnreadKind
		source   string
	}
	type call struct {
		resource.Unread
		in *workspace.Input
	}
	type place struct {
		key
		path       string
		start, end int
	}
	calls := map[key][]call{}
	seen := map[place]bool{}
	var order []key
	for i, r := range results {
		for _, u := range r.unread {
			k := key{in.Files[i].Settings, u.Kind, u.Source}
			if calls[k] == nil {
				order = append(order, k)
			}
			// Two inputs may have read the file.
			if at := (place{k, u.Span.Path(), u.Span.Start, u.Span.End}); !seen[at] {
				seen[at] = true
				calls[k] = append(calls[k], call{u, &in.Files[i]})
			}
		}
	}
	var out []unreadCode
	for _, k := range order {
		list := calls[k]
		slices.SortStableFunc(list, func(a, b call) int {
			return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Address, b.Address))
		})
		u := unreadCode{in: list[0].in}
		var of []resource.Unread
		for _, c := range list {
			of, u.places = append(of, c.Unread), append(u.places, c.Span)
		}
		u.finding = rules.Unread(of)
		out = append(out, u)
	}
	return out
}

// unread adds the findings about code that is not here.
func (a *assembler) unread(in workspace.Inputs, results []Result, changes map[string]finding.ChangeKind) {
	for _, u := range unreadOf(in, results) {
		f := u.finding
		if change, ok := changes[f.ID]; ok {
			f.Change = &change
		}
		judged, reported := a.finding(u.in, Analysed{places: u.places}, f)
		if reported {
			a.unreadCode = append(a.unreadCode, judged)
		}
	}
}

// unreadWarnings are the same for a command that reports no findings.
func unreadWarnings(in workspace.Inputs, results []Result) []finding.Diagnostic {
	var out []finding.Diagnostic
	for _, u := range unreadOf(in, results) {
		at := position(u.finding)
		out = append(out, finding.Diagnostic{
			Severity: string(source.Warning), Path: u.finding.Path, Line: at.StartLine, Column: at.StartColumn, Message: u.finding.Message,
		})
	}
	return out
}

// SettleUnread compares the findings of two reports about code that is not here.
func SettleUnread(before, after []finding.Finding) rules.Settled {
	only := func(list []finding.Finding) *rules.State {
		s := &rules.State{}
		for _, f := range list {
			if rules.IsUnreadCode(f) {
				f.Change = nil
				s.Findings = append(s.Findings, f)
			}
		}
		return s
	}
	return rules.Settle(rules.Pair{Before: only(before), After: only(after)}, rules.Difference{})
}

// strictly makes an error of what could not be read, where that is asked for.
func (a *assembler) strictly(f finding.Finding) {
	at := position(f)
	a.report.Diagnostics = append(a.report.Diagnostics, finding.Diagnostic{
		Severity: string(source.Error), Path: cmp.Or(at.Path, f.Path), Line: at.StartLine, Column: at.StartColumn, Message: fmt.Sprintf("%s (--strict)", f.Message),
	})
}

// changesOfUnread says of code that is not here, by the id of its finding, whether
// it was called before.
func changesOfUnread(before, after []unreadCode) map[string]finding.ChangeKind {
	out := map[string]finding.ChangeKind{}
	for _, u := range after {
		out[u.finding.ID] = finding.New
		if slices.ContainsFunc(before, func(b unreadCode) bool { return b.finding.ID == u.finding.ID }) {
			out[u.finding.ID] = finding.Unchanged
		}
	}
	return out
}
