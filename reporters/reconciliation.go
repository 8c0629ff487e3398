package reporters

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
)

// ReconciliationReporter is an output format of findings of an account joined with
// those of its code.
type ReconciliationReporter struct {
	Name    string
	Summary string
	Write   func(io.Writer, finding.Reconciliation, Options) error
}

// Reconciliations are all formats; the first is for people.
var Reconciliations = []ReconciliationReporter{
	{"text", "what is on one side only, and what differs, for people", writeReconciliationText},
	{"markdown", "tables, for a comment", writeReconciliationMarkdown},
	{"json", "every pair with both ids, path and line", writeReconciliationJSON},
}

var pairTitles = map[finding.PairKind]string{finding.Both: "both", finding.OnlyLive: "only live", finding.OnlyCode: "only in code"}

func writeReconciliationText(w io.Writer, r finding.Reconciliation, o Options) error {
	t := text{bufio.NewWriter(w), o, listed}
	if o.Verbose {
		t.limit = 1 << 30
	}
	if !o.Quiet {
		t.header(finding.Report{Zones: r.Zones, Assumptions: r.Assumptions})
	}
	for _, p := range r.Pairs {
		if p.Kind != finding.Both || len(p.Differs) > 0 || o.Verbose {
			t.pair(p)
		}
	}
	t.diagnostics(r.Diagnostics)
	for _, why := range slices.Sorted(maps.Keys(r.LeftOut)) {
		t.line("left out of the export: %d %s", r.LeftOut[why], printable(why))
	}
	t.line("%s", reconciliationSentence(r))
	return t.Flush()
}

// reconciliationSentence counts.
func reconciliationSentence(r finding.Reconciliation) string {
	return fmt.Sprintf("reconcile: %d on both sides (%d of them differ), %d only live, %d only in code", r.Count(finding.Both), r.Differing(), r.Count(finding.OnlyLive), r.Count(finding.OnlyCode))
}

// pair writes one pair.
func (t text) pair(p finding.Pair) {
	head := pairTitles[p.Kind]
	if len(p.Differs) > 0 {
		head += ", differing"
	}
	if p.Code != nil {
		f := *p.Code
		t.line("%s %s %s", t.style(bold, head+":"), printable(f.Message), state(f))
		t.line("    %s %s [%s]", t.style(blue, "-->"), placeOf(f).show(t.o), printable(f.Rule))
		t.detail("   ", "id", printable(short(f.ID)))
	} else {
		t.line("%s %s", t.style(bold, head+":"), printable(liveSubject(*p.Live)))
		if at := p.Live.Location; at != nil {
			t.line("    %s %s", t.style(blue, "-->"), place{at.Path, at.StartLine, at.StartColumn}.show(t.o))
		}
		if p.Live.Detailed {
			t.detail("   ", "principal", printable(flatMap(p.Live.Principal)))
			t.detail("   ", "access", enumerate(allPrintable(p.Live.Action), t.limit))
			t.detail("   ", "condition", printable(orNone(flatMap(p.Live.Condition))))
		}
	}
	if p.Live != nil {
		t.detail("   ", "console", enumerate(allPrintable(p.Live.IDs), t.limit)+" ("+printable(string(p.Live.Status))+")")
	}
	for _, d := range p.Differs {
		t.detail("   ", printable(d.Field), "live "+printable(orNone(d.Live))+"; code "+printable(orNone(d.Code)))
	}
	for _, n := range p.Notes {
		t.detail("   ", "note", printable(n))
	}
	t.line("")
}

// liveSubject names the resource of a live finding.
func liveSubject(l finding.Live) string {
	s := l.Resource
	if l.ResourceType != "" {
		s += " (" + l.ResourceType + ")"
	}
	return s
}

