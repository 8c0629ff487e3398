package policyjson

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

// configuration is one of the forms that the configuration of a resource has in
// an access preview.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Configuration.html
type configuration struct {
	name   string
	typ    string
	fields []string
	policy string // the field that holds the policy, if it is one
	more   func(*loader, *resource.Resource, map[string]value.Value)
}

var configurations = []configuration{
	{"s3Bucket", bucketType, p("bucketPolicy", "bucketAclGrants", "bucketPublicAccessBlock", "accessPoints"), "bucketPolicy", (*loader).bucket},
	{"s3ExpressDirectoryBucket", "AWS::S3Express::DirectoryBucket", p("bucketPolicy", "accessPoints"), "bucketPolicy", (*loader).directoryBucket},
	{"kmsKey", "AWS::KMS::Key", p("keyPolicies", "grants"), "", (*loader).key},
	{"iamRole", "AWS::IAM::Role", p("trustPolicy"), "trustPolicy", nil},
	{"sqsQueue", "AWS::SQS::Queue", p("queuePolicy"), "queuePolicy", nil},
	{"snsTopic", "AWS::SNS::Topic", p("topicPolicy"), "topicPolicy", nil},
	{"secretsManagerSecret", "AWS::SecretsManager::Secret", p("secretPolicy", "kmsKeyId"), "secretPolicy", (*loader).secret},
	{"ecrRepository", "AWS::ECR::Repository", p("repositoryPolicy"), "repositoryPolicy", nil},
	{"efsFileSystem", "AWS::EFS::FileSystem", p("fileSystemPolicy"), "fileSystemPolicy", nil},
	{"ebsSnapshot", "AWS::EC2::Snapshot", p("userIds", "groups", "kmsKeyId"), "", (*loader).volumeSnapshot},
	{"rdsDbSnapshot", "AWS::RDS::DBSnapshot", p("attributes", "kmsKeyId"), "", (*loader).databaseSnapshot},
	{"rdsDbClusterSnapshot", "AWS::RDS::DBClusterSnapshot", p("attributes", "kmsKeyId"), "", (*loader).databaseSnapshot},
	{"dynamodbTable", "AWS::DynamoDB::Table", p("tablePolicy"), "tablePolicy", nil},
	{"dynamodbStream", "AWS::DynamoDB::Stream", p("streamPolicy"), "streamPolicy", nil},
}

func configurationNames() []string {
	var names []string
	for _, c := range configurations {
		names = append(names, c.name)
	}
	return names
}

// isPreview reports whether a value is a map of configurations, or the
// parameters of a call that has one.
func isPreview(v value.Value) bool {
	if v.Kind != value.Map {
		return false
	}
	if inner := v.Get("configurations"); inner.Kind == value.Map {
		v = inner
	}
	for _, f := range v.Fields {
		if f.Value.Kind != value.Map || !strings.HasPrefix(f.Key, "arn:") {
			continue
		}
		for _, c := range f.Value.Fields {
			if spelling.Nearest(c.Key, configurationNames()) != "" {
				return true
			}
		}
	}
	return false
}

func (l *loader) preview(v value.Value) {
	if inner := v.Get("configurations"); inner.Kind == value.Map {
		v = l.object(v, "access preview", "configurations", "analyzerArn", "clientToken")["configurations"]
	}
	seen := map[string]bool{}
	for _, f := range v.Fields {
		if seen[f.Key] {
			l.Errorf(f.KeySpan, "configuration of %q is written twice, expected once", f.Key)
		}
		seen[f.Key] = true
		if strings.Count(f.Key, ":") < 5 || !strings.HasPrefix(f.Key, "arn:") {
			l.Errorf(f.KeySpan, "key of a configuration must be the ARN of its resource, found %q", f.Key)
		}
		l.configured(f, knownKeys(v))
	}
}

