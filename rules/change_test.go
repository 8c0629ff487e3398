package rules

import (
	"fmt"
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
		kept          bool
		want          string // + is wider
	}{
		{"nothing", nil, nil, false, ""},
		{"new", nil, list(account), false, "account new+"},
		{"kept", nil, list(account), true, "account unchanged"},
		{"same", list(account), list(account), false, "account unchanged"},
		{"gone", list(account), nil, false, "account removed"},
		{"more actions", list(read), list(anyone), false, "any changed+"},
		{"fewer actions", list(anyone), list(read), false, "any changed"},
		{"proven now", list(maybe), list(account), false, "account changed+"},
		{"no longer proven", list(account), list(maybe), false, "account changed"},
		{"anyone becomes an account", list(anyone), list(account), false, "account changed, any removed"},
		{"an account becomes anyone", list(account), list(anyone), false, "any new+"},
		{"a condition is added", list(account), list(inVPC), false, "in VPC changed, account removed"},
		{"a condition is dropped", list(inVPC), list(account), false, "account new+"},
		{"anyone holds canonical users", list(anyone), list(canonical), false, "canonical changed, any removed"},
		{"but neither services nor identity providers", list(anyone), list(service, federated), false, "service new+, federated new+, any removed"},
		{"through an access point now", list(account), list(point), false, "point new+, account removed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := finding.Resource{Path: "plan.json", Address: "aws_s3_bucket.b"}
			var before []Output
			if !tt.kept {
				before = []Output{{Resource: r, Findings: tt.before}, {Resource: finding.Resource{Path: "plan.json", Address: "aws_s3_bucket.other"}}}
			}
			after := []Output{{Resource: r, Findings: tt.after, Kept: tt.kept}}
			out, removed := Changes(after, before)
			var got []string
			for _, f := range slices.Concat(out[0].Findings, removed) {
				text := f.ID + " " + *f.Change
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
	f := finding.Finding{ID: "x", Principal: map[string]string{"AWS": "*"}, Certainty: finding.Proven}
	output := func(target string) Output {
		return Output{Resource: finding.Resource{Address: "a", Target: target}, Findings: []finding.Finding{f}}
	}
	out, removed := Changes([]Output{output("prod"), output("dev")}, []Output{output("prod"), output("test")})
	got := fmt.Sprint(*out[0].Findings[0].Change, " ", *out[1].Findings[0].Change, " ", len(removed))
	if got != "unchanged new 1" {
		t.Errorf("got %s, want unchanged new 1", got)
	}
}
