package evaluate

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
)

// WellFormed returns nil, or what about the request contradicts itself: no
// caller sends such a request, so a policy that allows it allows nothing by
// it. Only what certainly contradicts is refused, and keys that a service adds
// for the resource it acts for (aws:SourceArn and its like) may come with any
// caller.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func WellFormed(req Request) error {
	if service, name, ok := strings.Cut(req.Action, ":"); !ok || service == "" || name == "" {
		return fmt.Errorf("action %q: expected service:Name", req.Action)
	}
	if err := wellFormedPrincipal(req.Principal); err != nil {
		return err
	}
	if err := wellFormedKeys(req.Context); err != nil {
		return err
	}
	ctx := contextOf(req.Context)
	for _, check := range []func(Principal, context) error{
		checkAnonymous, checkAccount, checkIdentity, checkUser, checkService, checkOrganizations, checkSource, checkNetwork,
		checkCall, checkToken, checkCredentials, checkIdentifiers, checkUserID, checkPaths,
	} {
		if err := check(req.Principal, ctx); err != nil {
			return err
		}
	}
	return nil
}

// resourceOf is the part of an AWS principal's ARN that says what it is.
func (p Principal) resourceOf() string {
	name, ok := arn.Parse(p.ARN)
	if p.Type != AWS || !ok {
		return ""
	}
	return name.Resource
}

// principalTypes are the values of aws:PrincipalType by the principal's ARN.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
var principalTypes = []struct{ prefix, service, name string }{
	{"user/", "iam", "User"},
	{"role/", "iam", "AssumedRole"},
	{"federated-user/", "sts", "FederatedUser"},
	{"root", "iam", "Account"},
}

func wellFormedPrincipal(p Principal) error {
	switch p.Type {
	case AWS:
		return wellFormedAWS(p)
	case Anonymous:
		if p.ARN != "" {
			return fmt.Errorf("an anonymous caller has no ARN, not %q", p.ARN)
		}
	case Federated, CanonicalUser, Service:
		if p.ARN == "" {
			return fmt.Errorf("principal of type %s without a name", p.Type)
		}
	default:
		return fmt.Errorf("principal type %q is unknown", p.Type)
	}
	if p.Account != "" || p.Session != "" {
		return fmt.Errorf("principal of type %s has no account and no session", p.Type)
	}
	return nil
}

func wellFormedAWS(p Principal) error {
	if p.Account == "" || strings.Contains(p.Account, ":") {
		return fmt.Errorf("account %q: expected an account id", p.Account)
	}
	named, ok := arn.Parse(p.ARN)
	if !ok {
		return fmt.Errorf("principal %q: expected an ARN", p.ARN)
	}
	if named.Account != p.Account {
		return fmt.Errorf("principal %q is not of account %q", p.ARN, p.Account)
	}
	for _, t := range principalTypes {
		name, ok := strings.CutPrefix(named.Resource, t.prefix)
		if !ok || named.Service != t.service || (name == "") != (t.prefix == "root") {
			continue
		}
		if p.Session != "" && t.name != "AssumedRole" {
			return fmt.Errorf("principal %q has no sessions", p.ARN)
		}
		return nil
	}
	return fmt.Errorf("principal %q: expected a user, role, root user or federated user", p.ARN)
}

// wellFormedKeys checks each key alone.
func wellFormedKeys(keys map[string][]string) error {
	seen := map[string]string{}
	for _, key := range sortedKeys(keys) {
		lower, values := strings.ToLower(key), keys[key]
		if first, twice := seen[lower]; twice {
			return fmt.Errorf("key %s is there twice, also as %s", first, key)
		}
		seen[lower] = key
		if len(values) == 0 {
			return fmt.Errorf("key %s has no value", key)
		}
		known, isGlobal := globalKeys[lower]
		if len(values) > 1 && !known.multi && (isGlobal || isTag(lower)) {
			return fmt.Errorf("key %s has one value, not %q", key, values)
		}
		for _, v := range values {
			if !known.form.holds(v) {
				return fmt.Errorf("key %s cannot have the value %q", key, v)
			}
		}
	}
	return nil
}

// isTag reports whether the key is one tag of a principal, resource or request.
func isTag(lower string) bool {
	family, _, ok := strings.Cut(lower, "/")
	return ok && (family == "aws:principaltag" || family == "aws:resourcetag" || family == "aws:requesttag")
}

