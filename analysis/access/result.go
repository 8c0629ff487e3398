package access

import (
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
)

// Result is what one resource grants from outside the zone of trust.
type Result struct {
	Kind        *knowledge.Kind // nil when the type is neither told nor inferred
	Owner       string          // account; "" when neither declared nor inferred
	ARN         string          // of the resource; "" when a part of it is not known
	Grants      []Grant
	Services    []ServiceGrant
	BlockedBy   []string // what cuts off access that the policies grant
	Notes       []string // limits that were hit
	Assumptions []string
	Short       bool     // more effort might have given a more exact answer
	Problems    []string // internal: findings without an accepted witness
	Idle        []Idle
	// Key is the address of the key that a secret's value is under, if its policy
	// was considered and lets someone from outside use it: KeyUsers.
	Key      string
	KeyUsers []string
	// LeftToIdentity is set by Ask if callers of the owner account are asked about
	// whom the resource does not refuse: an identity-based policy may allow them.
	LeftToIdentity bool
}

// Grant is one instance of external access, at Access Analyzer's granularity.
type Grant struct {
	PrincipalKey string // AWS, Federated or CanonicalUser
	Principal    string // "*" for anyone
	Conditions   []Condition
	Actions      []knowledge.KindAction
	Along        []knowledge.KindAction // shown besides, see knowledge.Kind
	Public       bool
	AnyTenant    bool // federated: any tenant of a shared identity provider is allowed
	Guest        bool // federated: guests of a Cognito identity pool are allowed
	ByURL        bool // nothing but calls through a function's URL is allowed
	Proven       bool
	Named        bool              // the policy spells out who is let in, or where from
	Source       resource.Document // through what
	Statements   []Responsible
	Witness      *evaluate.Request
	Needs        []string // what would settle a grant that is not proven
}

// Condition is a tracked key and one of the values that the policy compares it with.
type Condition struct {
	Key, Value string
	Own        bool // the value is, or has in it, what AWS will call a resource of the code
}

// Responsible is a statement that grants, and the document that holds it.
type Responsible struct {
	Statement *policy.Statement
	Document  resource.Document
}

// ServiceGrant is access of a service principal that no own source limits.
type ServiceGrant struct {
	Service string // host name; "" for any service
	Foreign bool   // limited, but to sources outside the zone
	Unknown bool   // limited, but to a source that is not known
	// Inexact is set where it is not proven for want of effort alone: nothing that
	// it depends on is not known.
	Inexact    bool
	Actions    []knowledge.KindAction
	Proven     bool
	Statements []Responsible
	Witness    *evaluate.Request
	Needs      []string // what would settle a grant that is not proven
}
