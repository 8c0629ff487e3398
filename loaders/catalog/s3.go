package catalog

import (
	"cmp"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

const (
	bucketKind          = "AWS::S3::Bucket"
	accessPointKind     = "AWS::S3::AccessPoint"
	multiRegionKind     = "AWS::S3::MultiRegionAccessPoint"
	directoryKind       = "AWS::S3Express::DirectoryBucket"
	directoryAccessKind = "AWS::S3Express::AccessPoint"
)

var s3Rows = []Row{
	{
		Kind:     bucketKind,
		ARN:      "arn:{partition}:s3:::{name}",
		Combined: "policy, ACLs, object ownership, Block Public Access of bucket and account, access points with their policy, network origin and Block Public Access",
		Resource: []Form{
			{Type: "AWS::S3::Bucket", Name: "BucketName", Read: inlineBucket, Attr: map[string]string{
				"DomainName": "{name}.s3.{suffix}", "RegionalDomainName": "{name}.s3.{region}.{suffix}",
				"DualStackDomainName": "{name}.s3.dualstack.{region}.{suffix}",
			}},
			{Type: "aws_s3_bucket", Name: "bucket", Policy: p("policy"), Read: inlineACL, Attr: map[string]string{
				"bucket_domain_name": "{name}.s3.{suffix}", "bucket_regional_domain_name": "{name}.s3.{region}.{suffix}",
			}},
		},
		Parts: []Form{
			{Type: "AWS::S3::BucketPolicy", Of: p("Bucket"), ByName: true, Policy: p("PolicyDocument")},
			{Type: "aws_s3_bucket_policy", Of: p("bucket"), ByName: true, Policy: p("policy")},
			{Type: "aws_s3_bucket_acl", Of: p("bucket"), ByName: true, Read: bucketACL, Where: "acl, access_control_policy"},
			{Type: "aws_s3_bucket_public_access_block", Of: p("bucket"), ByName: true, Setting: true, Read: blockOfBucket},
			{Type: "aws_s3_account_public_access_block", Of: p(all), Global: true, Setting: true, Read: blockOfAccount},
			{Type: "aws_s3_bucket_ownership_controls", Of: p("bucket"), ByName: true, Setting: true, Read: ownershipControls},
			{Type: "aws_s3_object", Of: p("bucket"), ByName: true, Has: p("acl"), Read: objectACL, Where: "acl"},
			{Type: "aws_s3_object_copy", Of: p("bucket"), ByName: true, Has: p("acl", "grant"), Read: objectACL, Where: "acl, grant"},
			{Type: "AWS::S3::AccessPoint", Name: "Name", Of: p("Bucket"), ByName: true, Inside: accessPointKind, Read: accessPoint},
			{Type: "aws_s3_access_point", Name: "name", Of: p("bucket"), ByName: true, Inside: accessPointKind, Read: accessPoint},
			{Type: "AWS::S3::MultiRegionAccessPoint", Name: "Name", Of: p("Regions.Bucket"), ByName: true, Inside: multiRegionKind, Read: accessPoint},
			{Type: "aws_s3control_multi_region_access_point", Name: "details.name", Of: p("details.region.bucket"), ByName: true, Inside: multiRegionKind, Read: accessPoint},
		},
		Settle: settleBucket,
	},
	{
		Kind:     accessPointKind,
		ARN:      "arn:{partition}:s3:{region}:{account}:accesspoint/{name}",
		Combined: "policy, network origin, Block Public Access; with the bucket's if it is in the input",
		Resource: []Form{
			{Type: "AWS::S3::AccessPoint", Name: "Name", Policy: p("Policy"), Read: pointAlone, Attr: map[string]string{
				"Alias": "{Alias}", "Name": "{name}",
			}},
			{Type: "aws_s3_access_point", Name: "name", Policy: p("policy"), Read: pointAlone, Attr: map[string]string{
				"id": "{account}:{name}", "alias": "{alias}",
			}},
			{Type: "AWS::FSx::S3AccessPointAttachment", Name: "Name", Policy: p("S3AccessPoint.Policy"), Read: pointAlone},
			{Type: "aws_fsx_s3_access_point_attachment", Name: "name", Policy: p("s3_access_point.policy"), Read: pointAlone},
		},
		Parts: []Form{
			{Type: "aws_s3control_access_point_policy", Of: p("access_point_arn"), Policy: p("policy")},
		},
		Settle: settlePoint,
	},
	{
		Kind:     multiRegionKind,
		ARN:      "arn:{partition}:s3::{account}:accesspoint/{Alias}",
		Combined: "policy, Block Public Access; with that of every bucket that is in the input",
		Resource: []Form{
			{Type: "AWS::S3::MultiRegionAccessPoint", Name: "Name", Read: pointAlone, Attr: map[string]string{"Alias": "{Alias}"}},
			{Type: "aws_s3control_multi_region_access_point", Name: "details.name", Read: pointAlone, ARN: "arn:{partition}:s3::{account}:accesspoint/{alias}", Attr: map[string]string{
				"id": "{account}:{name}", "alias": "{alias}",
			}},
		},
		Parts: []Form{
			{Type: "AWS::S3::MultiRegionAccessPointPolicy", Of: p("MrapName"), Policy: p("Policy")},
			{Type: "aws_s3control_multi_region_access_point_policy", Of: p("details.name"), Policy: p("details.policy")},
		},
		Settle: settlePoint,
	},
	{
		Kind:     directoryKind,
		ARN:      "arn:{partition}:s3express:{region}:{account}:bucket/{name}",
		Combined: "policy, access points; Block Public Access is always on",
		Resource: []Form{
			{Type: "AWS::S3Express::DirectoryBucket", Name: "BucketName", Read: directory},
			{Type: "aws_s3_directory_bucket", Name: "bucket", Read: directory},
		},
		Parts: []Form{
			{Type: "AWS::S3Express::BucketPolicy", Of: p("Bucket"), ByName: true, Policy: p("PolicyDocument"), Read: directory},
			{Type: "aws_s3_bucket_policy", Of: p("bucket"), ByName: true, Policy: p("policy"), Read: directory},
			{Type: "AWS::S3Express::AccessPoint", Name: "Name", Of: p("Bucket"), ByName: true, Inside: directoryAccessKind, Read: accessPoint},
			{Type: "aws_s3_access_point", Name: "name", Of: p("bucket"), ByName: true, Inside: directoryAccessKind, Read: accessPoint},
		},
	},
	{
		Kind:     directoryAccessKind,
		ARN:      "arn:{partition}:s3express:{region}:{account}:accesspoint/{name}",
		Combined: "policy, network origin; with the bucket's if it is in the input",
		Resource: []Form{
			{Type: "AWS::S3Express::AccessPoint", Name: "Name", Policy: p("Policy"), Read: pointAlone},
		},
		Settle: settlePoint,
	},
	{
		Kind: "AWS::S3::AccessGrantsInstance",
		ARN:  "arn:{partition}:s3:{region}:{account}:access-grants/default",
		Parts: []Form{
			{Type: "aws_s3control_access_grants_instance_resource_policy", Of: p(all), Policy: p("policy")},
		},
		Resource: []Form{
			{Type: "AWS::S3::AccessGrantsInstance", Attr: map[string]string{"Ref": "{arn}", "AccessGrantsInstanceArn": "{arn}"}, Where: "its policy cannot be declared"},
			{Type: "aws_s3control_access_grants_instance", Attr: map[string]string{"access_grants_instance_arn": "{arn}"}},
		},
	},
	{
		Kind:    "AWS::S3::Glacier",
		Several: true,
		ARN:     "arn:{partition}:glacier:{region}:{account}:vaults/{name}",
		Resource: []Form{
			{Type: "aws_glacier_vault", Name: "name", Policy: p("access_policy")},
		},
		Parts: []Form{{Type: "aws_glacier_vault_lock", Of: p("vault_name"), ByName: true, Policy: p("policy")}},
	},
}

// p is a list of property paths.
func p(paths ...string) []string { return paths }

// flag reads a switch that blocks access. One that is not known does not block.
func (b *building) flag(v value.Value, name string, block Block) bool {
	if v.Kind == value.Unknown {
		b.note("%s of %s is not known and taken to be off", name, block.Address)
		return false
	}
	text, known := v.Text.Known()
	switch {
	case v.Kind == value.Absent, v.Kind == value.Null:
		return false
	case (v.Kind == value.Bool || v.Kind == value.String) && known && strings.EqualFold(text, "true"):
		return true
	case (v.Kind == value.Bool || v.Kind == value.String) && known && strings.EqualFold(text, "false"):
		return false
	case v.Kind == value.String && !known:
		b.note("%s of %s is not known and taken to be off", name, block.Address)
		return false
	}
	b.Errorf(v.Span, "%s must be true or false, found %s", name, v.Kind)
	return false
}

// undecided names what decides a switch that is not known, by its reference or,
// where it has none, by what the switch is; "" if the switch is known.
func undecided(v value.Value, what string) string {
	if _, known := v.Text.Known(); v.Kind != value.Unknown && (v.Kind != value.String || known) {
		return ""
	}
	return cmp.Or(append(v.Text.References(), what)...)
}

// blockOf reads the settings of Block Public Access in a map, spelt as in either
// language. A setting that is not written has the given value.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func (b *building) blockOf(v value.Value, block Block, unset bool) *resource.PublicAccessBlock {
	read := func(names ...string) (on bool, needs string) {
		for _, name := range names {
			if setting := one(v, name); setting.Kind != value.Absent {
				if needs = undecided(setting, name+" of "+block.Address); needs != "" {
					b.note("%s of %s is not known", name, block.Address)
					return false, needs
				}
				return b.flag(setting, name, block), ""
			}
		}
		return unset, ""
	}
	p := &resource.PublicAccessBlock{Address: block.Address}
	p.IgnorePublicACLs, p.IgnoreNeeds = read("IgnorePublicAcls", "ignore_public_acls")
	p.RestrictPublicBuckets, p.RestrictNeeds = read("RestrictPublicBuckets", "restrict_public_buckets")
	return p
}

