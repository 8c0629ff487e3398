// Package usage is what exported evidence says of who used what and when, and the
// judgement on what nobody has used for long: as Access Analyzer's analyzers of
// unused access judge it, from identity-based policies and last-accessed data.
// Absence of a date is a statement only where the evidence makes it one.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-create-unused.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
package usage

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/finding"
)

// Evidence is all that was exported, joined.
type Evidence struct {
	Date     time.Time          // the latest that any of it speaks of
	Entities map[string]*Entity // roles and users by ARN
}

// Entity is a role or a user.
type Entity struct {
	ARN      string
	Created  time.Time // zero: not said
	Asked    bool      // the evidence says when it was last used, or that it was not
	Used     time.Time // zero: not that the evidence knows
	Services map[string]*Service
	Tags     map[string]string
	Policies []string // ARNs of managed policies that it has
	Keys     []Credential
	Password *Credential
	Location *finding.Location // in the evidence
}

// Service is the use of one service by an entity.
type Service struct {
	Asked   bool                 // the evidence says when it was last used, or that it was not
	Used    time.Time            // zero: not that the evidence knows
	Actions map[string]time.Time // tracked actions by name in lower case; zero: not used
	Seen    map[string]time.Time // actions that recorded events name, in lower case
	Blurred bool                 // it was used in a way that names no action
}

// Credential is an access key or a password.
type Credential struct {
	Name     string // "access key 1"
	Created  time.Time
	Used     time.Time
	Location *finding.Location
}

// Name is the name of an entity, without its path.
func (e *Entity) Name() string { return e.ARN[strings.LastIndexByte(e.ARN, '/')+1:] }

// Account is the account of an entity.
func (e *Entity) Account() string { return arn.AccountOf(e.ARN) }

// IsRole reports whether an entity is a role.
func (e *Entity) IsRole() bool { return strings.Contains(e.ARN, ":role/") }

// New returns evidence of nothing.
func New() *Evidence { return &Evidence{Entities: map[string]*Entity{}} }

// mostEntities bounds what hostile evidence makes.
const mostEntities = 200_000

// Of returns the entity with that ARN; nil for what is neither role nor user, and
// beyond what one account may have.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func (e *Evidence) Of(arn string) *Entity {
	if !strings.HasPrefix(arn, "arn:") || !strings.Contains(arn, ":role/") && !strings.Contains(arn, ":user/") {
		return nil
	}
	if x := e.Entities[arn]; x != nil {
		return x
	}
	if len(e.Entities) >= mostEntities {
		return nil
	}
	x := &Entity{ARN: arn, Services: map[string]*Service{}, Tags: map[string]string{}}
	e.Entities[arn] = x
	return x
}

// Seen widens the date of the evidence.
func (e *Evidence) Seen(t time.Time) { e.Date = later(e.Date, t) }

// Service returns the entity's use of a service.
func (x *Entity) Service(prefix string) *Service {
	prefix = strings.ToLower(prefix)
	s := x.Services[prefix]
	if s == nil {
		s = &Service{Actions: map[string]time.Time{}, Seen: map[string]time.Time{}}
		x.Services[prefix] = s
	}
	return s
}

// Use notes that the entity used a service.
func (x *Entity) Use(t time.Time) { x.Used = later(x.Used, t) }

// Use notes a use of the service in an event that names an action.
func (s *Service) Use(action string, t time.Time) {
	s.Used = later(s.Used, t)
	action = strings.ToLower(action)
	s.Seen[action] = later(s.Seen[action], t)
}

// Track notes when an action was last used, as the evidence that tracks it says.
func (s *Service) Track(action string, t time.Time) {
	s.Used = later(s.Used, t)
	action = strings.ToLower(action)
	s.Actions[action] = later(s.Actions[action], t)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Settle joins what was said of an entity without an account with the one entity
// of that name.
func (e *Evidence) Settle() {
	named := map[string][]*Entity{}
	for _, x := range e.Entities {
		if x.Account() != "" {
			named[x.kind()+x.Name()] = append(named[x.kind()+x.Name()], x)
		}
	}
	for _, x := range e.Sorted() {
		if same := named[x.kind()+x.Name()]; x.Account() == "" && len(same) == 1 {
			same[0].add(x)
			delete(e.Entities, x.ARN)
		}
	}
}

func (x *Entity) kind() string {
	if x.IsRole() {
		return "role/"
	}
	return "user/"
}

// add takes in what was said of the entity elsewhere.
func (x *Entity) add(other *Entity) {
	x.Asked = x.Asked || other.Asked
	x.Used = later(x.Used, other.Used)
	for prefix, o := range other.Services {
		s := x.Service(prefix)
		s.Asked, s.Blurred, s.Used = s.Asked || o.Asked, s.Blurred || o.Blurred, later(s.Used, o.Used)
		for name, t := range o.Actions {
			s.Track(name, t)
		}
		for name, t := range o.Seen {
			s.Use(name, t)
		}
	}
}

// Sorted are the entities in the order of their ARNs.
func (e *Evidence) Sorted() []*Entity {
	var out []*Entity
	for _, arn := range slices.Sorted(maps.Keys(e.Entities)) {
		out = append(out, e.Entities[arn])
	}
	return out
}

// Options of a judgement.
type Options struct {
	Now             time.Time // what age counts from
	Age             time.Duration
	ExcludeAccounts []string
	ExcludeTags     []string // key, or key=value
}

// Old reports whether the last use was before the age, or never.
func (o Options) Old(used time.Time) bool { return used.Before(o.Now.Add(-o.Age)) }

// Excluded reports whether nothing is said of an entity: as the options have it,
// and for roles that belong to a service or to IAM Identity Center.
func (o Options) Excluded(x *Entity) bool {
	if strings.Contains(x.ARN, ":role/aws-service-role/") || strings.Contains(x.ARN, ":role/aws-reserved/") || slices.Contains(o.ExcludeAccounts, x.Account()) {
		return true
	}
	return slices.ContainsFunc(o.ExcludeTags, func(t string) bool {
		key, want, exact := strings.Cut(t, "=")
		got, ok := x.Tags[key]
		return ok && (!exact || got == want)
	})
}

// Last is the latest use of an entity that is known.
func (x *Entity) Last() time.Time {
	last := x.Used
	for _, s := range x.Services {
		last = later(last, s.Used)
		for _, t := range s.Actions {
			last = later(last, t)
		}
	}
	return last
}

// Unused is what a judgement says of an entity.
type Unused uint8

const (
	InUse Unused = iota
	NotKnown
	Possibly // it is not used, and it is not known whether it existed for long enough
	Certainly
)

// Role judges whether a role is unused. Only what existed for the whole time is.
func (o Options) Role(x *Entity) Unused {
	switch last := x.Last(); {
	case !x.Asked:
		return NotKnown
	case !o.Old(last), !x.Created.IsZero() && !o.Old(x.Created):
		return InUse
	case x.Created.IsZero() && last.IsZero():
		return Possibly
	}
	return Certainly
}

// Credential judges whether a credential is unused.
func (o Options) Credential(c Credential) bool {
	if !o.Old(c.Used) || !c.Created.IsZero() && !o.Old(c.Created) {
		return false
	}
	return !c.Created.IsZero() || !c.Used.IsZero()
}
