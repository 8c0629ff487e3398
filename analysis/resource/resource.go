// Package resource is what every loader produces: the resources that the code
// declares, with everything that decides who can reach them.
package resource

import (
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Stack is the content of one input: its resources and what could not be read.
type Stack struct {
	Path        string // of the template, where stacks can import from each other
	Exports     []Export
	Imports     []Import
	Resources   []Resource
	Diagnostics []source.Diagnostic
	Unread      []Unread
	// Compared is set when the input tells what there is already, as a plan does.
	// Before are the resources as they are, except for those that are Kept.
	Compared bool
	Before   []Resource
	// Defaults are the parameters and variables whose default decides what is there.
	Defaults []Default
	// Within are the files whose resources are among those of the stack, with
	// what it passes to them: nested templates, and files that a module reads.
	Within []string
	// Short is set when more would be known if the input had a larger share of the
	// work of a run.
	Short bool
	// Attachments say who has which managed policies, and Users are those who are
	// declared: for what is said of their use.
	Attachments []Attachment
	Users       []User
}

// Attachment gives a managed policy to roles. An empty Policy may be any.
type Attachment struct {
	Policy value.Text
	Roles  []string // names, with references as ${name}; "at PATH ADDRESS" is the block there
	Others bool     // a user or a group has it too, or a role that is not known
}

// User is a user that the code declares.
type User struct {
	Path, Address string
	Name          string // "" is not known
	Account       string
	Span          source.Span
}

// Export is a value that a stack gives to others under a name. One that has
// several values, as conditions decide, is listed with each.
type Export struct {
	Name, Value value.Text
	Path        string // of the template that exports: the stack's, or that of a stack nested in it
}

// Default is a parameter or variable that nobody gave a value, where the code
// decides by its value what is there, or who is let in.
type Default struct {
	Name   string   // as an option gives it
	Shown  string   // for people
	Value  string   // the default
	Others []string // values that the code has something else for; nil: any other
	// Names is set for a default that could name callers in a policy.
	Names bool
}

// Import is the name of a value that another stack exports. Reference is the
// name of what stands for the value as long as it is not known.
type Import struct {
	Name      value.Text
	Reference string
}

// Resource is one resource with all that grants and all that blocks access.
type Resource struct {
	Type string // Access Analyzer or CloudFormation type name; "" when neither told nor inferred
	// Root is the directory of the root module that has it, where its file lies
	// elsewhere: the same call in two roots makes two resources.
	Root    string
	Path    string     // file, relative to the input's root
	Address string     // design: Terraform address, logical id, ARN key, "(policy)"
	Name    string     // for people, where the address does not tell: a construct path
	ARN     value.Text // may have references; empty when nothing is known of it
	Account string     // owner, where the input tells it; "" otherwise
	// Elsewhere is set where the input itself says that Account owns the resource,
	// and not the account that is deployed to otherwise.
	Elsewhere   bool
	Region      string
	Partition   string
	Span        source.Span // the resource in its file
	Attachments []string

	Documents []Document
	Block     *PublicAccessBlock // effective Block Public Access; nil: not mentioned
	// AccountBlock holds if the account that it names owns the resource.
	AccountBlock *PublicAccessBlock
	// IdentityPolicy marks a document without principals: it is listed, and
	// grants nobody outside anything by itself.
	IdentityPolicy bool
	// PolicyType is the type of a policy that limits what others grant, as Access
	// Analyzer spells it: "SERVICE_CONTROL_POLICY"; "" for every other resource.
	PolicyType string
	// AWSManagedKey is set when what the resource holds is encrypted under a
	// key that AWS manages, which no other account may use.
	AWSManagedKey string
	// ObjectACLs is set for a bucket of which it is known that the access control
	// lists of its objects are in force.
	ObjectACLs bool
	// Signed is set for an API that takes signed calls only, although others of its
	// kind take any.
	Signed bool
	// Encrypted is set for a snapshot that is encrypted at all: it cannot be public.
	Encrypted bool
	// KeyNotInCode names a customer managed key whose policy is not in the input.
	KeyNotInCode string
	// KeyAddress and KeyARN say which customer managed key encrypts a secret: one
	// of the same stack, or of another. Keys are the cases of the key, once the
	// stacks are joined; nil if it is in none of them.
	KeyAddress string
	KeyARN     value.Text
	Keys       []Resource
	// Own is what belongs to this stack although nothing in its name says so: ARNs
	// of buckets, and CloudFront origin access identities by their ARN as a
	// principal and by their canonical user id. Whoever acts through it is inside.
	Own []value.Text
	// Detached is set for a policy, or for something else that attaches to a
	// resource, whose resource is not in the stack.
	Detached bool
	// Kept is set for a resource of a Compared stack that stays as it is.
	Kept bool
	// When are the conditions under which the resource is declared like this. A
	// stack may list a resource once for each of several cases.
	When []string
	// Related are further places that its findings point at: the call of the
	// module that declares it, the variable that a value comes from.
	Related []Related
	// Notes are added to every finding of the resource.
	Notes []string
	// Properties are those of the block that declares the resource, as its language
	// spells them, if somebody asks for them. They decide nothing.
	Properties value.Value
}

// Related is a place that explains a finding, and what it has to do with it.
type Related struct {
	Span    source.Span
	Message string // lower case: "module called here"
}

// SourceType says through what access is granted, as Access Analyzer spells it.
type SourceType string

const (
	Policy             SourceType = "POLICY"
	BucketACL          SourceType = "BUCKET_ACL"
	AccessPoint        SourceType = "S3_ACCESS_POINT"
	AccessPointAccount SourceType = "S3_ACCESS_POINT_ACCOUNT"
)

// Document is one policy, or a list of grants written as one, of a resource.
type Document struct {
	Policy  *policy.Document
	Source  SourceType // "" is Policy
	Address string     // the block that holds it, "" for the resource itself
	Related []Related
	// Implied is set for what a resource has if nobody gives it a policy.
	Implied bool
	// Guarded is set where who gets in is decided by an authorizer of the API's own.
	Guarded bool
	// Sole is set for a policy of which a resource has one only: of several, the
	// one that is put last is in force, and a Deny in another denies nothing.
	Sole bool
	// Grant is set for grants of KMS: whoever may make one has chosen the service
	// that it is for, and what that service acts on.
	Grant bool

	// For Source AccessPoint: the access point that the policy belongs to.
	AccessPointARN value.Text
	VPC            string             // id of the VPC that its network origin is restricted to, "" for the internet
	Block          *PublicAccessBlock // of the access point; nil: all on, as AWS makes them
}

// PublicAccessBlock holds the two settings of S3 Block Public Access that
// change what stored policies and ACLs grant.
type PublicAccessBlock struct {
	IgnorePublicACLs      bool
	RestrictPublicBuckets bool
	// IgnoreNeeds and RestrictNeeds name what decides a setting that is not known;
	// the setting is false then. "" is a known one.
	IgnoreNeeds   string
	RestrictNeeds string
	Address       string // what sets it, for blockedBy
	Account       string // of an AccountBlock, with references as ${name}
}
