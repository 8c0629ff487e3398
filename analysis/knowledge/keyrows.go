package knowledge

// Kinds of callers, as far as condition keys and requests tell them apart.
const (
	CallerAnonymous     = "anonymous"
	CallerUser          = "user"
	CallerRole          = "role"
	CallerRoot          = "root"
	CallerFederatedUser = "federated-user"
	CallerCanonical     = "canonical"  // some account that only its S3 canonical user id names
	CallerWeb           = "web"        // caller of AssumeRoleWithWebIdentity
	CallerSAML          = "saml"       // caller of AssumeRoleWithSAML
	CallerService       = "service"    // AWS service principal
	CallerUnresolved    = "unresolved" // a principal that no account can be read from
)

// Key is all that is known of one condition key. World, findings, archive
// filters and documentation derive from its row, so that a key is added here and
// nowhere else (the evaluator apart, which has its own table).
type Key struct {
	Name string // as Access Analyzer shows it, or else as AWS spells it
	// Type of its values: String, ARN, Bool, Numeric, Date, IPAddress; "[]"
	// before it: a request carries several. "" is that of the service tables.
	Type string

	Tracked bool // a finding's condition can show it
	// Trust: Access Analyzer shows it in findings of federated trusts.
	Trust  bool
	Filter bool // Access Analyzer's archive rules can filter by it

	// Organization: its value is an organization, or a place in one, of the
	// caller or of the source of a call.
	Organization bool
	Network      Network
	Never        []string // kinds of callers whose requests do not carry it
	Always       bool     // every request carries it
	// Names says whose account an ARN, or a text, in its value names.
	Names NamesAccount
	// In are services, "*" for all, each of whose requests may carry the key,
	// whichever actions the service tables list.
	In      []string
	Lower   bool    // its values have no capital letters
	Form    *Format // what its values, or the first part of a path, are
	Free    bool    // the caller can make its value anything
	Implied bool    // its value follows from who calls and what is called
	Example string  // a natural value
}

// Network says what a key tells of the network that a request comes from.
type Network uint8

const (
	NoNetwork Network = iota
	Internet          // the source address of a request over the internet
	Endpoint          // a property of a VPC endpoint, or of the VPC behind it
	InVPC             // where the caller itself, or the mount target, is
)

// NamesAccount says whose account the value of a key names.
type NamesAccount uint8

const (
	NoAccount NamesAccount = iota
	// OfCaller: the ARN is of the account that the caller is of, because its
	// credentials come from there: a role is passed within an account only.
	//
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
	OfCaller
)

var (
	signing    = []string{CallerAnonymous, CallerService, CallerWeb, CallerSAML}
	notOfRole  = []string{CallerAnonymous, CallerUser, CallerRoot, CallerFederatedUser, CallerService, CallerWeb, CallerSAML}
	fromInside = []string{CallerService} // they call from inside AWS
	all        = []string{"*"}
)

