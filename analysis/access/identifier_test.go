package access

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Patterns of all kinds over keys whose values are identifiers: what the engine
// proves the evaluator finds possible, and what the evaluator allows the engine
// finds.
func TestIdentifiersHaveForms(t *testing.T) {
	const partner = "444455556666"
	caller := func(arn, session string) evaluate.Principal {
		return evaluate.Principal{Type: evaluate.AWS, ARN: arn, Account: partner, Session: session}
	}
	asRole := caller("arn:aws:iam::"+partner+":role/app", "")
	for _, form := range []struct {
		key, prefix, letters string
		min, max             int
		trust                bool
		request              func(id string) (evaluate.Principal, map[string][]string)
	}{
		{"aws:PrincipalOrgID", "o-", "ab0", 10, 32, false, nil},
		{"aws:SourceOrgID", "o-", "ab0", 10, 32, false, nil},
		{"aws:SourceVpc", "vpc-", "ab0", 8, 17, false, func(id string) (evaluate.Principal, map[string][]string) {
			return asRole, map[string][]string{"aws:SourceVpc": {id}, "aws:SourceVpce": {"vpce-0a1b2c3d4e5f60718"}}
		}},
		{"aws:PrincipalAccount", "", "14", 12, 12, false, func(id string) (evaluate.Principal, map[string][]string) {
			return evaluate.Principal{Type: evaluate.AWS, ARN: "arn:aws:iam::" + id + ":role/app", Account: id}, map[string][]string{"aws:PrincipalAccount": {id}}
		}},
		{"aws:SourceAccount", "", "14", 12, 12, false, nil},
		{"aws:SourceOwner", "", "14", 12, 12, false, nil},
		{"aws:username", "", "ab=", 1, 64, false, func(id string) (evaluate.Principal, map[string][]string) {
			return caller("arn:aws:iam::"+partner+":user/"+id, ""), map[string][]string{"aws:username": {id}}
		}},
		{"aws:PrincipalArn", "arn:aws:iam::" + partner + ":role/", "ab=", 1, 64, false, func(id string) (evaluate.Principal, map[string][]string) {
			return caller(id, ""), map[string][]string{"aws:PrincipalArn": {id}}
		}},
		{"sts:ExternalId", "", "ab/", 2, 1224, true, nil},
		{"sts:RoleSessionName", "", "ab=", 2, 64, true, nil},
		{"aws:SourceIdentity", "", "ab=", 2, 64, true, nil},
	} {
		t.Run(form.key, func(t *testing.T) {
			r := rand.New(rand.NewSource(5))
			some := func(letters string, n int) string {
				b := make([]byte, n)
				for i := range b {
					b[i] = letters[r.Intn(len(letters))]
				}
				return string(b)
			}
			pattern := func() string {
				p := form.prefix
				switch r.Intn(8) {
				case 0:
					p = ""
				case 1:
					p = "x-"
				case 2:
					p = strings.TrimSuffix(p, "-") + "*"
				}
				p += some(form.letters+"*?", r.Intn(5))
				switch r.Intn(8) {
				case 0:
					p += some(form.letters, min(form.max, 70)+r.Intn(3)-1)
				case 1:
					p += some("A !:#", 1) + some(form.letters+"*", 2)
				case 2:
					p += some("?", r.Intn(14))
				case 3:
					p += "*" + some(form.letters, 3)
				case 4:
					p += some(form.letters, form.min-1) + "*"
				}
				return p
			}
			proven, allowed, closed := 0, 0, 0
			for range setting("IACLINT_POLICIES", 400) {
				var conds []string
				var patterns []string
				for range 1 + r.Intn(2) {
					p := pattern()
					patterns = append(patterns, p)
					conds = append(conds, fmt.Sprintf(`%q:{%q:%q}`, pick(r, "StringEquals", "StringLike", "StringNotLike", "StringNotEquals", "StringEqualsIgnoreCase", "StringLikeIfExists"), form.key, p))
				}
				action, typ, res, arn := "s3:GetObject", "AWS::S3::Bucket", `"Resource":"arn:aws:s3:::b/*",`, "arn:aws:s3:::b"
				if form.trust {
					action, typ, res, arn = "sts:AssumeRole", "AWS::IAM::Role", "", "arn:aws:iam::111122223333:role/r"
				}
				has := ""
				if r.Intn(2) == 0 {
					has = fmt.Sprintf(`,"Null":{%q:"false"}`, form.key)
				}
				text := fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":%q,%s"Condition":{%s%s}}}`, action, res, conds[len(conds)-1], has)
				if len(conds) > 1 && conds[0][:14] != conds[1][:14] {
					text = fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":%q,%s"Condition":{%s%s}}}`, action, res, strings.Join(conds, ","), has)
				}
				d := parse(text)
				if d == nil {
					t.Fatal(text)
				}
				got := Analyze(resource.Resource{Type: typ, ARN: value.Lit(arn), Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, true)
				if len(got.Problems) > 0 {
					t.Fatalf("%s\n%s", got.Problems[0], text)
				}
				for _, g := range got.Grants {
					if g.Proven {
						proven++
						if err := evaluate.WellFormed(*g.Witness); err != nil {
							t.Fatalf("%v\n%s", err, text)
						}
					}
				}
				if len(got.Grants) > 0 {
					continue
				}
				closed++
				// Nothing was found: no identifier made of the patterns, or at random, gets in.
				for n := range 60 {
					id := form.prefix + some(form.letters, form.min+r.Intn(min(form.max-form.min, 3)+1))
					if n%2 == 0 {
						id = ""
						for _, c := range pick(r, patterns...) {
							switch c {
							case '*':
								id += some(form.letters, r.Intn(12))
							case '?':
								id += some(form.letters, 1)
							default:
								id += string(c)
							}
						}
					}
					q := evaluate.Request{Principal: asRole, Action: action, Resource: arn, Context: map[string][]string{form.key: {id}}}
					if !form.trust {
						q.Resource += "/x"
					}
					if form.request != nil {
						q.Principal, q.Context = form.request(id)
					}
					if q.Principal.Account == "111122223333" || id == "111122223333" || len(id) < len(form.prefix)+form.min || evaluate.WellFormed(q) != nil {
						continue
					}
					allowed++
					if evaluate.Evaluate(d, q, evaluate.Strict).Allowed {
						t.Fatalf("nothing found, but the evaluator allows %s\n%s", show(&q), text)
					}
				}
			}
			if proven < 50 || closed < 50 || allowed < 300 {
				t.Errorf("%d proven, %d closed, %d requests: the patterns say little", proven, closed, allowed)
			}
		})
	}
}