// restrict adds settings to those of the bucket: the strictest hold.
func (b *building) restrict(p *resource.PublicAccessBlock) {
	if b.maybe {
		return
	}
	b.res.Block = resource.Strictest(b.res.Block, p)
}

func blockOfBucket(b *building, block Block) {
	b.restrict(b.blockOf(block.Properties, block, false))
}

// blockOfAccount reads the settings of an account: the own one, unless another is
// written. Those of another account block nothing here.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html
func blockOfAccount(b *building, block Block) {
	id := one(block.Properties, "account_id")
	if id.Kind == value.Absent || id.Kind == value.Null || same(id.Text, own(b.from(), value.OwnAccount)) {
		blockOfBucket(b, block)
		return
	}
	text, known := id.Text.Known()
	switch {
	case id.Kind == value.Unknown || !known:
		b.note("which account %s is for is not known: it is taken to block nothing here", block.Address)
		if !b.maybe {
			b.res.AccountBlock = b.blockOf(block.Properties, block, false)
			b.res.AccountBlock.Account = id.Text.String()
		}
	case b.from().Account == "" && !b.maybe:
		p := b.blockOf(block.Properties, block, false)
		p.Account = text
		b.res.AccountBlock = p
	}
}

func ownershipControls(b *building, block Block) {
	if !b.maybe {
		b.ownership = one(block.Properties, "rule.object_ownership")
	}
}

