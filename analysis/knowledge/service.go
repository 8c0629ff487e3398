// Package knowledge holds what AWS documents and no policy says: the actions of
// each service, the types of condition keys, which resources take a policy and
// what such a policy can be asked about, who shares an identity provider, which
// accounts are AWS's own. It decides nothing; it is looked up.
//
// The tables in data are generated (tools/knowledge) from AWS's service
// authorization reference; the others are transcribed, each with its page and
// the date it was read. Lookups read the embedded text in place, so that a
// program pays for the services it asks about and for no others.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/
package knowledge

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// The tables are lines of tab-separated fields, sorted bytewise.
var (
	//go:embed data/actions.txt
	actionTable string // service, action, letter of the access level, resource types
	//go:embed data/resources.txt
	resourceTable string // service, resource type, ARNs
)

// Access levels, as AWS spells them.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
const (
	List        = "List"
	Read        = "Read"
	Write       = "Write"
	Permissions = "Permissions management"
	Tagging     = "Tagging"
)

// Service is what a service authorizes: its actions and the resources they
// apply to.
type Service struct {
	Prefix        string   // "s3"
	Actions       []Action // sorted by name
	ResourceTypes []ResourceType

	lower  []string       // names of the actions in lower case
	byName map[string]int // by these, indexes of the actions
}

// Action is one action of a service.
type Action struct {
	Name      string   // "GetObject"
	Level     string   // one of the access levels above
	Resources []string // names of the service's resource types; empty: none, only Resource "*" matches
}

// ResourceType is one kind of resource of a service.
type ResourceType struct {
	Name string
	ARNs []string // as published, with ${Partition} and the like
}

var services sync.Map // prefix to func() *Service

// ServiceOf returns the service with an action prefix, in any letter case. Its
// content is shared: do not change it.
func ServiceOf(prefix string) (*Service, bool) {
	prefix = strings.ToLower(prefix)
	get, ok := services.Load(prefix)
	if !ok {
		lines := section(actionTable, prefix)
		if lines == "" {
			return nil, false // not remembered: prefixes come from hostile input
		}
		get, _ = services.LoadOrStore(prefix, sync.OnceValue(func() *Service {
			s := &Service{
				Prefix:        prefix,
				Actions:       actionsOf(lines),
				ResourceTypes: resourceTypesOf(section(resourceTable, prefix)),
			}
			s.byName = make(map[string]int, len(s.Actions))
			s.lower = make([]string, len(s.Actions))
			for i := len(s.Actions) - 1; i >= 0; i-- {
				s.lower[i] = strings.ToLower(s.Actions[i].Name)
				s.byName[s.lower[i]] = i
			}
			return s
		}))
	}
	return get.(func() *Service)(), true
}

// retired are action prefixes of services that AWS closed and took out of the
// reference. Policies may still have them, and AWS accepts them.
//
// https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
// read 2026-11
var retired = [...]string{
	"deepcomposer", "deeplens", "deepracer", "elastic-inference", "gamesparks", "iot1click", "iotroborunner", "macie", "mobilehub",
	"sagemaker-groundtruth-synthetic", "sumerian", "zocalo",
}

// IsRetired reports whether an action prefix, in lower case, is of a service that
// AWS closed.
func IsRetired(prefix string) bool { return slices.Contains(retired[:], prefix) }

// Services returns every action prefix, sorted.
func Services() []string {
	var prefixes []string
	for rest := actionTable; rest != ""; {
		prefix, _, _ := strings.Cut(rest, "\t")
		prefixes = append(prefixes, prefix)
		rest = rest[lineAt(rest, prefix+"\n"):]
	}
	return prefixes
}

// Action returns the action of a name, in any letter case.
func (s *Service) Action(name string) (Action, bool) {
	if i, ok := s.byName[strings.ToLower(name)]; ok {
		return s.Actions[i], true
	}
	return Action{}, false
}

// HasAction reports whether some action matches a glob in lower case.
func (s *Service) HasAction(glob string, matches func(glob, name string) bool) bool {
	if !strings.ContainsAny(glob, "*?") {
		_, ok := s.byName[glob]
		return ok
	}
	return slices.ContainsFunc(s.lower, func(name string) bool { return matches(glob, name) })
}

func actionsOf(lines string) []Action {
	actions := make([]Action, 0, strings.Count(lines, "\n"))
	for line := range strings.Lines(lines) {
		f := fields(line)
		a := Action{Name: f[1], Level: level(f[2])}
		if f[3] != "" {
			a.Resources = strings.Split(f[3], ",")
		}
		actions = append(actions, a)
	}
	return actions
}

func resourceTypesOf(lines string) []ResourceType {
	types := make([]ResourceType, 0, strings.Count(lines, "\n"))
	for line := range strings.Lines(lines) {
		f := fields(line)
		types = append(types, ResourceType{Name: f[1], ARNs: strings.Split(f[2], ", ")})
	}
	return types
}

func level(letter string) string {
	switch letter {
	case "L":
		return List
	case "R":
		return Read
	case "W":
		return Write
	case "P":
		return Permissions
	case "T":
		return Tagging
	}
	panic("knowledge: no access level " + letter)
}

func fields(line string) []string {
	return strings.Split(strings.TrimSuffix(line, "\n"), "\t")
}

// section returns the lines of a table whose first field is key.
func section(table, key string) string {
	if strings.ContainsAny(key, "\t\n") {
		return ""
	}
	// A tab sorts before a line feed: the former bounds the lines below, the latter above.
	return table[lineAt(table, key+"\t"):lineAt(table, key+"\n")]
}

// lineAt returns the offset of a table's first line that is not before key.
func lineAt(table, key string) int {
	lo, hi := 0, len(table)
	for lo < hi {
		mid := lo + (hi-lo)/2
		start := lo + strings.LastIndexByte(table[lo:mid], '\n') + 1
		end := start + strings.IndexByte(table[start:], '\n') + 1
		if table[start:end] < key {
			lo = end
		} else {
			hi = start
		}
	}
	return lo
}
