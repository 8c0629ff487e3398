package config

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/iaclint/iaclint/analysis/archive"
)

func edited() []archive.Rule {
	no := false
	return []archive.Rule{
		{
			Name: "site", Reason: `says "${why}" %{if} \ and` + "\n\ttabs", Owner: "web", Expires: "2027-01-31", MaxAccess: "Permissions management",
			Filter: []archive.Criterion{{Key: "resource", Contains: []string{":::a", "b\x1b"}}, {Key: "isPublic", Eq: []string{"true"}}},
		},
		{
			Name: "other", Reason: "r", Owner: "o", Ticket: "T-1",
			Filter: []archive.Criterion{{Key: "iaclint:path", Matches: []string{"a/**"}}, {Key: "error", Exists: &no}, {Key: "principal.AWS", Neq: []string{"1"}}},
		},
	}
}

var sameRules = []cmp.Option{cmpopts.IgnoreFields(ArchiveRule{}, "Range"), cmpopts.EquateEmpty()}

// What is added is read again as it was, and what was there is still there;
// what is removed leaves what was there before.
func TestEdit(t *testing.T) {
	full := map[string]string{}
	for _, name := range []string{"full.hcl", "full.json"} {
		content, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		full[name] = string(content)
	}
	for _, c := range []struct{ name, content string }{
		{"a.hcl", ""}, {"a.hcl", "iaclint {\n}"}, {"a.hcl", full["full.hcl"]},
		{"a.json", ""}, {"a.json", "{}"}, {"a.json", "{\"iaclint\": {}}\n"}, {"a.json", full["full.json"]},
	} {
		before, ds := Parse(c.name, []byte(c.content), options)
		if c.content != "" && ds.HasErrors() {
			t.Fatal(ds)
		}
		added, err := AddRules(c.name, []byte(c.content), edited())
		if err != nil {
			t.Fatalf("%q: %s", c.content, err)
		}
		limits := options
		limits.Today = ""
		after, ds := Parse(c.name, added, limits)
		for _, d := range ds {
			if !strings.Contains(d.Message, "max_age is") && !d.Warning {
				t.Errorf("%q: %s: %s", added, d.Range, d.Message)
			}
		}
		var want []ArchiveRule
		if before != nil {
			want = append(want, before.Archive...)
		}
		for _, r := range edited() {
			want = append(want, ArchiveRule{Rule: r})
		}
		if d := cmp.Diff(want, after.Archive, sameRules...); d != "" {
			t.Errorf("%q: %s", added, d)
		}
		removed, err := RemoveRules(c.name, added, []string{"site", "other"})
		if err != nil {
			t.Fatalf("%q: %s", added, err)
		}
		again, _ := Parse(c.name, removed, options)
		if again == nil || before != nil && cmp.Diff(before.Archive, again.Archive, sameRules...) != "" {
			t.Errorf("%q: after removal %q", added, removed)
		}
	}
}

// Only whole rules go, with the comments that stand directly above them.
func TestRemove(t *testing.T) {
	for _, c := range []struct {
		name, content string
		rules         []string
		want          string
	}{
		{"a.hcl", "a {}\n\n# about b\narchive_rule \"b\" {\n}\n\n# about c\narchive_rule \"c\" {\n}\n", []string{"b"}, "a {}\n\n# about c\narchive_rule \"c\" {\n}\n"},
		{"a.hcl", "a {}\n# apart\n\narchive_rule \"b\" {\n} # end\nc {}\n", []string{"b"}, "a {}\n# apart\n # end\nc {}\n"},
		{"a.hcl", "archive_rule \"b\" {\n}\n\nc {}\n", []string{"b"}, "c {}\n"},
		{"a.json", `{"archive_rule": {"a": {}, "b": {}, "c": {}}}`, []string{"a"}, `{"archive_rule": {"b": {}, "c": {}}}`},
		{"a.json", `{"x": 1, "archive_rule": {"a": {}}, "y": 2}`, []string{"a"}, `{"x": 1, "y": 2}`},
		{"a.json", `{"archive_rule": {"a": {}, "b": {}, "c": {}}}`, []string{"b", "c"}, `{"archive_rule": {"a": {}}}`},
		{"a.json", `{"archive_rule": {"a": {}, "b": {}, "c": {}}}`, []string{"a", "b", "c"}, `{}`},
	} {
		got, err := RemoveRules(c.name, []byte(c.content), c.rules)
		if err != nil || string(got) != c.want {
			t.Errorf("%q without %q: %q %v, want %q", c.content, c.rules, got, err, c.want)
		}
	}
	for _, c := range []struct{ name, content string }{{"a.hcl", "{"}, {"a.hcl", ""}, {"a.json", "[]"}, {"a.json", `{"archive_rule": [{}]}`}, {"a.json", "{}"}} {
		if _, err := RemoveRules(c.name, []byte(c.content), []string{"x"}); err == nil {
			t.Errorf("%q: a rule that is not there is removed", c.content)
		}
	}
	if !slices.Equal(mustAdd(t, `{"archive_rule": [{"a": {}}]}`), nil) {
		t.Error("a list of rules is edited")
	}
}

func mustAdd(t *testing.T, content string) []byte {
	t.Helper()
	out, err := AddRules("a.json", []byte(content), edited())
	if err == nil {
		return out
	}
	return nil
}
