package reporters

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// corpusFile returns a file of the third-party inputs, which are not part of the
// repository, or "" when they are not there.
func corpusFile(name string) string {
	dir := os.Getenv("IACLINT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "corpus")
	}
	file := filepath.Join(dir, "formats", name)
	if _, err := os.Stat(file); err != nil {
		return ""
	}
	return file
}

// sarifSchema returns the OASIS schema, nil when it is not there.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	file := corpusFile("sarif-schema-2.1.0.json")
	if file == "" {
		return nil
	}
	s, err := jsonschema.NewCompiler().Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// described has rules with pages.
func described(r finding.Report) finding.Report {
	r.Rules = []finding.Rule{
		{ID: "public-write", Severity: finding.Critical, Summary: "anyone can write", Description: "Anyone can write.", Help: "name the principals", Page: "Anyone can write.\n\n```json\n{}\n```\n"},
		{ID: "public-read", Severity: finding.High, Summary: "anyone can read", Help: "name the principals"},
		{ID: "undetermined-access", Severity: finding.Low, Summary: "could be open"},
		{ID: "external-account", Severity: finding.Medium, Summary: "open to an account"},
	}
	return r
}

func TestSARIFFollowsTheSchema(t *testing.T) {
	s := sarifSchema(t)
	if s == nil {
		t.Skip("no SARIF schema; set IACLINT_CORPUS to run this test")
	}
	for name, r := range map[string]finding.Report{"sample": described(sample()), "clean": clean(), "whole": whole()} {
		for _, o := range []Options{{}, {Suppressed: true, Category: "prod", ExitStatus: 3}} {
			if err := s.Validate(parse(t, write(t, "sarif", r, o))); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		r := anyReport.Draw(rt, "report")
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(written(rt, "sarif", r, Options{Suppressed: rapid.Bool().Draw(rt, "suppressed")})))
		if err != nil {
			rt.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			rt.Fatal(err)
		}
	})
}

// What GitHub's code scanning demands beyond the schema, and rejects a whole
// file for.
func TestSARIFIsAccepted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, suppressed := anyReport.Draw(t, "report"), rapid.Bool().Draw(t, "suppressed")
		out := written(t, "sarif", r, Options{Suppressed: suppressed})
		want := 0
		for _, f := range r.Findings {
			if !removed(f) && (suppressed || !archived(f)) {
				want++
			}
		}
		results, problems := refusals(out, suppressed)
		if results != want {
			t.Fatalf("%d results, want %d", results, want)
		}
		if len(problems) > 0 {
			t.Fatalf("%s\n%s", strings.Join(problems, "\n"), out)
		}
	})
}

var lineHashForm = regexp.MustCompile(`^[0-9a-f]{1,16}:[1-9][0-9]*$`)

