package reporters

import (
	"bufio"
	"fmt"
	"io"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/spelling"
)

// CallerReporter is an output format of what outside principals reach.
type CallerReporter struct {
	Name    string
	Summary string
	Write   func(io.Writer, finding.Callers, Options) error
}

// Callers are all formats of what outside principals reach; the first is for people.
var Callers = []CallerReporter{
	{"text", "each outside principal with what it reaches, for people", writeCallersText},
	{"json", "all of it, for scripts", writeCallersJSON},
	{"html", "a page to read and search", writeCallersHTML},
}

// callerNames are the kinds of callers for people.
var callerNames = map[finding.CallerKind]string{
	finding.Anyone: "anyone", finding.CallerUser: "canonical user", finding.CallerUnknown: "not known:", finding.CallerNetwork: "anyone from network",
}

func writeCallersText(w io.Writer, c finding.Callers, o Options) error {
	t := text{bufio.NewWriter(w), o, listed}
	if o.Verbose {
		t.limit = 1 << 30
	}
	if !o.Quiet {
		t.header(finding.Report{Zones: c.Zones, Assumptions: c.Assumptions})
	}
	for _, x := range c.List {
		t.caller(x)
	}
	t.diagnostics(c.Diagnostics)
	t.line("%s", callersSentence(c))
	return t.Flush()
}

// caller writes one principal with the resources that it reaches.
func (t text) caller(c finding.Caller) {
	t.line("%s", t.style(bold, callerTitle(c)))
	for _, f := range c.Findings {
		t.line("  %s %s", resource(f), state(f))
		t.line("    %s %s [%s]", t.style(blue, "-->"), placeOf(f).show(t.o), printable(f.Rule))
		if s := t.access(f); s != "" {
			t.detail("   ", "access", s)
		}
		if who := f.Principal["AWS"]; who != "" && who != "*" && who != c.ID {
			t.detail("   ", "principal", printable(who))
		}
		if len(f.Condition) > 0 {
			t.detail("   ", "condition", t.conditions(f)...)
		}
		if f.Certainty == finding.NotProven {
			t.detail("   ", "needs", t.needs(f))
		}
		if f.Archive != nil {
			t.detail("   ", "archived", archivedBy(*f.Archive))
		}
	}
	t.line("")
}

// callerTitle names a caller.
func callerTitle(c finding.Caller) string {
	s := callerNames[c.Kind]
	if s == "" {
		s = string(c.Kind)
	}
	switch {
	case c.ID != "":
		s += " " + printable(c.ID)
	case c.Kind == finding.CallerUnknown:
		s += " who is let in by code that could not be read"
	}
	if c.Name != "" {
		s += " (" + printable(c.Name) + ")"
	}
	return s
}

// callersSentence counts.
func callersSentence(c finding.Callers) string {
	type place struct{ path, address, target string }
	reached, known := map[place]bool{}, 0
	for _, x := range c.List {
		if x.Kind == finding.CallerUnknown && x.ID == "" {
			continue // who they are and what they reach is not here
		}
		known++
		for _, f := range x.Findings {
			reached[place{f.Path, f.Address, f.ResourceOwnerAccount}] = true
		}
	}
	if known == 0 && len(c.List) > 0 {
		return "who: nobody, as far as the code could be read, reaches any of " + spelling.Count(c.Resources, "resource")
	}
	if known == 0 {
		return "who: nobody outside the zone of trust reaches any of " + spelling.Count(c.Resources, "resource")
	}
	return fmt.Sprintf("who: %s outside the zone of trust, %d of %s reached", spelling.Count(known, "principal"), len(reached), spelling.Count(c.Resources, "resource"))
}

type jsonCallers struct {
	SchemaVersion int                  `json:"schemaVersion"`
	Tool          finding.Tool         `json:"tool"`
	Zones         []finding.Zone       `json:"zones"`
	Principals    []jsonCaller         `json:"principals"`
	Assumptions   []string             `json:"assumptions"`
	Diagnostics   []finding.Diagnostic `json:"diagnostics"`
}

type jsonCaller struct {
	Kind    finding.CallerKind `json:"kind"`
	ID      string             `json:"id"`
	Name    string             `json:"name"`
	Reaches []jsonReached      `json:"reaches"`
}

// jsonReached is a finding, from the side of who gets in.
type jsonReached struct {
	ID           string            `json:"id"`
	Rule         string            `json:"rule"`
	Severity     finding.Severity  `json:"severity"`
	Status       finding.Status    `json:"status"`
	Certainty    finding.Certainty `json:"certainty"`
	Path         string            `json:"path"`
	Address      string            `json:"address"`
	ResourceType string            `json:"resourceType"`
	Resource     string            `json:"resource"`
	Account      string            `json:"account"`
	Principal    map[string]string `json:"principal"`
	Action       []string          `json:"action"`
	AccessLevels []string          `json:"accessLevels"`
	Condition    map[string]string `json:"condition"`
	Needs        []string          `json:"needs"`
	Location     *finding.Location `json:"location"`
}

func writeCallersJSON(w io.Writer, c finding.Callers, _ Options) error {
	whole := complete(finding.Report{Zones: c.Zones, Diagnostics: c.Diagnostics})
	out := jsonCallers{SchemaVersion: 1, Tool: c.Tool, Zones: whole.Zones, Principals: []jsonCaller{}, Assumptions: list(c.Assumptions), Diagnostics: whole.Diagnostics}
	for _, x := range c.List {
		one := jsonCaller{x.Kind, x.ID, x.Name, []jsonReached{}}
		for _, f := range each(x.Findings, completeFinding) {
			one.Reaches = append(one.Reaches, reachedOf(f))
		}
		out.Principals = append(out.Principals, one)
	}
	return encode(w, out)
}

// reachedOf is a finding that is complete.
func reachedOf(f finding.Finding) jsonReached {
	return jsonReached{
		f.ID, f.Rule, f.Severity, f.Status, f.Certainty, f.Path, f.Address, f.ResourceType, f.Resource, f.ResourceOwnerAccount,
		f.Principal, f.Action, f.AccessLevels, f.Condition, f.Needs, f.Location,
	}
}
