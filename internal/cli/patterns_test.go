package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/iaclint/iaclint/analysis/finding"
)

// patternDir holds common real-world policies and the answer each must get;
// its README.md describes the format.
const patternDir = "../../testdata/patterns"

// lastPattern is the number of the last pattern.
const lastPattern = 52

func TestPatterns(t *testing.T) {
	t.Parallel()
	checkPatterns(t, patternDir)
}

// What several files of a run say of one resource.
func TestTogether(t *testing.T) { checkPatterns(t, "../../testdata/together") }

func checkPatterns(t *testing.T, dir string) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no patterns: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			cases, err := parsePatterns(archive)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range cases {
				t.Run(c.name, func(t *testing.T) { checkPattern(t, c) })
			}
		})
	}
}

// Every pattern has cases in every language, or the README says why not.
func TestPatternsAreComplete(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(patternDir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= lastPattern; n++ {
		files, _ := filepath.Glob(filepath.Join(patternDir, fmt.Sprintf("%02d-*.txtar", n)))
		if len(files) > 1 {
			t.Errorf("pattern %d has %d files", n, len(files))
		}
		has := map[string]bool{"document": false, "template": false, "module": false}
		for _, file := range files {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range archive.Files {
				switch name := f.Name; {
				case strings.HasSuffix(name, ".tf"):
					has["module"] = true
				case strings.Contains(name, "/template."):
					has["template"] = true
				case strings.HasSuffix(name, "/input.json"):
					has["document"] = true
				}
			}
		}
		excuse := ""
		if m := regexp.MustCompile(fmt.Sprintf(`\n\| %d \| ([a-z, ]+) \|`, n)).FindStringSubmatch(string(readme)); m != nil {
			excuse = m[1]
		}
		for language, ok := range has {
			if excused := excuse == "everything" || strings.Contains(excuse, language); ok == excused {
				t.Errorf("pattern %d: has a %s: %t, README.md excuses it: %t", n, language, ok, excused)
			}
		}
	}
}

// patternCase is an input of one or more files with the runs to make on it.
type patternCase struct {
	name  string
	files []txtar.File
	runs  []patternRun
}

// patternRun is one command line and what its report must say. What is not
// named is not compared, but the list of findings is complete.
type patternRun struct {
	args        []string
	verdict     string
	address     string // of the resource that is judged; "" when there is one only
	owner       string
	resource    string   // resource type
	blockedBy   []string // each is part of the entry at its place; nil: not compared
	findings    []wantFinding
	every       *wantFinding // at least one finding, and all of them match
	diagnostics []wantDiagnostic
}

type wantFinding map[string][]string

type wantDiagnostic struct{ severity, contains string }

func parsePatterns(archive *txtar.Archive) ([]patternCase, error) {
	inputs, wants := map[string][]txtar.File{}, map[string]string{}
	var names []string
	for _, f := range archive.Files {
		name, kind, ok := strings.Cut(strings.TrimPrefix(f.Name, "case "), "/")
		switch {
		case !ok || !strings.HasPrefix(f.Name, "case "):
			return nil, fmt.Errorf("section %q: want \"case NAME/FILE\" or \"case NAME/want\"", f.Name)
		case kind == "want" && wants[name] == "":
			wants[name] = string(f.Data)
		case kind == "want":
			return nil, fmt.Errorf("section %q is written twice", f.Name)
		default:
			if inputs[name] == nil {
				names = append(names, name)
			}
			inputs[name] = append(inputs[name], txtar.File{Name: kind, Data: f.Data})
		}
	}
	if len(names) == 0 || len(wants) != len(names) {
		return nil, fmt.Errorf("%d inputs and %d wants", len(names), len(wants))
	}
	var cases []patternCase
	for _, name := range names {
		for _, f := range inputs[name] {
			if strings.HasSuffix(f.Name, ".json") && !json.Valid(f.Data) {
				return nil, fmt.Errorf("case %s: %s is not JSON", name, f.Name)
			}
		}
		runs, err := parseRuns(wants[name])
		if err != nil {
			return nil, fmt.Errorf("case %s: %w", name, err)
		}
		cases = append(cases, patternCase{name, inputs[name], runs})
	}
	return cases, nil
}

// parseRuns reads a want: groups of "args:" lines, each followed by what holds
// for all of them.
func parseRuns(text string) ([]patternRun, error) {
	var done, group []patternRun
	inArgs := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		key, rest, ok := strings.Cut(line, ":")
		rest = strings.TrimSpace(rest)
		if !ok {
			return nil, fmt.Errorf("line %q has no key", line)
		}
		if key == "args" {
			if !inArgs {
				done, group = append(done, group...), nil
			}
			group = append(group, patternRun{args: strings.Fields(rest)})
			inArgs = true
			continue
		}
		inArgs = false
		for i := range group {
			if err := group[i].set(key, rest); err != nil {
				return nil, fmt.Errorf("line %q: %w", line, err)
			}
		}
		if group == nil {
			return nil, fmt.Errorf("line %q comes before args", line)
		}
	}
	done = append(done, group...)
	for _, r := range done {
		if r.verdict == "" {
			return nil, fmt.Errorf("args %q: no verdict", r.args)
		}
	}
	return done, nil
}

