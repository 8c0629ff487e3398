package archive

import (
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// The finding that the tables filter: a foreign account may read a bucket.
func sample() Subject {
	return Subject{Finding: finding.Finding{
		ID: "0123456789abcdef0123456789abcdef", Rule: "external-account", Severity: finding.Medium, Certainty: finding.Proven,
		Path: "stacks/prod/s3.tf", Address: `module.docs["a"].aws_s3_bucket.site`, ResourceType: "AWS::S3::Bucket", Resource: "arn:aws:s3:::acme-docs",
		ResourceOwnerAccount: "111122223333", Principal: map[string]string{"AWS": "444455556666"},
		Condition: map[string]string{"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:SourceVpce": "vpce-1"},
		Action:    []string{"s3:GetObject", "s3:ListBucket"}, AccessLevels: []string{"List", "Read"},
		Statements: []finding.Statement{{Sid: "Read"}, {Sid: "List"}},
	}, Target: "stacks/prod/**"}
}

func yes(b bool) *bool { return &b }

func TestCriteria(t *testing.T) {
	eq := func(key string, v ...string) Criterion { return Criterion{Key: key, Eq: v} }
	neq := func(key string, v ...string) Criterion { return Criterion{Key: key, Neq: v} }
	contains := func(key string, v ...string) Criterion { return Criterion{Key: key, Contains: v} }
	matches := func(key string, v ...string) Criterion { return Criterion{Key: key, Matches: v} }
	exists := func(key string, v bool) Criterion { return Criterion{Key: key, Exists: yes(v)} }
	for _, c := range []struct {
		criterion Criterion
		want      bool
	}{
		{eq("resource", "arn:aws:s3:::acme-docs"), true},
		{eq("resource", "arn:aws:s3:::acme"), false},
		{eq("resource", "x", "arn:aws:s3:::acme-docs"), true}, // values are alternatives
		{eq("resource", "ARN:AWS:S3:::ACME-DOCS"), false},
		{contains("resource", ":::acme-"), true},
		{contains("resource", "Acme"), false},
		{neq("resource", "x"), true},
		{neq("resource", "x", "arn:aws:s3:::acme-docs"), false},
		{exists("resource", true), true},
		{exists("resource", false), false},
		{eq("isPublic", "false"), true},
		{eq("isPublic", "true"), false},
		{eq("isPublic", "False"), false},
		{eq("resourceType", "AWS::S3::Bucket"), true},
		{eq("resourceOwnerAccount", "111122223333"), true},
		{eq("findingType", "ExternalAccess"), true},
		{eq("principal.AWS", "444455556666"), true},
		{contains("principal.AWS", "4444"), true},
		{eq("principal.Federated", "444455556666"), false},
		{exists("principal.Federated", false), true},
		{neq("principal.Federated", "x"), false}, // it has none
		{eq("condition.aws:PrincipalOrgID", "o-a1b2c3d4e5"), true},
		{exists("condition.aws:SourceVpc", false), true},
		{eq("iaclint:condition.aws:sourcevpce", "vpce-1"), true}, // condition keys have no case
		{eq("iaclint:condition.aws:SourceArn", ""), false},
		{exists("error", true), false},
		{eq("resourceControlPolicyRestriction", "NOT_APPLICABLE"), false}, // not known
		{eq("iaclint:rule", "external-account"), true},
		{matches("iaclint:rule", "external-*"), true},
		{eq("iaclint:severity", "medium"), true},
		{eq("iaclint:certainty", "proven"), true},
		{eq("iaclint:address", `module.docs["a"].aws_s3_bucket.site`), true},
		{matches("iaclint:address", `module.docs[*].aws_s3_bucket.*`), true},
		{matches("iaclint:path", "stacks/**"), true},
		{matches("iaclint:path", "stacks/*"), false},
		{matches("iaclint:path", "stacks/**/s3.tf"), true},
		{eq("iaclint:target", "stacks/prod/**"), true},
		{eq("iaclint:id", "01234567"), true},
		{eq("iaclint:id", "0123456"), false}, // too short to name one
		{eq("iaclint:id", "1234567890"), false},
		// every action, level and statement of the finding must be meant
		{eq("iaclint:action", "s3:GetObject"), false},
		{eq("iaclint:action", "s3:GetObject", "s3:ListBucket", "s3:PutObject"), true},
		{matches("iaclint:action", "s3:*"), true},
		{neq("iaclint:action", "s3:PutObject"), true},
		{neq("iaclint:action", "s3:GetObject"), false},
		{eq("iaclint:access", "Read", "List"), true},
		{eq("iaclint:access", "Read"), false},
		{eq("iaclint:sid", "Read"), false},
		{eq("iaclint:sid", "Read", "List"), true},
		{eq("no-such-key", "x"), false},
		{Criterion{Key: "resource"}, false},
		{Criterion{Key: "resource", Contains: []string{"acme"}, Neq: []string{"arn:aws:s3:::acme-docs"}}, false}, // operators are joined by and
		{Criterion{Key: "resource", Contains: []string{"acme"}, Neq: []string{"x"}}, true},
	} {
		got := Rule{Filter: []Criterion{c.criterion}}.Apply(sample(), "2026-01-01") == Archived
		if got != c.want {
			t.Errorf("%+v: %v", c.criterion, got)
		}
	}
}

func TestApply(t *testing.T) {
	bucket := Criterion{Key: "resource", Contains: []string{"acme"}}
	other := Criterion{Key: "resourceType", Eq: []string{"AWS::IAM::Role"}}
	for _, c := range []struct {
		rule Rule
		want Outcome
	}{
		{Rule{}, NoMatch},
		{Rule{Filter: []Criterion{bucket}}, Archived},
		{Rule{Filter: []Criterion{bucket, other}}, NoMatch}, // criteria are joined by and
		{Rule{Filter: []Criterion{bucket}, Expires: "2026-06-30"}, Archived},
		{Rule{Filter: []Criterion{bucket}, Expires: "2026-06-29"}, Expired},
		{Rule{Filter: []Criterion{other}, Expires: "2026-06-29"}, NoMatch},
		{Rule{Filter: []Criterion{bucket}, MaxAccess: "Read"}, Archived},
		{Rule{Filter: []Criterion{bucket}, MaxAccess: "List"}, Exceeded},
		{Rule{Filter: []Criterion{bucket}, MaxAccess: "Write"}, Archived},
	} {
		if got := c.rule.Apply(sample(), "2026-06-30"); got != c.want {
			t.Errorf("%+v: %d, want %d", c.rule, got, c.want)
		}
	}
	if !Exceeds([]string{"Read", "something new"}, "Permissions management") {
		t.Error("a level without a name is within a limit")
	}
}

func TestReview(t *testing.T) {
	for _, c := range []struct {
		filter []Criterion
		want   string
	}{
		{[]Criterion{{Key: "principal.AWS", Eq: []string{"444455556666"}}}, ""},
		{[]Criterion{{Key: "isPublic", Eq: []string{"true"}}}, "names no resource"},
		{[]Criterion{{Key: "resourceType", Eq: []string{"AWS::IAM::Role"}}, {Key: "isPublic", Eq: []string{"false"}}}, "names no resource"},
		{[]Criterion{{Key: "resource", Exists: yes(true)}}, "names no resource"},
		{[]Criterion{{Key: "resource", Contains: []string{"acme", ""}}}, "names no resource"},
		{[]Criterion{{Key: "iaclint:path", Matches: []string{"**/*"}}}, "names no resource"},
		{[]Criterion{{Key: "iaclint:path", Matches: []string{"stacks/**"}}}, ""},
		{[]Criterion{{Key: "resource", Neq: []string{"x"}}}, "names no resource"},
		{[]Criterion{{Key: "iaclint:condition.aws:SourceArn", Eq: []string{"x"}}}, ""},
		{[]Criterion{{Key: "principal.AWS", Eq: []string{"1"}}, {Key: "isPublic", Eq: []string{"no"}}}, `isPublic is never "no"; it is one of true, false`},
		{[]Criterion{{Key: "principal.AWS", Eq: make([]string, 21)}}, "principal.AWS has 21 values for eq; Access Analyzer takes at most 20"},
	} {
		got := strings.Join(Rule{Filter: c.filter}.Review(), "|")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.filter, got, c.want)
		}
	}
}

