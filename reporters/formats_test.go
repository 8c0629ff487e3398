package reporters

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// element is a node of an XML document.
type element struct {
	name  string
	attrs map[string]string
	text  string
}

// walkXML reads a document strictly and calls visit for every element, with its
// own text.
func walkXML(s string, visit func(element)) error {
	d := xml.NewDecoder(strings.NewReader(s))
	var stack []element
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			e := element{name: tok.Name.Local, attrs: map[string]string{}}
			for _, a := range tok.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			stack = append(stack, e)
		case xml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].text += string(tok)
			}
		case xml.EndElement:
			visit(stack[len(stack)-1])
			stack = stack[:len(stack)-1]
		}
	}
}

func TestJUnitIsConsistent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyReport.Draw(t, "report")
		count, names := map[string]int{}, map[string]bool{}
		said := map[string]int{}
		err := walkXML(written(t, "junit", r, Options{Extended: rapid.Bool().Draw(t, "extended")}), func(e element) {
			count[e.name]++
			switch e.name {
			case "testcase":
				name := e.attrs["classname"] + "\x00" + e.attrs["name"]
				if e.attrs["name"] == "" {
					t.Fatal("a test case without a name")
				}
				names[name] = true
			case "testsuite":
				if e.attrs["name"] == "" {
					t.Fatal("a suite without a name")
				}
				for _, k := range []string{"tests", "failures", "errors", "skipped"} {
					n := 0
					_, _ = fmt.Sscan(e.attrs[k], &n)
					said[k] += n
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if count["testcase"] == 0 && len(r.Diagnostics) == 0 {
			t.Fatal("no test case")
		}
		if said["tests"] != count["testcase"] || said["failures"] != count["failure"] || said["errors"] != count["error"] || said["skipped"] != count["skipped"] {
			t.Fatalf("said %v, are %v", said, count)
		}
	})
}

// Two findings of one resource have different names.
func TestJUnitNames(t *testing.T) {
	r := clean()
	f := finding.Finding{ID: "1", Rule: "public-read", Severity: finding.High, Path: "a.json", Address: "(policy)", Principal: map[string]string{"AWS": "*"}, Action: []string{"s3:GetObject"}}
	r.Findings = []finding.Finding{f, f}
	var names []string
	if err := walkXML(write(t, "junit", r, Options{}), func(e element) {
		if e.name == "testcase" {
			names = append(names, e.attrs["name"])
		}
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"public-read (policy): AWS * s3:GetObject", "public-read (policy): AWS * s3:GetObject (2)"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}

// Both schemas accept the document.
func TestJUnitFollowsTheSchemas(t *testing.T) {
	tool, err := exec.LookPath("xmllint")
	if err != nil || corpusFile("junit-windyroad.xsd") == "" {
		t.Skip("no xmllint, or no schemas; set IACLINT_CORPUS to run this test")
	}
	hostile := clean()
	hostile.Findings = []finding.Finding{{Path: " \n", Address: "]]>\x00\ufffe", Message: "\u202e<x>"}}
	for name, r := range map[string]finding.Report{"sample": sample(), "clean": clean(), "many": many(20), "empty": {}, "hostile": hostile} {
		file := filepath.Join(t.TempDir(), "out.xml")
		if err := os.WriteFile(file, []byte(write(t, "junit", r, Options{})), 0o666); err != nil {
			t.Fatal(err)
		}
		for _, schema := range []string{"junit-windyroad.xsd", "junit-jenkins-10.xsd"} {
			if out, err := exec.Command(tool, "--noout", "--nonet", "--schema", corpusFile(schema), file).CombinedOutput(); err != nil {
				t.Errorf("%s, %s: %s", name, schema, out)
			}
		}
	}
}

// Every command is one of ours, complete, and there are no more than GitHub shows.
func TestGitHubCommands(t *testing.T) {
	command := regexp.MustCompile(`^::(error|warning|notice) ((?:[a-zA-Z]+=[^:,]*,)*title=[^:,]*)::(.*)$`)
	rapid.Check(t, func(t *rapid.T) {
		r := anyReport.Draw(t, "report")
		for n := rapid.IntRange(0, 12).Draw(t, "copies"); n > 0; n-- {
			r.Findings = append(r.Findings, r.Findings...)
			if len(r.Findings) > 30 {
				break
			}
		}
		for i := range r.Findings {
			r.Findings[i].Group = strconv.Itoa(i)
		}
		want := number(r.Findings, counts) + len(notices(r.Diagnostics, Options{}))
		kinds, lines := map[string]int{}, 0
		for l := range strings.Lines(written(t, "github", r, Options{})) {
			l = strings.TrimSuffix(l, "\n")
			lines++
			if !strings.HasPrefix(strings.TrimSpace(l), "::") {
				if serverCommand(l) != "" {
					t.Fatalf("a command of the input: %q", l)
				}
				continue
			}
			m := command.FindStringSubmatch(l)
			if m == nil {
				t.Fatalf("not a command of ours: %q", l)
			}
			kinds[m[1]]++
			if strings.ContainsAny(strings.NewReplacer("%25", "", "%0A", "", "%0D", "", "%3A", "", "%2C", "").Replace(m[2]+m[3]), "%\r") {
				t.Fatalf("not escaped: %q", l)
			}
		}
		if lines != want+1 {
			t.Fatalf("%d lines, want %d and a summary", lines, want)
		}
		for kind, n := range kinds {
			if n > annotations {
				t.Fatalf("%d of kind %s", n, kind)
			}
		}
	})
}

// Outside of code, the comment has no markup but ours, and its table is whole.
func TestMarkdownIsInert(t *testing.T) {
	ours := regexp.MustCompile(`</?(details|summary|code)>|` + regexp.QuoteMeta(strings.TrimSpace(commentMarker)))
	spans := regexp.MustCompile("`[^`\n]*`")
	rapid.Check(t, func(t *rapid.T) {
		r := anyReport.Draw(t, "report")
		most := rapid.IntRange(0, 5000).Draw(t, "most")
		out := written(t, "markdown", r, Options{MaxBytes: most})
		if most >= 2000 && len(out) > most {
			t.Fatalf("%d bytes, want at most %d", len(out), most)
		}
		if !strings.HasPrefix(out, commentMarker) {
			t.Fatal("no marker")
		}
		chart := false
		for l := range strings.Lines(out) {
			if strings.HasPrefix(l, "```") {
				chart = !chart
				continue
			}
			if chart {
				continue
			}
			if strings.HasPrefix(l, "| ") && strings.Count(l, "|") != 7 {
				t.Fatalf("a broken row: %q", l)
			}
			bare := ours.ReplaceAllString(spans.ReplaceAllString(l, ""), "")
			bare = strings.TrimPrefix(bare, ">") // a quotation of ours
			if strings.ContainsAny(bare, "<>`@[]!\\") {
				t.Fatalf("markup of the input: %q", l)
			}
		}
		if chart {
			t.Fatal("an open block of code")
		}
		if strings.Count(out, "<details>") != strings.Count(out, "</details>") {
			t.Fatal("details are not closed")
		}
	})
}

// The page has no element and no attribute that is not ours, and no address but
// places in itself.
func TestHTMLIsInert(t *testing.T) {
	elements := strings.Fields("html head meta title style body header section main footer h1 h2 p ul li b figure svg text a path g rect fieldset label input select option " +
		"button span details summary div pre dl dt dd table thead tbody tr th td script")
	attributes := strings.Fields("lang charset http-equiv content name class id viewBox role aria-label aria-hidden x y d width height rx href type checked value data-key " +
		"data-open data-rule data-type data-account data-who open")
	rapid.Check(t, func(t *rapid.T) {
		r := anyReport.Draw(t, "report")
		ids := map[string]bool{}
		var targets []string
		out := written(t, "html", r, Options{})
		policy := ""
		err := walkXML(strings.Replace(out, "<!DOCTYPE html>", "", 1), func(e element) {
			if !slices.Contains(elements, e.name) {
				t.Fatalf("element %s", e.name)
			}
			for k, v := range e.attrs {
				if !slices.Contains(attributes, k) {
					t.Fatalf("attribute %s of %s", k, e.name)
				}
				if k == "href" {
					targets = append(targets, v)
				}
				if k == "id" {
					if ids[v] {
						t.Fatalf("id %q twice", v)
					}
					ids[v] = true
				}
				if v == "Content-Security-Policy" {
					policy = e.attrs["content"]
				}
			}
			if e.name == "script" && e.text != pageScript || e.name == "style" && e.text != pageStyle {
				t.Fatalf("%s of the input: %q", e.name, e.text)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, href := range targets {
			if !strings.HasPrefix(href, "#") || !ids[href[1:]] {
				t.Fatalf("a link to %q", href)
			}
		}
		if !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") {
			t.Fatalf("policy %q", policy)
		}
	})
}

func TestCSVIsInert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyReport.Draw(t, "report")
		rows, err := csv.NewReader(strings.NewReader(written(t, "csv", r, Options{}))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if want := len(r.Findings) - number(r.Findings, removed) + 1; len(rows) != want {
			t.Fatalf("%d rows, want %d", len(rows), want)
		}
		for _, row := range rows {
			for _, f := range row {
				if strings.IndexAny(strings.TrimSpace(f), "=+-@\t\r") == 0 {
					t.Fatalf("a formula: %q", f)
				}
			}
		}
	})
}

// Every line of a graph is one of ours with quoted texts in it.
func TestGraphsAreInert(t *testing.T) {
	text := `"(?:[^"\\]|\\.)*"`
	dot := regexp.MustCompile(`^(digraph iaclint \{|  rankdir=LR;|  (node|edge) \[.*\];|  subgraph cluster_(outside|inside) \{|    (label=` + text + `|style=dashed);|  \}|\}|` +
		`    [pr]\d+ \[label=` + text + `(, tooltip=` + text + `)?\];|  p\d+ -> r\d+ \[label=` + text + `, color="#[0-9a-f]{6}", style=(solid|dashed)\];)$`)
	label := `"(?:[^"<>&\[\](){}|#;` + "`" + `]|#\d+;)*"`
	mermaid := regexp.MustCompile(`^(flowchart LR|  subgraph (outside|inside) \[` + label + `\]|    [pr]\d+\[` + label + `\]|  end|  p\d+ (-->|-\.->)\|[a-z, ]+\| r\d+|  linkStyle \d+ stroke:#[0-9a-f]{6}|  (more|none)\[` + label + `\])$`)
	rapid.Check(t, func(t *rapid.T) {
		r := anyReport.Draw(t, "report")
		for name, line := range map[string]*regexp.Regexp{"dot": dot, "mermaid": mermaid} {
			for l := range strings.Lines(written(t, name, r, Options{})) {
				if !line.MatchString(strings.TrimSuffix(l, "\n")) {
					t.Fatalf("%s: %q", name, l)
				}
			}
		}
	})
}

func TestMermaidLimits(t *testing.T) {
	said := ""
	out := write(t, "mermaid", many(4000), Options{Say: func(s string) { said = s }})
	if len(out) > mermaidBytes || strings.Count(out, "linkStyle") > mermaidEdges || !strings.Contains(out, " more\"]") || said == "" {
		t.Errorf("%d bytes, %d edges, told %q", len(out), strings.Count(out, "linkStyle"), said)
	}
}

// Fingerprints of code quality are unique, severities are those of GitLab.
func TestGitLabIssues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyReport.Draw(t, "report")
		r.Findings = append(r.Findings, r.Findings...)
		var issues []struct {
			Description, Fingerprint, Severity string
			CheckName                          string `json:"check_name"`
			Location                           struct {
				Path  string
				Lines struct{ Begin int }
			}
		}
		if err := json.Unmarshal([]byte(written(t, "gitlab", r, Options{})), &issues); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, i := range issues {
			if seen[i.Fingerprint] || i.Fingerprint == "" || i.Location.Lines.Begin < 1 || !slices.Contains([]string{"info", "minor", "major", "critical", "blocker"}, i.Severity) {
				t.Fatalf("%+v", i)
			}
			seen[i.Fingerprint] = true
		}
	})
}

