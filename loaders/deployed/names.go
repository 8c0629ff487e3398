package deployed

import (
	"slices"
	"sync"

	"github.com/iaclint/iaclint/analysis/spelling"
)

// Names are those that a user gives values for, such as variables, and those that
// what is analysed has. A nil one counts nothing.
type Names struct {
	Given []string
	seen  sync.Map
}

// See notes a name that something has.
func (n *Names) See(name string) {
	if n != nil {
		n.seen.Store(name, true)
	}
}

// Unknown are the names that are given and that nothing has, sorted, each with the
// one that was probably meant, or "".
func (n *Names) Unknown() (names, meant []string) {
	if n == nil {
		return nil, nil
	}
	var all []string
	n.seen.Range(func(name, _ any) bool { all = append(all, name.(string)); return true })
	slices.Sort(all)
	given := slices.Clone(n.Given)
	slices.Sort(given)
	for _, name := range slices.Compact(given) {
		if !slices.Contains(all, name) {
			names, meant = append(names, name), append(meant, spelling.Nearest(name, all))
		}
	}
	return names, meant
}