func flatMap(m map[string]string) string { return strings.Join(pairs(m, " = "), "; ") }

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func writeReconciliationMarkdown(w io.Writer, r finding.Reconciliation, o Options) error {
	most := o.MaxBytes
	if most <= 0 {
		most = commentBytes
	}
	const reserve = 200
	b := &budgeted{left: max(most, 2_000)}
	b.try("### iaclint: "+escapeMarkdown(strings.TrimPrefix(reconciliationSentence(r), "reconcile: "))+"\n\n", 0)
	var table []string
	for _, p := range r.Pairs {
		if p.Kind == finding.Both && len(p.Differs) == 0 {
			continue
		}
		table = append(table, markdownPair(p))
	}
	rows(b, table, reserve, "| side | resource | who | where | console | differs |\n|---|---|---|---|---|---|\n", "\n", "more rows")
	var errors []string
	for _, d := range r.Diagnostics {
		errors = append(errors, "* "+escapeMarkdown(d.Severity+": "+d.Path+": "+d.Message)+"\n")
	}
	rows(b, errors, reserve, "", "", "more messages")
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownPair(p finding.Pair) string {
	var name, who, where, console string
	if p.Live != nil {
		name, who, console = p.Live.Resource, flatMap(p.Live.Principal), strings.Join(p.Live.IDs, ", ")+" "+string(p.Live.Status)
	}
	if p.Code != nil {
		name, who, where = orNone(p.Code.Resource), flatMap(p.Code.Principal), placeOf(*p.Code).show(Options{})
		if p.Code.Resource == "" {
			name = p.Code.Address
		}
	}
	var differs []string
	for _, d := range p.Differs {
		differs = append(differs, d.Field+": "+orNone(d.Live)+" / "+orNone(d.Code))
	}
	cells := []string{pairTitles[p.Kind], name, who, where, console, strings.Join(differs, "; ")}
	for i, c := range cells[1:] {
		if c != "" {
			cells[i+1] = code(printable(c))
		}
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

type jsonReconciliation struct {
	SchemaVersion int                  `json:"schemaVersion"`
	Tool          finding.Tool         `json:"tool"`
	Zones         []finding.Zone       `json:"zones"`
	Summary       map[string]int       `json:"summary"`
	Pairs         []jsonPair           `json:"pairs"`
	LeftOut       map[string]int       `json:"leftOut"`
	Assumptions   []string             `json:"assumptions"`
	Diagnostics   []finding.Diagnostic `json:"diagnostics"`
}

type jsonPair struct {
	Kind    finding.PairKind          `json:"kind"`
	Live    *jsonLive                 `json:"live"`
	Code    *jsonReached              `json:"code"`
	Differs []finding.FieldDifference `json:"differs"`
	Notes   []string                  `json:"notes"`
}

type jsonLive struct {
	IDs          []string          `json:"ids"`
	Status       finding.Status    `json:"status"`
	Resource     string            `json:"resource"`
	ResourceType string            `json:"resourceType"`
	Account      string            `json:"account"`
	UpdatedAt    string            `json:"updatedAt"`
	Detailed     bool              `json:"detailed"`
	Principal    map[string]string `json:"principal"`
	Action       []string          `json:"action"`
	Condition    map[string]string `json:"condition"`
	IsPublic     *bool             `json:"isPublic"`
	Location     *finding.Location `json:"location"`
}

func writeReconciliationJSON(w io.Writer, r finding.Reconciliation, _ Options) error {
	whole := complete(finding.Report{Zones: r.Zones, Diagnostics: r.Diagnostics})
	out := jsonReconciliation{
		SchemaVersion: 1, Tool: r.Tool, Zones: whole.Zones, Pairs: []jsonPair{}, LeftOut: map[string]int{}, Assumptions: list(r.Assumptions), Diagnostics: whole.Diagnostics,
		Summary: map[string]int{"both": r.Count(finding.Both), "differing": r.Differing(), "onlyLive": r.Count(finding.OnlyLive), "onlyInCode": r.Count(finding.OnlyCode)},
	}
	maps.Copy(out.LeftOut, r.LeftOut)
	for _, p := range r.Pairs {
		one := jsonPair{Kind: p.Kind, Differs: list(p.Differs), Notes: list(p.Notes)}
		if l := p.Live; l != nil {
			one.Live = &jsonLive{l.IDs, l.Status, l.Resource, l.ResourceType, l.Account, l.Updated, l.Detailed, validKeys(l.Principal, joinText), list(l.Action), validKeys(l.Condition, joinText), l.IsPublic, l.Location}
		}
		if p.Code != nil {
			f := *p.Code
			completeFinding(&f)
			reached := reachedOf(f)
			one.Code = &reached
		}
		out.Pairs = append(out.Pairs, one)
	}
	return encode(w, out)
}
