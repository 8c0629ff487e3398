package knowledge

import (
	_ "embed"
	"strings"
)

var (
	//go:embed data/keys.txt
	keyTable string // key in lower case, as published, type
	//go:embed data/templates.txt
	templateTable string // the same for keys with a part to fill in
)

// KeyType is the type of a condition key's values.
type KeyType struct {
	Type  string // String, ARN, Bool, Numeric, Date, IPAddress, Binary
	Multi bool   // a request carries a set of values: ForAllValues and ForAnyValue apply
}

// globalKeys are the keys of every service. They are missing from the service
// tables. Where two spellings are in use the first field is AWS's own.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
// read 2026-11
var globalKeys = [...]struct{ name, kind string }{
	// of the principal
	{"aws:PrincipalArn", "ARN"},
	{"aws:PrincipalAccount", "String"},
	{"aws:PrincipalOrgPaths", "[]String"},
	{"aws:PrincipalOrgID", "String"},
	{"aws:PrincipalIsAWSService", "Bool"},
	{"aws:PrincipalServiceName", "String"},
	{"aws:PrincipalServiceNamesList", "[]String"},
	{"aws:PrincipalType", "String"},
	{"aws:userid", "String"},
	{"aws:username", "String"},
	// of the role session
	{"aws:AssumedRoot", "Bool"},
	{"aws:FederatedProvider", "String"},
	{"aws:TokenIssueTime", "Date"},
	{"aws:SignInSessionArn", "ARN"},
	{"aws:MultiFactorAuthAge", "Numeric"},
	{"aws:MultiFactorAuthPresent", "Bool"},
	{"aws:ChatbotSourceArn", "ARN"},
	{"aws:Ec2InstanceSourceVpc", "String"},
	{"aws:Ec2InstanceSourcePrivateIPv4", "IPAddress"},
	{"aws:SourceIdentity", "String"},
	{"ec2:RoleDelivery", "Numeric"},
	{"ec2:SourceInstanceArn", "ARN"},
	{"glue:RoleAssumedBy", "String"},
	{"glue:CredentialIssuingService", "String"},
	{"codebuild:BuildArn", "ARN"},
	{"codebuild:ProjectArn", "ARN"},
	{"lambda:SourceFunctionArn", "ARN"},
	{"ssm:SourceInstanceArn", "ARN"},
	{"identitystore:UserId", "String"},
	// of the network
	{"aws:SourceIp", "IPAddress"},
	{"aws:SourceVpc", "String"},
	{"aws:SourceVpcArn", "ARN"},
	{"aws:SourceVpce", "String"},
	{"aws:VpceAccount", "String"},
	{"aws:VpceOrgID", "String"},
	{"aws:VpceOrgPaths", "[]String"},
	{"aws:VpcSourceIp", "IPAddress"},
	// of the resource
	{"aws:ResourceAccount", "String"},
	{"aws:ResourceOrgID", "String"},
	{"aws:ResourceOrgPaths", "[]String"},
	// of the request
	{"aws:CalledVia", "[]String"},
	{"aws:CalledViaFirst", "String"},
	{"aws:CalledViaLast", "String"},
	{"aws:ViaAWSService", "Bool"},
	{"aws:ViaAWSMCPService", "Bool"},
	{"aws:IsMcpServiceAction", "Bool"},
	{"aws:CurrentTime", "Date"},
	{"aws:EpochTime", "Date"},
	{"aws:referer", "String"},
	{"aws:RequestedRegion", "String"},
	{"aws:TagKeys", "[]String"},
	{"aws:SecureTransport", "Bool"},
	{"aws:SourceArn", "ARN"},
	{"aws:SourceAccount", "String"},
	{"aws:SourceOrgID", "String"},
	{"aws:SourceOrgPaths", "[]String"},
	{"aws:UserAgent", "String"},
	// A predecessor of aws:SourceAccount that policies of SNS and SES still hold.
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
	{"aws:SourceOwner", "String"},
}

// globalTags are the keys of every service that end in a tag's name.
var globalTags = [...]string{"aws:PrincipalTag/", "aws:RequestTag/", "aws:ResourceTag/"}

// KeyOf returns the type of a condition key, in any letter case.
func KeyOf(key string) (KeyType, bool) {
	_, kind, ok := lookUp(key)
	if !ok {
		return KeyType{}, false
	}
	element, multi := strings.CutPrefix(kind, "[]")
	return KeyType{Type: element, Multi: multi}, true
}

