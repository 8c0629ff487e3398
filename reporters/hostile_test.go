package reporters

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// nasty texts are made of what breaks lines, terminals and encoders.
var nasty = rapid.Map(rapid.SliceOfN(rapid.OneOf(
	rapid.SampledFrom([]string{"\n", "\r\n", "\x1b[2J", "\x1b]0;x\x07", "\x00", "\x7f", "\u009b1m", "\u202e", "\u2028", "\u200b", "\xff", "\xc3",
		"\t", "\"", "\\", "<&>", "::error::", " ::add-mask::x", "##[add-mask]x", "##vso[task.setvariable variable=x]y", "##VSO[", "a.tf:1:1: error: forged [x]", "漢", "git::https://h/m.git//x", "..", "/", "#", "%", "?", "C:\\", "x/.terraform/y/", "[a](https://x)", "](1)", "|", "`", "@team", "=1+1",
		"</script><img src=x onerror=alert(1)>", "]]>", "&#60;", "--><b>", "e\u0301", "\u0301", "🪣", "\U000e0041", " ", "", "\ufeff"}),
	rapid.String(),
), 0, 5), func(s []string) string { return strings.Join(s, "") })

func nastyList() *rapid.Generator[[]string] { return rapid.SliceOfN(nasty, 0, 4) }
func nastyMap() *rapid.Generator[map[string]string] {
	return rapid.MapOfN(nasty, nasty, 0, 3)
}

var anyLocation = rapid.Ptr(rapid.Custom(func(t *rapid.T) finding.Location {
	n := rapid.IntRange(0, 5)
	return finding.Location{Path: nasty.Draw(t, "path"), StartLine: n.Draw(t, "line"), StartColumn: n.Draw(t, "column"), EndLine: 1, EndColumn: 1}
}), true)

var anySpan = rapid.Custom(func(t *rapid.T) source.Span {
	if rapid.Bool().Draw(t, "unknown") {
		return source.Span{}
	}
	content := nasty.Draw(t, "content")
	n := rapid.IntRange(-1, len(content)+1)
	return source.Span{File: source.NewFile(nasty.Draw(t, "name"), []byte(content)), Start: n.Draw(t, "start"), End: n.Draw(t, "end")}
})

var anyWitness = rapid.Ptr(rapid.Custom(func(t *rapid.T) finding.Witness {
	kind := rapid.OneOf(rapid.SampledFrom([]string{"Anonymous", "AWS", "Federated", "CanonicalUser", "Service"}), nasty)
	return finding.Witness{
		Principal: finding.WitnessPrincipal{Type: kind.Draw(t, "type"), ARN: nasty.Draw(t, "arn"), Account: nasty.Draw(t, "account")},
		Action:    nasty.Draw(t, "action"), Resource: nasty.Draw(t, "resource"),
		Context: rapid.MapOfN(nasty, nastyList(), 0, 3).Draw(t, "context"),
	}
}), true)

var anyFinding = rapid.Custom(func(t *rapid.T) finding.Finding {
	severity := rapid.OneOf(rapid.SampledFrom(finding.Severities), rapid.Map(nasty, func(s string) finding.Severity { return finding.Severity(s) }))
	f := finding.Finding{
		ID: nasty.Draw(t, "id"), Rule: nasty.Draw(t, "rule"), Severity: severity.Draw(t, "severity"),
		Status:    finding.Status(rapid.OneOf(rapid.SampledFrom([]string{"ACTIVE", "ARCHIVED"}), nasty).Draw(t, "status")),
		Certainty: rapid.SampledFrom([]finding.Certainty{finding.Proven, finding.NotProven}).Draw(t, "certainty"),
		Change:    rapid.Ptr(rapid.Map(rapid.OneOf(rapid.SampledFrom([]string{"new", "changed", "unchanged", "removed"}), nasty), func(s string) finding.ChangeKind { return finding.ChangeKind(s) }), true).Draw(t, "change"),
		Path:      nasty.Draw(t, "path"), Address: nasty.Draw(t, "address"), ResourceType: nasty.Draw(t, "type"), Resource: nasty.Draw(t, "resource"),
		Principal: nastyMap().Draw(t, "principal"), Action: nastyList().Draw(t, "action"), Condition: nastyMap().Draw(t, "condition"),
		AccessLevels: nastyList().Draw(t, "levels"), Message: nasty.Draw(t, "message"), Help: nasty.Draw(t, "help"),
		Needs: nastyList().Draw(t, "needs"), Notes: nastyList().Draw(t, "notes"),
		Location: anyLocation.Draw(t, "location"), Span: anySpan.Draw(t, "span"), Witness: anyWitness.Draw(t, "witness"),
	}
	if rapid.Bool().Draw(t, "archive") {
		f.Archive = &finding.Archive{By: nasty.Draw(t, "by"), Reason: nasty.Draw(t, "reason"), Owner: nasty.Draw(t, "owner"), Expires: nasty.Draw(t, "expires"), Span: anySpan.Draw(t, "comment")}
	}
	for range rapid.IntRange(0, 2).Draw(t, "statements") {
		f.Statements = append(f.Statements, finding.Statement{Sid: nasty.Draw(t, "sid"), Location: anyLocation.Draw(t, "place"), Span: anySpan.Draw(t, "text")})
	}
	for range rapid.IntRange(0, 2).Draw(t, "related") {
		f.Related = append(f.Related, finding.Related{Span: anySpan.Draw(t, "related place"), Message: nasty.Draw(t, "related message")})
	}
	if rapid.Bool().Draw(t, "sources") {
		f.Sources = []finding.Source{{Type: nasty.Draw(t, "source"), Detail: &finding.SourceDetail{AccessPointARN: nasty.Draw(t, "point")}}}
	}
	return f
})