func TestExportable(t *testing.T) {
	filter := []Criterion{{Key: "principal.AWS", Eq: []string{"1"}}}
	for _, c := range []struct {
		rule Rule
		ok   bool
	}{
		{Rule{Name: "a-1_b.c", Filter: filter}, true},
		{Rule{Name: "1a", Filter: filter}, false},
		{Rule{Name: "ä", Filter: filter}, false},
		{Rule{Name: strings.Repeat("a", 256), Filter: filter}, false},
		{Rule{Name: "a"}, false},
		{Rule{Name: "a", Filter: filter, MaxAccess: "Read"}, false},
		{Rule{Name: "a", Filter: []Criterion{{Key: "iaclint:path", Eq: []string{"1"}}}}, false},
		{Rule{Name: "a", Filter: []Criterion{{Key: "resource", Eq: make([]string, 21)}}}, false},
	} {
		if got := c.rule.Exportable(); (len(got) == 0) != c.ok {
			t.Errorf("%+v: %q", c.rule, got)
		}
	}
}

func TestKeys(t *testing.T) {
	names := Keys()
	if slices.Contains(names, "status") || slices.Contains(names, "id") {
		t.Error("keys of lists only are taken for archive rules")
	}
	for i, n := range names {
		if slices.Index(names, n) != i {
			t.Errorf("%s is there twice", n)
		}
	}
	if !IsKey("iaclint:condition.aws:SourceArn") || IsKey("iaclint:condition.") || IsKey("iaclint:condition.*") || IsKey("condition.aws:SourceArn") {
		t.Error("keys of conditions")
	}
}

