package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/fix"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
)

// suggested is what these tests read of suggestions.
type suggested struct {
	Suggestions []suggestedOne       `json:"suggestions"`
	Diagnostics []finding.Diagnostic `json:"diagnostics"`
}

type suggestedOne struct {
	Finding finding.Finding   `json:"finding"`
	Does    string            `json:"does"`
	Loses   string            `json:"loses"`
	Closes  []finding.Finding `json:"closes"`
	Reveals []finding.Finding `json:"reveals"`
	Changes []struct {
		Path         string
		Diff         string
		Replacements []struct {
			Location finding.Location
			Text     string
		}
	} `json:"changes"`
	Reason string `json:"reason"`
}

const insideAccount = "111122223333"

func suggestionsFor(t *testing.T, args ...string) suggested {
	t.Helper()
	out, errs, status := output("", append([]string{"suggest", "--no-config", "--policy-checks", "off", "--account", insideAccount, "--fail-on", "low", "--format", "json"}, args...)...)
	var s suggested
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		t.Fatalf("%q: status %d, %v: %s", args, status, err, errs)
	}
	return s
}

func reportOn(t *testing.T, args ...string) finding.Report {
	t.Helper()
	out, errs, _ := output("", append([]string{"--no-config", "--policy-checks", "off", "--account", insideAccount, "--format", "json"}, args...)...)
	var r finding.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%q: %v: %s", args, err, errs)
	}
	return r
}

