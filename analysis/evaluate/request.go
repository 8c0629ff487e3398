// Package evaluate answers, for one concrete request, whether a policy document
// allows it, directly from the AWS documentation. It exists to check the
// symbolic engine: it shares no code with it, and every witness of a finding is
// replayed here before it is reported.
package evaluate

// Request is one concrete request.
type Request struct {
	Principal Principal
	Action    string // service:Name
	Resource  string // ARN
	// Context holds the condition context keys that the request carries, by
	// their documented spelling, with one value or, for a multi-valued key,
	// several. A key that is not there is absent; keys that the principal
	// implies, such as aws:PrincipalArn, are there too.
	Context map[string][]string
}

// PrincipalType is the kind of caller.
type PrincipalType string

const (
	Anonymous     PrincipalType = "Anonymous"     // unsigned call
	AWS           PrincipalType = "AWS"           // user, role session, root user or federated user session of an account
	Federated     PrincipalType = "Federated"     // caller of AssumeRoleWithWebIdentity or AssumeRoleWithSAML
	CanonicalUser PrincipalType = "CanonicalUser" // an account that only its S3 canonical user id names
	Service       PrincipalType = "Service"       // AWS service principal
)

// Principal is the caller of a request.
type Principal struct {
	Type PrincipalType
	// ARN is, for AWS: the ARN of the user, of the role that the session
	// belongs to, of the root user (…:root) or of the federated user session;
	// for Federated: the identity provider's ARN or host name; for
	// CanonicalUser: the id; for Service: the service principal's name; for
	// Anonymous: "".
	ARN     string
	Account string // account of an AWS principal, 12 digits; "" otherwise
	Session string // name of the role session, where ARN is a role's; "" for one that no policy names
}