// inlineBucket reads what CloudFormation sets on the bucket itself.
func inlineBucket(b *building, block Block) {
	if v := one(block.Properties, "PublicAccessBlockConfiguration"); v.Kind != value.Absent {
		b.restrict(b.blockOf(v, block, false))
	}
	b.ownership = one(block.Properties, "OwnershipControls.Rules.ObjectOwnership")
	inlineACL(b, block)
}

// list is an access control list of the bucket or of an object, before object
// ownership has its say.
type list struct {
	grants []grants.ACLGrant
	span   source.Span
	block  Block
	object value.Text // key, if it is an object's
}

// inlineACL reads the canned ACL or the grants that a bucket is declared with.
func inlineACL(b *building, block Block) {
	acl := list{block: block}
	for _, name := range []string{"AccessControl", "acl"} {
		if v := one(block.Properties, name); v.Kind != value.Absent {
			acl.span = v.Span
			acl.grants = append(acl.grants, b.Canned(v)...)
		}
	}
	for _, g := range at(block.Properties, "grant") {
		for _, item := range items(g) {
			acl.span = item.Span
			acl.grants = append(acl.grants, b.aclGrants(item, item, "permissions", block)...)
		}
	}
	b.addACL(acl)
}

// bucketACL reads aws_s3_bucket_acl.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_acl
func bucketACL(b *building, block Block) {
	inlineACL(b, block)
	for _, v := range at(block.Properties, "access_control_policy") {
		for _, item := range items(v) {
			owner, _ := written(item, "owner.id")
			acl := list{block: block, span: item.Span}
			for _, g := range at(item, "grant") {
				for _, grant := range items(g) {
					grantee := one(grant, "grantee")
					for _, x := range b.aclGrants(grant, grantee, "permission", block) {
						if x.ID.Kind == value.Absent || !same(x.ID.Text, owner) {
							acl.grants = append(acl.grants, x)
						}
					}
				}
			}
			if item.Kind == value.Unknown {
				acl.grants = append(acl.grants, b.Canned(item)...)
			}
			b.addACL(acl)
		}
	}
}

