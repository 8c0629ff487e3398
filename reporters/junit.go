package reporters

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// writeJUnit writes a suite for every file, with a test case for every finding
// and for every resource that has none, so that a clean run is not empty. The
// document is valid under the schemas of Ant and of Jenkins' xUnit plugin; these
// demand a time and a host, which are constant here: the same input gives the same
// bytes.
//
// https://github.com/windyroad/JUnit-Schema
// https://github.com/jenkinsci/xunit-plugin
func writeJUnit(w io.Writer, r finding.Report, o Options) error {
	j := junit{o: o, suites: map[string]*junitSuite{}}
	j.collect(r)
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")
	for i, path := range j.order {
		j.suites[path].write(out, i, o)
	}
	fmt.Fprint(out, "</testsuites>\n")
	return out.Flush()
}

type junit struct {
	o      Options
	order  []string // paths
	suites map[string]*junitSuite
}

type junitSuite struct {
	path, name string
	cases      []junitCase
	names      map[string]int
	warnings   []string
}

// junitCase has a result "" (passed), "failure", "error" or "skipped".
type junitCase struct {
	name, result, kind, message, content string
	file                                 string
	line                                 int
}

func (j *junit) suite(path string) *junitSuite {
	s, ok := j.suites[path]
	if !ok {
		name := strings.TrimSpace(printable(path))
		if name == "" {
			name = "iaclint"
		}
		s = &junitSuite{path: path, name: name, names: map[string]int{}}
		j.suites[path] = s
		j.order = append(j.order, path)
	}
	return s
}

// add adds a case under a name that no other of its suite has: readers keep only
// one of a name.
func (s *junitSuite) add(c junitCase) {
	if s.names[c.name]++; s.names[c.name] > 1 {
		c.name = fmt.Sprintf("%s (%d)", c.name, s.names[c.name])
	}
	s.cases = append(s.cases, c)
}

func (j *junit) collect(r finding.Report) {
	type key struct{ path, address string }
	has := map[key]bool{}
	for _, f := range r.Findings {
		if removed(f) {
			continue
		}
		has[key{f.Path, f.Address}] = true
		j.suite(f.Path).add(junitFinding(f))
	}
	for _, s := range r.Resources {
		if has[key{s.Path, s.Address}] {
			continue
		}
		name := strings.TrimSpace(printable(s.Address)+" "+printable(s.ResourceType)) + ": no external access"
		if s.Verdict != finding.None && s.Verdict != "" {
			name = strings.TrimSpace(printable(s.Address)+" "+printable(s.ResourceType)) + ": nothing to report"
		}
		j.suite(s.Path).add(junitCase{name: name, file: s.Path})
	}
	for _, d := range r.Diagnostics {
		s := j.suite(d.Path)
		p := place{d.Path, d.Line, d.Column}
		line := fmt.Sprintf("%s: %s: %s", p.show(Options{}), printable(d.Severity), printable(d.Message))
		if d.Severity != string(source.Error) {
			s.warnings = append(s.warnings, calm(line))
			continue
		}
		s.add(junitCase{name: "can be analysed: " + printable(d.Message), result: "error", kind: "incomplete", message: printable(d.Message), content: line, file: d.Path, line: d.Line})
	}
	for _, h := range r.Hidden {
		j.suite("").add(junitCase{name: "hidden by " + printable(h), result: "skipped", message: "hidden by " + printable(h)})
	}
	if len(j.order) == 0 {
		j.suite("").add(junitCase{name: "nothing to analyse"})
	}
	slices.Sort(j.order)
}

func junitFinding(f finding.Finding) junitCase {
	at := placeOf(f)
	what := strings.TrimSpace(principalText(f) + " " + enumerate(allPrintable(f.Action), 3))
	if f.IsOwn() {
		what = printable(f.Message)
	}
	c := junitCase{
		name:    fmt.Sprintf("%s %s: %s", printable(f.Rule), printable(f.Address), what),
		result:  "failure",
		kind:    printable(string(f.Severity)),
		message: printable(f.Message),
		content: findingText(f),
		file:    at.path,
		line:    at.line,
	}
	if archived(f) {
		c.result = "skipped"
		if f.Archive != nil {
			c.message = "archived " + archivedBy(*f.Archive)
		}
	}
	return c
}

// principalText names the principal as Access Analyzer does, with its conditions.
func principalText(f finding.Finding) string {
	s := strings.Join(pairs(f.Principal, " "), ", ")
	if len(f.Condition) > 0 {
		s += " if " + strings.Join(pairs(f.Condition, " = "), " and ")
	}
	return s
}

// findingText is a finding as the text format writes it.
func findingText(f finding.Finding) string {
	var b bytes.Buffer
	t := text{bufio.NewWriter(&b), Options{Verbose: true}, listed}
	t.finding(f)
	_ = t.Flush() // into memory
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func (s *junitSuite) write(out *bufio.Writer, id int, o Options) {
	count := map[string]int{}
	for _, c := range s.cases {
		count[c.result]++
	}
	name := escapeXML(s.name)
	fmt.Fprintf(out, "  <testsuite id=\"%d\" name=\"%s\" package=\"iaclint\" hostname=\"localhost\" timestamp=\"1970-01-01T00:00:00\" time=\"0\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\">\n    <properties/>\n",
		id, name, len(s.cases), count["failure"], count["error"], count["skipped"])
	for _, c := range s.cases {
		fmt.Fprintf(out, "    <testcase classname=\"%s\" name=\"%s\" time=\"0\"", name, escapeXML(c.name))
		if o.Extended && c.file != "" {
			fmt.Fprintf(out, " file=\"%s\"", escapeXML(printable(c.file)))
			if c.line > 0 {
				fmt.Fprintf(out, " line=\"%d\"", c.line)
			}
		}
		if c.result == "" {
			fmt.Fprint(out, "/>\n")
			continue
		}
		kind := ""
		if c.result != "skipped" {
			kind = fmt.Sprintf(" type=\"%s\"", escapeXML(c.kind))
		}
		fmt.Fprintf(out, ">\n      <%s%s message=\"%s\">%s</%s>\n    </testcase>\n", c.result, kind, escapeXML(c.message), escapeXML(c.content), c.result)
	}
	fmt.Fprintf(out, "    <system-out>%s</system-out>\n    <system-err/>\n  </testsuite>\n", escapeXML(strings.Join(s.warnings, "\n")))
}

// escapeXML escapes a printable text for the content and the attributes of XML
// and HTML.
func escapeXML(s string) string { return xmlEscapes.Replace(s) }

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")
