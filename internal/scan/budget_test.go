package scan

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// hard is a queue whose policy takes all the work that there is.
func hard(i int) resource.Resource {
	var statements []string
	for k := range 30 {
		statements = append(statements, fmt.Sprintf(`{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringLike":{"aws:UserAgent":"*%c%d*%d*"}}}`, 'a'+k, k*k, 99-k))
	}
	text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"},` + strings.Join(statements, ",") + `]}`
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
