package evaluate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
)

// checkCall: a service passes a request on with the credentials of whoever
// signed the one before. Nobody signs an anonymous call, and the callers of
// AssumeRoleWithWebIdentity and AssumeRoleWithSAML have no credentials yet. What
// a signature is like, an unsigned request does not tell. A signed link, or a
// form, comes from a browser.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
func checkCall(p Principal, ctx context) error {
	via, _ := ctx.first("aws:viaawsservice")
	passedOn := strings.EqualFold(via, "true")
	if passedOn && (p.Type == Anonymous || p.Type == Federated || p.Type == Service) {
		return fmt.Errorf("key aws:ViaAWSService is true for a caller of type %s", p.Type)
	}
	for _, key := range []string{"s3:authtype", "s3:signatureversion", "s3:signatureage"} {
		if _, ok := ctx.first(key); ok && p.Type == Anonymous {
			return fmt.Errorf("an anonymous caller has no %s", key)
		}
	}
	if by, _ := ctx.first("s3:authtype"); passedOn && (by == "REST-QUERY-STRING" || by == "POST") {
		return fmt.Errorf("key s3:authType is %q for a request that a service makes", by)
	}
	return nil
}

// checkToken: the claims in a token are those of its issuer, and are named after
// it, with or without the slash at the end of its address; those in a SAML
// assertion are saml:….
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
func checkToken(p Principal, ctx context) error {
	if p.Type != Federated {
		return nil
	}
	_, issuer, isToken := strings.Cut(p.ARN, ":oidc-provider/")
	if !isToken {
		issuer = p.ARN
	}
	byAssertion := strings.Contains(p.ARN, ":saml-provider/")
	for _, key := range sortedKeys(ctx) {
		i := strings.LastIndexByte(key, ':')
		if i < 0 {
			continue
		}
		host := key[:i]
		switch isHost := strings.Contains(host, ".") && !strings.Contains(host, ":"); {
		case host == "saml" && !byAssertion && isToken:
			return fmt.Errorf("key %s is there for a token of %q", key, issuer)
		case isHost && byAssertion:
			return fmt.Errorf("key %s is there for an assertion of %q", key, p.ARN)
		case isHost && isASCII(issuer) && isASCII(host) && !strings.EqualFold(strings.TrimSuffix(host, "/"), strings.TrimSuffix(issuer, "/")):
			return fmt.Errorf("key %s is there for a token of %q", key, issuer)
		}
	}
	return nil
}

// isASCII reports whether a text is one that AWS has: names that are not known
// yet are written with other characters.
func isASCII(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r > 0x7e }) < 0 }

// ofSession are the keys with the ARN of what the credentials of a role session
// were delivered to. That is in the account of the role.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-role-session-properties
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
var ofSession = []string{"codebuild:buildarn", "codebuild:projectarn", "ec2:sourceinstancearn", "lambda:sourcefunctionarn", "ssm:sourceinstancearn"}

func checkCredentials(p Principal, ctx context) error {
	for _, key := range append([]string{"aws:federatedprovider"}, ofSession...) {
		v, ok := ctx.first(key)
		if !ok {
			continue
		}
		if p.Type != CanonicalUser && !(p.Type == AWS && (strings.HasPrefix(p.resourceOf(), "role/") || !isARN(p.ARN))) {
			return fmt.Errorf("key %s is there for the caller %q, which is not a session of a role", key, p.ARN)
		}
		if name, ok := arn.Parse(v); ok && p.Account != "" && name.Account != p.Account {
			return fmt.Errorf("key %s is %q for a caller of account %q", key, v, p.Account)
		}
	}
	return nil
}

// Unsettled returns nil, or which key of a request AWS does not document for its
// action, or that its pages disagree about unsigned requests. Such a request may be
// possible all the same, and proves nothing.
//
// https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html
// https://docs.aws.amazon.com/sns/latest/api/CommonParameters.html
func Unsettled(req Request) error {
	if req.Principal.Type == Anonymous && strings.HasPrefix(strings.ToLower(req.Action), "sns:") {
		return errors.New("whether SNS takes a request that nobody signed is documented both ways")
	}
	for _, key := range sortedKeys(req.Context) {
		for _, only := range onlyWith {
			if only.has(key) && !only.comesWith(req.Action) {
				return fmt.Errorf("key %s does not come with %s", key, req.Action)
			}
		}
	}
	return nil
}

// keysOf says which actions some keys come with.
type keysOf struct {
	keys, actions []string // in lower case; a "*" at the end of one stands for the rest
}

func (k keysOf) has(key string) bool          { return anyOf(k.keys, key) }
func (k keysOf) comesWith(action string) bool { return anyOf(k.actions, action) }

func anyOf(patterns []string, s string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc(patterns, func(p string) bool {
		head, open := strings.CutSuffix(p, "*")
		return s == p || open && strings.HasPrefix(s, head)
	})
}

// onlyWith are the keys of which the pages of their services say what they come
// with. Read November 2026:
//
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html
// https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
var onlyWith = []keysOf{
	{[]string{"kms:*"}, []string{"kms:*", "*createkey"}},
	{[]string{"kms:encryptioncontext:*", "kms:encryptioncontextkeys"},
		[]string{"kms:creategrant", "kms:decrypt", "kms:encrypt", "kms:generatedatakey*", "kms:reencrypt*", "kms:retiregrant"}},
	{[]string{"kms:grantoperations", "kms:granteeprincipal", "kms:retiringprincipal"}, []string{"kms:creategrant"}},
	{[]string{"s3:prefix", "s3:delimiter", "s3:max-keys"}, []string{"s3:listbucket*", "s3:listallmybuckets"}},
	{[]string{"s3:x-amz-acl", "s3:x-amz-grant-*", "s3:x-amz-copy-source", "s3:x-amz-storage-class", "s3:x-amz-server-side-encryption*"},
		[]string{"s3:put*", "s3:createbucket", "s3:replicate*", "s3:createaccesspoint*", "s3:bypassgovernanceretention", "s3:updateobjectencryption", "s3:create*", "s3:initiate*"}},
	{[]string{"sns:endpoint", "sns:protocol"}, []string{"sns:subscribe"}},
	{[]string{"sts:externalid"}, []string{"sts:assumerole"}},
	{[]string{"sts:rolesessionname"}, []string{"sts:assumerole*"}},
}
