package evaluate

import (
	"fmt"
	"slices"
	"strings"
)

// An identifier is a text of a form that AWS documents. Names that are not known
// yet are written with characters that no identifier has, and may be anything.
type identifier struct {
	prefix   string
	isLetter func(rune) bool
	min, max int
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// isSmall are the characters of the ids that AWS gives.
func isSmall(r rune) bool { return r >= 'a' && r <= 'z' || isDigit(r) || r == '-' }

// isWord is [\w+=,.@-], the pattern of most names.
func isWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || isDigit(r) || strings.ContainsRune("_+=,.@-", r)
}

var (
	// "twelve-digit number": https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
	accountID = identifier{"", isDigit, 12, 12}
	// RoleSessionName, "Length Constraints: Minimum length of 2. Maximum length of
	// 64. Pattern: [\w+=,.@-]*", and ExternalId, "Minimum length of 2. Maximum
	// length of 1224. Pattern: [\w+=,.@:\/-]*"; SourceIdentity is as the first:
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
	sessionName = identifier{"", isWord, 2, 64}
	externalID  = identifier{"", func(r rune) bool { return isWord(r) || r == ':' || r == '/' }, 2, 1224}
	// "Minimum length of 2. Maximum length of 32":
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
	federatedName = identifier{"", isWord, 2, 32}
	// "Names of users, groups, roles … must be alphanumeric, including … plus (+),
	// equal (=), comma (,), period (.), at (@), underscore (_), and hyphen (-)",
	// at most 64 characters: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
	friendlyName = identifier{"", isWord, 1, 64}
	// ^o-[a-z0-9]{10,32}$ in
	// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
	// The ids of many examples are shorter, which may stand for one.
	organizationID = identifier{"o-", isSmall, 1, 32}
	// "8 … characters or 17 characters" and a prefix; examples have shorter ones:
	// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
	vpcID      = identifier{"vpc-", isSmall, 1, 17}
	endpointID = identifier{"vpce-", isSmall, 1, 17}
	// Names such as us-gov-west-1:
	// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
	regionName = identifier{"", isSmall, 9, 20}
)

func (i identifier) has(s string) bool {
	if !isASCII(s) {
		return true
	}
	rest, ok := strings.CutPrefix(s, i.prefix)
	return ok && len(rest) >= i.min && len(rest) <= i.max && !strings.ContainsFunc(rest, func(r rune) bool { return !i.isLetter(r) })
}

// identifiers are the keys whose values have such a form.
var identifiers = map[string]identifier{
	"aws:ec2instancesourcevpc": vpcID,
	"aws:principalorgid":       organizationID,
	"aws:requestedregion":      regionName,
	"aws:sourceaccount":        accountID,
	"aws:sourceidentity":       sessionName,
	"aws:sourceorgid":          organizationID,
	"aws:sourceowner":          accountID,
	"aws:sourcevpc":            vpcID,
	"aws:sourcevpce":           endpointID,
	"aws:username":             friendlyName,
	"aws:vpceaccount":          accountID,
	"aws:vpceorgid":            organizationID,
	"sts:externalid":           externalID,
	"sts:rolesessionname":      sessionName,
}

// checkIdentifiers checks the names of the caller and of the keys.
func checkIdentifiers(p Principal, ctx context) error {
	for _, key := range sortedKeys(ctx) {
		id, ok := identifiers[key]
		for _, v := range ctx[key] {
			if ok && !id.has(v) {
				return fmt.Errorf("key %s cannot have the value %q", key, v)
			}
		}
	}
	if p.Session != "" && !sessionName.has(p.Session) {
		return fmt.Errorf("session %q: expected two to 64 of [\\w+=,.@-]", p.Session)
	}
	if p.Type != AWS || !isARN(p.ARN) || p.Account == "cloudfront" {
		return nil
	}
	// Findings of IAM Access Analyzer take a short account id in a text as it stands.
	if short := (identifier{"", isDigit, 1, 12}); !short.has(p.Account) {
		return fmt.Errorf("account %q: expected an account id", p.Account)
	}
	kind, rest, _ := strings.Cut(p.resourceOf(), "/")
	name := rest[strings.LastIndexByte(rest, '/')+1:]
	switch {
	case kind == "federated-user" && !federatedName.has(rest),
		(kind == "user" || kind == "role") && !friendlyName.has(name) && isASCII(rest),
		// "This parameter allows … a string of characters consisting of either a
		// forward slash (/) by itself or a string that must begin and end with
		// forward slashes … any ASCII character from ! (\u0021) through … (\u007F)":
		// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
		strings.ContainsAny(rest, " \t\n"):
		return fmt.Errorf("principal %q has a name that none can have", p.ARN)
	}
	return nil
}

// checkUserID: what stands behind the colon of a user id is the name of a session,
// or of a federated user.
func checkUserID(_ Principal, ctx context) error {
	v, _ := ctx.first("aws:userid")
	if _, name, ok := strings.Cut(v, ":"); ok && !sessionName.has(name) {
		return fmt.Errorf("key aws:userid cannot have the value %q", v)
	}
	return nil
}

// checkPaths: a path begins with an organization; then come its root, and the units on
// the way to the account: "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/".
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
func checkPaths(_ Principal, ctx context) error {
	for _, key := range []string{"aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"} {
		if i := slices.IndexFunc(ctx[key], func(v string) bool { id, _, _ := strings.Cut(v, "/"); return !organizationID.has(id) }); i >= 0 {
			return fmt.Errorf("key %s cannot have the value %q", key, ctx[key][i])
		}
		if i := slices.IndexFunc(ctx[key], func(v string) bool { return isASCII(v) && !isUnitPath(v) }); i >= 0 {
			return fmt.Errorf("key %s cannot have the value %q, which does not lead from a root", key, ctx[key][i])
		}
	}
	return nil
}

func isUnitPath(v string) bool {
	parts := strings.Split(v, "/")
	last := len(parts) - 1
	if last < 2 || parts[last] != "" || !strings.HasPrefix(parts[1], "r-") {
		return false
	}
	return last == 2 || strings.HasPrefix(parts[2], "ou-")
}
