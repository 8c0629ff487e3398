package policyjson

import (
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

// wrapper describes the output of one or several commands of the AWS command
// line. Paths go through objects.
type wrapper struct {
	list    []string   // path of a list with one resource in each item, nil: the output is one
	needs   [][]string // fields of the output that must be there beside the policy
	policy  []string   // path of the policy in the resource
	arn     []string   // path of the resource's ARN
	account []string   // path of the owner's account id
	typ     string     // "" infers
	special func(*loader, value.Value, *wrapper)
	item    string // field of each item of the list that special reads, "" for any
}

// wrappers are in the order in which they are tried. The forms are those of
// the AWS CLI 2 command reference.
//
// https://docs.aws.amazon.com/cli/latest/reference/
var wrappers = []wrapper{
	// config: snapshots and select-resource-config
	{policy: p("configurationItems"), special: (*loader).configSnapshot, item: "resourceType"},
	{needs: [][]string{p("QueryInfo")}, policy: p("Results"), special: (*loader).configResults},
	// iam get-role, list-roles, get-account-authorization-details
	{policy: p("Role", "AssumeRolePolicyDocument"), arn: p("Role", "Arn"), typ: "AWS::IAM::Role"},
	{list: p("Roles"), policy: p("AssumeRolePolicyDocument"), arn: p("Arn"), typ: "AWS::IAM::Role"},
	{list: p("RoleDetailList"), policy: p("AssumeRolePolicyDocument"), arn: p("Arn"), typ: "AWS::IAM::Role"},
	// iam get-policy-version, get-role-policy, get-user-policy, get-group-policy
	{policy: p("PolicyVersion", "Document"), typ: identityType},
	{needs: [][]string{p("PolicyName")}, policy: p("PolicyDocument"), typ: identityType},
	// sqs get-queue-attributes, sns get-topic-attributes
	{needs: [][]string{p("Attributes", "QueueArn")}, policy: p("Attributes", "Policy"), arn: p("Attributes", "QueueArn"), typ: "AWS::SQS::Queue"},
	{needs: [][]string{p("Attributes", "TopicArn")}, policy: p("Attributes", "Policy"), arn: p("Attributes", "TopicArn"), typ: "AWS::SNS::Topic"},
	{policy: p("Attributes", "Policy")},
	// kms get-key-policy
	{needs: [][]string{p("PolicyName")}, policy: p("Policy"), typ: "AWS::KMS::Key"},
	// efs describe-file-system-policy
	{needs: [][]string{p("FileSystemId")}, policy: p("Policy"), typ: "AWS::EFS::FileSystem"},
	// backup get-backup-vault-access-policy
	{needs: [][]string{p("BackupVaultArn")}, policy: p("Policy"), arn: p("BackupVaultArn"), typ: "AWS::Backup::BackupVault"},
	// events describe-event-bus
	{needs: [][]string{p("Arn"), p("Name")}, policy: p("Policy"), arn: p("Arn")},
	// s3api get-bucket-policy, s3control get-access-point-policy, lambda get-policy,
	// lambda get-layer-version-policy, dynamodb and kinesis get-resource-policy
	{policy: p("Policy")},
	// secretsmanager get-resource-policy, cloudtrail get-resource-policy
	{needs: [][]string{p("ARN")}, policy: p("ResourcePolicy"), arn: p("ARN"), typ: "AWS::SecretsManager::Secret"},
	{needs: [][]string{p("ResourceArn")}, policy: p("ResourcePolicy"), arn: p("ResourceArn")},
	// ecr get-repository-policy, get-registry-policy
	{needs: [][]string{p("repositoryName")}, policy: p("policyText"), account: p("registryId"), typ: "AWS::ECR::Repository"},
	{needs: [][]string{p("registryId")}, policy: p("policyText"), account: p("registryId"), typ: "AWS::ECR::RegistryPolicy"},
	// opensearch and es describe-domain, describe-domains, describe-domain-config
	{policy: p("DomainStatus", "AccessPolicies"), arn: p("DomainStatus", "ARN"), typ: "AWS::OpenSearchService::Domain"},
	{list: p("DomainStatusList"), policy: p("AccessPolicies"), arn: p("ARN"), typ: "AWS::OpenSearchService::Domain"},
	{policy: p("DomainConfig", "AccessPolicies", "Options"), typ: "AWS::OpenSearchService::Domain"},
	// glacier get-vault-access-policy, codeartifact get-domain- and get-repository-permissions-policy
	{policy: p("policy", "Policy"), typ: "AWS::S3::Glacier"},
	{policy: p("policy", "document"), arn: p("policy", "resourceArn")},
	// apigateway get-rest-api, get-rest-apis
	{needs: [][]string{p("id"), p("name")}, policy: p("policy"), typ: "AWS::ApiGateway::RestApi"},
	{list: p("items"), policy: p("policy"), typ: "AWS::ApiGateway::RestApi"},
	// logs describe-resource-policies
	{list: p("resourcePolicies"), policy: p("policyDocument"), typ: "AWS::Logs::ResourcePolicy"},
	// glue get-resource-policy
	{policy: p("PolicyInJson"), typ: "AWS::Glue::DataCatalog"},
	// ec2 describe-vpc-endpoints
	{list: p("VpcEndpoints"), policy: p("PolicyDocument"), typ: "AWS::EC2::VPCEndpoint"},
	// s3tables get-table-bucket-policy, get-table-policy
	{policy: p("resourcePolicy")},
	// s3control get-multi-region-access-point-policy
	{policy: p("Policy", "Established", "Policy")},
	// organizations describe-resource-policy, redshift get-resource-policy
	{policy: p("ResourcePolicy", "Content"), typ: "AWS::Organizations::ResourcePolicy"},
	{policy: p("ResourcePolicy", "Policy"), arn: p("ResourcePolicy", "ResourceArn")},
	// ssm get-resource-policies, xray list-resource-policies, logs describe-destinations
	{list: p("Policies"), policy: p("Policy")},
	{list: p("ResourcePolicies"), policy: p("PolicyDocument"), typ: "AWS::XRay::ResourcePolicy"},
	{list: p("destinations"), policy: p("accessPolicy"), arn: p("arn"), typ: "AWS::Logs::Destination"},
	// codebuild get-resource-policy, vpc-lattice get-auth-policy and get-resource-policy
	{policy: p("policy")},
	// ses and sesv2 get-identity-policies
	{policy: p("Policies"), special: (*loader).namedPolicies},
	// kms list-grants
	{policy: p("Grants"), special: (*loader).keyGrants, typ: "AWS::KMS::Key", item: "GranteePrincipal"},
	// ec2 describe-snapshot-attribute, describe-image-attribute
	{policy: p("CreateVolumePermissions"), special: (*loader).permissions, typ: "AWS::EC2::Snapshot"},
	{policy: p("LaunchPermissions"), special: (*loader).permissions, typ: "AWS::EC2::Image"},
	// rds describe-db-snapshot-attributes, describe-db-cluster-snapshot-attributes
	{policy: p("DBSnapshotAttributesResult", "DBSnapshotAttributes"), special: (*loader).restoreAttribute, typ: "AWS::RDS::DBSnapshot"},
	{policy: p("DBClusterSnapshotAttributesResult", "DBClusterSnapshotAttributes"), special: (*loader).restoreAttribute, typ: "AWS::RDS::DBClusterSnapshot"},
	// s3api get-bucket-acl, get-public-access-block
	{needs: [][]string{p("Owner")}, policy: p("Grants"), special: (*loader).bucketACL},
	{policy: p("PublicAccessBlockConfiguration"), special: (*loader).publicAccessBlock},
	// One role of a list; and what people and tools keep a policy under.
	{policy: p("AssumeRolePolicyDocument"), arn: p("Arn"), typ: "AWS::IAM::Role"},
	{policy: p("PolicyDocument")},
	{policy: p("policyDocument")},
	{policy: p("Document")},
	{policy: p("document")},
}

func p(path ...string) []string { return path }

// at returns the value at a path.
func at(v value.Value, path []string) value.Value {
	for _, key := range path {
		v = v.Get(key)
	}
	return v
}

// findWrapper returns the row that describes a value, nil if none does.
func findWrapper(v value.Value) *wrapper {
	if v.Kind != value.Map {
		return nil
	}
	for i := range wrappers {
		if wrappers[i].describes(v) {
			return &wrappers[i]
		}
	}
	return nil
}

func (w *wrapper) describes(v value.Value) bool {
	for _, path := range w.needs {
		if at(v, path).Kind == value.Absent {
			return false
		}
	}
	if w.list == nil {
		return w.holdsPolicy(v)
	}
	items := at(v, w.list)
	if items.Kind != value.List {
		return false
	}
	for _, item := range items.Items {
		if w.holdsPolicy(item) {
			return true
		}
	}
	return false
}

// holdsPolicy tells by the beginning: package.json and others have fields of
// these names too.
func (w *wrapper) holdsPolicy(v value.Value) bool {
	found := at(v, w.policy)
	if w.special != nil {
		return (found.Kind == value.List || found.Kind == value.Map) && w.hasItems(found)
	}
	switch found.Kind {
	case value.Map:
		return isPolicy(found)
	case value.String:
		return startsPolicy(found.Text.Literal)
	}
	return false
}

func (w *wrapper) hasItems(v value.Value) bool {
	for _, item := range v.Items {
		if w.item != "" && item.Get(w.item).Kind == value.Absent {
			return false
		}
	}
	return w.item == "" || len(v.Items) > 0
}

// namedPolicies reads an object whose fields are policies.
//
// https://docs.aws.amazon.com/cli/latest/reference/sesv2/get-email-identity-policies.html
func (l *loader) namedPolicies(v value.Value, w *wrapper) {
	for _, f := range at(v, w.policy).Fields {
		r := resource.Resource{Type: w.typ, Span: f.Value.Span}
		if doc := l.Document(f.Value); doc != nil {
			l.describe(&r, doc)
			l.add(r)
		}
	}
}

func startsPolicy(text string) bool {
	for i := range len(text) {
		switch text[i] {
		case ' ', '\t', '\r', '\n':
		case '{':
			return true
		case '%':
			return len(text) > i+2 && text[i+1] == '7' && text[i+2]|0x20 == 'b'
		default:
			return false
		}
	}
	return false
}

func (l *loader) wrapped(v value.Value, w *wrapper) {
	l.uniqueKeys(v)
	if w.special != nil {
		w.special(l, v, w)
		return
	}
	items := []value.Value{v}
	if w.list != nil {
		items = at(v, w.list).Items
	}
	for _, item := range items {
		l.wrappedOne(item, w)
	}
}

func (l *loader) wrappedOne(v value.Value, w *wrapper) {
	text := at(v, w.policy)
	if text.Kind == value.Absent {
		return
	}
	r := resource.Resource{Type: w.typ, Span: text.Span}
	if w.account != nil {
		r.Account, _ = at(v, w.account).Text.Known()
	}
	if w.arn != nil {
		arn, _ := at(v, w.arn).Text.Known()
		setARN(&r, arn)
		if r.Type == "" {
			r.Type = typeOfARN(arn)
		}
	}
	if doc := l.Document(text); doc != nil {
		l.describe(&r, doc)
		l.add(r)
	}
}

// uniqueKeys reports duplicate keys of the objects around a policy: only one of
// them can be meant. Inside a policy the decoder does.
func (l *loader) uniqueKeys(v value.Value) {
	switch {
	case v.Kind == value.List:
		for _, item := range v.Items {
			l.uniqueKeys(item)
		}
	case v.Kind == value.Map && !isPolicy(v):
		seen := map[string]bool{}
		for _, f := range v.Fields {
			if seen[f.Key] {
				l.Errorf(f.KeySpan, "key %q is written twice, expected once", f.Key)
			}
			seen[f.Key] = true
			l.uniqueKeys(f.Value)
		}
	}
}

// bucketACL reads the grants of a bucket. The owner's own give nothing.
func (l *loader) bucketACL(v value.Value, w *wrapper) {
	owner := at(v, p("Owner", "ID"))
	var list []grants.ACLGrant
	for _, g := range at(v, w.policy).Items {
		grantee := g.Get("Grantee")
		id := grantee.Get("ID")
		if id.Kind == value.String && id.Text.Literal == owner.Text.Literal {
			continue
		}
		list = append(list, grants.ACLGrant{Span: g.Span, ID: id, URI: grantee.Get("URI"), Permission: g.Get("Permission")})
	}
	r := resource.Resource{Type: bucketType, Span: at(v, w.policy).Span}
	r.Documents = []resource.Document{{Policy: l.BucketACL(list, r.Span, value.Text{}), Source: resource.BucketACL}}
	l.add(r)
}

// publicAccessBlock reads the settings alone: they grant nothing.
func (l *loader) publicAccessBlock(v value.Value, w *wrapper) {
	settings := at(v, w.policy)
	r := resource.Resource{Type: bucketType, Span: settings.Span}
	r.Block = &resource.PublicAccessBlock{
		IgnorePublicACLs:      l.flag(settings.Get("IgnorePublicAcls"), "IgnorePublicAcls"),
		RestrictPublicBuckets: l.flag(settings.Get("RestrictPublicBuckets"), "RestrictPublicBuckets"),
		Address:               "PublicAccessBlockConfiguration",
	}
	l.add(r)
}

// flag reads a boolean; what is not one does not block anything.
func (l *loader) flag(v value.Value, name string) bool {
	if v.Kind != value.Bool && v.Kind != value.Absent {
		l.Errorf(v.Span, "%s must be true or false, found %s", name, v.Kind)
	}
	return v.Kind == value.Bool && v.Text.Literal == "true"
}

// bucketType is the type of an S3 bucket.
const bucketType = "AWS::S3::Bucket"
