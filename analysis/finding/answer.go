package finding

// Question is what was asked about resources, as it was given; empty lists are
// no restriction.
type Question struct {
	Scope      string   `json:"scope"` // outside: callers outside the zone; everyone
	Principals []string `json:"principals"`
	Actions    []string `json:"actions"`
	Resources  []string `json:"resources"`
	Context    []string `json:"context"` // key=value, or !key for one that is absent
}

// Answers are the answer to a question, and what it is made of.
type Answers struct {
	Tool        Tool
	Question    Question
	Answer      Truth // the strongest of Resources
	Zones       []Zone
	Resources   []Answer // those that are asked about
	Diagnostics []Diagnostic
	Assumptions []string
}

// Truth is the answer to a question of yes or no.
type Truth string

const (
	Yes      Truth = "yes"
	No       Truth = "no"
	NotKnown Truth = "undetermined"
)

// Answer is the answer for one resource.
type Answer struct {
	Resource Resource
	Answer   Truth
	Grants   []Finding // without rule and severity: what is allowed of what is asked
	Needs    []string  // what would settle an answer that is not known, beside what the grants need
}