func (r *patternRun) set(key, rest string) error {
	switch key {
	case "verdict":
		if !slices.Contains([]string{"public", "external", "undetermined", "none"}, rest) {
			return fmt.Errorf("unknown verdict %q", rest)
		}
		r.verdict = rest
	case "address":
		r.address = rest
	case "owner":
		r.owner = rest
	case "resource":
		r.resource = rest
	case "blockedBy":
		r.blockedBy = strings.Fields(strings.TrimPrefix(rest, "-"))
		if r.blockedBy == nil {
			r.blockedBy = []string{}
		}
	case "finding", "every":
		f, err := parseFinding(rest)
		if err != nil {
			return err
		}
		if key == "every" {
			r.every = &f
		} else {
			r.findings = append(r.findings, f)
		}
	case "diagnostic":
		severity, text, _ := strings.Cut(rest, " contains ")
		text, err := strconv.Unquote(text)
		if err != nil {
			return fmt.Errorf("want SEVERITY contains \"TEXT\"")
		}
		r.diagnostics = append(r.diagnostics, wantDiagnostic{severity, text})
	default:
		return fmt.Errorf("unknown key %q", key)
	}
	return nil
}

var attribute = regexp.MustCompile(`^([a-z]+)=("(?:[^"\\]|\\.)*"|\S+)\s*`)

// parseFinding reads name=value pairs; a value with spaces is quoted.
func parseFinding(s string) (wantFinding, error) {
	f := wantFinding{}
	for s != "" {
		m := attribute.FindStringSubmatch(s)
		if m == nil {
			return nil, fmt.Errorf("want name=value at %q", s)
		}
		name, value := m[1], m[2]
		if _, ok := attributes[name]; !ok {
			return nil, fmt.Errorf("unknown attribute %q", name)
		}
		if strings.HasPrefix(value, `"`) {
			var err error
			if value, err = strconv.Unquote(value); err != nil {
				return nil, err
			}
		}
		f[name] = append(f[name], value)
		s = s[len(m[0]):]
	}
	if len(f) == 0 {
		return nil, fmt.Errorf("a finding without attributes matches anything")
	}
	return f, nil
}

// attributes maps each attribute to the values a finding has for it. A want
// matches when it names exactly those values, or, for the attributes in
// partial, some of them.
var attributes = map[string]func(finding.Finding) []string{
	"rule":      func(f finding.Finding) []string { return []string{f.Rule} },
	"severity":  func(f finding.Finding) []string { return []string{string(f.Severity)} },
	"principal": func(f finding.Finding) []string { return pairs(f.Principal, ":") },
	"condition": func(f finding.Finding) []string {
		if len(f.Condition) == 0 {
			return []string{"none"}
		}
		return pairs(f.Condition, "=")
	},
	"actions": func(f finding.Finding) []string {
		return []string{strings.Join(slices.Sorted(slices.Values(f.Action)), ",")}
	},
	"action":    func(f finding.Finding) []string { return f.Action },
	"public":    func(f finding.Finding) []string { return []string{strconv.FormatBool(f.IsPublic)} },
	"certainty": func(f finding.Finding) []string { return []string{string(f.Certainty)} },
	"sources": func(f finding.Finding) []string {
		var types []string
		for _, s := range f.Sources {
			types = append(types, s.Type)
		}
		slices.Sort(types)
		return []string{strings.Join(types, ",")}
	},
	"levels": func(f finding.Finding) []string {
		return []string{strings.Join(slices.Sorted(slices.Values(f.AccessLevels)), ",")}
	},
	"witness": func(f finding.Finding) []string {
		if f.Witness == nil {
			return nil
		}
		return []string{f.Witness.Principal.Type}
	},
	"needs":   func(f finding.Finding) []string { return f.Needs },
	"message": func(f finding.Finding) []string { return []string{f.Message} },
}