var anyReport = rapid.Custom(func(t *rapid.T) finding.Report {
	n := rapid.IntRange(0, 3)
	r := finding.Report{
		Tool:        finding.Tool{Name: nasty.Draw(t, "tool"), Version: nasty.Draw(t, "version")},
		Findings:    rapid.SliceOfN(anyFinding, 0, 3).Draw(t, "findings"),
		Assumptions: nastyList().Draw(t, "assumptions"),
		Summary:     finding.Summary{Resources: n.Draw(t, "resources"), FilesSkipped: n.Draw(t, "skipped"), External: n.Draw(t, "external")},
	}
	for range n.Draw(t, "rules") {
		r.Rules = append(r.Rules, finding.Rule{ID: nasty.Draw(t, "rule"), Severity: finding.High, Summary: nasty.Draw(t, "summary"), Help: nasty.Draw(t, "help"), Page: nasty.Draw(t, "page")})
	}
	for range n.Draw(t, "zones") {
		r.Zones = append(r.Zones, finding.Zone{Name: nasty.Draw(t, "zone"), Type: rapid.SampledFrom([]string{"ACCOUNT", "ORGANIZATION"}).Draw(t, "type"),
			Account: nasty.Draw(t, "account"), Organization: nasty.Draw(t, "organization"), Trusted: nastyList().Draw(t, "trusted")})
	}
	for range n.Draw(t, "resources") {
		r.Resources = append(r.Resources, finding.Resource{Path: nasty.Draw(t, "path"), Address: nasty.Draw(t, "address"), BlockedBy: nastyList().Draw(t, "blocks")})
	}
	for range n.Draw(t, "diagnostics") {
		r.Diagnostics = append(r.Diagnostics, finding.Diagnostic{Severity: rapid.OneOf(rapid.SampledFrom([]string{"error", "warning"}), nasty).Draw(t, "severity"),
			Path: nasty.Draw(t, "path"), Line: n.Draw(t, "line"), Column: n.Draw(t, "column"), Message: nasty.Draw(t, "message")})
	}
	return r
})

var anyOptions = rapid.Custom(func(t *rapid.T) Options {
	o := Options{Width: rapid.IntRange(-1, 120).Draw(t, "width"), Quiet: rapid.Bool().Draw(t, "quiet"), Verbose: rapid.Bool().Draw(t, "verbose")}
	if rapid.Bool().Draw(t, "relative") {
		prefix := nasty.Draw(t, "prefix")
		o.Relative = func(p string) string { return prefix + p }
	}
	return o
})

// written returns what a format writes, and fails on anything a terminal could
// act upon.
func written(t *rapid.T, name string, r finding.Report, o Options) string {
	var b bytes.Buffer
	if err := Write(name, &b, r, o); err != nil {
		t.Fatal(err)
	}
	if s := b.String(); !valid(s) {
		t.Fatalf("%s wrote a control character: %q", name, s)
	}
	if s := serverCommand(b.String()); s != "" && name != "github" {
		t.Fatalf("%s wrote a command for a build server: %q", name, s)
	}
	return b.String()
}

// serverCommand returns the first line that a build server would obey.
func serverCommand(s string) string {
	for l := range strings.Lines(s) {
		lower := strings.ToLower(l)
		if strings.HasPrefix(strings.TrimSpace(l), "::") || strings.Contains(lower, "##[") || strings.Contains(lower, "##vso[") {
			return l
		}
	}
	return ""
}

func TestNoControlCharacterGetsOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, o := anyReport.Draw(t, "report"), anyOptions.Draw(t, "options")
		for _, f := range All {
			written(t, f.Name, r, o)
		}
		// Colour adds its own sequences and nothing else.
		o.Color = false
		dull := written(t, "text", r, o)
		o.Color = true
		var b bytes.Buffer
		if err := Write("text", &b, r, o); err != nil {
			t.Fatal(err)
		}
		bare := b.String()
		for _, code := range []string{bold, blue, red, yellow, cyan, "0"} {
			bare = strings.ReplaceAll(bare, "\x1b["+code+"m", "")
		}
		// A sequence stands before what would start like a command without it.
		lines := strings.Split(bare, "\n")
		for i := range lines {
			lines[i] = calm(lines[i])
		}
		bare = strings.Join(lines, "\n")
		if trimmed(bare) != trimmed(dull) {
			t.Fatalf("colour changes the text:\n%s", cmp.Diff(dull, bare))
		}
	})
}

// trimmed drops spaces at line ends, which an escape sequence may follow.
func trimmed(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func TestCompactHasOneLineEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, o := anyReport.Draw(t, "report"), anyOptions.Draw(t, "options")
		want := 0
		for _, f := range r.Findings {
			if f.Status != "ARCHIVED" || o.Verbose {
				want++
			}
		}
		for _, d := range r.Diagnostics {
			if d.Severity == "error" || !o.Quiet {
				want++
			}
		}
		out := written(t, "compact", r, o)
		if got := strings.Count(out, "\n"); got != want || want > 0 && !strings.HasSuffix(out, "\n") {
			t.Fatalf("%d lines, want %d: %q", got, want, out)
		}
	})
}

// Every line of text that starts like a finding is one.
func TestTextForgesNoFinding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyReport.Draw(t, "report")
		r.Diagnostics = nil
		want := 0
		for i := range r.Findings {
			r.Findings[i].Rule = "rule"
			if r.Findings[i].Status != "ARCHIVED" {
				want++
			}
		}
		got := 0
		for l := range strings.Lines(written(t, "text", r, Options{})) {
			for _, level := range []level{levelError, levelWarning, levelNote} {
				if strings.HasPrefix(l, string(level)+"[") {
					got++
				}
			}
		}
		if got != want {
			t.Fatalf("%d findings, want %d", got, want)
		}
	})
}

func TestJSONRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyReport.Draw(t, "report")
		out := written(t, "json", r, Options{})
		d := json.NewDecoder(strings.NewReader(out))
		d.DisallowUnknownFields()
		var back finding.Report
		if err := d.Decode(&back); err != nil {
			t.Fatal(err)
		}
		// The values, not the bytes: an invalid byte is written as an escape and a
		// replacement character as itself.
		var again finding.Report
		if err := json.Unmarshal([]byte(written(t, "json", back, Options{})), &again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(back, again); diff != "" {
			t.Fatalf("read and written again:\n%s", diff)
		}
	})
}

// What is valid UTF-8 comes back as it was.
func TestJSONKeepsEveryValue(t *testing.T) {
	for _, r := range []finding.Report{sample(), clean()} {
		var back finding.Report
		if err := json.Unmarshal([]byte(write(t, "json", r, Options{})), &back); err != nil {
			t.Fatal(err)
		}
		opts := []cmp.Option{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(finding.Finding{}, "Span", "Subject", "Notes", "Related", "Group"),
			cmpopts.IgnoreFields(finding.Statement{}, "Span"), cmpopts.IgnoreFields(finding.Report{}, "Rules")}
		if diff := cmp.Diff(r, back, opts...); diff != "" {
			t.Errorf("-was +came back:\n%s", diff)
		}
	}
}

// Keys that are equal once invalid bytes are replaced must not appear twice.
func TestJSONKeysAreUnique(t *testing.T) {
	r := clean()
	r.Findings = []finding.Finding{{Condition: map[string]string{"\xff": "b", "\xfe": "a"}, Witness: &finding.Witness{Context: map[string][]string{"\xff": {"b"}, "\xfe": {"a"}}}}}
	out := write(t, "json", r, Options{})
	if n := strings.Count(out, "\"\ufffd\":"); n != 2 {
		t.Errorf("%d keys, want one in condition and one in context:\n%s", n, out)
	}
	if !strings.Contains(out, `"a,b"`) {
		t.Errorf("a value is lost:\n%s", out)
	}
}