// aclGrants reads a grant with its grantee: one for each permission.
func (b *building) aclGrants(grant, grantee value.Value, permissions string, block Block) []grants.ACLGrant {
	if grant.Kind == value.Unknown || grantee.Kind == value.Unknown {
		v := grant
		if v.Kind != value.Unknown {
			v = grantee
		}
		return []grants.ACLGrant{{Span: v.Span, URI: v, Permission: v}}
	}
	id, uri := one(grantee, "id"), one(grantee, "uri")
	email := one(grantee, "email_address")
	if email.Kind == value.Absent {
		email = one(grantee, "email")
	}
	if email.Kind != value.Absent && id.Kind == value.Absent {
		id = email // of an account, whose canonical id it stands for
	}
	if id.Kind == value.String && len(id.Text.Parts) == 1 && id.Text.Parts[0].Ref.Is == value.OwnName && id.Text.Parts[0].Ref.Scope == block.Scope {
		return nil // an own identity
	}
	if uri.Kind != value.Absent && uri.Kind != value.Unknown && uri.Text.Literal == "" && uri.Text.Parts == nil {
		uri = value.Value{}
	}
	var out []grants.ACLGrant
	for _, p := range at(grant, permissions) {
		for _, permission := range items(p) {
			out = append(out, grants.ACLGrant{Span: grant.Span, ID: id, URI: uri, Permission: permission})
		}
	}
	return out
}

// objectACL reads the ACL of one object.
func objectACL(b *building, block Block) {
	v := one(block.Properties, "acl")
	key, ok := written(block.Properties, "key")
	if !ok {
		key = value.Lit("*")
	}
	acl := list{span: v.Span, block: block, object: key}
	if v.Kind != value.Absent {
		acl.grants = b.Canned(v)
	}
	for _, g := range at(block.Properties, "grant") {
		for _, item := range items(g) {
			acl.span = item.Span
			acl.grants = append(acl.grants, b.aclGrants(item, item, "permissions", block)...)
		}
	}
	b.addACL(acl)
}

func (b *building) addACL(l list) {
	if len(l.grants) > 0 {
		b.lists = append(b.lists, l)
	}
}

// objectActions are what the permissions of bucket ACLs amount to on an object.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
var objectActions = map[string][]string{
	"s3:ListBucket": {"s3:GetObject", "s3:GetObjectVersion"}, "s3:GetBucketAcl": {"s3:GetObjectAcl"}, "s3:PutBucketAcl": {"s3:PutObjectAcl"},
}

// settleBucket adds the access control lists, unless ownership disables them.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
func settleBucket(b *building) {
	ownership, known := b.ownership.Text.Known()
	if known && ownership == "BucketOwnerEnforced" {
		return
	}
	b.res.ObjectACLs = known && (ownership == "ObjectWriter" || ownership == "BucketOwnerPreferred")
	switch {
	case len(b.lists) == 0:
	case b.ownership.Kind == value.Absent:
		b.note("object ownership is not part of the input: access control lists are taken to be in force")
	case !known:
		b.note("object ownership is not known: access control lists are taken to be in force")
	}
	for _, l := range b.lists {
		doc := b.BucketACL(l.grants, l.span, b.res.ARN)
		if l.object.Literal != "" || l.object.Parts != nil {
			onObject(doc, value.Join(b.res.ARN, value.Lit("/"), l.object))
		}
		b.add(resource.Document{Policy: doc, Source: resource.BucketACL}, l.block)
	}
}

