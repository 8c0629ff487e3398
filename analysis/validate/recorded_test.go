package validate_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// record is one recorded answer of the service.
type record struct {
	ID, Date, Document     string
	PolicyType             validate.PolicyType
	ValidatePolicyResource string `json:"validatePolicyResourceType"`
	Findings               []recordedFinding
}

type recordedFinding struct {
	FindingDetails, FindingType, IssueCode, LearnMoreLink string
	Locations                                             []struct {
		Path []map[string]any
		Span struct {
			Start, End struct{ Line, Column, Offset int }
		}
	}
}

// TestRecorded compares with recorded answers of the service: the file that
// IACLINT_VALIDATE_RECORDS names, or that of the corpus.
func TestRecorded(t *testing.T) {
	name := os.Getenv("IACLINT_VALIDATE_RECORDS")
	if name == "" {
		name = "../../../shared/corpus/labelled/validate/recorded.jsonl"
	}
	file, err := os.Open(name)
	if err != nil {
		t.Skip(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<22)
	same, more, less := map[string]int{}, map[string]int{}, map[string]int{}
	var differences []difference
	for lines.Scan() {
		var rec record
		if err := json.Unmarshal(lines.Bytes(), &rec); err != nil {
			t.Fatal(err)
		}
		var got, want []string
		for _, f := range validated(t, rec.Document, validate.Options{Type: rec.PolicyType, ResourceType: rec.ValidatePolicyResource}) {
			got = append(got, show(f))
		}
		for _, f := range rec.Findings {
			want = append(want, f.show())
		}
		for _, g := range got {
			code, _, _ := strings.Cut(g, " ")
			if slices.Contains(want, g) {
				same[code]++
				continue
			}
			more[code]++
			differences = append(differences, difference{code, subject(g), rec.Date[:10], true})
		}
		for _, w := range want {
			if code, _, _ := strings.Cut(w, " "); !slices.Contains(got, w) {
				less[code]++
				differences = append(differences, difference{code, subject(w), rec.Date[:10], false})
			}
		}
	}
	for _, basis := range []validate.Basis{validate.Grammar, validate.Sets, validate.Tables, validate.Partial} {
		var s, m, l int
		for _, c := range validate.Checks {
			if c.Basis == basis {
				s, m, l = s+same[c.Code], m+more[c.Code], l+less[c.Code]
			}
		}
		t.Logf("%s: %d identical, %d only ours, %d only theirs", basis, s, m, l)
	}
	for _, d := range differences {
		if d.why() == "" {
			t.Errorf("%+v: no date explains it", d)
		}
	}
	if os.Getenv("IACLINT_VALIDATE_RECORDS") == "" {
		documented(t, differences)
	}
}

// Answers that AWS publishes, with the paths of their places.
//
// https://docs.aws.amazon.com/cli/latest/reference/accessanalyzer/validate-policy.html#examples
func TestPublished(t *testing.T) {
	const document = `{"Version": "2012-10-17", "Statement": [{"Sid": "", "Effect": "Allow", "Principal": {"Federated": "cognito-identity.amazonaws.com"},
		"Action": ["sts:AssumeRole", "sts:TagSession"], "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": "us-west-2_EXAMPLE"}}}]}`
	want := []string{
		"EMPTY_SID_VALUE Add a value to the empty string in the Sid element. /value:Statement/0/value:Sid",
		"MISMATCHED_ACTION_FOR_PRINCIPAL The sts:AssumeRole action is invalid with the following principal(s): cognito-identity.amazonaws.com. Use a SAML provider principal with the sts:AssumeRoleWithSAML action or use an OIDC provider principal with the sts:AssumeRoleWithWebIdentity action. Ensure the provider is Federated if you use either of the two options. /value:Statement/0/value:Action/0 /value:Statement/0/value:Principal/value:Federated",
		"UNSUPPORTED_ACTION_FOR_CONDITION_KEY The following actions: sts:TagSession are not supported by the condition key cognito-identity.amazonaws.com:aud. The condition will not be evaluated for these actions. We recommend that you move these actions to a different statement without this condition key. /value:Statement/0/value:Action/1 /value:Statement/0/value:Condition/value:StringEquals/value:cognito-identity.amazonaws.com:aud",
	}
	var got []string
	for _, f := range validated(t, document, validate.Options{Type: validate.Resource}) {
		text := f.Code + " " + f.Details
		for _, l := range f.Locations {
			text += " " + showPath(l.Path)
		}
		got = append(got, text)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// difference is a finding that only one of us has.
type difference struct {
	code, subject, date string
	ours                bool
}

// subject is the name that a finding is about: what its details say of it first that
// has a colon; "" for none.
func subject(shown string) string {
	_, details, _ := strings.Cut(shown, `"`)
	details, _, _ = strings.Cut(details, `" `)
	for _, word := range strings.Fields(details) {
		if before, after, ok := strings.Cut(strings.Trim(word, ".,{}"), ":"); ok && before != "" && after != "" {
			return before + ":" + after
		}
	}
	if words := strings.Fields(details); len(words) > 2 && words[1] == "service" {
		return words[2]
	}
	return ""
}

// why names what has changed since the answer was recorded, "" if nothing is known.
func (d difference) why() string {
	if !d.ours && lags(d.code) && isKnownNow(d.subject) {
		return "AWS has learned the name since"
	}
	for _, c := range changes {
		if c.code == d.code && c.ours == d.ours && (c.ours == (d.date < c.date) || c.date == "") && strings.HasPrefix(d.subject, c.subject) {
			return c.why
		}
	}
	return ""
}

// isKnownNow reports whether the tables have an action, a pattern of actions, a
// condition key or a service.
func isKnownNow(name string) bool {
	service, rest, colon := strings.Cut(name, ":")
	_, isKey := knowledge.KeyOf(name)
	sv, ok := knowledge.ServiceOf(service)
	return !colon && (ok || len(knowledge.ARNsOf(service)) > 0 || knowledge.HasKeys(service)) || isKey || knowledge.IsRetired(service) ||
		ok && (strings.HasSuffix(rest, "*") || slices.ContainsFunc(sv.Actions, func(a knowledge.Action) bool { return strings.EqualFold(a.Name, rest) }))
}

// changes are what the service says otherwise since a date, as recorded answers tell:
// findings that it did not have before (ours), and that it does not have any more.
var changes = []struct {
	code, subject, date string
	ours                bool
	why                 string
}{
	{"EQUIVALENT_TO_NULL_FALSE", "", "2025-07-31", true, "the check is newer"},
	{"MISSING_ARN_ACCOUNT", "", "2022", true, "the check is newer"},
	{"STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", "", "2024-11-21", true, "the check is newer"},
	{"INVALID_ACTION", "aws-marketplace:", "2023", true, "AWS has taken the name out of its reference since"},
	{"PASS_ROLE_WITH_STAR_IN_RESOURCE", "", "", false, "a condition with IfExists counts as one since 2022"},
	{"MISSING_ARN_ACCOUNT", "", "", false, "resources that AWS owns need no account since 2026"},
	{"ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", "", "", false, "the service has tags of resources since 2023"},
	{"FORALLVALUES_WITH_SINGLE_VALUED_KEY", "codestar-connections:ProviderAction", "", false, "the key may have several values since 2026"},
}

// documented compares the differences with the table of the documents.
func documented(t *testing.T, list []difference) {
	const file, begin, end = "../../docs/policy-checks.md", "<!-- differences -->\n", "<!-- end of differences -->\n"
	type row struct{ code, why string }
	names := map[row]map[string]string{}
	for _, d := range list {
		r := row{d.code, d.why()}
		if names[r] == nil {
			names[r] = map[string]string{}
		}
		name, _, _ := strings.Cut(d.subject, ":")
		names[r][name] = max(names[r][name], d.date)
	}
	var table []string
	for r, of := range names {
		var cells []string
		for _, name := range slices.Sorted(maps.Keys(of)) {
			cells = append(cells, strings.TrimSpace(name+" "+of[name]))
		}
		table = append(table, fmt.Sprintf("| `%s` | %s | %s |\n", r.code, r.why, strings.Join(cells, ", ")))
	}
	slices.Sort(table)
	want := begin + "| code | what has changed | last recorded otherwise |\n|---|---|---|\n" + strings.Join(table, "") + end
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(raw), begin)
	_, after, ends := strings.Cut(rest, end)
	if !found || !ends {
		t.Fatalf("%s has no place for the differences", file)
	}
	if got := string(raw); got != before+want+after {
		if *update {
			if err := os.WriteFile(file, []byte(before+want+after), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		t.Errorf("%s is not what the recorded answers say; run the test with -update", file)
	}
}

// lags reports whether the service knows new names later than our tables do.
func lags(code string) bool {
	return code == "INVALID_ACTION" || strings.HasPrefix(code, "INVALID_SERVICE")
}

func validated(t *testing.T, document string, o validate.Options) []validate.Finding {
	tree, diags := jsontree.Parse(source.NewFile("policy.json", []byte(document)))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	return validate.Policy(tree, o)
}

func show(f validate.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %q %s", f.Code, f.Type, f.Details, f.Link())
	for _, l := range f.Locations {
		fmt.Fprintf(&b, " %s@%d-%d", showPath(l.Path), l.Span.Start, l.Span.End)
	}
	return b.String()
}

func showPath(path []validate.Step) string {
	var b strings.Builder
	for _, s := range path {
		switch s.Kind {
		case validate.ToValue:
			b.WriteString("/value:" + s.Name)
		case validate.ToKey:
			b.WriteString("/key:" + s.Name)
		case validate.ToItem:
			fmt.Fprintf(&b, "/%d", s.Index)
		}
	}
	return b.String()
}

func (f recordedFinding) show() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %q %s", f.IssueCode, f.FindingType, f.FindingDetails, f.LearnMoreLink)
	for _, l := range f.Locations {
		b.WriteString(" ")
		for _, step := range l.Path {
			for kind, v := range step {
				if n, ok := v.(float64); ok {
					fmt.Fprintf(&b, "/%d", int(n))
				} else {
					fmt.Fprintf(&b, "/%s:%s", kind, v)
				}
			}
		}
		fmt.Fprintf(&b, "@%d-%d", l.Span.Start.Offset, l.Span.End.Offset)
	}
	return b.String()
}