// A finding for each resource, as Security Hub demands of it.
func TestASFFFindings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyReport.Draw(t, "report")
		var list []asffFinding
		if err := json.Unmarshal([]byte(written(t, "asff", r, Options{})), &list); err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, f := range list {
			if ids[f.ID] || f.Title == "" || len([]rune(f.Title)) > 256 || f.Description == "" || len([]rune(f.Description)) > 1024 || len(f.Resources) != 1 || f.Resources[0].ID == "" ||
				len([]rune(f.ID)) > 512 || len([]rune(f.Remediation.Recommendation.Text)) > 512 {
				t.Fatalf("%+v", f)
			}
			ids[f.ID] = true
		}
	})
}

func TestASFFTypes(t *testing.T) {
	r := clean()
	f := finding.Finding{ID: "1", Rule: "external-account", Severity: finding.Medium, Status: "ACTIVE", Path: "a.json", Address: "(policy)", ResourceType: "AWS::S3::Bucket",
		Resource: "arn:aws:s3:::logs", ResourceOwnerAccount: "111122223333", Principal: map[string]string{"AWS": "444455556666"}, Action: []string{"s3:GetObject"}, Message: "m"}
	public := f
	public.IsPublic, public.Principal, public.Severity, public.ID = true, map[string]string{"AWS": "*"}, finding.High, "2"
	for _, c := range []struct {
		fs                            []finding.Finding
		kind, title, principal, label string
	}{
		{[]finding.Finding{f}, "Software and Configuration Checks/AWS Security Best Practices/External Access Granted", "AwsS3Bucket/arn:aws:s3:::logs allows cross-account access", "444455556666", "MEDIUM"},
		{[]finding.Finding{f, public}, "Effects/Data Exposure/External Access Granted", "AwsS3Bucket/arn:aws:s3:::logs allows public access", "*,444455556666", "HIGH"},
	} {
		r.Findings = c.fs
		var list []asffFinding
		if err := json.Unmarshal([]byte(write(t, "asff", r, Options{})), &list); err != nil || len(list) != 1 {
			t.Fatal(len(list), err)
		}
		x := list[0]
		other := x.Resources[0].Details.Other
		if x.Types[0] != c.kind || x.Title != c.title || other["External Principal"] != c.principal || other["External Principal Type"] != "AWS" || other["Condition"] != "none" ||
			other["Action Granted"] != "s3:GetObject" || x.Severity.Label != c.label || x.RecordState != "ACTIVE" {
			t.Errorf("%+v", x)
		}
	}
}