// Every suggestion on every finding of the examples and of the corpus applies, and
// what it leads to is asked of the other commands, which know nothing of
// suggestions: the finding is gone, the others are what they were, nothing is
// granted that was not, and requests from inside are answered as before.
func TestEverySuggestion(t *testing.T) {
	long(t)
	roots, _ := filepath.Glob(filepath.Join("..", "..", "testdata", "*"))
	patterns, _ := filepath.Glob(filepath.Join(patternFiles(t), "*", "*"))
	roots = append(roots, patterns...)
	dir := os.Getenv("IACLINT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	wild, _ := filepath.Glob(filepath.Join(dir, "wild", "*", "*"))
	labelled, _ := filepath.Glob(filepath.Join(dir, "labelled", "*"))
	if len(wild) == 0 {
		t.Logf("no corpus at %s: the examples alone are looked at; set IACLINT_CORPUS", dir)
	}
	total, given, ofPlans, losing := 0, 0, 0, 0
	reasons := map[string]int{}
	for _, root := range slices.Concat(roots, wild, labelled) {
		if info, err := os.Stat(root); err != nil || !info.IsDir() {
			continue
		}
		s, base := suggestionsIn(t, root)
		for _, x := range s.Suggestions {
			total++
			switch {
			case x.Reason == "":
				given++
				if x.Loses != "" {
					losing++
				}
				checkSuggestion(t, base, x)
			case strings.HasPrefix(x.Reason, "it is in a plan"):
				ofPlans++
			default:
				reasons[kindOfReason(x.Reason)]++
			}
		}
	}
	t.Logf("%d findings, %d of them in plans; %d of the others have a suggestion (%.0f%%), of which %d take something from services", total, ofPlans, given, 100*float64(given)/float64(max(total-ofPlans, 1)), losing)
	for _, r := range slices.Sorted(maps.Keys(reasons)) {
		t.Logf("%3d %s", reasons[r], r)
	}
	if given < 20 || len(wild) > 0 && given*100 < 85*(total-ofPlans) {
		t.Errorf("%d of %d findings have a suggestion", given, total-ofPlans)
	}
}

// Suggestions on random policies, each checked as those on real ones.
// IACLINT_SUGGESTIONS says on how many.
func TestRandomSuggestions(t *testing.T) {
	long(t)
	n := 60
	if text := os.Getenv("IACLINT_SUGGESTIONS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	r := rand.New(rand.NewSource(61))
	kinds := []string{"bucket", "queue", "role", "key"}
	total, given := 0, 0
	for i := range n {
		text := randomPolicy(r, kinds[i%len(kinds)])
		var indented bytes.Buffer
		if err := json.Indent(&indented, []byte(text), "", strings.Repeat(" ", r.Intn(5))); err != nil {
			t.Fatal(err)
		}
		root := t.TempDir()
		writeTo(t, filepath.Join(root, kinds[i%len(kinds)]+".json"), indented.Bytes())
		s, base := suggestionsIn(t, root)
		for _, x := range s.Suggestions {
			total++
			if x.Reason == "" {
				given++
				checkSuggestion(t, base, x)
			}
		}
		if t.Failed() {
			t.Fatalf("%s\n%s", kinds[i%len(kinds)], text)
		}
	}
	t.Logf("%d findings, %d have a suggestion", total, given)
	if given < total/3 || total < n/2 {
		t.Errorf("%d of %d findings have a suggestion", given, total)
	}
}

// patternFiles writes the inputs of the patterns into a directory, with one for
// each case.
func patternFiles(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "patterns", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no patterns: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			name := filepath.Join(root, strings.TrimSuffix(filepath.Base(file), ".txtar"), strings.ReplaceAll(f.Name, " ", "-"))
			if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, f.Data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

// What is suggested does not depend on how many findings are looked at at a time.
func TestSuggestionsAreDeterministic(t *testing.T) {
	dir := filepath.Join("..", "..", "testdata", "examples")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	want := ""
	runs := 2
	if thorough() {
		runs, dir = 4, filepath.Join("..", "..", "testdata")
	}
	for run := range runs {
		runtime.GOMAXPROCS(1 + run*3)
		got, errs, _ := output("", "suggest", "--format", "json", "--fail-on", "low", dir)
		if run == 0 {
			want = got
		}
		if !strings.Contains(got, `"diff": "---`) {
			t.Fatalf("nothing is suggested: %.300s%s", got, errs)
		}
		if got != want {
			t.Fatalf("run %d differs", run)
		}
	}
}

// A run looks at as many findings as it can in bounded time, the first ones.
func TestAffordable(t *testing.T) {
	p := &fix.Prover{Now: []fix.State{{Groups: make([]fix.Group, 3000)}}}
	p.Now[0].Groups[0].Key[0] = "big.json"
	var list []fix.Wanted
	for range 100 {
		list = append(list, fix.Wanted{Finding: finding.Finding{Path: "big.json"}}, fix.Wanted{Finding: finding.Finding{Path: "small.json"}})
	}
	some, over := p.Affordable(list)
	if len(some)+over != len(list) || over == 0 || len(some) != 2*(fix.MaxWork/3001) && len(some) != 2*(fix.MaxWork/3001)+1 {
		t.Errorf("%d of %d, %d are too many", len(some), len(list), over)
	}
	if some, over := p.Affordable(list[:10]); len(some) != 10 || over != 0 {
		t.Errorf("%d of 10, %d are too many", len(some), over)
	}
	large := resource.Resource{Path: "large.json", Address: "(policy)", Documents: []resource.Document{{Policy: &policy.Document{Statements: make([]policy.Statement, 700)}}}}
	p = &fix.Prover{Now: []fix.State{{Groups: []fix.Group{{Key: [4]string{"large.json", "(policy)"}, Cases: []resource.Resource{large}}}}}}
	list = slices.Repeat([]fix.Wanted{{Finding: finding.Finding{Path: "large.json", Address: "(policy)"}}}, 10)
	if some, over := p.Affordable(list); len(some) != 2 || over != 8 {
		t.Errorf("of a policy with 700 statements %d findings are looked at, %d are not", len(some), over)
	}
}

// The name of a file is one line of a diff, whatever it is.
func TestHostileNameInDiff(t *testing.T) {
	dir := t.TempDir()
	const name = "a\n--- a/b\n+++ b/b\n@@ -0,0 +1 @@\n+x\"é\\.json"
	if err := os.WriteFile(filepath.Join(dir, name), []byte(public), 0o666); err != nil {
		t.Skip(err)
	}
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o777); err != nil {
		t.Fatal(err)
	}
	s := suggestionsFor(t, dir)
	if len(s.Suggestions) != 1 || s.Suggestions[0].Reason != "" {
		t.Fatalf("%+v", s)
	}
	patch(t, dir, s.Suggestions[0].Changes[0].Diff)
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("%v %v", entries, err)
	}
	if r := reportOn(t, dir); slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return f.IsPublic }) {
		t.Error("the change was not applied")
	}
	out, _, _ := output("", "suggest", "--no-config", dir)
	if n := strings.Count(out, "\n+++ "); n != 1 {
		t.Errorf("%d heads of a diff in\n%s", n, out)
	}
}

