package reporters

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// called is one bad line in a module that n calls make n resources of.
func called(n int) finding.Report {
	r := clean()
	r.Resources = nil
	var calls strings.Builder
	for i := range n {
		fmt.Fprintf(&calls, "module \"m%d\" { source = \"./bucket\" }\n", i)
	}
	main := source.NewFile("main.tf", []byte(calls.String()))
	for i := range n {
		arn := fmt.Sprintf("arn:aws:s3:::acme-%d", i)
		f := finding.Finding{
			ID: fmt.Sprintf("%08d", i), Rule: "public-read", Severity: finding.High, Status: "ACTIVE", Certainty: finding.Proven, IsPublic: true,
			Path: "main.tf", Address: fmt.Sprintf("module.m%d.aws_s3_bucket.b", i), ResourceType: "AWS::S3::Bucket", Resource: arn, Subject: arn,
			Principal: map[string]string{"AWS": "*"}, Action: []string{"s3:GetObject"}, Message: "anyone can s3:GetObject on " + arn,
			Span: spanOf(policyFile, `"*"`, 0), Location: finding.Place(spanOf(policyFile, `"*"`, 0)),
			Related: []finding.Related{{Span: spanOf(main, fmt.Sprintf("module \"m%d\"", i), 0), Message: "module called here"}},
		}
		r.Findings = append(r.Findings, f)
		r.Resources = append(r.Resources, finding.Resource{Path: f.Path, Address: f.Address, ResourceType: f.ResourceType, ARN: arn, Verdict: finding.Public})
	}
	r.Summary = finding.Summary{Resources: n, Public: n}
	return r
}

// One bad line is one finding for people and dashboards, with its resources behind
// it; formats of record keep a finding for each resource.
func TestOneCauseOneFinding(t *testing.T) {
	r := called(40)
	for format, count := range map[string]int{
		"text": 1, "compact": 1, "github": 1, "markdown": 1, "html": 1, "sarif": 1, "gitlab": 1, "rdjson": 1,
		"json": 40, "csv": 40, "junit": 40,
	} {
		out := write(t, format, r, Options{})
		// The message stands once a finding, in markdown's table and its details.
		message := "anyone can s3:GetObject on 40 resources"
		if count > 1 {
			message = "anyone can s3:GetObject on arn:aws:s3:::acme-"
		}
		n := strings.Count(out, message)
		if format == "junit" { // name and text of a test case
			n = strings.Count(out, "<failure")
		}
		if n != count {
			t.Errorf("%s: %d findings, want %d:\n%s", format, n, count, out)
		}
	}
	if out := write(t, "text", r, Options{}); !strings.Contains(out, "1 finding (1 high) in 40 resources") || !strings.Contains(out, "resources:") {
		t.Errorf("text:\n%s", out)
	}
	if x := results(t, r, Options{}).Results; len(x) != 1 || len(x[0].Related) < 39 {
		t.Errorf("sarif: %d results, the first with %d related locations", len(x), len(x[0].Related))
	}
}

// What differs in place, rule, principal, condition, certainty or fate is another cause.
func TestCausesDiffer(t *testing.T) {
	changed := finding.Changed
	for name, change := range map[string]func(*finding.Finding){
		"rule":      func(f *finding.Finding) { f.Rule = "public-write" },
		"principal": func(f *finding.Finding) { f.Principal = map[string]string{"AWS": "444455556666"} },
		"condition": func(f *finding.Finding) { f.Condition = map[string]string{"aws:SourceVpc": "vpc-1"} },
		"certainty": func(f *finding.Finding) { f.Certainty = finding.NotProven },
		"severity":  func(f *finding.Finding) { f.Severity = finding.Low },
		"archive":   func(f *finding.Finding) { f.Status, f.Archive = "ARCHIVED", &finding.Archive{By: "x"} },
		"change":    func(f *finding.Finding) { f.Change = &changed },
		"place":     func(f *finding.Finding) { f.Location = &finding.Location{Path: "other.tf", StartLine: 1} },
		"no place":  func(f *finding.Finding) { f.Location = nil },
	} {
		fs := called(3).Findings
		change(&fs[1])
		if got := finding.Causes(fs); len(got) != 2 || len(got[0]) != 2 {
			t.Errorf("%s: %d causes, want 2", name, len(got))
		}
	}
}

// A principal that a statement names once for each Region is one principal.
func TestRegionalPrincipals(t *testing.T) {
	statement := []finding.Statement{{Location: &finding.Location{Path: "p.json", StartLine: 3}}}
	at := func(line int, rule string, principal map[string]string) finding.Finding {
		return finding.Finding{ID: fmt.Sprint(line), Rule: rule, Principal: principal, Statements: statement, Location: &finding.Location{Path: "p.json", StartLine: line}}
	}
	service := func(line int, name string) finding.Finding {
		return at(line, "confused-deputy", map[string]string{"Service": name})
	}
	for name, c := range map[string]struct {
		fs   []finding.Finding
		want int
	}{
		"one service in two Regions": {[]finding.Finding{service(4, "logs.eu-west-1.amazonaws.com"), service(5, "logs.us-gov-west-1.amazonaws.com"), service(6, "logs.amazonaws.com")}, 1},
		"two services":               {[]finding.Finding{service(4, "logs.eu-west-1.amazonaws.com"), service(5, "sns.eu-west-1.amazonaws.com")}, 2},
		"a name with hyphens":        {[]finding.Finding{service(4, "vpc-flow-logs.amazonaws.com"), service(5, "amazonaws.com")}, 2},
		"accounts of AWS's own":      {[]finding.Finding{at(4, "aws-owned-account", map[string]string{"AWS": "127311923021"}), at(5, "aws-owned-account", map[string]string{"AWS": "156460612806"})}, 1},
		"accounts of others":         {[]finding.Finding{at(4, "external-account", map[string]string{"AWS": "444455556666"}), at(5, "external-account", map[string]string{"AWS": "555566667777"})}, 2},
	} {
		if got := len(finding.Causes(c.fs)); got != c.want {
			t.Errorf("%s: %d causes, want %d", name, got, c.want)
		}
	}
}

// Notices that say the same of different things are cut and counted.
func TestNotices(t *testing.T) {
	var ds []finding.Diagnostic
	for i := range 20 {
		ds = append(ds, finding.Diagnostic{Severity: "warning", Path: fmt.Sprint(i), Message: fmt.Sprintf("file %q is not read", fmt.Sprint(i))},
			finding.Diagnostic{Severity: "error", Path: "a.tf", Line: i, Message: fmt.Sprintf("line %d is wrong", i)},
			finding.Diagnostic{Severity: "error", Path: fmt.Sprintf("f%d.tf", i), Message: "cannot be read"})
	}
	got := notices(ds, Options{})
	warnings := number(got, func(d finding.Diagnostic) bool { return !isError(d) })
	if len(got) != sameErrors+20+sameWarnings || warnings != sameWarnings || !strings.HasSuffix(got[len(got)-1].Message, "(and 17 more like this)") {
		t.Errorf("%d notices, %d warnings; the last: %s", len(got), warnings, got[len(got)-1].Message)
	}
	if isError(got[len(got)-1]) || !isError(got[0]) {
		t.Error("errors do not come first")
	}
	if n := len(notices(ds, Options{Verbose: true})); n != len(ds) {
		t.Errorf("verbose: %d of %d", n, len(ds))
	}
}
