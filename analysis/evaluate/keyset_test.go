package evaluate

import (
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/knowledge"
)

// The evaluator keeps a table of its own, so that a mistake in one table shows. That a
// key is missing in one of them does not: whoever adds a key adds it to both.
func TestKeysOfBothTables(t *testing.T) {
	for key := range globalKeys {
		if _, ok := knowledge.KeyRow(key); !ok {
			t.Errorf("%s has no row in knowledge", key)
		}
	}
	for _, name := range knowledge.KeyNames() {
		row, ok := knowledge.KeyRow(name)
		key := strings.ToLower(name)
		if !ok || !strings.HasPrefix(key, "aws:") || !row.Tracked || strings.HasSuffix(key, "/") {
			continue
		}
		if _, ok := globalKeys[key]; !ok {
			t.Errorf("%s is shown in findings, and the evaluator does not know it", name)
		}
		if got, want := slices.Contains(viaEndpoint, key), row.Network == knowledge.Endpoint; got != want {
			t.Errorf("%s: the evaluator says %v, knowledge %v of whether it is of an endpoint", name, got, want)
		}
	}
}
