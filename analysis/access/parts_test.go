package access

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/zone"
)

// What the statements that allow give one by one is together what the evaluator allows.
func TestPartsAreTheWhole(t *testing.T) {
	r := rand.New(rand.NewSource(11))
	several := 0
	for range draws("IACLINT_PAIRS", 6_000) / 20 {
		text := genPolicy(r)
		d := parse(text)
		q := question{subject: bucketB(), zone: &zone.Zone{Account: "111122223333"}, documents: []*policy.Document{d}, gates: [][]int{{0}}}
		var parts []*solution
		for _, st := range q.separable() {
			one := q
			one.only = only{st: true}
			parts = append(parts, solve(one, exactly))
		}
		if len(parts) > 1 {
			several++
		}
		for range 20 {
			req := genRequest(r)
			inLeast, inMost, coarse := false, false, false
			for _, s := range parts {
				point, why := s.locate(req)
				if point == nil {
					t.Fatalf("no cell for %s\n%s\n%s", why, text, show(&req))
				}
				coarse = coarse || s.sharesCell(req)
				inLeast = inLeast || s.space.Contains(s.allow(false), point)
				inMost = inMost || s.space.Contains(s.allow(true), point)
			}
			strict := evaluate.Evaluate(d, req, evaluate.Strict).Allowed
			permissive := evaluate.Evaluate(d, req, evaluate.Permissive).Allowed
			if !coarse && (inLeast && !strict || permissive && !inMost || inLeast != strict && !plainOnSet(d)) {
				t.Fatalf("parts %v/%v, evaluator %v/%v\n%s\n%s", inLeast, inMost, strict, permissive, text, show(&req))
			}
		}
	}
	if several == 0 {
		t.Error("no policy had parts")
	}
}

// A policy with too many patterns for one answer has the findings that its statements have alone.
func TestManyPatternsInStatements(t *testing.T) {
	const n = 40
	var statements []string
	for i := range n {
		statements = append(statements, fmt.Sprintf(`{"Effect":"Allow","Principal":{"AWS":"%012d"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*%c%d*%c*"}`, 200_000_000_000+i, 'a'+i%26, i, 'm'+i%13))
	}
	statements = append(statements, `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*public*"}`,
		`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*secret*"}`)
	res := Analyze(bucketWith(parse(`{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`)), &zone.Zone{Account: "111122223333"}, false)
	if len(res.Notes)+len(res.Problems) > 0 {
		t.Error(res.Notes, res.Problems)
	}
	public := 0
	for _, g := range res.Grants {
		if !g.Proven || g.Witness == nil || len(g.Statements) != 1 {
			t.Errorf("%s: proven %v, %d statements", g.Principal, g.Proven, len(g.Statements))
		}
		if g.Public {
			public++
		}
	}
	// As in one answer, the finding for anyone covers those for accounts with the same actions.
	if public != 1 || len(res.Grants) != 1 {
		t.Errorf("%d findings, %d public", len(res.Grants), public)
	}
}