// kindOfReason is a reason without what it is about.
func kindOfReason(reason string) string {
	for _, kind := range []string{
		"access from inside the zone of trust would be lost", "cannot be compared as sets", "the finding would stay", "another finding would be closed",
		"a finding would be another one", "access that is another finding's", "would be a resource of its own", "it cannot be written",
	} {
		if strings.Contains(reason, kind) {
			return kind
		}
	}
	return reason
}

// suggestionsIn returns the suggestions for a directory, of which base is a copy
// that is a repository of its own.
func suggestionsIn(t *testing.T, root string) (s suggested, base string) {
	t.Helper()
	if len(suggestionsFor(t, root).Suggestions) == 0 {
		return suggested{}, ""
	}
	base = filepath.Join(t.TempDir(), "base")
	if err := os.CopyFS(base, os.DirFS(root)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(base, ".git"), 0o777); err != nil {
		t.Fatal(err)
	}
	return suggestionsFor(t, base), base
}

func idOf(f finding.Finding) string { return f.Path + " " + f.Address + " " + f.ID }

func checkSuggestion(t *testing.T, base string, x suggestedOne) {
	t.Helper()
	at := idOf(x.Finding)
	head := filepath.Join(t.TempDir(), "head")
	if err := os.CopyFS(head, os.DirFS(base)); err != nil {
		t.Fatal(err)
	}
	before := resourcesOf(t, base)
	if len(x.Changes) == 0 {
		t.Errorf("%s: nothing changes", at)
	}
	for _, c := range x.Changes {
		name := filepath.Join(head, filepath.FromSlash(c.Path))
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		replaced := string(content)
		for i := len(c.Replacements) - 1; i >= 0; i-- {
			r := c.Replacements[i]
			start, end := offsetOf(replaced, r.Location.StartLine, r.Location.StartColumn), offsetOf(replaced, r.Location.EndLine, r.Location.EndColumn)
			replaced = replaced[:start] + r.Text + replaced[end:]
		}
		patch(t, head, c.Diff)
		patched, err := os.ReadFile(name)
		if err != nil || string(patched) != replaced {
			t.Fatalf("%s: the diff and the replacements differ: %v\n%s\nand\n%s", at, err, patched, replaced)
		}
	}
	closed := map[string]bool{at: true}
	for _, f := range x.Closes {
		closed[idOf(f)] = true
	}
	sameFindings(t, at, reportOn(t, base), reportOn(t, head), closed, x)
	nothingGained(t, at, base, head, closed)
	keepsInside(t, at, before, resourcesOf(t, head), x.Finding)
}

// offsetOf returns the byte at a line and a column, which counts characters.
func offsetOf(text string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	for range column - 1 {
		for at++; at < len(text) && text[at]&0xc0 == 0x80; at++ {
		}
	}
	return at
}

// patch applies a diff as a user would.
func patch(t *testing.T, dir, diff string) {
	t.Helper()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	command := exec.Command(git, "apply", "-")
	command.Dir, command.Stdin = dir, strings.NewReader(diff)
	command.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir), "GIT_DIR=/nonexistent")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, diff)
	}
}

func sameFindings(t *testing.T, at string, before, after finding.Report, closed map[string]bool, x suggestedOne) {
	t.Helper()
	facts := func(f finding.Finding) string {
		return fmt.Sprint(f.Path, f.Address, f.Rule, f.Certainty, f.Principal, f.Condition, f.Action, f.IsPublic)
	}
	left := map[string]int{}
	for _, f := range before.Findings {
		if !closed[idOf(f)] {
			left[facts(f)]++
		}
	}
	for _, f := range after.Findings {
		if left[facts(f)]--; left[facts(f)] >= 0 {
			continue
		}
		revealed := slices.ContainsFunc(x.Reveals, func(r finding.Finding) bool { return facts(r) == facts(f) })
		if closed[idOf(f)] || !revealed {
			t.Errorf("%s: %s: there is %s", at, x.Does, facts(f))
		}
	}
	for f, n := range left {
		if n > 0 {
			t.Errorf("%s: %s: there is no %s any more", at, x.Does, f)
		}
	}
	messages := map[string]int{}
	for _, d := range before.Diagnostics {
		messages[d.Severity+d.Message]++
	}
	for _, d := range after.Diagnostics {
		if messages[d.Severity+d.Message]--; messages[d.Severity+d.Message] < 0 {
			t.Errorf("%s: %s: %s", at, x.Does, d.Message)
		}
	}
}

