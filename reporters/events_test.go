package reporters

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/iaclint/iaclint/analysis/finding"
)

var eventTime = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// eventsOf reads what is written: each line an entry, its detail as the schema has it.
func eventsOf(t *testing.T, out string) (entries []eventEntry, details []eventDetail) {
	t.Helper()
	s := schemaAt(t, "../docs/schema/event-v1.json")
	for l := range strings.Lines(out) {
		if len(l) > maxEvent {
			t.Errorf("a line has %d bytes", len(l))
		}
		var e eventEntry
		var d eventDetail
		if err := json.Unmarshal([]byte(l), &e); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(e.Detail), &d); err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(parse(t, e.Detail)); err != nil {
			t.Error(err)
		}
		entries, details = append(entries, e), append(details, d)
	}
	return entries, details
}

func TestEventsSince(t *testing.T) {
	f := func(id, rule string, change func(*finding.Finding)) finding.Finding {
		f := finding.Finding{ID: id, Rule: rule, Severity: finding.High, Status: "ACTIVE", Certainty: finding.Proven, Path: "a/main.tf", Resource: "arn:aws:s3:::" + id, Principal: map[string]string{"AWS": "*"}, Action: []string{"s3:GetObject"}}
		if change != nil {
			change(&f)
		}
		return f
	}
	archive := func(f *finding.Finding) { f.Status = "ARCHIVED" }
	wide := func(f *finding.Finding) { f.Action = append(f.Action, "s3:PutObject") }
	moved := func(f *finding.Finding) {
		f.Location = &finding.Location{Path: "a/main.tf", StartLine: 9}
		f.Message = "in other words"
	}
	removed := func(f *finding.Finding) { c := finding.Removed; f.Change = &c }
	list := func(fs ...finding.Finding) finding.Report { return finding.Report{Findings: fs} }
	broken := func(r finding.Report) finding.Report {
		r.Diagnostics = []finding.Diagnostic{{Severity: "error", Path: "b.tf"}}
		return r
	}
	input := func(r finding.Report, path, status string) finding.Report {
		r.Inputs = []finding.Input{{Path: path, Status: status}}
		return r
	}
	for _, c := range []struct {
		name          string
		before, after finding.Report
		want          string
		unsure        bool
	}{
		{"nothing", list(f("x", "r", nil)), list(f("x", "r", nil)), "", false},
		{"new", list(), list(f("x", "r", nil)), "new x", false},
		{"moved and reworded", list(f("x", "r", nil)), list(f("x", "r", moved)), "", false},
		{"changed", list(f("x", "r", nil)), list(f("x", "r", wide)), "changed x", false},
		{"another rule", list(f("x", "r", nil)), list(f("x", "q", nil)), "changed x", false},
		{"archived", list(f("x", "r", nil)), list(f("x", "r", archive)), "archived x", false},
		{"archived from the start", list(), list(f("x", "r", archive)), "archived x", false},
		{"still archived", list(f("x", "r", archive)), list(f("x", "r", archive)), "", false},
		{"no longer archived", list(f("x", "r", archive)), list(f("x", "r", nil)), "new x", false},
		{"resolved", list(f("x", "r", nil)), list(), "resolved x", false},
		{"resolved when archived", list(f("x", "r", archive)), list(), "resolved x", false},
		{"withdrawn by a plan", list(f("x", "r", nil)), list(f("x", "r", removed)), "resolved x", false},
		{"several", list(f("x", "r", nil), f("y", "r", nil)), list(f("y", "r", wide), f("z", "r", nil)), "changed y, new z, resolved x", false},
		{"after an error", list(f("x", "r", nil)), broken(list()), "", true},
		{"new despite an error", list(), broken(list(f("x", "r", nil))), "new x", false},
		{"a module is missing", list(f("x", "r", nil)), list(f("m", "unread-module", nil)), "new m", true},
		{"excluded now", list(f("x", "r", nil)), input(list(), "a", finding.InputExcluded), "", true},
		{"analysed and gone", list(f("x", "r", nil)), input(list(), "a", finding.InputAnalysed), "resolved x", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			said := 0
			out := write(t, "events", c.after, Options{Since: &c.before, Now: eventTime, Say: func(string) { said++ }})
			var got []string
			entries, details := eventsOf(t, out)
			for i, d := range details {
				got = append(got, string(d.Change)+" "+d.Finding.ID)
				if e := entries[i]; e.Source != "iaclint" || e.Time != "2026-01-02T03:04:05Z" || e.DetailType != eventTypes[d.Change] || len(e.Resources) != 1 {
					t.Errorf("entry %+v", e)
				}
				if (d.Before != nil) != (d.Change == finding.FindingChanged || c.name == "archived" || c.name == "no longer archived") {
					t.Errorf("%s: before is %v", d.Change, d.Before)
				}
			}
			if g := strings.Join(got, ", "); g != c.want || (said > 0) != c.unsure {
				t.Errorf("%q, want %q; said %d", g, c.want, said)
			}
			if !Wrote([]byte(out)) {
				t.Error("is not recognised as ours")
			}
		})
	}
}

// Whatever is large or needs escapes, an entry keeps the size that is taken.
func TestEventsKeepTheirSize(t *testing.T) {
	t.Parallel()
	n := 20_000 // twice times what an event may have
	if os.Getenv("IACLINT_LONG") != "" {
		n = 200_000
	}
	long := strings.Repeat("\x01\u202e<&", n)
	for name, grow := range map[string]func(*finding.Finding){
		"action":  func(f *finding.Finding) { f.Action = strings.Split(strings.Repeat("s3:GetObject,", 30_000), ",") },
		"actions": func(f *finding.Finding) { f.Action = []string{long, long} },
		"message": func(f *finding.Finding) {
			f.Message, f.Help, f.Path, f.Address, f.Resource = long, long, long, long, "arn:"+long
		},
		"principal": func(f *finding.Finding) { f.Principal = map[string]string{long: long} },
		"condition": func(f *finding.Finding) { f.Condition = map[string]string{"k": long} },
		"needs":     func(f *finding.Finding) { f.Needs = []string{long} },
		"archive":   func(f *finding.Finding) { f.Archive = &finding.Archive{Reason: long} },
		"place": func(f *finding.Finding) {
			f.Location = &finding.Location{Path: long, StartLine: 1, StartColumn: 1, EndLine: 1, EndColumn: 1}
		},
		"sources": func(f *finding.Finding) {
			f.Sources = []finding.Source{{Type: "POLICY", Detail: &finding.SourceDetail{AccessPointARN: long}}}
		},
		"witness": func(f *finding.Finding) { f.Witness = &finding.Witness{Resource: long} },
	} {
		r := sample()
		f := r.Findings[0]
		f.Status = "ACTIVE"
		grow(&f)
		r.Findings = []finding.Finding{f}
		was := f
		was.Severity = finding.Low
		for _, since := range []*finding.Report{nil, {Findings: []finding.Finding{was}}} {
			_, details := eventsOf(t, write(t, "events", r, Options{Now: eventTime, Since: since}))
			if len(details) != 1 || len(details[0].LeftOut) == 0 || details[0].Finding.Rule != f.Rule {
				t.Errorf("%s: %d events, left out %v", name, len(details), details)
			}
		}
	}
}
