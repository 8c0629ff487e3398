package scan

import (
	"context"
	"fmt"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders"
)

// What one input may take of the work of reading is for all inputs together, and most
// of it for the few that need it.
func TestReadingIsShared(t *testing.T) {
	for _, test := range []struct {
		inputs, greedy int
		first, last    int // one part in so many
	}{
		{1, 1, 1, 1},
		{2, 0, 4, 4},
		{2, 1, 4, 2},
		{8, 8, 16, 16},
		{8, 4, 16, 8},
		{100, 2, 200, 4},
	} {
		files := map[string]string{}
		for i := range test.inputs {
			files[fmt.Sprintf("%03d.json", i)] = "{}"
		}
		in, err := workspace.InMemory(files, &workspace.Settings{Config: &config.Config{}})
		if err != nil {
			t.Fatal(err)
		}
		given := make([][]int, test.inputs)
		tasks := make([]Task, test.inputs)
		for i := range tasks {
			tasks[i].In, tasks[i].Deployments = &in.Files[i], []config.Deployment{{Zone: &zone.Zone{}}}
			tasks[i].load = func(_ loaders.Input, o loaders.Options) (resource.Stack, bool) {
				given[i] = append(given[i], int(o.Share))
				return resource.Stack{Short: i < test.greedy && o.Share > 1}, true
			}
		}
		Read(context.Background(), tasks)
		for i, g := range given {
			want := test.first
			if i < test.greedy {
				want = test.last
			}
			if g[0] != test.first || g[len(g)-1] != want || len(g) > 2 {
				t.Errorf("%d inputs of which %d want much: number %d gets %v, want %d and at last %d", test.inputs, test.greedy, i, g, test.first, want)
			}
		}
	}
}