// refusals says why code scanning would refuse a file.
func refusals(out string, suppressed bool) (results int, problems []string) {
	fail := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	var log sarifLog
	if err := json.Unmarshal([]byte(out), &log); err != nil {
		return 0, []string{err.Error()}
	}
	if log.Version != "2.1.0" || log.Schema == "" || len(log.Runs) != 1 {
		fail("not one run of version 2.1.0")
		return
	}
	run := log.Runs[0]
	if run.Automation != nil {
		fail("a category that was not asked for")
	}
	if !strings.Contains(out, `"results": [`) {
		fail("no array of results")
	}
	if len(run.Invocations) != 1 || !run.Invocations[0].ExecutionSuccessful {
		fail("the execution was not successful")
	}
	rules := run.Tool.Driver.Rules
	for _, rule := range rules {
		score, err := strconv.ParseFloat(rule.Properties.SecuritySeverity, 64)
		if err != nil || score < 0.1 || score > 10 {
			fail("rule %q: security-severity %q", rule.ID, rule.Properties.SecuritySeverity)
		}
		if rule.Help.Text == "" || rule.Full.Text == "" || rule.Short.Text == "" || len([]rune(rule.Full.Text)) > 1024 || len([]rune(rule.Short.Text)) > 1024 || len([]rune(rule.Name)) > 255 {
			fail("rule %q: texts are empty or too long", rule.ID)
		}
		if len(rule.Properties.Tags) > 10 || rule.Properties.Tags[0] != "security" {
			fail("rule %q: tags %v", rule.ID, rule.Properties.Tags)
		}
	}
	checkPlace := func(l sarifLocation) {
		if l.Physical == nil || l.Physical.Region == nil {
			fail("a location without a place")
			return
		}
		uri := l.Physical.Artifact.URI
		u, err := url.Parse(uri)
		if err != nil || uri == "" || u.Scheme != "" || u.Host != "" || u.RawQuery != "" || u.Fragment != "" || strings.HasPrefix(uri, "/") || strings.ContainsAny(uri, `\ :`) {
			fail("uri %q", uri)
		} else if strings.Contains("/"+u.Path+"/", "/../") || strings.Contains("/"+u.Path+"/", "/./") {
			fail("uri %q steps upward", uri)
		}
		g := *l.Physical.Region
		if g.StartLine < 1 || g.StartColumn < 1 || g.EndLine != g.StartLine || g.EndColumn < g.StartColumn {
			fail("region %+v", g)
		}
	}
	for _, x := range run.Results {
		if x.Message.Text == "" || len(x.Locations) != 1 || x.RuleIndex >= len(rules) || rules[x.RuleIndex].ID != x.RuleID {
			fail("result of rule %q without message, location or rule", x.RuleID)
			continue
		}
		checkPlace(x.Locations[0])
		ids := map[string]bool{}
		for _, l := range x.Related {
			checkPlace(l)
			ids[strconv.Itoa(l.ID)] = true
		}
		for _, link := range regexp.MustCompile(`\]\(([^)]*)\)`).FindAllStringSubmatch(x.Message.Text, -1) {
			if !ids[link[1]] {
				fail("the message links to %q", link[1])
			}
		}
		for _, flow := range x.Flows {
			for _, l := range flow.ThreadFlows[0].Locations {
				checkPlace(l.Location)
			}
		}
		if h, ok := x.Fingerprints["primaryLocationLineHash"]; ok && !lineHashForm.MatchString(h) {
			fail("line hash %q", h)
		}
		if (x.Suppressions != nil) != suppressed {
			fail("suppressions on some results only")
		}
	}
	return len(run.Results), problems
}

func results(t *testing.T, r finding.Report, o Options) sarifRun {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal([]byte(write(t, "sarif", r, o)), &log); err != nil {
		t.Fatal(err)
	}
	return log.Runs[0]
}