func (f form) holds(v string) bool {
	switch f {
	case boolean:
		_, ok := parseBool(v)
		return ok
	case numeric:
		_, ok := parseNumber(v)
		return ok
	case instant:
		return len(parseDates(v)) > 0
	case address:
		_, err := netip.ParseAddr(v)
		return err == nil
	case arnForm:
		return isARN(v)
	}
	return true
}

// first returns the value of a key and whether it is there.
func (c context) first(key string) (string, bool) {
	values := c[key]
	if len(values) == 0 {
		return "", false
	}
	return values[0], true
}

// signed are the keys that say who signed a request, or with what credentials.
var signed = []string{
	"aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:username",
	"aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist",
	"aws:tokenissuetime", "aws:multifactorauthage", "aws:multifactorauthpresent", "aws:federatedprovider",
	"kms:calleraccount",
}

func checkAnonymous(p Principal, ctx context) error {
	if p.Type != Anonymous {
		return nil
	}
	for _, key := range signed {
		if v, ok := ctx.first(key); ok {
			return fmt.Errorf("an anonymous caller has no %s, not %q", key, v)
		}
	}
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
	if v, ok := ctx.first("aws:userid"); ok && v != "anonymous" {
		return fmt.Errorf("key aws:userid is %q for an anonymous caller, not %q", v, "anonymous")
	}
	for _, key := range sortedKeys(ctx) {
		if strings.HasPrefix(key, "aws:principaltag/") {
			return fmt.Errorf("an anonymous caller has no %s", key)
		}
	}
	if account, ok := ctx.first("aws:principalaccount"); ok && account != "anonymous" {
		return fmt.Errorf("an anonymous caller is of no account, not %q", account)
	}
	return nil
}

// checkAccount: the account that the keys name is the caller's.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account
func checkAccount(p Principal, ctx context) error {
	if p.Type != AWS {
		return nil
	}
	for _, key := range []string{"aws:principalaccount", "kms:calleraccount"} {
		if account, ok := ctx.first(key); ok && account != p.Account {
			return fmt.Errorf("key %s is %q for a caller of account %q", key, account, p.Account)
		}
	}
	return nil
}

// checkIdentity: aws:PrincipalArn is the role's for each of its sessions.
func checkIdentity(p Principal, ctx context) error {
	if arn, ok := ctx.first("aws:principalarn"); ok && p.Type == AWS && arn != p.ARN {
		return fmt.Errorf("key aws:PrincipalArn is %q for the caller %q", arn, p.ARN)
	}
	kind, ok := ctx.first("aws:principaltype")
	if !ok {
		return nil
	}
	if (kind == "Anonymous") != (p.Type == Anonymous) && p.Type != Federated {
		return fmt.Errorf("key aws:PrincipalType is %q for a caller of type %s", kind, p.Type)
	}
	for _, t := range principalTypes {
		if strings.HasPrefix(p.resourceOf(), t.prefix) && kind != t.name {
			return fmt.Errorf("key aws:PrincipalType is %q for the caller %q", kind, p.ARN)
		}
	}
	return nil
}

// checkUser: only users have a user name; unique ids tell users from roles. A
// root user has the id of its account, and a federated user that and its name.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func checkUser(p Principal, ctx context) error {
	resource := p.resourceOf()
	path, isUser := strings.CutPrefix(resource, "user/")
	if name, ok := ctx.first("aws:username"); ok && p.Type != CanonicalUser {
		if friendly := path[strings.LastIndexByte(path, '/')+1:]; !isUser || name != friendly {
			return fmt.Errorf("key aws:username is %q for the caller %q", name, p.ARN)
		}
	}
	id, ok := ctx.first("aws:userid")
	if !ok || p.Type != AWS {
		return nil
	}
	id, session, inSession := strings.Cut(id, ":")
	isRole, isFederated := strings.HasPrefix(resource, "role/"), strings.HasPrefix(resource, "federated-user/")
	switch {
	case strings.HasPrefix(id, "AIDA") != isUser && isARN(p.ARN),
		strings.HasPrefix(id, "AROA") != isRole && isARN(p.ARN),
		(isUser || resource == "root") == inSession && isARN(p.ARN),
		resource == "root" && id != p.Account,
		isFederated && id != p.Account,
		isRole && inSession && p.Session != "" && session != p.Session:
		return fmt.Errorf("key aws:userid is %q for the caller %q", ctx["aws:userid"][0], p.ARN)
	}
	return nil
}