// reviewdog counts bytes.
func TestRDJSONColumns(t *testing.T) {
	r := clean()
	span := spanOf(policyFile, "ログ/", 0)
	r.Findings = []finding.Finding{{ID: "1", Rule: "r", Message: "m", Path: "a.json", Span: span}}
	var out rdResult
	if err := json.Unmarshal([]byte(write(t, "rdjson", r, Options{})), &out); err != nil {
		t.Fatal(err)
	}
	got := out.Diagnostics[0].Location.Range
	if got.Start != (rdPosition{9, 33}) || *got.End != (rdPosition{9, 40}) {
		t.Errorf("%+v to %+v", got.Start, *got.End)
	}
}

// What may hold secrets is not quoted, and what is around a related place is not
// either.
func TestSecretsAreNotShown(t *testing.T) {
	const secret = "hunter2hunter2"
	values := source.NewFile("prod.tfvars", []byte("who = [\"*\"]\npassword = \""+secret+"\"\n"))
	plan := source.NewFile("plan.json", []byte(`{"who": "*", "password": "`+secret+`"}`))
	plan.Unquoted = true
	r := clean()
	r.Findings = []finding.Finding{
		{ID: "1", Rule: "r", Severity: finding.High, Message: "m", Path: "a.json", Span: spanOf(policyFile, `"*"`, 0), Related: []finding.Related{{Span: spanOf(values, `"*"`, 0), Message: "value of var.who"}}},
		{ID: "2", Rule: "r", Severity: finding.High, Message: "m", Path: "plan.json", Span: spanOf(plan, `"*"`, 0), Related: []finding.Related{{Span: spanOf(plan, `"*"`, 0), Message: "here"}}},
	}
	for _, f := range All {
		if strings.Contains(write(t, f.Name, r, Options{Verbose: true}), secret) {
			t.Errorf("%s shows the secret", f.Name)
		}
	}
	if out := write(t, "html", r, Options{}); !strings.Contains(out, "who = [&#34;*&#34;]") {
		t.Error("the line of the value itself is not shown")
	}
}

