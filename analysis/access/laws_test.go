package access

import (
	"fmt"
	"math/rand"
	"sort"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// findingsOf writes the findings of a document, without what the laws leave open:
// witnesses and which statements are responsible.
func findingsOf(d *policy.Document, z *zone.Zone, complete bool) string {
	res := Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: d}}}, z, complete)
	var lines []string
	for _, g := range res.Grants {
		var actions []string
		for _, a := range g.Actions {
			actions = append(actions, a.Full)
		}
		lines = append(lines, fmt.Sprint(g.PrincipalKey, g.Principal, g.Conditions, g.Public, g.Proven, actions))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// together solves two documents in one space.
func together(p, q *policy.Document, z *zone.Zone) *solution {
	return solve(question{subject: bucketB(), zone: z, documents: []*policy.Document{p, q}, gates: [][]int{{0}}}, exactly)
}

// alone is what one of the documents allows, in the world.
func (s *solution) alone(document int, most bool) domain.Node {
	one := *s
	one.statements = nil
	for _, c := range s.statements {
		if c.document == document {
			one.statements = append(one.statements, c)
		}
	}
	one.gates = [][]int{{document}}
	world := s.world[0]
	if most {
		world = s.world[1]
	}
	return s.space.Intersect(world, one.allow(most))
}

// More Allow never removes access, more Deny never adds any.
func TestStatementsAreMonotonous(t *testing.T) {
	r := rand.New(rand.NewSource(21))
	for range draws("IACLINT_POLICIES", 400) {
		p, more := parse(genPolicy(r)), parse(genPolicy(r))
		q := *p
		q.Statements = append([]policy.Statement{}, p.Statements...)
		allow := r.Intn(2) == 0
		for _, st := range more.Statements {
			st.Effect = policy.Deny
			if allow {
				st.Effect = policy.Allow
			}
			q.Statements = append(q.Statements, st)
		}
		s := together(p, &q, zones[0])
		for _, most := range []bool{false, true} {
			before, after := s.alone(0, most), s.alone(1, most)
			if allow && !s.space.Includes(after, before) || !allow && !s.space.Includes(before, after) {
				t.Fatalf("allow %v most %v: %+v and %+v", allow, most, p, more)
			}
		}
	}
}

// More trust never adds external access.
func TestTrustIsMonotonous(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewSource(22))
	wider := []func(z *zone.Zone){
		func(z *zone.Zone) { z.Accounts = append(z.Accounts, "444455556666") },
		func(z *zone.Zone) { z.Type, z.Organization = zone.Organization, "o-aaaaaaaaaa" },
		func(z *zone.Zone) { z.VPCs = append(z.VPCs, "vpc-11111111") },
		func(z *zone.Zone) { z.VPCEndpoints = append(z.VPCEndpoints, "vpce-11111111") },
		func(z *zone.Zone) { z.CIDRs = append(z.CIDRs, prefixes("203.0.113.0/24")...) },
		func(z *zone.Zone) { z.OrgPaths = append(z.OrgPaths, "o-aaaaaaaaaa/r-1") },
		func(z *zone.Zone) { z.Principals = append(z.Principals, "arn:aws:iam::444455556666:role/a*") },
	}
	for range draws("IACLINT_POLICIES", 300) {
		d := parse(genPolicy(r))
		z := &zone.Zone{Account: "111122223333"}
		before := actionsReached(d, z)
		for i := range wider {
			w := *z
			wider[i](&w)
			for action := range actionsReached(d, &w) {
				if !before[action] {
					t.Fatalf("trust %d adds %s: %+v", i, action, d)
				}
			}
		}
	}
}

// actionsReached are the actions that someone outside can use.
func actionsReached(d *policy.Document, z *zone.Zone) map[string]bool {
	s := solve(question{subject: bucketB(), zone: z, documents: []*policy.Document{d}, gates: [][]int{{0}}}, exactly)
	out := map[string]bool{}
	for c, group := range s.action.groups {
		if s.space.Fix(s.least, s.action.level, c) == domain.None {
			continue
		}
		for _, i := range group {
			out[s.actions[i].Full] = true
		}
	}
	return out
}

// Order, repetition, merging and splitting of statements change nothing.
func TestFormChangesNothing(t *testing.T) {
	r := rand.New(rand.NewSource(23))
	for i := range draws("IACLINT_POLICIES", 300) {
		d := parse(genPolicy(r))
		z := zones[i%len(zones)]
		complete := i%2 == 0
		want := findingsOf(d, z, complete)
		for name, change := range map[string]func(*policy.Document){"reverse": reverse, "split": split, "repeat": repeat} {
			e := *d
			e.Statements = append([]policy.Statement{}, d.Statements...)
			change(&e)
			if got := findingsOf(&e, z, complete); got != want {
				t.Fatalf("%s:\n%s\nwant\n%s\n%+v", name, got, want, d)
			}
		}
	}
}

func reverse(d *policy.Document) {
	for i, j := 0, len(d.Statements)-1; i < j; i, j = i+1, j-1 {
		d.Statements[i], d.Statements[j] = d.Statements[j], d.Statements[i]
	}
	for i := range d.Statements {
		c := append([]policy.Condition{}, d.Statements[i].Condition...)
		for a, b := 0, len(c)-1; a < b; a, b = a+1, b-1 {
			c[a], c[b] = c[b], c[a]
		}
		d.Statements[i].Condition = c
	}
}

func repeat(d *policy.Document) { d.Statements = append(d.Statements, d.Statements...) }

// split makes a statement of each principal, action and resource, where the
// element is not a complement.
func split(d *policy.Document) {
	var out []policy.Statement
	for _, s := range d.Statements {
		parts := []policy.Statement{s}
		if !s.Principal.Not {
			parts = each(parts, len(s.Principal.List), func(p *policy.Statement, i int) { p.Principal.List = s.Principal.List[i : i+1] })
		}
		if !s.Action.Not {
			parts = each(parts, len(s.Action.List), func(p *policy.Statement, i int) { p.Action.List = s.Action.List[i : i+1] })
		}
		if !s.Resource.Not {
			parts = each(parts, len(s.Resource.List), func(p *policy.Statement, i int) { p.Resource.List = s.Resource.List[i : i+1] })
		}
		out = append(out, parts...)
	}
	d.Statements = out
}

func each(in []policy.Statement, n int, set func(*policy.Statement, int)) []policy.Statement {
	var out []policy.Statement
	for _, s := range in {
		for i := range n {
			p := s
			set(&p, i)
			out = append(out, p)
		}
	}
	return out
}

// A Not element over all actions that there are is its complement.
func TestComplementOfActions(t *testing.T) {
	kind := bucketB().Kind
	var others []string
	for _, a := range kind.Actions() {
		if !strings.HasPrefix(a.Full, "s3:Get") {
			others = append(others, fmt.Sprintf("%q", a.Full))
		}
	}
	text := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*",%s,"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}}`
	get := findingsOf(parse(fmt.Sprintf(text, `"Action":"s3:Get*"`)), zones[0], true)
	not := findingsOf(parse(fmt.Sprintf(text, `"NotAction":[`+strings.Join(others, ",")+`]`)), zones[0], true)
	if get == "" || get != not {
		t.Fatalf("%s\n%s", get, not)
	}
}
