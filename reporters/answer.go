package reporters

import (
	"bufio"
	"fmt"
	"io"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/spelling"
)

// AnswerReporter is an output format of an answer.
type AnswerReporter struct {
	Name    string
	Summary string
	Write   func(io.Writer, finding.Answers, Options) error
}

// Answers are all formats of an answer; the first is for people.
var Answers = []AnswerReporter{
	{"text", "the answer, with a request that shows it, for people", writeAnswersText},
	{"json", "all of it, for scripts", writeAnswersJSON},
	{"html", "a page to read and search", writeAnswersHTML},
}

func writeAnswersText(w io.Writer, a finding.Answers, o Options) error {
	t := text{bufio.NewWriter(w), o, listed}
	if o.Verbose {
		t.limit = 1 << 30
	}
	if !o.Quiet {
		t.header(finding.Report{Zones: a.Zones, Assumptions: a.Assumptions})
	}
	for _, r := range a.Resources {
		if r.Answer == finding.No && !o.Verbose && len(r.Resource.BlockedBy) == 0 {
			continue
		}
		t.answer(r)
	}
	t.diagnostics(a.Diagnostics)
	t.line("%s", answerSentence(a))
	return t.Flush()
}

// answer writes the answer for one resource.
func (t text) answer(r finding.Answer) {
	name := printable(r.Resource.Address)
	if r.Resource.ARN != "" {
		name += " (" + printable(r.Resource.ARN) + ")"
	}
	where := t.o.path(r.Resource.Path)
	if r.Resource.Target != "" && r.Resource.Account != "" {
		where += " as it is deployed to account " + printable(r.Resource.Account)
	}
	t.line("%s %s in %s", t.style(bold, string(r.Answer)+":"), name, where)
	for _, f := range r.Grants {
		t.line("  %s", printable(f.Message))
		if at := placeOf(f); f.Location != nil {
			t.line("    %s %s", t.style(blue, "-->"), at.show(t.o))
		}
		f.Help, f.Notes = "", nil
		t.details(f, "   ")
	}
	for _, n := range r.Needs {
		t.detail("   ", "needs", printable(n))
	}
	if len(r.Resource.BlockedBy) > 0 {
		t.detail("   ", "blocked", "access from outside is cut off by "+enumerate(allPrintable(r.Resource.BlockedBy), t.limit))
	}
	t.line("")
}

// answerSentence is the answer in one line.
func answerSentence(a finding.Answers) string {
	n := map[finding.Truth]int{}
	for _, r := range a.Resources {
		n[r.Answer]++
	}
	of := spelling.Count(len(a.Resources), "resource")
	who := "nobody outside the zone of trust"
	if a.Question.Scope == "everyone" {
		who = "nobody who is asked about"
	}
	switch a.Answer {
	case finding.Yes:
		return fmt.Sprintf("answer: yes, for %d of %s", n[finding.Yes], of)
	case finding.No:
		return fmt.Sprintf("answer: no, %s is allowed what is asked, proven for %s", who, of)
	}
	return fmt.Sprintf("answer: undetermined, for %d of %s", n[finding.NotKnown], of)
}

// answersVersion is the version of the form.
const answersVersion = 1

type jsonAnswers struct {
	SchemaVersion int                  `json:"schemaVersion"`
	Tool          finding.Tool         `json:"tool"`
	Question      finding.Question     `json:"question"`
	Answer        finding.Truth        `json:"answer"`
	Zones         []finding.Zone       `json:"zones"`
	Resources     []jsonAnswer         `json:"resources"`
	Assumptions   []string             `json:"assumptions"`
	Diagnostics   []finding.Diagnostic `json:"diagnostics"`
}

type jsonAnswer struct {
	Path         string        `json:"path"`
	Address      string        `json:"address"`
	ResourceType string        `json:"resourceType"`
	ARN          string        `json:"arn"`
	Account      string        `json:"account"`
	Region       string        `json:"region"`
	Zone         string        `json:"zone"`
	Target       string        `json:"target"`
	Answer       finding.Truth `json:"answer"`
	Grants       []jsonGrant   `json:"grants"`
	Needs        []string      `json:"needs"`
	BlockedBy    []string      `json:"blockedBy"`
}

// jsonGrant is a finding without what makes it one: rule, severity, status.
type jsonGrant struct {
	Certainty    finding.Certainty   `json:"certainty"`
	Principal    map[string]string   `json:"principal"`
	Action       []string            `json:"action"`
	AccessLevels []string            `json:"accessLevels"`
	Condition    map[string]string   `json:"condition"`
	Sources      []finding.Source    `json:"sources"`
	Message      string              `json:"message"`
	Needs        []string            `json:"needs"`
	Location     *finding.Location   `json:"location"`
	Statements   []finding.Statement `json:"statements"`
	Witness      *finding.Witness    `json:"witness"`
}

// writeAnswersJSON writes an answer with every key there and no array null.
func writeAnswersJSON(w io.Writer, a finding.Answers, _ Options) error {
	whole := complete(finding.Report{Zones: a.Zones, Diagnostics: a.Diagnostics})
	out := jsonAnswers{
		SchemaVersion: answersVersion, Tool: a.Tool, Question: a.Question, Answer: a.Answer, Zones: whole.Zones,
		Resources: []jsonAnswer{}, Assumptions: list(a.Assumptions), Diagnostics: whole.Diagnostics,
	}
	for _, x := range a.Resources {
		r := x.Resource
		one := jsonAnswer{r.Path, r.Address, r.ResourceType, r.ARN, r.Account, r.Region, r.Zone, r.Target, x.Answer, []jsonGrant{}, list(x.Needs), list(r.BlockedBy)}
		for _, f := range each(x.Grants, completeFinding) {
			one.Grants = append(one.Grants, jsonGrant{f.Certainty, f.Principal, f.Action, f.AccessLevels, f.Condition, f.Sources, f.Message, f.Needs, f.Location, f.Statements, f.Witness})
		}
		out.Resources = append(out.Resources, one)
	}
	return encode(w, out)
}