func nothingGained(t *testing.T, at, base, head string, closed map[string]bool) {
	t.Helper()
	out, errs, _ := output("", "diff", "--no-config", "--account", insideAccount, "--format", "json", base, head)
	var c comparison
	if err := json.Unmarshal([]byte(out), &c); err != nil {
		t.Fatalf("%s: %v %s", at, err, errs)
	}
	gone := 0
	for _, d := range c.Changes {
		switch {
		case d.Finding.Principal["Service"] != "":
		case len(d.Gained) > 0:
			t.Errorf("%s: gained %v", at, d.Gained)
		case d.Kind == "withdrawn" && closed[idOf(d.Finding)]:
			gone++
		}
	}
	if gone == 0 && !strings.Contains(at, "confused") && len(c.Changes) == 0 {
		t.Errorf("%s: nothing is withdrawn", at)
	}
}

// resourcesOf are the resources of a directory as they are analysed, by their key.
func resourcesOf(t *testing.T, dir string) map[[4]string][]resource.Resource {
	t.Helper()
	found := workspace.NewFinder(dir, workspace.FinderOptions{None: true, Deploy: config.Flags{Account: insideAccount}})
	in := workspace.NewWalker(dir, nil, "", func(*workspace.Input) bool { return true }).Collect([]string{dir})
	for i := range in.Files {
		found.Of(&in.Files[i])
	}
	out := map[[4]string][]resource.Resource{}
	for _, r := range scan.Over(in, scan.Options{}).Results {
		for _, x := range r.Analysed {
			out[scan.KeyOf(x.Cases[0])] = append(out[scan.KeyOf(x.Cases[0])], x.Cases...)
		}
	}
	return out
}

// keepsInside asks the evaluator about requests of your account, before and
// after: what it allowed it still allows.
func keepsInside(t *testing.T, at string, before, after map[[4]string][]resource.Resource, f finding.Finding) {
	t.Helper()
	for key, cases := range before {
		if key[0] != f.Path || key[1] != f.Address {
			continue
		}
		if strings.Contains(key[2], "Snapshot") || key[2] == "AWS::EC2::Image" {
			continue // the owner needs no place in its list
		}
		now := after[key]
		for i, r := range cases {
			var documents []*policy.Document
			if i < len(now) {
				documents = documentsOf(now[i])
			}
			for _, q := range insideRequests(r, f) {
				if evaluate.EvaluateAll(documentsOf(r), q, evaluate.Strict).Allowed && !evaluate.EvaluateAll(documents, q, evaluate.Strict).Allowed {
					t.Errorf("%s: refused now: %+v", at, q)
				}
			}
		}
	}
}

// documentsOf are the policies and lists of a resource, with your account in
// the place of references to it: the evaluator knows of no deployment.
func documentsOf(r resource.Resource) []*policy.Document {
	var out []*policy.Document
	for _, d := range r.Documents {
		if d.Source == resource.AccessPoint {
			continue
		}
		doc := *d.Policy
		doc.Statements = slices.Clone(doc.Statements)
		for i := range doc.Statements {
			s := &doc.Statements[i]
			s.Principal.List = slices.Clone(s.Principal.List)
			for k := range s.Principal.List {
				s.Principal.List[k].Text = settledText(s.Principal.List[k].Text)
			}
			s.Resource.List = settledPatterns(s.Resource.List)
			s.Condition = slices.Clone(s.Condition)
			for k := range s.Condition {
				s.Condition[k].Values = settledPatterns(s.Condition[k].Values)
			}
		}
		out = append(out, &doc)
	}
	return out
}

