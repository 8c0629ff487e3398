package validate

import (
	"slices"
	"sync"
)

// Level says which findings are wanted, by their type.
type Level string

// Levels of findings, from none to all.
const (
	Off      Level = "off"
	Errors   Level = "errors"
	Security Level = "security"
	Warnings Level = "warnings"
	All      Level = "all"
)

// Default is the level where none is set.
const Default = Security

// Levels are all levels, each with what the ones before it have.
var Levels = []Level{Off, Errors, Security, Warnings, All}

// Includes reports whether findings of a type are wanted.
func (l Level) Includes(t FindingType) bool {
	least := map[FindingType]Level{Error: Errors, SecurityWarning: Security, Warning: Warnings, Suggestion: All}[t]
	return slices.Index(Levels, l) >= slices.Index(Levels, least)
}

// LevelNames are the names of all levels.
func LevelNames() []string {
	var names []string
	for _, l := range Levels {
		names = append(names, string(l))
	}
	return names
}

// FindRule returns the check whose name as a rule is id.
func FindRule(id string) (*Check, bool) {
	c, ok := byRule()[id]
	return c, ok
}

// byRule are the checks by their names as rules.
var byRule = sync.OnceValue(func() map[string]*Check {
	m := make(map[string]*Check, len(Checks))
	for i := range Checks {
		m[Checks[i].Rule()] = &Checks[i]
	}
	return m
})
