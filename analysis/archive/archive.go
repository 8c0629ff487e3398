// Package archive decides which findings are intended: archive rules with the
// filter keys and operators of IAM Access Analyzer, and the record of findings
// that a baseline keeps. It knows neither files nor the clock; the day is given.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-archive-rules.html
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Criterion.html
package archive

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// Rule archives the findings that meet all of its criteria.
type Rule struct {
	Name     string
	Analyzer string // that it belongs to in AWS; "" for a rule of our own
	Reason   string
	Owner    string
	Ticket   string
	Expires  string // last day on which it applies, 2006-01-02; "" for ever
	// MaxAccess is the strongest access level that it was made for; "" is any.
	MaxAccess string
	Filter    []Criterion
	Span      source.Span // in the infrastructure code that it is imported from
}

// Criterion is what one property of a finding must meet. The operators that are
// there must all hold; each holds when one of its values does.
type Criterion struct {
	Key      string
	Eq       []string
	Neq      []string
	Contains []string
	Matches  []string // globs; ours, for our own keys
	Exists   *bool
}

// Subject is a finding with what its resource adds.
type Subject struct {
	finding.Finding
	Target string
}

// Outcome says what a rule does with a finding.
type Outcome uint8

const (
	NoMatch  Outcome = iota // it is about other findings
	Archived                // the finding is intended
	Expired                 // it would be, but the rule's time is over
	Exceeded                // it would be, but the access is stronger than what the rule was made for
	Wider                   // it would be, but it has other actions, or needs less, than what the rule was made for
)

// Apply applies a rule on a day, written 2006-01-02. A rule without criteria
// matches nothing: nobody means everything by saying nothing.
func (r Rule) Apply(s Subject, today string) Outcome {
	if len(r.Filter) == 0 {
		return NoMatch
	}
	wider := false
	for _, c := range r.Filter {
		switch {
		case c.holds(s):
		case r.isLimit(c):
			wider = true
		default:
			return NoMatch
		}
	}
	switch {
	case r.ExpiredOn(today):
		return Expired
	case Exceeds(s.AccessLevels, r.MaxAccess):
		return Exceeded
	case wider:
		return Wider
	}
	return Archived
}

// ExpiredOn reports whether a day is past the last one of the rule.
func (r Rule) ExpiredOn(today string) bool { return r.Expires != "" && today > r.Expires }

// Names reports whether the rule says anything about a property.
func (r Rule) Names(key string) bool {
	return slices.ContainsFunc(r.Filter, func(c Criterion) bool { return c.Key == key })
}

// holds reports whether a finding meets the criterion. A property that a finding
// does not have meets nothing but exists = false; AWS does not say what neq
// makes of it, and a finding that is shown too often is the smaller harm.
func (c Criterion) holds(s Subject) bool {
	k := keyOf(c.Key)
	values := k.of(s, c.Key)
	if c.Exists != nil && *c.Exists != (len(values) > 0) {
		return false
	}
	quantify := slices.ContainsFunc[[]string]
	if k.all {
		quantify = every
	}
	for _, o := range c.operators() {
		if len(o.values) == 0 {
			continue
		}
		test := func(v string) bool {
			return slices.ContainsFunc(o.values, func(w string) bool { return o.holds(k, v, w) })
		}
		if o.negated {
			if len(values) == 0 || !every(values, func(v string) bool { return !test(v) }) {
				return false
			}
			continue
		}
		if len(values) == 0 || !quantify(values, test) {
			return false
		}
	}
	return c.Exists != nil || len(c.Eq)+len(c.Neq)+len(c.Contains)+len(c.Matches) > 0
}

type operator struct {
	name    string
	values  []string
	negated bool
	holds   func(k key, value, wanted string) bool
}

func (c Criterion) operators() []operator {
	equal := func(k key, v, w string) bool {
		return v == w || k.short && len(w) >= ShortID && strings.HasPrefix(v, w)
	}
	return []operator{
		{"eq", c.Eq, false, equal},
		{"neq", c.Neq, true, equal},
		{"contains", c.Contains, false, func(_ key, v, w string) bool { return strings.Contains(v, w) }},
		{"matches", c.Matches, false, func(_ key, v, w string) bool { return Glob(w, v) }},
	}
}

func every(values []string, test func(string) bool) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !test(v) })
}

// Levels of access, from the least, as the service authorization reference
// names them.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
var Levels = []string{"List", "Read", "Tagging", "Write", "Permissions management"}

// Exceeds reports whether one of the levels is above a limit. A level that has
// no name here is above every limit.
func Exceeds(levels []string, limit string) bool {
	if limit == "" {
		return false
	}
	most := slices.Index(Levels, limit)
	return slices.ContainsFunc(levels, func(l string) bool {
		rank := slices.Index(Levels, l)
		return rank < 0 || rank > most
	})
}
