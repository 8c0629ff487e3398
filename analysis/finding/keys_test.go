package finding

import (
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/knowledge"
)

// Every key of a network that findings show says who calls.
func TestNetworkKeysNameCallers(t *testing.T) {
	for _, name := range knowledge.KeyNames() {
		row, ok := knowledge.KeyRow(name)
		if !ok || !row.Tracked || row.Network != knowledge.Endpoint && row.Network != knowledge.Internet {
			continue
		}
		key := strings.ToLower(name)
		i := slices.IndexFunc(limits, func(l struct {
			key  string
			kind CallerKind
		}) bool {
			return l.key == key
		})
		if i < 0 || limits[i].kind != CallerNetwork {
			t.Errorf("%s is not among the limits that name a network", name)
		}
	}
}