// onObject turns the grants of a bucket's ACL into those of an object's.
func onObject(doc *policy.Document, arn value.Text) {
	for i := range doc.Statements {
		s := &doc.Statements[i]
		span := s.Span
		var actions []string
		for _, a := range s.Action.List {
			actions = append(actions, objectActions[a.Text.Literal]...)
		}
		if len(actions) == 0 {
			actions = []string{"s3:GetObject"} // WRITE: it means nothing on an object
		}
		*s = grants.Allow(s.Index, span, s.Principal.List[0], actions, arn)
	}
}

// directory: its Block Public Access is on and cannot be turned off.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security.html
func directory(b *building, block Block) {
	b.res.Block = &resource.PublicAccessBlock{IgnorePublicACLs: true, RestrictPublicBuckets: true, Address: b.res.Address}
}

// accessPoint adds an access point to its bucket.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
func accessPoint(b *building, block Block) {
	var from place
	for _, o := range b.joiner.types[block.Type] {
		if !o.part {
			from = o
		}
	}
	d := resource.Document{
		Source:         resource.AccessPoint,
		AccessPointARN: from.arn(block),
		Policy:         &policy.Document{Span: block.Span}, // it lets nobody in
	}
	if b.row.Kind == directoryKind {
		d.AccessPointARN = from.fill("arn:{partition}:s3express:{region}:{account}:accesspoint/{name}", block)
	}
	d.VPC, d.Block = b.origin(block)
	merge := func(paths []string, from Block) {
		for _, path := range paths {
			for _, v := range at(from.Properties, path) {
				doc := b.document(v, from)
				if doc == nil {
					continue
				}
				if len(d.Policy.Statements) == 0 {
					d.Policy = doc
					continue
				}
				joined := *d.Policy
				joined.Statements = append(joined.Statements[:len(joined.Statements):len(joined.Statements)], doc.Statements...)
				d.Policy = &joined
			}
		}
	}
	merge(from.form.Policy, block)
	for _, c := range b.inner {
		if c.block != nil {
			merge(c.part.form.Policy, *c.block)
		}
	}
	b.add(d, block)
}

// origin reads where an access point takes requests from, and its Block Public
// Access: nil is all on, as AWS makes it.
func (b *building) origin(block Block) (vpc string, pab *resource.PublicAccessBlock) {
	for _, path := range []string{"VpcConfiguration.VpcId", "vpc_configuration.vpc_id", "S3AccessPoint.VpcConfiguration.VpcId", "s3_access_point.vpc_configuration.vpc_id"} {
		if t, ok := written(block.Properties, path); ok {
			vpc = standIn(t)
		}
	}
	if v := one(block.Properties, "PublicAccessBlockConfiguration"); v.Kind != value.Absent {
		pab = b.blockOf(v, block, false)
	}
	for _, path := range []string{"public_access_block_configuration", "details.public_access_block"} {
		if v := one(block.Properties, path); v.Kind != value.Absent {
			pab = b.blockOf(v, block, true)
		}
	}
	return vpc, pab
}

// standIn is a text in which names that AWS will give are stand-ins.
func standIn(t value.Text) string {
	return t.Write(func(r value.Reference) string { return value.StandIn(r.Name) })
}

// pointAlone reads an access point whose bucket is not in the input.
func pointAlone(b *building, block Block) {
	b.vpc, b.res.Block = b.origin(block)
	if b.res.Block == nil {
		b.res.Block = &resource.PublicAccessBlock{IgnorePublicACLs: true, RestrictPublicBuckets: true, Address: block.Address}
	}
}

// settlePoint limits an access point to the network that it takes requests from.
func settlePoint(b *building) {
	if b.vpc == "" {
		return
	}
	b.limit(grants.Where("StringEquals", "aws:SourceVpc", value.Lit(b.vpc), b.res.Span), func(*policy.Statement) bool { return true })
}