// Columns count UTF-16 code units: a combining character is one, an emoji two.
func TestSARIFColumns(t *testing.T) {
	f := source.NewFile("a.json", []byte("{\n\t\"e\u0301🪣\": \"*\"\n"))
	span := spanOf(f, `"*"`, 0)
	r := clean()
	r.Findings = []finding.Finding{{ID: "1", Rule: "r", Message: "m", Path: "a.json", Span: span, Location: finding.Place(span)}}
	got := *results(t, r, Options{}).Results[0].Locations[0].Physical.Region
	if want := (sarifRegion{2, 10, 2, 13}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// An alert of several lines would not be shown on a pull request.
func TestSARIFRegionsAreOneLine(t *testing.T) {
	f := source.NewFile("a.json", []byte("{ \"a\":\r\n 1\r\n}\n"))
	r := clean()
	r.Findings = []finding.Finding{{ID: "1", Rule: "r", Message: "m", Path: "a.json", Span: source.Span{File: f, Start: 2, End: 14}}}
	got := *results(t, r, Options{}).Results[0].Locations[0].Physical.Region
	if want := (sarifRegion{1, 3, 1, 7}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// A finding in a module that terraform init has fetched is shown where the
// repository calls the module.
func TestSARIFHome(t *testing.T) {
	fetched := source.NewFile(".terraform/modules/m/main.tf", []byte("x = 1\ny = 2\n"))
	root := source.NewFile("main.tf", []byte("\n\nmodule \"m\" {}\n"))
	at := spanOf(fetched, "y", 0)
	f := finding.Finding{ID: "1", Rule: "r", Message: "m", Path: fetched.Name, Span: at, Location: finding.Place(at), Related: []finding.Related{{Span: spanOf(root, "module", 0), Message: "module called here"}}}
	r := clean()
	r.Findings = []finding.Finding{f}
	x := results(t, r, Options{}).Results[0]
	if p := x.Locations[0].Physical; p.Artifact.URI != "main.tf" || p.Region.StartLine != 3 {
		t.Errorf("shown at %+v", p)
	}
	var uris []string
	for _, l := range x.Related {
		uris = append(uris, l.Physical.Artifact.URI)
	}
	if got := strings.Join(uris, " "); got != "main.tf .terraform/modules/m/main.tf" {
		t.Errorf("related: %s", got)
	}
	// A module's source address is never a path.
	f.Span, f.Location, f.Path = source.Span{}, &finding.Location{Path: "git::https://x/m.git//main.tf", StartLine: 3, StartColumn: 1, EndLine: 3, EndColumn: 2}, "stacks/main.tf"
	f.Related = nil
	r.Findings = []finding.Finding{f}
	if p := results(t, r, Options{}).Results[0].Locations[0].Physical; p.Artifact.URI != "stacks/main.tf" {
		t.Errorf("shown at %+v", p)
	}
}

func TestSARIFLimit(t *testing.T) {
	r := clean()
	for i := range sarifResults + 10 {
		severity := finding.Low
		if i >= sarifResults {
			severity = finding.Critical
		}
		r.Findings = append(r.Findings, finding.Finding{ID: strconv.Itoa(i), Rule: "r", Severity: severity, Message: "m", Path: "p"})
	}
	said := ""
	run := results(t, r, Options{Say: func(s string) { said = s }})
	if len(run.Results) != sarifResults || run.Results[9].Level != "error" || run.Results[10].Level != "note" {
		t.Errorf("%d results; the strongest are not first", len(run.Results))
	}
	const want = "10 of 25010 findings are left out"
	if n := run.Invocations[0].Notifications; len(n) != 1 || !strings.HasPrefix(n[0].Message.Text, want) || !strings.Contains(said, want) {
		t.Errorf("told: %v, %q", n, said)
	}
}

func TestSARIFSuppressed(t *testing.T) {
	r := sample()
	r.Findings[3].Archive.Span = spanOf(moduleFile, "module", 0)
	if out := write(t, "sarif", r, Options{Suppressed: true}); !strings.Contains(out, `"kind": "inSource"`) {
		t.Error("archived by a comment, and not suppressed in the source")
	}
	if n := len(results(t, sample(), Options{}).Results); n != 3 {
		t.Errorf("%d results, want 3: the archived and the removed one are left out", n)
	}
	run := results(t, sample(), Options{Suppressed: true, Category: "prod"})
	count := 0
	for _, x := range run.Results {
		if x.Suppressions == nil {
			t.Fatal("a result without suppressions")
		}
		count += len(*x.Suppressions)
	}
	if len(run.Results) != 4 || count != 1 || run.Automation == nil || run.Automation.ID != "prod/" {
		t.Errorf("%d results, %d suppressed, category %+v", len(run.Results), count, run.Automation)
	}
}

// Alerts that code scanning may take for one name each other.
func TestSARIFNeighbours(t *testing.T) {
	r := clean()
	for i := range 20 {
		r.Findings = append(r.Findings, finding.Finding{ID: strconv.Itoa(100 + i), Rule: "r", Severity: finding.Low, Message: "message " + strconv.Itoa(i), Path: "p"})
	}
	r.Findings = append(r.Findings, finding.Finding{ID: "9", Rule: "s", Severity: finding.Low, Message: "alone", Path: "p"})
	for _, x := range results(t, r, Options{}).Results {
		_, others, together := strings.Cut(x.Message.Text, " On the same line: ")
		if together != (x.RuleID == "r") || together && (strings.Count(others, "message ") != listed || !strings.HasSuffix(others, "; and 11 more.")) {
			t.Errorf("%s", x.Message.Text)
		}
	}
	r.Findings = r.Findings[:2]
	if m := results(t, r, Options{}).Results[0].Message.Text; m != "message 0. On the same line: message 1." {
		t.Errorf("%s", m)
	}
}