func settledPatterns(list []policy.Pattern) []policy.Pattern {
	out := slices.Clone(list)
	for i := range out {
		out[i].Text = settledText(out[i].Text)
	}
	return out
}

func settledText(t value.Text) value.Text {
	if t.Parts == nil {
		return t
	}
	var texts []value.Text
	for _, p := range t.Parts {
		switch {
		case p.Ref == nil:
			texts = append(texts, value.Lit(p.Literal))
		case p.Ref.Is == value.OwnAccount:
			texts = append(texts, value.Lit(insideAccount))
		default:
			texts = append(texts, value.Ref(*p.Ref))
		}
	}
	return value.Join(texts...)
}

// natural adds what every request has: a network, a time, and for KMS who calls.
func natural(q evaluate.Request) {
	set := func(key, text string) {
		if q.Context[key] == nil {
			q.Context[key] = []string{text}
		}
	}
	if q.Context["aws:SourceVpc"] == nil && q.Context["aws:SourceVpce"] == nil {
		set("aws:SourceIp", "198.51.100.7")
	} else {
		set("aws:SourceVpc", "vpc-0f1e2d3c")
		set("aws:SourceVpce", "vpce-0f1e2d3c")
		set("aws:VpcSourceIp", "10.0.0.1")
		delete(q.Context, "aws:SourceIp")
	}
	set("aws:CurrentTime", "2026-11-25T12:00:00Z")
	set("aws:SecureTransport", "true")
	set("aws:PrincipalType", map[bool]string{true: "User", false: "AssumedRole"}[strings.Contains(q.Principal.ARN, ":user/")])
	if strings.Contains(q.Principal.ARN, ":user/") {
		set("aws:userid", "AIDAEXAMPLE")
		set("aws:username", "inside")
	} else {
		set("aws:userid", "AROAEXAMPLE:inside")
	}
	if strings.HasPrefix(strings.ToLower(q.Action), "kms:") {
		q.Context["kms:CallerAccount"] = []string{insideAccount}
	}
}

// insideRequests are requests of principals of your account: for what the
// statements name, and those of the finding's example.
func insideRequests(r resource.Resource, f finding.Finding) []evaluate.Request {
	var out []evaluate.Request
	add := func(action, arn string, context map[string][]string) {
		if strings.Contains(strings.ToLower(action), "assumerolewith") {
			return // nobody signs it
		}
		for _, caller := range []string{"role/inside", "user/inside"} {
			q := evaluate.Request{Principal: evaluate.Principal{Type: evaluate.AWS, ARN: "arn:aws:iam::" + insideAccount + ":" + caller, Account: insideAccount}, Action: action, Resource: arn, Context: map[string][]string{}}
			for k, v := range context {
				if !strings.HasPrefix(strings.ToLower(k), "aws:principal") {
					q.Context[k] = v
				}
			}
			q.Context["aws:PrincipalAccount"], q.Context["aws:PrincipalArn"] = []string{insideAccount}, []string{q.Principal.ARN}
			q.Context["aws:ResourceAccount"], q.Context["aws:PrincipalIsAWSService"] = []string{insideAccount}, []string{"false"}
			natural(q)
			if evaluate.WellFormed(q) == nil {
				out = append(out, q)
			}
		}
	}
	var context map[string][]string
	if f.Witness != nil {
		context = f.Witness.Context
		add(f.Witness.Action, f.Witness.Resource, context)
	}
	for _, d := range documentsOf(r) {
		for _, s := range d.Statements {
			for _, a := range s.Action.List {
				resources := s.Resource.List
				if len(resources) == 0 {
					resources = []policy.Pattern{{Text: value.Lit("arn:aws:a:::b")}}
				}
				for _, p := range resources {
					name := strings.ReplaceAll(a.Text.String(), "*", "X")
					arn := strings.ReplaceAll(p.Text.String(), "*", "x")
					if arn == "x" && f.Witness != nil {
						arn = f.Witness.Resource // no other resource has the policy
					}
					add(name, arn, context)
					add(name, arn, nil)
				}
			}
		}
	}
	return out
}
