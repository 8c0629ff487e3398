// Package validate is IAM Access Analyzer's policy validation: the checks of a
// policy's grammar, of the names in it and of habits that are known to be
// dangerous, with AWS's codes, words and places. It reads the positioned tree of
// a policy, knows no language and no resource beside the policy, and says
// nothing about who can reach what; package access does.
//
// A value that is known only after deployment settles nothing: a check reports
// only what holds whatever such a value turns out to be.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
package validate

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// PolicyType is how a policy is used, as the API spells it.
type PolicyType string

const (
	Identity        PolicyType = "IDENTITY_POLICY"
	Resource        PolicyType = "RESOURCE_POLICY"
	ServiceControl  PolicyType = "SERVICE_CONTROL_POLICY"
	ResourceControl PolicyType = "RESOURCE_CONTROL_POLICY"
)

// PolicyTypes are all types of policies.
var PolicyTypes = []PolicyType{Identity, Resource, ServiceControl, ResourceControl}

// Types of resources whose policies have checks of their own.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html
const (
	Bucket                 = "AWS::S3::Bucket"
	AccessPoint            = "AWS::S3::AccessPoint"
	MultiRegionAccessPoint = "AWS::S3::MultiRegionAccessPoint"
	ObjectLambdaPoint      = "AWS::S3ObjectLambda::AccessPoint"
	Trust                  = "AWS::IAM::AssumeRolePolicyDocument"
	Table                  = "AWS::DynamoDB::Table"
)

// ResourceTypes are the types of resources whose policies have checks of their own.
var ResourceTypes = []string{Bucket, AccessPoint, MultiRegionAccessPoint, ObjectLambdaPoint, Trust, Table}

// Options say what a policy is.
type Options struct {
	Type PolicyType
	// ResourceType is what a Resource policy is attached to: one of
	// ResourceTypes, or "" for another type or one that is not known. Then a policy
	// that is only about assuming roles, and names no resource, is a role's, as it is
	// for the service.
	ResourceType string
	// ResourceOptional is set for a resource whose policy is about itself if no
	// Resource is written.
	ResourceOptional bool
	// Taken are actions, in lower case, that the service takes in such a policy
	// although the service authorization reference lacks them.
	Taken []string
	// Whole is set for answers about what the policy as a whole allows: a Deny of what
	// a statement allows counts. The service looks at each statement by itself.
	Whole bool
	// Length is how many characters the policy has as it is sent, white space and all;
	// 0 if that is not known.
	Length int
	// Short is what a resource begins with of which the service knows the rest of the
	// ARN; "" is none.
	Short string
}

// Finding is one answer of a check.
type Finding struct {
	*Check
	Details   string
	Locations []Location
}

// Location is a place in the policy: the way from the document to it, and the
// bytes in its file.
type Location struct {
	Path []Step
	Span source.Span
}

// Step is one step of a path: into the value of a field, to its key, or to an
// item of a list.
type Step struct {
	Kind  StepKind
	Name  string // of a field
	Index int    // of an item
}

// StepKind is what a Step leads to.
type StepKind uint8

const (
	ToValue StepKind = iota // the value of the field Name
	ToKey                   // the key of the field Name
	ToItem                  // the item Index
)

// Policy returns the findings of all checks for a policy, in the order of their
// places. An absent policy has none.
func Policy(tree value.Value, o Options) []Finding {
	if tree.Fault() != "" && !tree.Span.IsZero() {
		return []Finding{Syntax(tree.Span)}
	}
	if tree.Kind == value.Absent || tree.Kind == value.Unknown {
		return nil
	}
	r := &run{options: o, form: formOf(tree)}
	if o.Type == Resource && o.ResourceType == "" && r.form.isTrust() {
		o.ResourceType = Trust
		r.options = o
	}
	for i := range Checks {
		c := &Checks[i]
		if c.applies(o) {
			r.check = c
			c.run(r)
		}
	}
	slices.SortStableFunc(r.findings, func(a, b Finding) int { return cmp.Compare(a.start(), b.start()) })
	return r.findings
}

// start is where the first location of a finding begins.
func (f Finding) start() int {
	if len(f.Locations) == 0 {
		return 0
	}
	return f.Locations[0].Span.Start
}

// run is one application of all checks to one policy.
type run struct {
	options  Options
	form     *form
	check    *Check // the one that runs
	findings []Finding
	nearest  map[string]string // services that were probably meant, by what is written
}

// report adds a finding of the check that runs; args fill its details.
func (r *run) report(at []Location, args ...any) {
	r.findings = append(r.findings, Finding{Check: r.check, Details: fmt.Sprintf(r.check.Details, args...), Locations: at})
}

// at reports a finding with one location.
func (r *run) at(l Location, args ...any) { r.report([]Location{l}, args...) }
