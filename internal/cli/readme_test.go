package cli

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/reporters"
	"github.com/iaclint/iaclint/rules"
	"github.com/iaclint/iaclint/rules/rego"
)

var update = flag.Bool("update", false, "rewrite goldens and the output in the documents")

// Every command in a console block of the documents is run from the root of the
// repository, and gives exactly the output that follows it. -update writes what
// it gives.
func TestDocuments(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	t.Setenv("SOURCE_DATE_EPOCH", "1795996800") // 2026-11-30
	files, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	for _, f := range append(files, "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md") {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		got := runBlocks(t, string(text), &commands)
		if f == "README.md" {
			got = withRules(t, got)
		}
		if f == filepath.Join("docs", "configuration.md") {
			got = withReference(t, got)
		}
		if f == filepath.Join("docs", "rego.md") {
			got = withFunctions(t, withLibrary(t, got))
		}
		if got == string(text) {
			continue
		}
		if *update {
			if err := os.WriteFile(f, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Errorf("%s does not say what the program does; run the tests with -update:\n%s", f, firstDifference(string(text), got))
	}
	if commands < 4 {
		t.Errorf("%d commands in the documents: are they still found?", commands)
	}
}

// docs/rules.md is the pages of all rules.
func TestRulesDocument(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Rules\n\nA finding has the first rule that fits it. `iaclint explain RULE` prints a page of this document; every example here is run by a test.\n\n")
	b.WriteString("| rule | severity | finding |\n|---|---|---|\n")
	for _, r := range rules.All {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s |\n", r.ID, r.ID, r.Severity, r.Summary)
	}
	for _, r := range rules.All {
		fmt.Fprintf(&b, "\n## %s\n\n*%s*: %s.\n\n%s", r.ID, r.Severity, r.Summary, rules.PageOf(r).Markdown())
	}
	file := filepath.Join("..", "..", "docs", "rules.md")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != b.String() {
		t.Errorf("docs/rules.md is not what the rules say; run the tests with -update:\n%s", firstDifference(string(text), b.String()))
	}
}

// Every format has its row.
func TestFormatsDocument(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range reporters.Names() {
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("docs/formats.md does not name %s", name)
		}
	}
}

// The example of the configuration page is a file that "config verify" accepts.
func TestConfigurationExample(t *testing.T) {
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("../../docs/example.hcl")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "```hcl\n"+string(example)+"```\n") {
		t.Error("docs/configuration.md does not show docs/example.hcl")
	}
}

// The policy of README's first screen is the file that its command analyses.
func TestReadmePolicy(t *testing.T) {
	policy, err := os.ReadFile("../../testdata/examples/reports-bucket-policy.json")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "```json\n"+string(policy)+"```\n") {
		t.Error("README.md does not show testdata/examples/reports-bucket-policy.json")
	}
}

// The index of the documents names each page, and each link between documents
// leads to a file.
func TestDocumentLinks(t *testing.T) {
	top := filepath.Join("..", "..")
	pages, err := filepath.Glob(filepath.Join(top, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	index, err := os.ReadFile(filepath.Join(top, "docs", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for _, p := range append(pages, filepath.Join(top, "README.md")) {
		if name := filepath.Base(p); name != "README.md" && !strings.Contains(string(index), "("+name+")") {
			t.Errorf("docs/README.md does not name %s", name)
		}
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(p), m[1])); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", p, m[1])
			}
		}
	}
}

// withReference returns the document with the blocks and attributes of the
// configuration file.
func withReference(t *testing.T, text string) string {
	before, rest, ok := strings.Cut(text, "<!-- reference -->\n")
	_, after, more := strings.Cut(rest, "\n## ")
	if !ok || !more {
		t.Fatal("no place for the reference")
	}
	var b strings.Builder
	for _, s := range config.Sections() {
		writeSection(&b, "", s)
	}
	return before + "<!-- reference -->\n" + b.String() + "\n## " + after
}

