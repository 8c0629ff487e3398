package policyjson

import (
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

// recorded are the types whose policies AWS Config records. Of the other types that
// take a policy nothing is known from their items.
//
// https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html
var recorded = []string{
	"AWS::IAM::Role", bucketType, "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::KMS::Key", "AWS::Lambda::Function", "AWS::ECR::Repository", "AWS::EFS::FileSystem",
}

// configSnapshot reads a snapshot of AWS Config, or its history of one resource.
//
// https://docs.aws.amazon.com/config/latest/developerguide/example-s3-snapshot.html
func (l *loader) configSnapshot(v value.Value, w *wrapper) { l.configItems(at(v, w.policy).Items) }

// configResults reads the output of select-resource-config: each result is an item
// as a text.
//
// https://docs.aws.amazon.com/config/latest/APIReference/API_SelectResourceConfig.html
func (l *loader) configResults(v value.Value, w *wrapper) {
	var items []value.Value
	for _, text := range at(v, w.policy).Items {
		if item := l.Tree(text); item.Kind == value.Map {
			items = append(items, item)
		} else {
			l.Errorf(text.Span, "expected a result of select-resource-config: an object as text")
		}
	}
	l.configItems(items)
}

func (l *loader) configItems(items []value.Value) {
	silent := map[string]int{}
	var account *resource.PublicAccessBlock
	begin := len(l.out.Resources)
	for _, item := range items {
		status, _ := item.Get("configurationItemStatus").Text.Known()
		if strings.HasPrefix(status, "ResourceDeleted") {
			continue
		}
		if kind, _ := item.Get("resourceType").Text.Known(); kind == "AWS::S3::AccountPublicAccessBlock" {
			account = l.configAccountBlock(item)
			continue
		}
		if kind, ok := l.configItem(item); !ok {
			silent[kind]++
		}
	}
	for i := begin; account != nil && i < len(l.out.Resources); i++ {
		if r := &l.out.Resources[i]; r.Type == bucketType {
			r.AccountBlock = account
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(silent)) {
		l.Warnf(items[0].Span, "AWS Config does not record the policies of %s: nothing is known of %d of them", kind, silent[kind])
	}
}

// configItem reads one item: every policy in it is the resource's. It reports
// whether it is known that there is no other.
func (l *loader) configItem(item value.Value) (kind string, ok bool) {
	first := func(names ...string) string {
		for _, n := range names {
			if s, _ := item.Get(n).Text.Known(); s != "" {
				return s
			}
		}
		return ""
	}
	kind = first("resourceType")
	arn := first("ARN", "arn")
	r := resource.Resource{Type: kind, Span: item.Span, Account: first("awsAccountId", "accountId"), Address: arn}
	if known, isKind := knowledge.KindOf(kind); isKind {
		r.Type = known.Type
	}
	setARN(&r, arn)
	if at := item.Get("resourceType").Span; !at.IsZero() {
		r.Span = at
	}
	var policies []value.Value
	l.policiesIn(item, 0, &policies)
	for _, v := range policies {
		doc := l.Document(v)
		switch {
		case doc == nil:
		case isIdentityPolicy(doc):
			identity := resource.Resource{Type: identityType, IdentityPolicy: true, Span: v.Span, Address: arn, Documents: []resource.Document{{Policy: doc}}}
			l.add(identity)
		default:
			r.Documents = append(r.Documents, resource.Document{Policy: doc})
		}
	}
	if r.Type == bucketType {
		l.configBucket(&r, item.Get("supplementaryConfiguration"))
	}
	_, isKind := knowledge.KindOf(kind)
	if len(r.Documents) > 0 || slices.Contains(recorded, r.Type) {
		l.add(r)
		return kind, true
	}
	return kind, !isKind || kind == identityType
}

// deepestItem is how deep a policy is looked for in an item.
const deepestItem = 12

// policiesIn collects the policies in an item: objects, and texts that hold one.
func (l *loader) policiesIn(v value.Value, depth int, to *[]value.Value) {
	switch {
	case depth > deepestItem:
	case v.Kind == value.Map && v.Get("Statement").Kind != value.Absent && isPolicy(v):
		*to = append(*to, v)
	case v.Kind == value.Map:
		for _, f := range v.Fields {
			l.policiesIn(f.Value, depth+1, to)
		}
	case v.Kind == value.List:
		for _, item := range v.Items {
			l.policiesIn(item, depth+1, to)
		}
	case v.Kind == value.String && startsPolicy(v.Text.Literal) && strings.Contains(v.Text.Literal, "Statement"):
		if tree := l.Tree(v); isPolicy(tree) || tree.Kind != value.Map {
			*to = append(*to, v)
		} else { // an object as text, with a policy in it, as the API has all of a configuration
			l.policiesIn(tree, depth+1, to)
		}
	}
}

// configAccountBlock reads Block Public Access of the account.
func (l *loader) configAccountBlock(item value.Value) *resource.PublicAccessBlock {
	settings := l.Tree(item.Get("configuration"))
	id, _ := item.Get("resourceId").Text.Known()
	return &resource.PublicAccessBlock{
		IgnorePublicACLs: l.flag(settings.Get("ignorePublicAcls"), "ignorePublicAcls"), RestrictPublicBuckets: l.flag(settings.Get("restrictPublicBuckets"), "restrictPublicBuckets"),
		Address: "AWS::S3::AccountPublicAccessBlock", Account: id,
	}
}

// configBucket reads the access control list and Block Public Access of a bucket.
func (l *loader) configBucket(r *resource.Resource, more value.Value) {
	if acl := l.Tree(more.Get("AccessControlList")); acl.Kind == value.Map {
		owner, _ := acl.Get("owner").Get("id").Text.Known()
		var list []grants.ACLGrant
		for _, g := range acl.Get("grantList").Items {
			grant := grants.ACLGrant{Span: g.Span, ID: g.Get("grantee").Get("id"), Permission: g.Get("permission")}
			if id, _ := grant.ID.Text.Known(); id != "" && id == owner {
				continue
			}
			if group := g.Get("grantee"); group.Kind == value.String {
				grant.URI = group
				grant.URI.Text = value.Lit("http://acs.amazonaws.com/groups/global/" + group.Text.Literal)
			}
			if name, ok := configPermissions[grant.Permission.Text.Literal]; ok {
				grant.Permission.Text = value.Lit(name)
			}
			list = append(list, grant)
		}
		r.Documents = append(r.Documents, resource.Document{Policy: l.BucketACL(list, acl.Span, r.ARN), Source: resource.BucketACL, Address: "AccessControlList"})
	}
	if block := l.Tree(more.Get("PublicAccessBlockConfiguration")); block.Kind == value.Map {
		r.Block = &resource.PublicAccessBlock{
			IgnorePublicACLs: l.flag(block.Get("ignorePublicAcls"), "ignorePublicAcls"), RestrictPublicBuckets: l.flag(block.Get("restrictPublicBuckets"), "restrictPublicBuckets"),
			Address: "PublicAccessBlockConfiguration",
		}
	}
}

// configPermissions are AWS Config's words for the permissions of a list.
var configPermissions = map[string]string{"FullControl": "FULL_CONTROL", "Read": "READ", "Write": "WRITE", "ReadAcp": "READ_ACP", "WriteAcp": "WRITE_ACP"}
