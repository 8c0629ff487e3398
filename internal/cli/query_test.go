package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// askedOf asks one question of one file.
func askedOf(t *testing.T, file string, flags ...string) (answer string, witnesses []finding.Witness, resources int) {
	t.Helper()
	var out, errs bytes.Buffer
	status := Run(append([]string{"query", "--no-config", "--account", recordedOwner, "--format", "json", file}, flags...), strings.NewReader(""), &out, &errs)
	var a struct {
		Answer    string
		Resources []struct {
			Answer string
			Grants []struct {
				Certainty string
				Witness   *finding.Witness
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		t.Fatalf("%s %v: status %d: %v %s", file, flags, status, err, errs.String())
	}
	for _, r := range a.Resources {
		for _, g := range r.Grants {
			if g.Certainty == "proven" && g.Witness != nil {
				witnesses = append(witnesses, *g.Witness)
			}
		}
	}
	return a.Answer, witnesses, len(a.Resources)
}

// Policies of the examples, of the corpus when it is there: who can do anything
// according to check, can according to query, by the same example; the evaluator
// accepts what query shows. Where query says no, no witness of check says yes.
func TestQueryAgreesWithCheck(t *testing.T) {
	asked, yes := 0, 0
	for _, file := range documentsToChange(t) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		status := Run([]string{"check", "--no-config", "--policy-checks", "off", "--account", recordedOwner, "--format", "json", file}, strings.NewReader(""), &out, &errs)
		var report finding.Report
		if status > statusFindings || json.Unmarshal(out.Bytes(), &report) != nil || len(report.Resources) != 1 {
			continue
		}
		tree, wrong := jsontree.Parse(source.NewFile(file, content))
		if wrong != nil {
			continue
		}
		document, _ := policy.Decode(tree)
		isPolicy := len(tree.Get("Statement").Items) > 0
		for _, f := range report.Findings {
			if f.Witness == nil || f.Certainty != finding.Proven || f.Principal["Service"] != "" {
				continue
			}
			flags := []string{"--action", f.Witness.Action, "--resource", f.Witness.Resource}
			switch p := f.Witness.Principal; {
			case p.Type == "Anonymous":
				flags = append(flags, "--principal", "anonymous")
			case p.ARN != "" && !strings.Contains(p.ARN, "${"):
				flags = append(flags, "--principal", p.ARN)
			}
			for k, v := range f.Witness.Context {
				if len(v) == 1 && !slices.Contains([]string{"aws:PrincipalType", "aws:PrincipalArn"}, k) && v[0] != "" {
					flags = append(flags, "--context", k+"="+v[0])
				}
			}
			if strings.Contains(fmt.Sprint(flags), "${") {
				continue // of a name that is not known
			}
			asked++
			answer, witnesses, n := askedOf(t, file, flags...)
			if answer != "yes" || n != 1 {
				t.Errorf("%s: check has %v, query %v answers %s", file, f.Message, flags, answer)
				continue
			}
			yes++
			for _, w := range witnesses {
				if isPolicy && !evaluate.Evaluate(document, requestOf(w), evaluate.Strict).Allowed {
					t.Errorf("%s: %v: the evaluator refuses %v", file, flags, w)
				}
			}
		}
		// A stranger who is named nowhere, with an action that no policy allows to
		// strangers: check has nothing public, so query has no stranger.
		if !slices.ContainsFunc(report.Findings, func(f finding.Finding) bool {
			return f.IsPublic || f.Certainty != finding.Proven || len(f.Condition) > 0
		}) {
			if answer, _, _ := askedOf(t, file, "--principal", "999900001111", "--context", "!aws:PrincipalOrgID"); answer == "yes" && !anyoneIn(report) {
				t.Errorf("%s: query says that a stranger gets in, check has %d findings", file, len(report.Findings))
			}
		}
	}
	t.Logf("%d questions, %d answered yes", asked, yes)
	if asked < 3 {
		t.Errorf("%d questions: is anything asked?", asked)
	}
}

func anyoneIn(r finding.Report) bool {
	return slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return f.Principal["AWS"] == "*" })
}

// Of a resource that could not be analysed, and of one that nobody may reach.
func TestAnswerOf(t *testing.T) {
	for _, tt := range []struct {
		verdict finding.Verdict
		want    finding.Truth
	}{{finding.Undetermined, finding.NotKnown}, {finding.None, finding.No}} {
		var x scan.Analysed
		x.Output.Resource.Verdict = tt.verdict
		if got := scan.AnswerOf(x).Answer; got != tt.want {
			t.Errorf("%s: %s, want %s", tt.verdict, got, tt.want)
		}
	}
}
