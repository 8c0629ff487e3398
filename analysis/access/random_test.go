package access

import (
	"math/rand"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// setting returns a number from the environment.
func setting(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// draws returns how many random cases a test tries: so many as the environment says,
// or enough for a thorough run, of which any other takes a part.
func draws(name string, enough int) int {
	if !thorough() {
		enough = max(enough/8, 5)
	}
	return setting(name, enough)
}

// The sets that the engine computes have exactly the requests that the
// evaluator allows, in both readings, and every request that can exist lies in
// the world. IACLINT_PAIRS says how many pairs are tried.
func TestEngineAgreesWithEvaluator(t *testing.T) {
	t.Parallel()
	const requests = 20
	pairs := draws("IACLINT_PAIRS", 60_000)
	r := rand.New(rand.NewSource(int64(setting("IACLINT_SEED", 7))))
	compared, coarser := 0, 0
	for compared < pairs {
		text := genPolicy(r)
		d := parse(text)
		s := solve(question{subject: bucketB(), zone: &zone.Zone{Account: "111122223333"}, documents: []*policy.Document{d}, gates: [][]int{{0}}}, exactly)
		least, most := s.allow(false), s.allow(true)
		for range requests {
			q := genRequest(r)
			if err := evaluate.WellFormed(q); err != nil {
				t.Fatal(err)
			}
			point, why := s.locate(q)
			if point == nil {
				t.Fatalf("no cell for %s\n%s\n%s", why, text, show(&q))
			}
			compared++
			if s.sharesCell(q) {
				continue // the point stands for requests with one value there
			}
			strict := evaluate.Evaluate(d, q, evaluate.Strict).Allowed
			permissive := evaluate.Evaluate(d, q, evaluate.Permissive).Allowed
			inLeast, inMost := s.space.Contains(least, point), s.space.Contains(most, point)
			if inLeast && !strict || permissive && !inMost || !s.space.Contains(s.world[1], point) {
				t.Fatalf("engine %v/%v, evaluator %v/%v, world %v\n%s\n%s", inLeast, inMost, strict, permissive, s.space.Contains(s.world[1], point), text, show(&q))
			}
			if inLeast != strict || inMost != permissive {
				// Only a plain operator on a set of values is coarser: whether a
				// cell holds one value or several, it cannot say.
				if !plainOnSet(d) {
					t.Fatalf("engine %v/%v, evaluator %v/%v\n%s\n%s", inLeast, inMost, strict, permissive, text, show(&q))
				}
				coarser++
			}
		}
	}
	t.Logf("%d pairs, the engine is coarser for %d", compared, coarser)
}

// sharesCell reports whether the request has two values in one cell of a
// set-valued key.
func (s *solution) sharesCell(q evaluate.Request) bool {
	values := q.Context["aws:TagKeys"]
	d := s.named("aws:tagkeys")
	if d == nil || len(values) < 2 {
		return false
	}
	return d.words.Find([]string{presentShape, values[0]}) == d.words.Find([]string{presentShape, values[1]})
}

func plainOnSet(d *policy.Document) bool {
	for _, s := range d.Statements {
		for _, c := range s.Condition {
			if strings.EqualFold(c.Key, "aws:TagKeys") && c.Operator.Quantifier == policy.Plain && c.Operator.Compare != policy.NullCheck {
				return true
			}
		}
	}
	return false
}

// zones to try policies with.
var zones = []*zone.Zone{
	{Account: "111122223333"},
	{Account: "111122223333", Type: zone.Organization, Organization: "o-aaaaaaaaaa"},
	{Account: "111122223333", Accounts: []string{"444455556666"}, VPCs: []string{"vpc-11111111"}},
	{Account: "111122223333", OrgPaths: []string{"o-aaaaaaaaaa/r-1/ou-2"}},
}

// Every request that is allowed from outside lies in some finding that lists
// its action, whether all findings are listed or a smallest choice, and no
// finding is without an accepted witness but where only the sets are coarse.
func TestFindingsCoverTheAccess(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewSource(11))
	grants, unwitnessed, checked := 0, 0, 0
	for i := range draws("IACLINT_POLICIES", 600) {
		text := genPolicy(r)
		d := parse(text)
		z := zones[i%len(zones)]
		var found [2]Result
		for c, complete := range []bool{false, true} {
			found[c] = Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: d}}}, z, complete)
			if len(found[c].Problems) > 0 {
				t.Fatalf("%s\n%s", found[c].Problems[0], text)
			}
			for _, g := range found[c].Grants {
				grants++
				if !g.Proven && len(g.Needs) == 0 {
					t.Fatalf("not proven, and nothing says why: %+v\n%s", g, text)
				}
				if g.Witness == nil {
					unwitnessed++
					if g.Proven {
						t.Fatalf("proven without witness: %+v\n%s", g, text)
					}
				}
			}
		}
		s := solve(question{subject: bucketB(), zone: z, documents: []*policy.Document{d}, gates: [][]int{{0}}}, exactly)
		for _, complete := range []bool{false, true} {
			s.mustBeCovered(t, complete, text)
		}
		for range 10 {
			q := genRequest(r)
			if q.Principal.Type == evaluate.Service || s.trusts(&q) || !evaluate.Evaluate(d, q, evaluate.Strict).Allowed {
				continue
			}
			checked++
			for _, res := range found {
				if !listed(res, q) {
					t.Fatalf("no finding for %s\n%s\n%+v", show(&q), text, res.Grants)
				}
			}
		}
	}
	t.Logf("%d findings, %d of them undetermined without witness, %d requests looked up", grants, unwitnessed, checked)
}

// mustBeCovered checks that no cell of the access is outside all findings.
func (s *solution) mustBeCovered(t *testing.T, complete bool, text string) {
	t.Helper()
	st := newStrata(s)
	for _, r := range st.regions(s.least) {
		left := r.set
		for _, f := range st.choose(r.tracked, complete) {
			box, _ := st.boxes(f)
			left = s.space.Minus(left, s.space.Product(box))
		}
		if left != domain.None {
			t.Fatalf("access outside all findings (complete: %v)\n%s", complete, text)
		}
	}
}

// listed reports whether a finding names the action and a principal that the
// request has.
func listed(res Result, q evaluate.Request) bool {
	for _, g := range res.Grants {
		ok := g.Principal == "*" || g.Principal == q.Principal.ARN || g.Principal == q.Principal.Account ||
			strings.Contains(g.Principal, ":assumed-role/") && q.Principal.Session != "" && strings.HasSuffix(g.Principal, "/"+q.Principal.Session)
		for _, a := range g.Actions {
			if ok && strings.EqualFold(a.Full, q.Action) {
				return true
			}
		}
	}
	return false
}
