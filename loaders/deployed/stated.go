package deployed

import (
	"maps"
	"slices"
	"sync"
)

// Stated are values that users state for what is not known before deployment, by the
// name that findings call it. A nil one has none.
type Stated struct {
	values map[string]string
	before *Stated // has the last word
	used   sync.Map
}

// State returns values in addition to others, which go before them.
func State(values map[string]string, before *Stated) *Stated {
	if len(values) == 0 {
		return before
	}
	return &Stated{values: values, before: before}
}

// Of returns the value of a name.
func (s *Stated) Of(name string) (text string, ok bool) {
	if s == nil {
		return "", false
	}
	if text, ok = s.before.Of(name); ok {
		return text, true
	}
	if text, ok = s.values[name]; ok {
		s.used.Store(name, true)
	}
	return text, ok
}

// Unused are the names that nobody asked for, sorted.
func (s *Stated) Unused() []string {
	if s == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s.values)), func(name string) bool {
		_, used := s.used.Load(name)
		return used
	})
}
