// Package repair says what could be changed in policies so that they no longer
// grant what a finding is about. It knows neither files nor languages, and it
// proves nothing: what it names is to be written in the code's own language,
// analysed again, and dropped unless exactly that access is gone.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
package repair

import (
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Edit is a change of one place.
type Edit struct {
	Kind Kind
	At   source.Span // what is changed; of a Require, an Add and a Refuse the statement

	// Conditions that a Require adds to the statement, or that limit the Deny of an Add.
	Conditions []Condition
	// Statement of an Add whose actions and resources are denied, as they are written.
	Statement *policy.Statement
	// Value that a Replace writes, and the account of a Grant.
	Value Value
	// Values that a Narrow or a Respell writes.
	Values []Value
	// Bucket is the address of the bucket of a Grant.
	Bucket string
}

// Kind of an edit.
type Kind uint8

const (
	// Remove takes out an entry of a list: a principal, the value of a condition.
	Remove Kind = iota
	// Withdraw takes out what grants: a statement, or whatever is declared as one.
	Withdraw
	// Require adds conditions to a statement.
	Require
	// Replace writes another text in the place of one.
	Replace
	// Add puts a Deny beside a statement.
	Add
	// Refuse makes a statement a Deny.
	Refuse
	// Block turns on Block Public Access of the bucket.
	Block
	// Grant allows callers of the zone what a Statement allows to everyone: beside
	// another statement of the bucket's policy, or in a new policy of the bucket.
	Grant
	// Narrow writes one or several texts in the place of an entry of a list.
	Narrow
	// Respell writes the second of Values for the first, which is a part of what
	// stands there.
	Respell
	// Date gives a policy the version of its language.
	Date
)

// Condition is an operator block with one key.
type Condition struct {
	Operator, Key string
	Values        []Value
}

// Value is a text, or a reference to what the deployment has: Is says to what.
type Value struct {
	Text string
	Is   value.Meaning
}

// Candidate is a set of edits that together may close the access of a finding.
type Candidate struct {
	Edits []Edit
	Says  string // what they do, a sentence without its full stop
	// Last is set for what is proposed only if nothing else will do.
	Last bool
	// Loses is what a proof by policies of resources cannot see, in words; "" for
	// nothing.
	Loses string
}