// CanonicalKey returns a condition key as AWS spells it, and an unknown one
// unchanged. What follows a key's slash is its user's and stays.
func CanonicalKey(key string) string {
	if strings.EqualFold(key, "aws:userid") {
		return "aws:UserId" // as Access Analyzer shows it
	}
	if name, _, ok := lookUp(key); ok {
		return name
	}
	return key
}

func lookUp(key string) (name, kind string, ok bool) {
	if name, kind, ok := fromProvider(key); ok {
		return name, kind, true
	}
	for _, g := range globalKeys {
		if strings.EqualFold(g.name, key) {
			return g.name, g.kind, true
		}
	}
	for _, tag := range globalTags {
		if rest, ok := cutPrefixFold(key, tag); ok && rest != "" {
			return tag + rest, "String", true
		}
	}
	if lines := section(keyTable, strings.ToLower(key)); lines != "" {
		f := fields(lines)
		return f[1], f[2], true
	}
	return fromTemplate(key)
}

// fromTemplate finds the key among those with a part to fill in, such as
// s3:ExistingObjectTag/<key>, and puts the key's own part in its place. The
// template with most fixed text wins.
func fromTemplate(key string) (name, kind string, ok bool) {
	best := -1
	for line := range strings.Lines(templateTable) {
		f := fields(line)
		start := strings.IndexAny(f[1], "$<")
		end := strings.LastIndexAny(f[1], "}>") + 1
		head, tail := f[1][:start], f[1][end:]
		if len(head)+len(tail) <= best || len(key) <= len(head)+len(tail) {
			continue
		}
		middle, ok1 := cutPrefixFold(key, head)
		middle, ok2 := cutSuffixFold(middle, tail)
		if ok1 && ok2 {
			best = len(head) + len(tail)
			name, kind, ok = head+middle+tail, f[2], true
		}
	}
	return name, kind, ok
}

// fromProvider types the claims that every OpenID Connect provider maps to
// condition keys. It goes before the tables, which have no room for the many
// providers and give amr one value.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
func fromProvider(key string) (name, kind string, ok bool) {
	host, claim, ok := cutClaim(key)
	if !ok {
		return "", "", false
	}
	switch claim := strings.ToLower(claim); claim {
	case "amr":
		return host + ":" + claim, "[]String", true
	case "aud", "email", "oaud", "sub":
		return host + ":" + claim, "String", true
	}
	return "", "", false
}

// cutClaim splits a key into a provider's host and path, and a claim. A
// service's key has no dot before its first slash.
func cutClaim(key string) (host, claim string, ok bool) {
	i := strings.LastIndexByte(key, ':')
	if i < 0 {
		return "", "", false
	}
	host, claim = key[:i], key[i+1:]
	name, _, _ := strings.Cut(host, "/")
	return host, claim, strings.Contains(name, ".") && !strings.Contains(name, ":")
}

func cutPrefixFold(s, prefix string) (rest string, ok bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func cutSuffixFold(s, suffix string) (rest string, ok bool) {
	n := len(s) - len(suffix)
	if n < 0 || !strings.EqualFold(s[n:], suffix) {
		return s, false
	}
	return s[:n], true
}

// trackedKeys are the keys that a finding's condition can show: those of Access
// Analyzer, which an outside caller cannot choose freely, and a few more that
// say who calls or on whose behalf.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html
// read 2026-11
var trackedKeys = [...]string{
	"aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths",
	"aws:SourceAccount", "aws:SourceArn", "aws:SourceIp", "aws:SourceOrgID", "aws:SourceOrgPaths",
	"aws:SourceVpc", "aws:SourceVpcArn", "aws:SourceVpce",
	"aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths", "aws:userid",
	"s3:x-amz-server-side-encryption-aws-kms-key-id", "s3express:SessionMode",
	"kms:CallerAccount", "lambda:EventSourceToken",
	"accounts.google.com:aud", "cognito-identity.amazonaws.com:aud",
	"graph.facebook.com:app_id", "www.amazon.com:app_id",

	// not Access Analyzer's
	"aws:PrincipalAccount", "aws:SourceOwner", "aws:Ec2InstanceSourceVpc",
	"s3:DataAccessPointAccount", "s3:DataAccessPointArn", "saml:aud",
	"elasticfilesystem:AccessedViaMountTarget",
}

// Tracked reports whether a finding's condition can show a key, in any letter
// case. The subject and audience of any OpenID Connect provider are tracked.
func Tracked(key string) bool {
	for _, t := range trackedKeys {
		if strings.EqualFold(t, key) {
			return true
		}
	}
	_, claim, ok := cutClaim(key)
	return ok && (strings.EqualFold(claim, "sub") || strings.EqualFold(claim, "aud"))
}
