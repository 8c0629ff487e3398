package scan

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders/jsontree"
	"github.com/iaclint/iaclint/rules"
)

// hard is a queue whose policy takes all the work that there is.
func hard(i int) resource.Resource {
	var statements []string
	for k := range 30 {
		statements = append(statements, fmt.Sprintf(`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*%c%d*%d*"}}}`, 'a'+k, k*k, 99-k))
	}
	text := `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
	v, _ := jsontree.Parse(source.NewFile("hard.json", []byte(text)))
	d, _ := policy.Decode(v)
	return resource.Resource{Path: "hard.json", Address: fmt.Sprint("q", i), Type: "AWS::SQS::Queue", Documents: []resource.Document{{Policy: d}}}
}

// Many resources that each take all the work that there is share what a run is worth, and it is said.
func TestResourcesShareTheRun(t *testing.T) {
	var items []item
	out := make([]Analysed, 20)
	tasks := []Task{{In: &workspace.Input{Path: "hard.json", Settings: &workspace.Settings{}}}, {In: &workspace.Input{Path: "easy.json", Settings: &workspace.Settings{}}}}
	under := config.Deployment{Zone: &zone.Zone{Account: "111122223333"}}
	for i := range out {
		x := item{0, []resource.Resource{hard(i)}, under, &out[i]}
		if i == 0 {
			easy := hard(i)
			easy.Path, easy.Documents[0].Policy.Statements = "easy.json", easy.Documents[0].Policy.Statements[:3]
			x.task, x.cases = 1, []resource.Resource{easy}
		}
		items = append(items, x)
	}
	results := make([]Result, len(tasks))
	runBudget{input: 2_000_000, firstMost: 4_000_000, firstLeast: 50_000, run: 12_000_000}.analyse(context.Background(), tasks, items, results)
	if len(results[0].unread) != len(items)-1 || len(results[1].unread) != 0 {
		t.Errorf("%d and %d resources are said to be short", len(results[0].unread), len(results[1].unread))
	}
	for i, a := range out {
		if len(a.Findings) == 0 || a.Short != (i > 0) {
			t.Errorf("%s: short %v, findings %v", a.Resource.Address, a.Short, a.Findings)
		}
	}
	// The same resource alone gets all that one is worth, and what it gives does not depend on the run.
	if alone := access.AnalyzeWithin(hard(1), under.Zone, false, 50_000); !alone.Short || len(alone.Grants) == 0 {
		t.Errorf("short %v, %d grants", alone.Short, len(alone.Grants))
	}
}

// misspelt is a queue whose policy names actions that do not exist.
func misspelt(i, n int) resource.Resource {
	var actions []string
	for k := range n {
		actions = append(actions, fmt.Sprintf(`"sqs:Send%dMessage"`, k))
	}
	text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":[` + strings.Join(actions, ",") + `],"Resource":"*"}]}`
	v, _ := jsontree.Parse(source.NewFile("many.json", []byte(text)))
	d, _ := policy.Decode(v)
	d.Tree = v
	return resource.Resource{Path: "many.json", Address: fmt.Sprint("q", i), Type: "AWS::SQS::Queue", Documents: []resource.Document{{Policy: d}}}
}

// Findings of policy checks share what a run lists; what is left out is counted, and
// who has few leaves room for others.
func TestFindingsShareTheRun(t *testing.T) {
	budget := runBudget{input: 2_000_000, firstMost: 4_000_000, firstLeast: 50_000, run: 12_000_000, findings: 60, fewFindings: 4}
	for name, c := range map[string]struct {
		misspelt []int // actions of each resource
		listed   []int // findings of each
		said     int   // resources with more
	}{
		"few":            {[]int{2, 3, 1}, []int{2, 3, 1}, 0},
		"one has many":   {[]int{50, 1, 1, 1, 1, 1}, []int{50, 1, 1, 1, 1, 1}, 0},
		"all have many":  {[]int{50, 50, 50}, []int{20, 20, 20}, 3},
		"more than that": {slices.Repeat([]int{30}, 40), slices.Repeat([]int{4}, 40), 40},
		"one too many":   {[]int{100, 1}, []int{30, 1}, 1},
	} {
		out := make([]Analysed, len(c.misspelt))
		tasks := []Task{{In: &workspace.Input{Path: "many.json", Settings: &workspace.Settings{}}}}
		under := config.Deployment{Zone: &zone.Zone{Account: "111122223333"}, PolicyChecks: validate.Errors}
		var items []item
		for i, n := range c.misspelt {
			items = append(items, item{0, []resource.Resource{misspelt(i, n)}, under, &out[i]})
		}
		results := make([]Result, 1)
		budget.analyse(context.Background(), tasks, items, results)
		var listed []int
		for i, a := range out {
			if listed = append(listed, len(a.Findings)); len(a.Findings)+a.Left != c.misspelt[i] {
				t.Errorf("%s: %d findings and %d left out, want %d together", name, len(a.Findings), a.Left, c.misspelt[i])
			}
		}
		if !slices.Equal(listed, c.listed) || len(results[0].unread) != c.said {
			t.Errorf("%s: %v findings, %d resources have more; want %v and %d", name, listed, len(results[0].unread), c.listed, c.said)
		}
		for _, u := range results[0].unread {
			if !strings.Contains(u.Why, "left out") {
				t.Errorf("%s: %s", name, u.Why)
			}
		}
	}
}

// A question and a comparison that are not worth the work are not answered with no: anything
// that is asked about may be allowed, and what changed counts as wider.
func TestQuestionsPastTheBudget(t *testing.T) {
	z := &zone.Zone{Account: "111122223333"}
	r := hard(1)
	for _, q := range []access.Question{{}, {Actions: []string{"sqs:SendMessage"}}, {Actions: []string{"sqs:SendMessage"}, Inside: true}} {
		out := rules.Ask(r, z, q, rules.Options{Effort: 1})
		if !out.Short || len(out.Findings) != 1 || out.Findings[0].Certainty != finding.NotProven || !slices.Contains(out.Findings[0].Needs, "a smaller policy") {
			t.Errorf("%v: short %v, findings %+v", q, out.Short, out.Findings)
		} else if q.Actions != nil && !slices.Equal(out.Findings[0].Action, q.Actions) {
			t.Errorf("%v: actions %v", q, out.Findings[0].Action)
		}
	}
	easy := hard(1)
	p := *easy.Documents[0].Policy
	p.Statements = p.Statements[:1]
	easy.Documents[0].Policy = &p
	state := func(r resource.Resource) rules.State {
		return rules.State{Output: rules.Run(r, z, rules.Options{Effort: 50_000}), Cases: []resource.Resource{r}, Zone: z}
	}
	before, after := state(r), state(easy)
	pair := rules.Pair{Before: &before, After: &after}
	if s := rules.Settle(pair, rules.Compare(pair, rules.Options{Effort: 1})); !s.Inexact || len(s.Findings) != 1 || !s.Findings[0].Wider || len(s.Changes) == 0 {
		t.Errorf("inexact %v, findings %+v, %d changes", s.Inexact, s.Findings, len(s.Changes))
	}
	if few, many := budgetOfRun.comparing(slices.Repeat([]rules.Pair{pair}, 10)), budgetOfRun.comparing(slices.Repeat([]rules.Pair{pair}, 1000)); few <= many || 1000*many > 200_000_000 {
		t.Errorf("%d for each of few, %d for each of many", few, many)
	}
}
