package grants

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// ACLGrant is a grant of an access control list, as written: to a canonical
// user id, or to the group with a URI.
type ACLGrant struct {
	Span                source.Span
	ID, URI, Permission value.Value
	Maybe               string // what decides whether it is there, "" when it certainly is
}

// aclActions are the actions that a permission on a bucket stands for.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
var aclActions = map[string][]string{
	"READ":      {"s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"},
	"WRITE":     {"s3:PutObject"},
	"READ_ACP":  {"s3:GetBucketAcl"},
	"WRITE_ACP": {"s3:PutBucketAcl"},
	"FULL_CONTROL": {
		"s3:GetBucketAcl", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions", "s3:PutBucketAcl", "s3:PutObject",
	},
}

var aclPermissions = []string{"READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"}

// BucketACL returns the policy that grants what an access control list of a
// bucket does; the bucket's ARN may be empty.
func (r *Reader) BucketACL(list []ACLGrant, span source.Span, arn value.Text) *policy.Document {
	if arn.Equal(value.Text{}) {
		arn = value.Lit("arn:*:s3:::*")
	}
	doc := &policy.Document{Span: span}
	for i, g := range list {
		actions := aclActions["FULL_CONTROL"]
		if permission := r.Text(g.Permission, "permission", g.Span); permission.Parts == nil {
			var ok bool
			if actions, ok = aclActions[permission.Literal]; !ok {
				actions = aclActions["FULL_CONTROL"] // at most
				r.Errorf(g.Permission.Span, "permission must be one of %s, found %q", strings.Join(aclPermissions, ", "), permission.Literal)
			}
		}
		s := Allow(i, g.Span, r.grantee(g), actions, arn, value.Join(arn, value.Lit("/*")))
		s.Maybe = g.Maybe
		doc.Statements = append(doc.Statements, s)
	}
	return doc
}

// aclGroups are the predefined groups of grantees.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups
var aclGroups = map[string]policy.Principal{
	allUsers:           {Kind: policy.Anyone, Text: value.Lit("*")},
	authenticatedUsers: {Kind: policy.Authenticated, Text: value.Lit("*")},
	logDelivery:        {Kind: policy.Service, Text: value.Lit("logging.s3.amazonaws.com")},
}

const (
	allUsers           = "http://acs.amazonaws.com/groups/global/AllUsers"
	authenticatedUsers = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
	logDelivery        = "http://acs.amazonaws.com/groups/s3/LogDelivery"
)

func (r *Reader) grantee(g ACLGrant) policy.Principal {
	if g.URI.Kind == value.Absent {
		span := g.ID.Span
		if span.IsZero() {
			span = g.Span
		}
		return policy.Principal{Kind: policy.CanonicalUser, Text: r.Text(g.ID, "id of the grantee", g.Span), Span: span}
	}
	uri := r.Text(g.URI, "uri of the grantee", g.Span)
	principal, ok := aclGroups[uri.Literal]
	if !ok {
		if uri.Parts == nil {
			r.Errorf(g.URI.Span, "uri of the grantee must be that of AllUsers, AuthenticatedUsers or LogDelivery, found %q", uri.Literal)
			uri = Anything("uri of the grantee")
		}
		principal = policy.Principal{Kind: policy.AWS, Text: uri}
	}
	principal.Span = g.URI.Span
	return principal
}

// ec2Bundles is the canonical user that the canned ACL aws-exec-read names: it
// is Amazon EC2's.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
const ec2Bundles = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c"

// canned lists what canned ACLs grant to others than the owner: a URI or an id,
// and a permission.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
var canned = map[string][][2]string{
	"private":                {},
	"bucketownerread":        {},
	"bucketownerfullcontrol": {},
	"publicread":             {{allUsers, "READ"}},
	"publicreadwrite":        {{allUsers, "READ"}, {allUsers, "WRITE"}},
	"authenticatedread":      {{authenticatedUsers, "READ"}},
	"logdeliverywrite":       {{logDelivery, "WRITE"}, {logDelivery, "READ_ACP"}},
	"awsexecread":            {{ec2Bundles, "READ"}},
}

// Canned returns the grants of a canned ACL, in the spelling of either language:
// public-read or PublicRead. What is not known may grant everything to anyone; one
// of several may grant what each of them does.
func (r *Reader) Canned(v value.Value) []ACLGrant {
	list, why := v.Alternatives()
	var out []ACLGrant
	for _, one := range list {
		for _, g := range r.canned(one) {
			g.Maybe = why
			out = append(out, g)
		}
	}
	return out
}

func (r *Reader) canned(v value.Value) []ACLGrant {
	text := r.Text(v, "canned ACL", v.Span)
	name, known := text.Known()
	list, ok := canned[strings.ToLower(strings.ReplaceAll(name, "-", ""))]
	if !known || !ok {
		if known {
			r.Errorf(v.Span, "canned ACL %q is unknown; expected private, public-read, public-read-write, authenticated-read, log-delivery-write or aws-exec-read", name)
			text = Anything("canned ACL")
		}
		u := value.Value{Kind: value.Unknown, Span: v.Span, Text: text}
		return []ACLGrant{{Span: v.Span, URI: u, Permission: u}}
	}
	var out []ACLGrant
	for _, g := range list {
		grantee := value.Value{Kind: value.String, Span: v.Span, Text: value.Lit(g[0])}
		grant := ACLGrant{Span: v.Span, Permission: value.Value{Kind: value.String, Span: v.Span, Text: value.Lit(g[1])}}
		if g[0] == ec2Bundles {
			grant.ID = grantee
		} else {
			grant.URI = grantee
		}
		out = append(out, grant)
	}
	return out
}
