package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is suggested for a finding is the same whether changes are looked for of it
// alone or of all findings together.
func TestSuggestionsTogether(t *testing.T) {
	roots := []string{queues(t, 12)}
	if os.Getenv("IACLINT_LONG") != "" {
		all, _ := filepath.Glob(filepath.Join("..", "..", "testdata", "*"))
		roots = append(roots, all...)
	}
	compared := 0
	for _, root := range roots {
		if info, err := os.Stat(root); err != nil || !info.IsDir() {
			continue
		}
		ask := func(ids ...string) []any {
			out, errs, _ := output("", slices.Concat([]string{"suggest"}, ids, []string{root, "--no-config", "--account", insideAccount, "--fail-on", "low", "--format", "json"})...)
			var s struct{ Suggestions []any }
			if err := json.Unmarshal([]byte(out), &s); err != nil {
				t.Fatalf("%s %q: %v %s", root, ids, err, errs)
			}
			return s.Suggestions
		}
		all := ask()
		if len(all) < 2 {
			continue
		}
		seen := map[string]int{}
		for _, one := range all {
			seen[suggestionID(one)]++
		}
		for _, one := range all {
			id := suggestionID(one)
			if seen[id] > 1 {
				continue // several resources have it: they are asked for together
			}
			alone := ask(id)
			if len(alone) != 1 {
				t.Errorf("%s: %d suggestions for %s", root, len(alone), id)
				continue
			}
			if diff := cmp.Diff(alone[0], one); diff != "" {
				t.Errorf("%s: %s: -alone +together:\n%s", root, id, diff)
			}
			compared++
		}
	}
	if compared < 12 {
		t.Errorf("only %d suggestions are compared", compared)
	}
}

func suggestionID(suggestion any) string {
	return suggestion.(map[string]any)["finding"].(map[string]any)["id"].(string)
}

// queues writes a module with a number of queues that are open to everyone.
func queues(t testing.TB, n int) string {
	dir := t.TempDir()
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `resource "aws_sqs_queue" "q%[1]d" {
  name = "q%[1]d"
}
resource "aws_sqs_queue_policy" "p%[1]d" {
  queue_url = aws_sqs_queue.q%[1]d.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.q%[1]d.arn
    }]
  })
}
`, i)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// The work grows as the findings do, not as their square: memory that is allocated is
// the same on every machine.
func TestSuggestIsLinear(t *testing.T) {
	allocated := func(n int) float64 {
		dir := queues(t, n)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		out, errs, _ := output("", "suggest", "--no-config", dir)
		runtime.ReadMemStats(&after)
		if !strings.Contains(errs+out, fmt.Sprintf("a change is suggested for %d of %d findings", n, n)) {
			t.Fatalf("%d: %.500s", n, errs)
		}
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	allocated(4)
	few, many := allocated(25), allocated(100)
	if ratio := many / few; ratio > 7 {
		t.Errorf("four times as many findings take %.1f times as much", ratio)
	} else {
		t.Logf("four times as many findings take %.1f times as much", ratio)
	}
}

func BenchmarkSuggest(b *testing.B) {
	dir := queues(b, 300)
	b.ReportAllocs()
	for b.Loop() {
		output("", "suggest", "--no-config", dir)
	}
}
