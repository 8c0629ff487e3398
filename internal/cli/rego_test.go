package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/iaclint/iaclint/rules"
	"github.com/iaclint/iaclint/rules/rego"
)

// The rules of the documents run over whatever the program reads: none of them
// ends with an error, and what they see has the schema.
func TestLibrary(t *testing.T) {
	library, err := filepath.Abs(filepath.Join("..", "..", "docs", "rego"))
	if err != nil {
		t.Fatal(err)
	}
	schema := inputSchema(t)
	reports, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "schema", "report-v1.json"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "policy"), os.DirFS(library)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".iaclint.hcl"), []byte("custom_rules { rego = [\"policy\"] }\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, r := range rules.All {
		for _, e := range rules.PageOf(r).Examples {
			for _, f := range e.Files {
				name := filepath.Join(dir, "examples", r.ID, e.Name, f.Name)
				if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(f.Content), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, name := range []string{"examples", "diff", "archiving", "comparison"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join("..", "..", "testdata", name))); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	var out, errs bytes.Buffer
	if status := Run([]string{"--format", "json", "examples", "comparison"}, strings.NewReader(""), &out, &errs); status != statusFindings || errs.Len() > 0 {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	validInput(t, reports, out.Bytes())
	var report struct {
		Findings []struct{ Rule, Message, Address string }
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, f := range report.Findings {
		found[f.Rule]++
	}
	for _, id := range []string{"external-writes", "partners-only", "statement-sid", "secure-transport", "public-tagged", "external-regions"} {
		if found[id] == 0 {
			t.Errorf("rule %s finds nothing in %v", id, found)
		}
	}
	out.Reset()
	if status := Run([]string{"rules", "input", "."}, strings.NewReader(""), &out, &errs); status != statusClean {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	validInput(t, schema, out.Bytes())
}

// What rules see of the corpus has the schema.
func TestLibraryOverCorpus(t *testing.T) {
	long(t)
	corpus := os.Getenv("IACLINT_CORPUS")
	if corpus == "" {
		corpus, _ = filepath.Abs(filepath.Join("..", "..", "..", "shared", "corpus"))
	}
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus is not there")
	}
	if testing.Short() {
		t.Skip("the corpus takes a while")
	}
	schema := inputSchema(t)
	entries, err := os.ReadDir(corpus)
	if err != nil {
		t.Fatal(err)
	}
	resources := 0
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		var out, errs bytes.Buffer
		Run([]string{"rules", "input", "--no-config", filepath.Join(corpus, e.Name())}, strings.NewReader(""), &out, &errs)
		if out.Len() == 0 {
			continue
		}
		validInput(t, schema, out.Bytes())
		resources += strings.Count(out.String(), `"verdict": `)
	}
	if resources == 0 {
		t.Error("no resource is in the corpus")
	}
	t.Logf("%d resources", resources)
}

func inputSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	raw, err := jsonschema.UnmarshalJSON(bytes.NewReader(rego.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("input", raw); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("input")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validInput(t *testing.T, schema *jsonschema.Schema, text []byte) {
	t.Helper()
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(instance); err != nil {
		t.Error(err)
	}
}

// The program and rules in it do the same where there is no network at all, not
// even an interface of their own.
func TestWithoutNetwork(t *testing.T) {
	unshare, err := exec.LookPath("unshare")
	if err != nil {
		t.Skip("unshare is not installed: there is no way to take the network away")
	}
	if out, err := exec.Command(unshare, "-rn", "true").CombinedOutput(); err != nil {
		t.Skipf("a network namespace is not permitted here: %v %s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "iaclint")
	if err := os.Symlink(self, program); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join("..", ".."))
	args := []string{"check", "--format", "json", "testdata/rego"}
	with, err := exec.Command(program, args...).Output()
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != statusFindings {
		t.Fatalf("%v", err)
	}
	without, err := exec.Command(unshare, append([]string{"-rn", program}, args...)...).Output()
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != statusFindings {
		t.Fatalf("%v", err)
	}
	if !bytes.Equal(with, without) || !bytes.Contains(with, []byte("confidential-inside")) {
		t.Errorf("without a network it says something else:\n%s\n%s", with, without)
	}
}

// Rules say the same in every run and on any number of processors.
func TestRulesAreDeterministic(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var first string
	for _, processors := range []int{1, 2, 8, 2} {
		runtime.GOMAXPROCS(processors)
		out, errs, status := output("", "--format", "json", "testdata/rego")
		if status != statusFindings || errs != "" {
			t.Fatalf("status %d: %s", status, errs)
		}
		if first == "" {
			first = out
		}
		if out != first {
			t.Errorf("on %d processors it says something else", processors)
		}
	}
}