// checkService: the keys that tell calls of services from those of others.
func checkService(p Principal, ctx context) error {
	if v, ok := ctx.first("aws:principalisawsservice"); ok && strings.EqualFold(v, "true") != (p.Type == Service) {
		return fmt.Errorf("key aws:PrincipalIsAWSService is %q for a caller of type %s", v, p.Type)
	}
	for _, key := range []string{"aws:principalservicename", "aws:principalservicenameslist"} {
		if _, ok := ctx.first(key); ok && p.Type != Service {
			return fmt.Errorf("key %s is there for a caller of type %s", key, p.Type)
		}
	}
	if name, ok := ctx.first("aws:principalservicename"); ok && name != p.ARN {
		return fmt.Errorf("key aws:PrincipalServiceName is %q for the caller %q", name, p.ARN)
	}
	return nil
}

// checkOrganizations: a path begins with the organization that it is in, and
// only users, roles, federated users and root users are members.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
func checkOrganizations(p Principal, ctx context) error {
	for _, whose := range []string{"principal", "source", "resource", "vpce"} {
		id, hasID := ctx.first("aws:" + whose + "orgid")
		paths := ctx["aws:"+whose+"orgpaths"]
		if whose == "principal" && p.Type == Service && (hasID || len(paths) > 0) {
			return errors.New("a service is of no organization")
		}
		for _, path := range paths {
			if hasID && !strings.HasPrefix(path, id+"/") {
				return fmt.Errorf("organization path %q is not in organization %q", path, id)
			}
		}
	}
	return nil
}

// inRegions are services all of whose ARNs have a Region and an account, of those
// that act for others, by their pages of the service authorization reference:
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
var inRegions = []string{"codebuild", "codepipeline", "firehose", "kinesis", "lambda", "logs", "secretsmanager", "sns", "sqs", "states"}

// checkSource: the account of the source is in its ARN, unless that leaves
// the field empty as for a bucket. A bucket's has no Region either.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-resources-for-iam-policies
func checkSource(_ Principal, ctx context) error {
	text, hasARN := ctx.first("aws:sourcearn")
	account, hasAccount := ctx.first("aws:sourceaccount")
	source, ok := arn.Parse(text)
	if !hasARN || !ok {
		return nil
	}
	if bucket := !strings.Contains(source.Resource, "/") || source.Account == ""; source.Service == "s3" && bucket && source.Region+source.Account != "" {
		return fmt.Errorf("key aws:SourceArn is %q: a bucket's ARN has neither Region nor account", text)
	}
	if source.Region != "" && !regionName.has(source.Region) || source.Account != "" && !accountID.has(source.Account) {
		return fmt.Errorf("key aws:SourceArn is %q: expected a Region and an account, or none", text)
	}
	if slices.Contains(inRegions, source.Service) && (source.Region == "" || source.Account == "") {
		return fmt.Errorf("key aws:SourceArn is %q: an ARN of %s has a Region and an account", text, source.Service)
	}
	if id := source.Account; hasAccount && id != "" && id != account {
		return fmt.Errorf("key aws:SourceAccount is %q for the source %q", account, text)
	}
	return nil
}

// viaEndpoint are the keys of requests through a VPC endpoint, which have no
// aws:SourceIp.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
var viaEndpoint = []string{
	"aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpcarn", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths",
}

// checkNetwork: a request comes from a public address or through an endpoint.
func checkNetwork(_ Principal, ctx context) error {
	ip, hasIP := ctx.first("aws:sourceip")
	for _, key := range viaEndpoint {
		if _, ok := ctx.first(key); ok && hasIP {
			return fmt.Errorf("keys aws:SourceIp and %s exclude each other", key)
		}
	}
	_, hasVPC := ctx.first("aws:sourcevpc")
	if _, hasEndpoint := ctx.first("aws:sourcevpce"); hasVPC != hasEndpoint {
		return errors.New("keys aws:SourceVpc and aws:SourceVpce come together")
	}
	if addr, err := netip.ParseAddr(ip); hasIP && err == nil {
		if addr.IsPrivate() || addr.IsLoopback() || addr.IsLinkLocalUnicast() {
			return fmt.Errorf("key aws:SourceIp is %q, which is not a public address", ip)
		}
	}
	return nil
}
