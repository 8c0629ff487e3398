package validate_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

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
			if since[code] > rec.Date {
				continue // the check was not there
			}
			more[code]++
			t.Logf("%s %.10s: only ours: %s", rec.ID, rec.Date, g)
		}
		for _, w := range want {
			if code, _, _ := strings.Cut(w, " "); !slices.Contains(got, w) && until[code] <= rec.Date {
				less[code]++
				if !lags(code) {
					t.Logf("%s %.10s: only theirs: %s", rec.ID, rec.Date, w)
				}
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
		if exact := basis == validate.Grammar || basis == validate.Sets; exact && m+l > 0 {
			t.Errorf("%s: answers differ", basis)
		}
	}
	for _, c := range validate.Checks {
		if more[c.Code]+less[c.Code] > 0 {
			t.Logf("%s: %d identical, %d only ours, %d only theirs", c.Code, same[c.Code], more[c.Code], less[c.Code])
		}
	}
}

// since is when the service began to answer with a check, as far as recorded
// answers tell: those before have none.
var since = map[string]string{
	"EQUIVALENT_TO_NULL_FALSE":                     "2025-07-31",
	"MISSING_ARN_ACCOUNT":                          "2022",
	"STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS": "2024-11-21",
	"UNSUPPORTED_ACTION_FOR_CONDITION_KEY":         "2022",
}

// until is when the service ceased to give an answer that recorded answers have.
var until = map[string]string{
	// Since then a condition with IfExists counts as one.
	"PASS_ROLE_WITH_STAR_IN_RESOURCE": "2022",
	// Since then names that AWS keeps for its own need no account.
	"MISSING_ARN_ACCOUNT": "2026",
	// Since then these services have tags.
	"ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE": "2023",
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
		b.WriteString(" ")
		for _, s := range l.Path {
			switch s.Kind {
			case validate.ToValue:
				b.WriteString("/value:" + s.Name)
			case validate.ToKey:
				b.WriteString("/key:" + s.Name)
			case validate.ToItem:
				fmt.Fprintf(&b, "/%d", s.Index)
			}
		}
		fmt.Fprintf(&b, "@%d-%d", l.Span.Start, l.Span.End)
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