// withFunctions returns the document with the functions of rules.
func withFunctions(t *testing.T, text string) string {
	before, rest, ok := strings.Cut(text, "<!-- functions -->\n")
	_, after, more := strings.Cut(rest, "\nWhat is not known stays visible")
	if !ok || !more {
		t.Fatal("no place for the functions")
	}
	var b strings.Builder
	for _, f := range rego.Functions() {
		var names []string
		for _, a := range f.Arguments {
			names = append(names, a.Name)
		}
		fmt.Fprintf(&b, "\n### `%s(%s)`\n\n%s.\n\n", f.Name, strings.Join(names, ", "), strings.ToUpper(f.Doc[:1])+f.Doc[1:])
		for _, a := range f.Arguments {
			fmt.Fprintf(&b, "* `%s`: %s\n", a.Name, a.Doc)
		}
		fmt.Fprintf(&b, "* returns %s\n", f.Returns)
	}
	return before + "<!-- functions -->\n" + b.String() + "\nWhat is not known stays visible" + after
}

// withLibrary returns the document with the rules of the library.
func withLibrary(t *testing.T, text string) string {
	before, rest, ok := strings.Cut(text, "<!-- library -->\n")
	_, after, more := strings.Cut(rest, "\n## ")
	if !ok || !more {
		t.Fatal("no place for the library")
	}
	var b strings.Builder
	b.WriteString("\n| rule | severity | finding |\n|---|---|---|\n")
	set, names := library(t)
	for _, r := range set.Rules {
		name := names[r.Package]
		fmt.Fprintf(&b, "| [`%s`](rego/%s) | %s | %s |\n", r.ID, name, r.Severity, r.Summary)
	}
	for _, r := range set.Rules {
		description := strings.Join(strings.Fields(r.Description), " ")
		fmt.Fprintf(&b, "\n**%s.** %s\n", r.ID, description)
	}
	return before + "<!-- library -->\n" + b.String() + "\n## " + after
}

// library compiles the rules of the documents, with the names of their files by
// package.
func library(t *testing.T) (*rego.Set, map[string]string) {
	t.Helper()
	var files []*source.File
	for _, pattern := range []string{"*.rego", "lib/*.rego"} {
		names, err := filepath.Glob(filepath.Join("docs", "rego", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			content, err := os.ReadFile(n)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(n, rego.TestSuffix) {
				files = append(files, source.NewFile(filepath.ToSlash(n), content))
			}
		}
	}
	set, wrong := rego.Compile(files, rego.Options{Reserved: rules.IDs()})
	if set == nil {
		t.Fatal(wrong)
	}
	byPackage := map[string]string{}
	for _, r := range set.Rules {
		name := filepath.Base(r.Span.Path())
		byPackage[r.Package] = name
		if strings.TrimSuffix(name, ".rego") != strings.ReplaceAll(r.ID, "-", "_") || r.Description == "" || r.Help == "" {
			t.Errorf("%s is not called as its rule %s, or does not say why or what to do", name, r.ID)
		}
		if _, err := os.Stat(filepath.Join("docs", "rego", strings.TrimSuffix(name, ".rego")+rego.TestSuffix)); err != nil {
			t.Errorf("rule %s has no test: %v", r.ID, err)
		}
	}
	return set, byPackage
}

func writeSection(b *strings.Builder, within string, s config.Section) {
	head := s.Name
	if s.Label != "" {
		head += fmt.Sprintf(" %q", s.Label)
	}
	fmt.Fprintf(b, "\n### `%s%s`\n\n%s.\n\n| attribute | value | meaning |\n|---|---|---|\n", within, head, strings.ToUpper(s.Doc[:1])+s.Doc[1:])
	for _, a := range s.Attributes {
		kind := map[config.Type]string{config.Text: "string", config.Boolean: "boolean", config.Texts: "list of strings", config.Values: "object"}[a.Type]
		if a.Valid != nil {
			kind = "`" + strings.Join(a.Valid(configOptions("")), "`, `") + "`"
		}
		if a.Required {
			kind += ", required"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", a.Name, kind, a.Doc)
	}
	for _, n := range s.Sections {
		writeSection(b, within+s.Name+" › ", n)
	}
}

// withRules returns the document with the table of rules.
func withRules(t *testing.T, text string) string {
	before, rest, ok := strings.Cut(text, "<!-- rules -->\n")
	_, after, more := strings.Cut(rest, "\n## ")
	if !ok || !more {
		t.Fatal("no table of rules in README.md")
	}
	var b strings.Builder
	b.WriteString("| rule | severity | finding |\n|---|---|---|\n")
	for _, r := range rules.All {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.ID, r.Severity, r.Summary)
	}
	return before + "<!-- rules -->\n" + b.String() + "\n## " + after
}

// firstDifference shows the first line that differs.
func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d says  %s\nit should say %s", i+1, a[i], b[i])
		}
	}
	return "one is longer than the other"
}