func pairs(m map[string]string, separator string) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k+separator+m[k])
	}
	return out
}

func (w wantFinding) matches(f finding.Finding) bool {
	for name, want := range w {
		got := attributes[name](f)
		switch name {
		case "action":
			if slices.ContainsFunc(want, func(a string) bool { return !slices.Contains(got, a) }) {
				return false
			}
		case "message":
			if slices.ContainsFunc(want, func(part string) bool { return !strings.Contains(got[0], part) }) {
				return false
			}
		default:
			if !slices.Equal(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))) {
				return false
			}
		}
	}
	return true
}

func checkPattern(t *testing.T, c patternCase) {
	dir := t.TempDir()
	for _, f := range c.files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, f.Name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	file := dir
	if len(c.files) == 1 && !strings.HasSuffix(c.files[0].Name, ".tf") {
		file = filepath.Join(dir, c.files[0].Name)
	}
	for _, r := range c.runs {
		t.Run(strings.Join(r.args, " "), func(t *testing.T) {
			code, report := runJSON(t, append(slices.Clone(r.args), file)...)
			r.check(t, report)
			if want := wantStatus(report); code != want {
				t.Errorf("exit status %d, want %d", code, want)
			}
			if t.Failed() {
				for _, f := range report.Findings {
					t.Logf("got finding: %s", describe(f))
				}
				for _, d := range report.Diagnostics {
					t.Logf("got diagnostic: %s: %s", d.Severity, d.Message)
				}
			}
		})
	}
}

func (r patternRun) check(t *testing.T, report finding.Report) {
	t.Helper()
	resources := report.Resources
	if r.address != "" {
		// What a serverless resource stands for has its address, in several types.
		other := func(address, typ string) bool { return address != r.address || r.resource != "" && typ != r.resource }
		resources = slices.DeleteFunc(slices.Clone(resources), func(x finding.Resource) bool { return other(x.Address, x.ResourceType) })
		report.Findings = slices.DeleteFunc(slices.Clone(report.Findings), func(f finding.Finding) bool { return other(f.Address, f.ResourceType) })
	}
	if len(resources) != 1 {
		t.Fatalf("%d resources %q in the report, want 1: %v", len(resources), r.address, report.Resources)
	}
	res := resources[0]
	if string(res.Verdict) != r.verdict {
		t.Errorf("verdict %s, want %s", res.Verdict, r.verdict)
	}
	if r.owner != "" && res.Account != r.owner {
		t.Errorf("owner %q, want %q", res.Account, r.owner)
	}
	if r.resource != "" && res.ResourceType != r.resource {
		t.Errorf("resource type %q, want %q", res.ResourceType, r.resource)
	}
	if r.blockedBy != nil && !slices.EqualFunc(res.BlockedBy, r.blockedBy, strings.Contains) {
		t.Errorf("blocked by %q, want %q", res.BlockedBy, r.blockedBy)
	}
	r.checkFindings(t, report.Findings)
	for _, want := range r.diagnostics {
		if !slices.ContainsFunc(report.Diagnostics, func(d finding.Diagnostic) bool {
			return d.Severity == want.severity && strings.Contains(d.Message, want.contains)
		}) {
			t.Errorf("no %s that contains %q", want.severity, want.contains)
		}
	}
}

func (r patternRun) checkFindings(t *testing.T, got []finding.Finding) {
	t.Helper()
	if r.every != nil {
		if len(got) == 0 {
			t.Errorf("no finding, want some like %v", *r.every)
		}
		for _, f := range got {
			if !r.every.matches(f) {
				t.Errorf("finding %s is not like %v", describe(f), *r.every)
			}
		}
		return
	}
	if len(got) != len(r.findings) || !assign(r.findings, got) {
		t.Errorf("%d findings do not match the %d wanted: %v", len(got), len(r.findings), r.findings)
	}
}

