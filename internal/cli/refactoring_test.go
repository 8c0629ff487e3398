package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// comparison is what these tests read of a comparison.
type comparison struct {
	Changes []struct {
		Kind    string            `json:"kind"`
		Wider   bool              `json:"wider"`
		Finding finding.Finding   `json:"finding"`
		Gained  []finding.Finding `json:"gained"`
		Lost    []finding.Finding `json:"lost"`
	} `json:"changes"`
	Diagnostics []finding.Diagnostic `json:"diagnostics"`
}

func compareFiles(t *testing.T, before, after string) comparison {
	t.Helper()
	var out, errs bytes.Buffer
	Run([]string{"diff", "--no-config", "--account", recordedOwner, "--format", "json", before, after}, strings.NewReader(""), &out, &errs)
	var c comparison
	if err := json.Unmarshal(out.Bytes(), &c); err != nil {
		t.Fatalf("%s and %s: %v %s", before, after, err, errs.String())
	}
	return c
}

// documentsToChange are policies and templates in JSON: the examples, and the
// labelled ones of the corpus when it is there.
func documentsToChange(t *testing.T) []string {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join("..", "..", "testdata", "examples", "*.json"))
	dir := os.Getenv("IACLINT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	index, err := os.ReadFile(filepath.Join(dir, "labelled", "index.jsonl"))
	if err != nil {
		t.Logf("no corpus at %s: the examples alone are changed; set IACLINT_CORPUS", dir)
	}
	for _, line := range strings.Split(string(index), "\n") {
		var x struct{ Kind, Path string }
		if json.Unmarshal([]byte(line), &x) == nil && (x.Kind == "policy" || x.Kind == "cfn") && strings.HasSuffix(x.Path, ".json") {
			files = append(files, filepath.Join(dir, filepath.FromSlash(x.Path)))
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// edited is a document with its policies changed. Writing it orders the keys of
// all objects.
func edited(t *testing.T, file string, edit func(statements []any) []any) (value any) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if json.Unmarshal(content, &value) != nil {
		return nil
	}
	var walk func(v any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			for k, x := range v {
				v[k] = walk(x)
			}
			if list, ok := v["Statement"].([]any); ok {
				v["Statement"] = edit(list)
			}
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		}
		return v
	}
	return walk(value)
}

// shuffled are the statements in another order, under other names, each action
// in a statement of its own.
func shuffled(r *rand.Rand) func([]any) []any {
	return func(list []any) []any {
		var out []any
		for _, x := range list {
			s, ok := x.(map[string]any)
			if !ok {
				out = append(out, x)
				continue
			}
			actions, ok := s["Action"].([]any)
			if !ok || len(actions) < 2 {
				actions = []any{s["Action"]}
			}
			for _, a := range actions {
				one := map[string]any{}
				for k, v := range s {
					one[k] = v
				}
				if s["Action"] != nil {
					one["Action"] = a
				}
				one["Sid"] = fmt.Sprintf("s%d", r.Intn(1e9))
				out = append(out, one)
			}
		}
		r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		return out
	}
}

func writeTo(t *testing.T, name string, content []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func asJSON(t *testing.T, v any) []byte {
	t.Helper()
	out, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A refactoring makes no difference: statements shuffled, split and renamed, keys
// in another order, the file elsewhere, a template in YAML.
func TestRefactoringsAreNoDifference(t *testing.T) {
	long(t)
	r := rand.New(rand.NewSource(51))
	n := 0
	for _, file := range documentsToChange(t) {
		v := edited(t, file, shuffled(r))
		if v == nil {
			continue
		}
		dir := t.TempDir()
		name := filepath.Base(file)
		before := filepath.Join(dir, "before")
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		writeTo(t, filepath.Join(before, name), content)
		after := []string{filepath.Join(dir, "same"), filepath.Join(dir, "moved")}
		writeTo(t, filepath.Join(after[0], name), asJSON(t, v))
		writeTo(t, filepath.Join(after[1], "some", "where", "else", "policy.json"), asJSON(t, v))
		if m, ok := v.(map[string]any); ok && m["Resources"] != nil {
			text, err := yaml.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			after = append(after, filepath.Join(dir, "yaml"))
			writeTo(t, filepath.Join(after[2], "template.yaml"), text)
		}
		for _, a := range after {
			n++
			c := compareFiles(t, before, a)
			for _, x := range c.Changes {
				t.Errorf("%s, %s: %s %s", file, filepath.Base(a), x.Kind, x.Finding.Message)
			}
		}
	}
	if n < 10 {
		t.Errorf("%d refactorings: are the documents still found?", n)
	}
	t.Logf("%d refactorings", n)
}

// injection is an edit of one statement that adds or removes access.
type injection struct {
	name  string
	wider bool
	edit  func(statements []any) []any // nil: not possible
}

var injections = []injection{
	{"an action is added", true, func(list []any) []any {
		return editFirst(list, "Allow", func(s map[string]any) bool {
			first, _ := asList(s["Action"])[0].(string)
			service, _, _ := strings.Cut(strings.ToLower(first), ":")
			more := map[string]string{"s3": "s3:PutObject", "sqs": "sqs:PurgeQueue", "kms": "kms:Decrypt", "es": "es:ESHttpPut", "sns": "sns:Publish"}[service]
			s["Action"] = append(slices.Clone(asList(s["Action"])), more)
			return more != ""
		})
	}},
	{"a condition is dropped", true, func(list []any) []any {
		return editFirst(list, "Allow", func(s map[string]any) bool {
			_, ok := s["Condition"]
			delete(s, "Condition")
			return ok
		})
	}},
	{"a principal is added", true, func(list []any) []any {
		return editFirst(list, "Allow", func(s map[string]any) bool {
			p, ok := s["Principal"].(map[string]any)
			if !ok || p["AWS"] == nil {
				return false
			}
			p["AWS"] = append(slices.Clone(asList(p["AWS"])), "arn:aws:iam::999988887777:root")
			return true
		})
	}},
	{"a statement is removed", false, func(list []any) []any {
		for i, x := range list {
			if s, ok := x.(map[string]any); ok && s["Effect"] == "Allow" {
				return slices.Delete(slices.Clone(list), i, i+1)
			}
		}
		return nil
	}},
	{"a Deny is removed", true, func(list []any) []any {
		for i, x := range list {
			if s, ok := x.(map[string]any); ok && s["Effect"] == "Deny" {
				return slices.Delete(slices.Clone(list), i, i+1)
			}
		}
		return nil
	}},
}

func asList(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

func editFirst(list []any, effect string, edit func(map[string]any) bool) []any {
	for _, x := range list {
		if s, ok := x.(map[string]any); ok && s["Effect"] == effect && edit(s) {
			return list
		}
	}
	return nil
}

// An injected difference is found, and nothing else: what is wider loses nothing
// and the other way round, the evaluator allows every witness on one side only,
// and where nothing is found it refuses what the findings of the other side show.
func TestInjectedDifferences(t *testing.T) {
	long(t)
	found := map[string]int{}
	for _, file := range documentsToChange(t) {
		for _, in := range injections {
			done := false
			v := edited(t, file, func(list []any) []any {
				if done {
					return list
				}
				if out := in.edit(list); out != nil {
					done = true
					return out
				}
				return list
			})
			m, ok := v.(map[string]any)
			if !done || !ok || m["Statement"] == nil {
				continue // of templates, the evaluator has no documents
			}
			checkInjection(t, file, in, asJSON(t, v), found)
		}
	}
	for _, in := range injections {
		if found[in.name] == 0 {
			t.Errorf("%s: never seen", in.name)
		}
	}
	t.Log(found)
}

func checkInjection(t *testing.T, file string, in injection, changed []byte, found map[string]int) {
	dir := t.TempDir()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(file)
	before, after := writeTo(t, filepath.Join(dir, "a", name), content), writeTo(t, filepath.Join(dir, "b", name), changed)
	old, now := decoded(content), decoded(changed)
	c := compareFiles(t, before, after)
	for _, x := range c.Changes {
		if x.Finding.Principal["Service"] != "" {
			continue
		}
		wrong, right := x.Lost, x.Gained
		from, to := old, now
		if !in.wider {
			wrong, right, from, to = right, wrong, to, from
		}
		if len(wrong) > 0 {
			t.Errorf("%s, %s: %s %q", file, in.name, x.Kind, wrong[0].Message)
		}
		for _, g := range right {
			if g.Witness == nil || g.Certainty != finding.Proven {
				continue
			}
			found[in.name]++
			if in.name == "a principal is added" && !strings.Contains(g.Principal["AWS"], "999988887777") {
				t.Errorf("%s: %q is not the principal that was added", file, g.Message)
			}
			if !allowedBy(to, g) || allowedBy(from, g) {
				t.Errorf("%s, %s: the evaluator says %t and %t of %v", file, in.name, allowedBy(from, g), allowedBy(to, g), *g.Witness)
			}
		}
	}
	if len(c.Changes) > 0 {
		return
	}
	side, other := after, old
	if !in.wider {
		side, other = before, now
	}
	for _, f := range findingsIn(t, side) {
		if f.Witness != nil && f.Certainty == finding.Proven && f.Principal["Service"] == "" && !allowedBy(other, f) {
			t.Errorf("%s, %s: no difference, but the evaluator refuses %v on one side", file, in.name, *f.Witness)
		}
	}
}

func findingsIn(t *testing.T, file string) []finding.Finding {
	t.Helper()
	var out, errs bytes.Buffer
	Run([]string{"--no-config", "--policy-checks", "off", "--account", recordedOwner, "--format", "json", file}, strings.NewReader(""), &out, &errs)
	var r finding.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%s: %v %s", file, err, errs.String())
	}
	return r.Findings
}

func decoded(content []byte) *policy.Document {
	v, _ := jsontree.Parse(source.NewFile("policy.json", content))
	d, _ := policy.Decode(v)
	return d
}

func allowedBy(d *policy.Document, f finding.Finding) bool {
	got := evaluate.Evaluate(d, requestOf(*f.Witness), evaluate.Strict)
	return got.Allowed && !got.Denied
}

// requestOf is a witness as a request.
func requestOf(w finding.Witness) evaluate.Request {
	return evaluate.Request{
		Principal: evaluate.Principal{Type: evaluate.PrincipalType(w.Principal.Type), ARN: w.Principal.ARN, Account: w.Principal.Account},
		Action:    w.Action, Resource: w.Resource, Context: w.Context,
	}
}
