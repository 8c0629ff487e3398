package rules

import (
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

func TestChanges(t *testing.T) {
	anyone := finding.Finding{ID: "any", Principal: map[string]string{"AWS": "*"}, Action: []string{"s3:GetObject", "s3:PutObject"}, IsPublic: true, Certainty: finding.Proven}
	read := anyone
	read.Action = []string{"s3:GetObject"}
	account := finding.Finding{ID: "account", Principal: map[string]string{"AWS": "111122223333"}, Action: []string{"s3:GetObject"}, Certainty: finding.Proven}
	inVPC := account
	inVPC.ID, inVPC.Condition = "in VPC", map[string]string{"aws:SourceVpc": "vpc-1"}
	maybe := account
	maybe.Certainty = finding.NotProven
	service := finding.Finding{ID: "service", Principal: map[string]string{"Service": "sns.amazonaws.com"}, Action: []string{"s3:GetObject"}, Certainty: finding.Proven}
	canonical := finding.Finding{ID: "canonical", Principal: map[string]string{"CanonicalUser": "abc"}, Action: []string{"s3:GetObject"}, Certainty: finding.Proven}
	federated := finding.Finding{ID: "federated", Principal: map[string]string{"Federated": "x"}, Action: []string{"s3:GetObject"}, Certainty: finding.Proven}
	point := account
	point.ID, point.Sources = "point", []finding.Source{{Type: "S3_ACCESS_POINT", Detail: &finding.SourceDetail{AccessPointARN: "a"}}}
	list := func(f ...finding.Finding) []finding.Finding { return f }
	tests := []struct {
		name          string
		before, after []finding.Finding
		want          string // + is wider
	}{
		{"nothing", nil, nil, ""},
		{"new", nil, list(account), "account new+"},
		{"same", list(account), list(account), "account unchanged"},
		{"gone", list(account), nil, "account removed"},
		{"more actions", list(read), list(anyone), "any changed+"},
		{"fewer actions", list(anyone), list(read), "any changed"},
		{"proven now", list(maybe), list(account), "account changed+"},
		{"no longer proven", list(account), list(maybe), "account changed"},
		{"anyone becomes an account", list(anyone), list(account), "account changed, any removed"},
		{"an account becomes anyone", list(account), list(anyone), "any new+"},
		{"a condition is added", list(account), list(inVPC), "in VPC changed, account removed"},
		{"a condition is dropped", list(inVPC), list(account), "account new+"},
		{"anyone holds canonical users", list(anyone), list(canonical), "canonical changed, any removed"},
		{"but neither services nor identity providers", list(anyone), list(service, federated), "service new+, federated new+, any removed"},
		{"through an access point now", list(account), list(point), "point new+, account removed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := finding.Resource{Path: "plan.json", Address: "aws_s3_bucket.b"}
			before := []State{{Output: Output{Resource: r, Findings: tt.before}}, {Output: Output{Resource: finding.Resource{Path: "plan.json", Address: "aws_s3_bucket.other"}}}}
			after := []State{{Output: Output{Resource: r, Findings: tt.after}}}
			settled := Settle(Match(before, after)[0], Difference{})
			var got []string
			for _, f := range slices.Concat(settled.Findings, settled.Removed) {
				text := f.ID + " " + string(*f.Change)
				if f.Wider {
					text += "+"
				}
				got = append(got, text)
			}
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("got %s, want %s", strings.Join(got, ", "), tt.want)
			}
			for _, f := range after[0].Findings {
				if f.Change != nil {
					t.Error("the argument was changed")
				}
			}
		})
	}
}

// Resources of one address in different zones or targets are different.
func TestChangesByTarget(t *testing.T) {
	f := finding.Finding{ID: "x", Principal: map[string]string{"AWS": "*"}, Action: []string{"s3:GetObject"}, Certainty: finding.Proven}
	output := func(target string) State {
		return State{Output: Output{Resource: finding.Resource{Address: "a", Target: target}, Findings: []finding.Finding{f}}}
	}
	var got []string
	for _, p := range Match([]State{output("prod"), output("test")}, []State{output("prod"), output("dev")}) {
		s := Settle(p, Difference{})
		for _, f := range slices.Concat(s.Findings, s.Removed) {
			got = append(got, string(*f.Change))
		}
	}
	if text := strings.Join(got, " "); text != "unchanged new removed" {
		t.Errorf("got %s, want unchanged new removed", text)
	}
}