// knownKeys returns the ARNs of the keys that the input configures.
func knownKeys(v value.Value) []string {
	var keys []string
	for _, f := range v.Fields {
		if f.Value.Get("kmsKey").Kind == value.Map {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

func (l *loader) configured(f value.Field, keys []string) {
	names := configurationNames()
	fields := l.object(f.Value, "configuration of "+f.Key, names...)
	if f.Value.Kind == value.Map && len(fields) != 1 {
		l.Errorf(f.Value.Span, "configuration of %q must be one of %s, found %d of them", f.Key, strings.Join(names, ", "), len(fields))
	}
	for _, c := range configurations {
		v, ok := fields[c.name]
		if !ok {
			continue
		}
		r := resource.Resource{Type: c.typ, Address: f.Key, Span: f.KeySpan}
		setARN(&r, f.Key)
		content := l.object(v, c.name, c.fields...)
		if c.policy != "" {
			if doc := l.Document(content[c.policy]); doc != nil {
				r.Documents = append(r.Documents, resource.Document{Policy: doc})
			}
		}
		if c.more != nil {
			c.more(l, &r, content)
		}
		is := func(key string) bool { return key == r.KeyNotInCode || strings.HasSuffix(key, ":key/"+r.KeyNotInCode) }
		if i := slices.IndexFunc(keys, is); i >= 0 && r.KeyNotInCode != "" {
			r.KeyNotInCode = ""
			if !strings.HasSuffix(c.typ, "Snapshot") {
				r.KeyAddress = keys[i]
			}
		}
		l.add(r)
	}
}

// object returns the fields of an object. Those that are null count as absent.
// What has no meaning there is an error: it may be what was to limit access.
func (l *loader) object(v value.Value, what string, known ...string) map[string]value.Value {
	fields := map[string]value.Value{}
	switch v.Kind {
	case value.Absent, value.Null:
		return fields
	case value.Map:
	default:
		l.Errorf(v.Span, "%s must be an object, found %s", what, v.Kind)
		return fields
	}
	for _, f := range v.Fields {
		if _, twice := fields[f.Key]; twice {
			l.Errorf(f.KeySpan, "field %q of %s is written twice, expected once", f.Key, what)
		}
		if !slices.Contains(known, f.Key) {
			l.unknownField(f, what, known)
			continue
		}
		if f.Value.Kind != value.Null {
			fields[f.Key] = f.Value
		}
	}
	return fields
}

func (l *loader) unknownField(f value.Field, what string, known []string) {
	if near := spelling.Nearest(f.Key, known); near != "" {
		l.Errorf(f.KeySpan, "field %q of %s is unknown; did you mean %q?", f.Key, what, near)
		return
	}
	l.Errorf(f.KeySpan, "field %q of %s is unknown; expected one of %s", f.Key, what, strings.Join(known, ", "))
}

func (l *loader) bucket(r *resource.Resource, fields map[string]value.Value) {
	if v, ok := fields["bucketAclGrants"]; ok {
		var list []grants.ACLGrant
		for _, g := range l.List(v, "bucketAclGrants") {
			grant := l.object(g, "bucketAclGrants", "grantee", "permission")
			grantee := l.object(grant["grantee"], "grantee", "id", "uri")
			list = append(list, grants.ACLGrant{Span: g.Span, ID: grantee["id"], URI: grantee["uri"], Permission: grant["permission"]})
		}
		doc := l.BucketACL(list, v.Span, r.ARN)
		r.Documents = append(r.Documents, resource.Document{Policy: doc, Source: resource.BucketACL, Address: "bucketAclGrants"})
	}
	r.Block = l.block(fields["bucketPublicAccessBlock"], "bucketPublicAccessBlock")
	l.accessPoints(r, fields["accessPoints"], "accessPointPolicy", "publicAccessBlock", "networkOrigin")
}

// directoryBucket: its Block Public Access is on and cannot be turned off.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security.html
func (l *loader) directoryBucket(r *resource.Resource, fields map[string]value.Value) {
	r.Block = &resource.PublicAccessBlock{IgnorePublicACLs: true, RestrictPublicBuckets: true, Address: r.Address}
	l.accessPoints(r, fields["accessPoints"], "accessPointPolicy", "networkOrigin")
}

// block reads Block Public Access; both settings have to be given.
func (l *loader) block(v value.Value, name string) *resource.PublicAccessBlock {
	if v.Kind == value.Absent {
		return nil
	}
	fields := l.object(v, name, "ignorePublicAcls", "restrictPublicBuckets")
	for _, field := range []string{"ignorePublicAcls", "restrictPublicBuckets"} {
		if _, ok := fields[field]; v.Kind == value.Map && !ok {
			l.Errorf(v.Span, "%s has no %q, expected true or false", name, field)
		}
	}
	return &resource.PublicAccessBlock{
		IgnorePublicACLs:      l.flag(fields["ignorePublicAcls"], "ignorePublicAcls"),
		RestrictPublicBuckets: l.flag(fields["restrictPublicBuckets"], "restrictPublicBuckets"),
		Address:               name,
	}
}

func (l *loader) accessPoints(r *resource.Resource, v value.Value, known ...string) {
	if v.Kind != value.Map {
		l.object(v, "accessPoints")
		return
	}
	seen := map[string]bool{}
	for _, f := range v.Fields {
		if seen[f.Key] {
			l.Errorf(f.KeySpan, "access point %q is written twice, expected once", f.Key)
		}
		seen[f.Key] = true
		fields := l.object(f.Value, "access point "+f.Key, known...)
		d := resource.Document{
			Policy:         l.Document(fields["accessPointPolicy"]),
			Source:         resource.AccessPoint,
			Address:        f.Key,
			AccessPointARN: value.Lit(f.Key),
			VPC:            l.networkOrigin(fields["networkOrigin"]),
			Block:          l.block(fields["publicAccessBlock"], "publicAccessBlock"),
		}
		if d.Policy == nil {
			d.Policy = &policy.Document{Span: f.Value.Span} // it lets nobody in
		}
		r.Attachments = append(r.Attachments, f.Key)
		r.Documents = append(r.Documents, d)
	}
}

// networkOrigin returns the id of the VPC that an access point is for, "" for
// the internet.
func (l *loader) networkOrigin(v value.Value) string {
	fields := l.object(v, "networkOrigin", "vpcConfiguration", "internetConfiguration")
	vpc, ok := fields["vpcConfiguration"]
	if !ok {
		return ""
	}
	if _, both := fields["internetConfiguration"]; both {
		l.Errorf(v.Span, `networkOrigin has both "vpcConfiguration" and "internetConfiguration", expected one of them`)
		return ""
	}
	id := l.Text(l.object(vpc, "vpcConfiguration", "vpcId")["vpcId"], "vpcId", vpc.Span)
	return id.Literal
}

// secret: under the key that AWS manages for the service no other account can
// read it.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_SecretsManagerSecretConfiguration.html
func (l *loader) secret(r *resource.Resource, fields map[string]value.Value) {
	const managed = "aws/secretsmanager"
	l.encryption(r, fields["kmsKeyId"])
	if !r.Encrypted {
		r.AWSManagedKey = managed
	}
	r.Encrypted = false // says something about snapshots only
}

// encryption reads kmsKeyId.
func (l *loader) encryption(r *resource.Resource, v value.Value) {
	if v.Kind == value.Absent || v.Kind == value.String && v.Text.Literal == "" {
		return
	}
	r.Encrypted = v.Kind == value.String
	id := l.Text(v, "kmsKeyId", v.Span).Literal
	if i := strings.Index(id, "alias/aws/"); i >= 0 {
		r.AWSManagedKey = id[i+len("alias/"):]
		return
	}
	r.KeyNotInCode = id
}
