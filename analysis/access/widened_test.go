package access

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// However many patterns a condition has, findings name each of them, alone or
// with those that it could not be told apart from.
func TestWidenedLabels(t *testing.T) {
	t.Parallel()
	words := strings.Fields("alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa")
	joined := false
	for _, form := range []string{
		`"StringLike":{"aws:PrincipalArn":[%s]}|arn:aws:iam::444455556666:role/*%s*`,
		`"ArnLike":{"aws:PrincipalArn":[%s]}|arn:aws:iam::*:role/*%s*`,
	} {
		condition, pattern, _ := strings.Cut(form, "|")
		sizes := []int{2, 12}
		if thorough() {
			sizes = []int{2, 7, 12, 16}
		}
		for _, n := range sizes {
			var list []string
			for _, w := range words[:n] {
				list = append(list, fmt.Sprintf(pattern, w))
			}
			text := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{`+condition+`}}]}`, `"`+strings.Join(list, `","`)+`"`)
			res := Analyze(bucketWith(parse(text)), &zone.Zone{Account: "111122223333"}, false)
			if len(res.Notes) > 0 {
				t.Errorf("%d of %s: %v", n, pattern, res.Notes)
			}
			var named []string
			for _, g := range res.Grants {
				for _, c := range g.Conditions {
					joined = joined || g.Proven && strings.Contains(c.Value, Or)
					named = append(named, strings.Split(c.Value, Or)...)
				}
			}
			for _, p := range list {
				if !contains(named, p) {
					t.Errorf("%d of %s: %s is not named in %q", n, pattern, p, named)
				}
			}
		}
	}
	if !joined {
		t.Error("no list was too long to tell its values apart")
	}
}

// No stand-in reaches a message.
func TestNoStandInIsShown(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewSource(1))
	for i := range draws("IACLINT_POLICIES", 60) {
		var statements []string
		for range 1 + r.Intn(3) {
			var who, list []string
			for k := range 1 + r.Intn(14) {
				who = append(who, fmt.Sprintf(`"arn:aws:iam::<Account%d>:role/r%d"`, r.Intn(3), k))
				list = append(list, fmt.Sprintf(`"%s*%c%d*"`, pick(r, "", "<Name>", "arn:aws:iam::<Account>:role/"), 'a'+k, k))
			}
			condition := fmt.Sprintf(`"%s":{"%s":[%s]}`, pick(r, "StringLike", "StringNotLike"),
				pick(r, "aws:PrincipalArn", "aws:SourceArn", "aws:PrincipalOrgID", "aws:UserAgent"), strings.Join(list, ","))
			statements = append(statements, fmt.Sprintf(`{"Effect":"%s","Principal":{"AWS":[%s]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::<Bucket>/*","Condition":{%s}}`,
				pick(r, "Allow", "Allow", "Deny"), strings.Join(who, ","), condition))
		}
		text := strings.Join(statements, ",")
		v, diags := jsontree.Parse(source.NewFile("p.json", []byte(`{"Version":"2012-10-17","Statement":[`+text+`]}`)))
		if len(diags) > 0 {
			t.Fatal(text, diags)
		}
		d, _ := policy.Decode(withReferences(v))
		res := Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: referenceText("arn:aws:s3:::<Bucket>"), Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, i%2 == 0)
		said := fmt.Sprint(res.Notes, res.Assumptions, res.Problems, res.BlockedBy, res.ARN)
		for _, g := range res.Grants {
			said += fmt.Sprint(g.Principal, g.Conditions, g.Needs, g.Witness)
			if g.Witness != nil {
				said += fmt.Sprint(*g.Witness)
			}
		}
		for _, g := range res.Services {
			said += fmt.Sprint(g.Service, g.Needs)
		}
		for _, c := range said {
			if c >= '\uE000' && c <= '\uF8FF' || c >= '\U000F0000' {
				t.Fatalf("%s: %q", text, said)
			}
		}
	}
}