// keyRows are the keys of which more is known than their type, and those of
// every service, which are missing from the service tables.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html
// read 2026-11
var keyRows = [...]Key{
	// of the principal
	{Name: "aws:PrincipalArn", Implied: true, Type: "ARN", In: all, Tracked: true, Filter: true},
	{Name: "aws:PrincipalAccount", Implied: true, Type: "String", In: all, Tracked: true},
	{Name: "aws:PrincipalOrgPaths", Type: "[]String", In: all, Organization: true, Tracked: true, Filter: true, Never: signing, Lower: true, Form: Organization},
	{Name: "aws:PrincipalOrgID", Type: "String", In: all, Organization: true, Tracked: true, Filter: true, Never: signing, Lower: true, Form: Organization},
	{Name: "aws:PrincipalIsAWSService", Implied: true, Type: "Bool", In: all},
	{Name: "aws:PrincipalServiceName", Implied: true, Type: "String", In: all},
	{Name: "aws:PrincipalServiceNamesList", Implied: true, Type: "[]String", In: all,
		Never: []string{CallerAnonymous, CallerUser, CallerRole, CallerRoot, CallerFederatedUser, CallerCanonical, CallerUnresolved, CallerWeb, CallerSAML}},
	{Name: "aws:PrincipalType", Implied: true, Type: "String", In: all},
	{Name: "aws:UserId", Type: "String", In: all, Tracked: true, Filter: true, Never: []string{CallerService, CallerWeb, CallerSAML}},
	{Name: "aws:username", Implied: true, Type: "String", In: all},
	// of the role session
	{Name: "aws:AssumedRoot", Type: "Bool", In: all},
	{Name: "aws:FederatedProvider", Type: "String", In: all, Tracked: true, Names: OfCaller, Never: []string{CallerAnonymous, CallerUser, CallerRoot, CallerFederatedUser, CallerService, CallerWeb, CallerSAML}},
	{Name: "aws:TokenIssueTime", Type: "Date", In: all, Never: signing},
	{Name: "aws:SignInSessionArn", Type: "ARN", In: all, Never: signing},
	{Name: "aws:MultiFactorAuthAge", Type: "Numeric", In: all, Never: signing},
	{Name: "aws:MultiFactorAuthPresent", Type: "Bool", In: all, Never: signing},
	{Name: "aws:ChatbotSourceArn", Type: "ARN", In: all, Never: signing},
	{Name: "aws:Ec2InstanceSourceVpc", Type: "String", In: all, Tracked: true, Network: InVPC, Never: notOfRole, Lower: true, Form: VPC},
	{Name: "aws:Ec2InstanceSourcePrivateIPv4", Type: "IPAddress", In: all, Never: notOfRole},
	{Name: "aws:SourceIdentity", Type: "String", Form: Session, In: all, Never: []string{CallerAnonymous, CallerUser, CallerRoot, CallerFederatedUser, CallerService}},
	{Name: "ec2:RoleDelivery", Type: "Numeric", In: all, Never: notOfRole},
	{Name: "ec2:SourceInstanceArn", Type: "ARN", In: all, Tracked: true, Names: OfCaller, Never: notOfRole, Example: "arn:aws:ec2:us-east-1:999999999999:instance/i-0123456789abcdef0"},
	{Name: "glue:RoleAssumedBy", Type: "String", In: all, Never: notOfRole},
	{Name: "glue:CredentialIssuingService", Type: "String", In: all, Never: notOfRole},
	{Name: "codebuild:BuildArn", Type: "ARN", In: all, Tracked: true, Names: OfCaller, Never: notOfRole, Example: "arn:aws:codebuild:us-east-1:999999999999:build/example:1"},
	{Name: "codebuild:ProjectArn", Type: "ARN", In: all, Tracked: true, Names: OfCaller, Never: notOfRole, Example: "arn:aws:codebuild:us-east-1:999999999999:project/example"},
	{Name: "lambda:SourceFunctionArn", Type: "ARN", In: all, Tracked: true, Names: OfCaller, Never: notOfRole, Example: "arn:aws:lambda:us-east-1:999999999999:function:example"},
	{Name: "ssm:SourceInstanceArn", Type: "ARN", In: all, Tracked: true, Names: OfCaller, Never: notOfRole, Example: "arn:aws:ec2:us-east-1:999999999999:instance/i-0123456789abcdef0"},
	{Name: "identitystore:UserId", Type: "String", In: all, Never: notOfRole},
	// of the network
	{Name: "aws:SourceIp", Type: "IPAddress", In: all, Tracked: true, Filter: true, Network: Internet, Never: fromInside},
	{Name: "aws:SourceVpc", Type: "String", In: all, Tracked: true, Filter: true, Network: Endpoint, Never: fromInside, Lower: true, Form: VPC, Example: "vpc-0a1b2c3d4e5f60718"},
	{Name: "aws:SourceVpcArn", Type: "ARN", In: all, Tracked: true, Filter: true, Network: Endpoint, Never: fromInside},
	{Name: "aws:SourceVpce", Type: "String", In: all, Tracked: true, Network: Endpoint, Never: fromInside, Lower: true, Form: Endpoints, Example: "vpce-0a1b2c3d4e5f60718"},
	{Name: "aws:VpceAccount", Type: "String", Form: Account, In: all, Tracked: true, Filter: true, Network: Endpoint, Never: fromInside, Example: "999999999999"},
	{Name: "aws:VpceOrgID", Type: "String", In: all, Tracked: true, Filter: true, Network: Endpoint, Never: fromInside, Lower: true, Form: Organization},
	{Name: "aws:VpceOrgPaths", Type: "[]String", In: all, Tracked: true, Filter: true, Network: Endpoint, Never: fromInside, Lower: true, Form: Organization},
	{Name: "aws:VpcSourceIp", Type: "IPAddress", In: all, Network: Endpoint, Never: fromInside},
	// of the resource
	{Name: "aws:ResourceAccount", Implied: true, Type: "String", In: all},
	{Name: "aws:ResourceOrgID", Implied: true, Type: "String", In: all},
	{Name: "aws:ResourceOrgPaths", Implied: true, Type: "[]String", In: all},
	// of the request
	{Name: "aws:CalledVia", Type: "[]String", In: all, Never: signing},
	{Name: "aws:CalledViaFirst", Type: "String", In: all, Never: signing},
	{Name: "aws:CalledViaLast", Type: "String", In: all, Never: signing},
	{Name: "aws:ViaAWSService", Type: "Bool", In: all, Always: true},
	{Name: "aws:ViaAWSMCPService", Type: "Bool", In: all},
	{Name: "aws:IsMcpServiceAction", Type: "Bool", In: all},
	{Name: "aws:CurrentTime", Type: "Date", In: all, Always: true},
	{Name: "aws:EpochTime", Type: "Date", In: all, Always: true},
	{Name: "aws:referer", Type: "String", In: all, Free: true, Example: "https://example.com/"},
	{Name: "aws:RequestedRegion", Type: "String", In: all, Lower: true, Form: Region, Always: true, Example: "us-east-1"},
	{Name: "aws:TagKeys", Type: "[]String"},
	{Name: "aws:SecureTransport", Type: "Bool", In: all, Always: true},
	{Name: "aws:SourceArn", Type: "ARN", In: all, Tracked: true},
	{Name: "aws:SourceAccount", Type: "String", In: all, Tracked: true},
	{Name: "aws:SourceOrgID", Type: "String", In: all, Organization: true, Tracked: true, Lower: true, Form: Organization},
	{Name: "aws:SourceOrgPaths", Type: "[]String", In: all, Organization: true, Tracked: true, Lower: true, Form: Organization},
	{Name: "aws:UserAgent", Type: "String", In: all, Free: true, Example: "curl/8.0"},
	// A predecessor of aws:SourceAccount that policies of SNS and SES still hold.
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
	{Name: "aws:SourceOwner", Type: "String", Form: Account, In: all, Tracked: true, Example: "999999999999"},

	// of one service
	{Name: "s3:x-amz-server-side-encryption-aws-kms-key-id", Tracked: true, Free: true},
	{Name: "s3:DataAccessPointAccount", Tracked: true, In: []string{"s3"}, Never: fromInside},
	{Name: "s3:DataAccessPointArn", Tracked: true, In: []string{"s3"}, Never: fromInside},
	{Name: "s3:ResourceAccount", Implied: true, In: []string{"s3"}},
	{Name: "s3:signatureversion", In: []string{"s3", "s3express"}, Never: []string{CallerAnonymous}},
	{Name: "s3:authType", In: []string{"s3", "s3express"}, Never: []string{CallerAnonymous}},
	{Name: "s3:signatureAge", In: []string{"s3", "s3express"}, Never: []string{CallerAnonymous}},
	{Name: "s3express:SessionMode", Tracked: true},
	{Name: "kms:CallerAccount", Implied: true, Tracked: true, Filter: true},
	{Name: "lambda:EventSourceToken", Tracked: true},
	{Name: "elasticfilesystem:AccessedViaMountTarget", Tracked: true, Network: InVPC, Never: fromInside},
	{Name: "sts:ExternalId", Form: ExternalID, Free: true},
	{Name: "sts:RoleSessionName", Form: Session, Free: true},
	{Name: "s3:prefix", Free: true},
	{Name: "s3:delimiter", Free: true},
	{Name: "sns:Endpoint", Free: true},
	{Name: "sns:Protocol", Free: true},

	// of federated trusts
	{Name: "accounts.google.com:aud", Tracked: true, Trust: true, Filter: true},
	{Name: "cognito-identity.amazonaws.com:aud", Tracked: true, Trust: true, Filter: true},
	{Name: "graph.facebook.com:app_id", Tracked: true, Trust: true, Filter: true},
	{Name: "www.amazon.com:app_id", Tracked: true, Trust: true, Filter: true},
	{Name: "saml:aud", Tracked: true},
}

// tagRows are families of keys that end in a tag's name, or begin alike.
var tagRows = [...]Key{
	{Name: "aws:PrincipalTag/", Type: "String", In: all, Free: true, Never: []string{CallerAnonymous, CallerRoot, CallerService}},
	{Name: "aws:RequestTag/", Type: "String", Free: true},
	{Name: "aws:ResourceTag/", Type: "String"},
	{Name: "s3:x-amz-", Free: true},
}