// naive is Glob by trying everything.
func naive(p, s string) bool {
	switch {
	case p == "":
		return s == ""
	case strings.HasPrefix(p, "**/") && naive(p[3:], s):
		return true
	case strings.HasPrefix(p, "**/"):
		i := strings.Index(s, "/")
		return i >= 0 && naive(p, s[i+1:])
	case strings.HasPrefix(p, "**"):
		return naive(p[2:], s) || s != "" && naive(p, s[1:])
	case p[0] == '*':
		return naive(p[1:], s) || s != "" && s[0] != '/' && naive(p, s[1:])
	case s == "":
		return false
	case p[0] == '?':
		return s[0] != '/' && naive(p[1:], s[1:])
	}
	return p[0] == s[0] && naive(p[1:], s[1:])
}

// All short patterns on all short texts over two letters and a slash.
func TestGlob(t *testing.T) {
	words := func(letters string, n int) []string {
		out := []string{""}
		for start, i := 0, 0; i < n; i++ {
			end := len(out)
			for _, w := range out[start:end] {
				for _, c := range letters {
					out = append(out, w+string(c))
				}
			}
			start = end
		}
		return out
	}
	texts := words("ab/", 4)
	for _, p := range words("a*?/", 5) {
		if strings.Contains(p, "***") || strings.Contains(p, "a**/") || strings.Contains(p, "?**/") {
			continue // the naive matcher does not look back
		}
		for _, s := range texts {
			if got := Glob(p, s); got != naive(p, s) {
				t.Fatalf("%q on %q: %v", p, s, got)
			}
		}
	}
	if !Glob("?", "é") || Glob("??", "é") || Glob("a**/b", "ab") {
		t.Error("characters, or ** after a letter")
	}
}

func TestEntry(t *testing.T) {
	base := sample().Finding
	e := EntryOf(base, "2026-01-01")
	for _, c := range []struct {
		what   string
		change func(*finding.Finding)
		want   bool
	}{
		{"the same", func(*finding.Finding) {}, true},
		{"less", func(f *finding.Finding) { f.Action = []string{"s3:GetObject"} }, true},
		{"an action more", func(f *finding.Finding) { f.Action = append(slices.Clone(f.Action), "s3:PutObject") }, false},
		{"public now", func(f *finding.Finding) { f.IsPublic = true }, false},
		{"another", func(f *finding.Finding) { f.ID = "x" }, false},
		{"less certain", func(f *finding.Finding) { f.Certainty = finding.NotProven }, true},
	} {
		f := base
		c.change(&f)
		if e.Covers(f) != c.want {
			t.Errorf("%s: %v", c.what, !c.want)
		}
	}
	uncertain := base
	uncertain.Certainty = finding.NotProven
	if EntryOf(uncertain, "").Covers(base) {
		t.Error("what has become certain is covered")
	}
}
