// Package resource is what every loader produces: the resources that the code
// declares, with everything that decides who can reach them.
package resource

import (
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
)

// Stack is the content of one input: its resources and what could not be read.
type Stack struct {
	Resources   []Resource
	Diagnostics []source.Diagnostic
}

// Resource is one resource with all that grants and all that blocks access.
type Resource struct {
	Type        string // Access Analyzer or CloudFormation type name; "" when neither told nor inferred
	Path        string // file, relative to the input's root
	Address     string // design: Terraform address, logical id, ARN key, "(policy)"
	ARN         string // "" when unknown
	Account     string // owner, where the input tells it; "" otherwise
	Region      string
	Partition   string
	Span        source.Span // the resource in its file
	Attachments []string

	Documents []Document
	Block     *PublicAccessBlock // effective Block Public Access; nil: not mentioned
	// IdentityPolicy marks a document without principals: it is listed, and
	// grants nobody outside anything by itself.
	IdentityPolicy bool
	// AWSManagedKey is set when what the resource holds is encrypted under a
	// key that AWS manages, which no other account may use.
	AWSManagedKey string
	// Encrypted is set for a snapshot that is encrypted at all: it cannot be public.
	Encrypted bool
	// KeyNotInCode names a customer managed key whose policy is not in the input.
	KeyNotInCode string
	// Notes are added to every finding of the resource.
	Notes []string
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

	// For Source AccessPoint: the access point that the policy belongs to.
	AccessPointARN string
	VPC            string             // id of the VPC that its network origin is restricted to, "" for the internet
	Block          *PublicAccessBlock // of the access point; nil: all on, as AWS makes them
}

// PublicAccessBlock holds the two settings of S3 Block Public Access that
// change what stored policies and ACLs grant.
type PublicAccessBlock struct {
	IgnorePublicACLs      bool
	RestrictPublicBuckets bool
	Address               string // what sets it, for blockedBy
}