// assign reports whether every want can be given a finding of its own.
func assign(want []wantFinding, got []finding.Finding) bool {
	if len(want) == 0 {
		return true
	}
	for i, f := range got {
		if want[0].matches(f) && assign(want[1:], slices.Delete(slices.Clone(got), i, i+1)) {
			return true
		}
	}
	return false
}

// runJSON runs the program without a configuration file and reads its report, which
// is about access alone: what is expected of policies that are wrong in other ways is
// with the policy checks.
func runJSON(t *testing.T, args ...string) (int, finding.Report) {
	t.Helper()
	var out, errw bytes.Buffer
	code := Run(append([]string{"check", "--no-config", "--policy-checks", "off", "--format", "json"}, args...), strings.NewReader(""), &out, &errw)
	var report finding.Report
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("exit status %d, report: %v\nstderr: %s", code, err, errw.String())
	}
	return code, report
}

// wantStatus is the exit status that a report must go with, when --fail-on is
// not given.
func wantStatus(report finding.Report) int {
	for _, d := range report.Diagnostics {
		if d.Severity == "error" {
			return 3
		}
	}
	for _, f := range report.Findings {
		if f.Status == "ACTIVE" && f.Severity.Rank() >= finding.Medium.Rank() {
			return 1
		}
	}
	return 0
}

func describe(f finding.Finding) string {
	witness := ""
	if f.Witness != nil {
		witness = f.Witness.Principal.Type
	}
	return fmt.Sprintf("rule=%s severity=%s principal=%s condition=%s actions=%s public=%t certainty=%s sources=%v witness=%s message=%q",
		f.Rule, f.Severity, pairs(f.Principal, ":"), pairs(f.Condition, "="), strings.Join(f.Action, ","),
		f.IsPublic, f.Certainty, f.Sources, witness, f.Message)
}

// The examples of the documentation, and what the documentation says of them.
func TestExamples(t *testing.T) {
	const dir = "../../testdata/examples"
	want := map[string][]string{ // verdicts, by address
		"reports-bucket-policy.json":   {"(policy) public"},
		"data-lake-bucket-policy.json": {"(policy) public"},
		"orders-queue-policy.json":     {"(policy) public"},
		"database-key-policy.json":     {"(policy) none"},
		"preview.json": {
			"arn:aws:ec2:eu-west-1:111122223333:snapshot/snap-0123456789abcdef0 public",
			"arn:aws:iam::111122223333:role/partner-upload external",
			"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab none",
			"arn:aws:s3:::acme-website none",
		},
		"reports.yaml": {"Orders undetermined", "Reports public", "Uploads none"},
		"terraform":    {"aws_sns_topic.invoices public"},
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != len(want) {
		t.Fatalf("%d examples, want %d: %v", len(files), len(want), err)
	}
	for _, file := range files {
		t.Run(file.Name(), func(t *testing.T) {
			code, report := runJSON(t, "--account", "111122223333", filepath.Join(dir, file.Name()))
			var got []string
			for _, r := range report.Resources {
				got = append(got, r.Address+" "+string(r.Verdict))
			}
			slices.Sort(got)
			if !slices.Equal(got, want[file.Name()]) {
				t.Errorf("got %q, want %q", got, want[file.Name()])
			}
			if want := wantStatus(report); code != want {
				t.Errorf("exit status %d, want %d", code, want)
			}
		})
	}
}

// The reader of wants refuses what it does not understand, so that a misspelt
// line cannot pass as an answer.
func TestParseRunsRefuses(t *testing.T) {
	for _, text := range []string{
		"verdict: none\n",                                  // no args
		"args: --account 1\n",                              // no verdict
		"args:\nverdict: open\n",                           // unknown verdict
		"args:\nverdict: none\nfinding:\n",                 // matches anything
		"args:\nverdict: none\nfinding: rul=public-read\n", // unknown attribute
		"args:\nverdict: none\ndiagnostic: warning never\n",
		"args:\nverdict: none\nfindings: none\n",
	} {
		if runs, err := parseRuns(text); err == nil {
			t.Errorf("%q is read as %v", text, runs)
		}
	}
}
