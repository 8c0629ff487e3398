package knowledge

// Format is the form that AWS documents for an identifier: a prefix, and Min to
// Max characters behind it.
type Format struct {
	Prefix   string
	Of       Characters
	Min, Max int
	// Short: one with fewer characters, which stands in many an example, is taken
	// for somebody's all the same.
	Short bool
}

// Characters of an identifier.
type Characters uint8

const (
	Digits     Characters = iota
	Hyphenated            // small letters, digits and '-'
	InNames               // [\w+=,.@-]
	InGiven               // [\w+=,.@:/-]
)

// Forms of identifiers, read 2026-12.
var (
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
	Account = &Format{Of: Digits, Min: 12, Max: 12}
	// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
	Organization = &Format{Prefix: "o-", Of: Hyphenated, Min: 10, Max: 32, Short: true}
	// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
	VPC       = &Format{Prefix: "vpc-", Of: Hyphenated, Min: 8, Max: 17, Short: true}
	Endpoints = &Format{Prefix: "vpce-", Of: Hyphenated, Min: 8, Max: 17, Short: true}
	// The shortest are like us-east-1, the longest like us-gov-west-1.
	//
	// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
	Region = &Format{Of: Hyphenated, Min: 9, Max: 20}
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
	Session    = &Format{Of: InNames, Min: 2, Max: 64}
	ExternalID = &Format{Of: InGiven, Min: 2, Max: 1224}
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
	FederatedUser = &Format{Of: InNames, Min: 2, Max: 32}
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
	Name = &Format{Of: InNames, Min: 1, Max: 64}
)