// All formats name the same place, each in its way.
func TestFormatsAgree(t *testing.T) {
	r := described(sample())
	for format, want := range map[string]string{
		"text": "infra/policy.json:7:15", "compact": "infra/policy.json:7:15: error", "junit": "infra/policy.json:7:15", "html": "infra/policy.json:7:15",
		"markdown": "`infra/policy.json:7`", "github": "file=infra/policy.json,line=7,col=15,", "csv": `"infra/policy.json","7"`, "asff": "(infra/policy.json:7:15)",
	} {
		if !strings.Contains(write(t, format, r, Options{}), want) {
			t.Errorf("%s does not name %s", format, want)
		}
	}
	x := results(t, r, Options{}).Results[0].Locations[0].Physical
	if x.Artifact.URI != "infra/policy.json" || x.Region.StartLine != 7 {
		t.Errorf("sarif: %+v", x)
	}
	var report finding.Report
	if err := json.Unmarshal([]byte(write(t, "json", r, Options{})), &report); err != nil || report.Findings[0].Location.Path != "infra/policy.json" || report.Findings[0].Location.StartLine != 7 {
		t.Errorf("json: %v %+v", err, report.Findings[0].Location)
	}
}

func TestStatistics(t *testing.T) {
	r := many(24)
	s := statisticsOf(r)
	findings, kept := 0, 0
	for _, c := range s.Rules {
		findings, kept = findings+c.Findings, kept+c.Archived
	}
	if findings != 22 || kept != 2 || len(s.Accounts) != 1 {
		t.Errorf("%+v", s)
	}
	if a := s.Accounts[0]; a.Account != "111122223333" || a.Principals != 12 || a.Resources != 22 || a.Pairs != 22 {
		t.Errorf("%+v", a)
	}
	rapid.Check(t, func(t *rapid.T) {
		r := anyReport.Draw(t, "report")
		for _, name := range []string{"text", "json"} {
			written(t, name, r, Options{Statistics: true})
		}
	})
}
