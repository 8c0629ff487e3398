package knowledge

import (
	"slices"
	"strings"
	"testing"
)

// What a row says about actions and resource types is in the service tables.
func TestKindsAgreeWithTables(t *testing.T) {
	for i := range Kinds {
		k := &Kinds[i]
		actions := k.Actions()
		if k.LimitsOnly {
			if len(actions) != 0 || k.AccessAnalyzer || k.CheckPublic {
				t.Errorf("%s: limits only, but has actions or findings", k.Type)
			}
			continue
		}
		if len(actions) == 0 {
			t.Errorf("%s: no actions", k.Type)
		}
		if !slices.IsSortedFunc(actions, func(a, b KindAction) int { return strings.Compare(a.Full, b.Full) }) {
			t.Errorf("%s: actions are not sorted", k.Type)
		}
		for _, prefix := range k.Services {
			if _, ok := ServiceOf(prefix); !ok || prefix != strings.ToLower(prefix) {
				t.Errorf("%s: no service %q", k.Type, prefix)
			}
		}
		for _, s := range k.Shapes {
			if s.ResourceType != "" && !hasResourceType(k, s.ResourceType) {
				t.Errorf("%s: services have no resource type %q", k.Type, s.ResourceType)
			}
		}
		for _, g := range k.Grants {
			if !slices.ContainsFunc(actions, func(a KindAction) bool { return a.Full == g }) {
				t.Errorf("%s: grants unknown action %q", k.Type, g)
			}
		}
		for _, c := range k.CrossAccount {
			if !slices.ContainsFunc(actions, func(a KindAction) bool { return a.CrossAccount && strings.HasSuffix(a.Lower, ":"+c) }) {
				t.Errorf("%s: cross-account action %q is not one of its actions", k.Type, c)
			}
		}
		if !strings.HasPrefix(k.Shapes[0].Pattern, "arn:") {
			t.Errorf("%s: pattern of the resource is %q", k.Type, k.Shapes[0].Pattern)
		}
	}
}

func hasResourceType(k *Kind, name string) bool {
	for _, prefix := range k.Services {
		s, _ := ServiceOf(prefix)
		if slices.ContainsFunc(s.ResourceTypes, func(r ResourceType) bool { return r.Name == name }) {
			return true
		}
	}
	return false
}

// unpublished are shapes that the service tables do not give, but the pages do.
var unpublished = map[string]string{
	"arn:*:lambda:*:*:function:*:*":                          "a version or alias, which the tables list apart",
	"arn:*:s3::*:accesspoint/*":                              "a Multi-Region access point has no Region",
	"arn:*:s3::*:accesspoint/*/object/*":                     "a Multi-Region access point has no Region",
	"arn:*:s3-outposts:*:*:outpost/*/accesspoint/*/object/*": "an object through an access point",
	"arn:*:es:*:*:domain/*/*":                                "a path in the domain",
	"arn:*:kinesis:*:*:stream/*/consumer/*:*":                "the tables leave the word stream open",
	"arn:*:logs:*:*:log-group:*:*":                           "a log group as the API returns it",
}

// A shape is a published ARN with its free parts starred, or wider.
func TestShapesAreARNsOfTheirTypes(t *testing.T) {
	for i := range Kinds {
		k := &Kinds[i]
		for j, shape := range k.Shapes {
			if shape.ResourceType == "" {
				continue
			}
			pattern := k.Resource(j, "")
			found := false
			for _, prefix := range k.Services {
				s, _ := ServiceOf(prefix)
				for _, r := range s.ResourceTypes {
					if r.Name == shape.ResourceType {
						found = found || slices.ContainsFunc(r.ARNs, func(arn string) bool { return fits(pattern, arn) })
					}
				}
			}
			if !found && unpublished[pattern] == "" {
				t.Errorf("%s: %s is not an ARN of %s", k.Type, pattern, shape.ResourceType)
			}
		}
	}
}

// fits reports whether the glob matches an ARN as published, once the latter's
// parts to fill in are replaced by a word.
func fits(glob, arn string) bool {
	for strings.Contains(arn, "${") {
		i := strings.Index(arn, "${")
		arn = arn[:i] + "x" + arn[i+strings.IndexByte(arn[i:], '}')+1:]
	}
	g, a := strings.SplitN(glob, ":", 6), strings.SplitN(arn, ":", 6)
	if len(g) != 6 || len(a) != 6 {
		return false
	}
	for i := range g {
		if !globMatch(g[i], a[i]) {
			return false
		}
	}
	return true
}

func globMatch(glob, s string) bool {
	head, tail, star := strings.Cut(glob, "*")
	if !star {
		return glob == s
	}
	rest, ok := strings.CutPrefix(s, head)
	if !ok {
		return false
	}
	for i := range len(rest) + 1 {
		if globMatch(tail, rest[i:]) {
			return true
		}
	}
	return false
}

func TestKindNamesAreUnique(t *testing.T) {
	seen := map[string]string{}
	for _, k := range Kinds {
		for _, n := range append([]string{k.Type}, k.Names...) {
			if other, ok := seen[strings.ToLower(n)]; ok {
				t.Errorf("%s is a name of %s and of %s", n, other, k.Type)
			}
			seen[strings.ToLower(n)] = k.Type
		}
		if !strings.HasPrefix(k.Doc, "https://docs.aws.amazon.com/") {
			t.Errorf("%s: no page", k.Type)
		}
	}
}

func TestKindOf(t *testing.T) {
	for name, want := range map[string]string{
		"AWS::S3::Bucket":                                 "AWS::S3::Bucket",
		"aws::s3::bucketpolicy":                           "AWS::S3::Bucket",
		"aws_sqs_queue_policy":                            "AWS::SQS::Queue",
		"AWS::SecretsManager::ResourcePolicy":             "AWS::SecretsManager::Secret",
		"AWS::Elasticsearch::Domain":                      "AWS::OpenSearchService::Domain",
		"aws_glacier_vault_lock":                          "AWS::S3::Glacier",
		"AWS::IAM::AssumeRolePolicyDocument":              "AWS::IAM::Role",
		"aws_s3control_object_lambda_access_point_policy": "AWS::S3ObjectLambda::AccessPoint",
	} {
		if k, ok := KindOf(name); !ok || k.Type != want {
			t.Errorf("KindOf(%q) = %v, want %s", name, k, want)
		}
	}
	for _, name := range []string{"", "AWS::S3", "aws_instance"} {
		if k, ok := KindOf(name); ok {
			t.Errorf("KindOf(%q) = %s", name, k.Type)
		}
	}
}

// The types that Access Analyzer documents, no more and no fewer.
func TestAccessAnalyzerTypes(t *testing.T) {
	var findings, public []string
	for _, k := range Kinds {
		if k.AccessAnalyzer {
			findings = append(findings, k.Type)
		}
		if k.CheckPublic {
			public = append(public, k.Type)
		}
	}
	if len(findings) != 16 {
		t.Errorf("%d types have findings, want 16: %v", len(findings), findings)
	}
	for _, name := range strings.Fields(`
		AWS::DynamoDB::Table AWS::DynamoDB::Stream AWS::EFS::FileSystem AWS::OpenSearchService::Domain
		AWS::Kinesis::Stream AWS::Kinesis::StreamConsumer AWS::KMS::Key AWS::Lambda::Function AWS::S3::Bucket
		AWS::S3::AccessPoint AWS::S3::Glacier AWS::S3Express::DirectoryBucket AWS::S3Express::AccessPoint
		AWS::S3Outposts::Bucket AWS::S3Outposts::AccessPoint AWS::S3Tables::TableBucket AWS::S3Tables::Table
		AWS::SecretsManager::Secret AWS::SNS::Topic AWS::SQS::Queue AWS::IAM::AssumeRolePolicyDocument
		AWS::ApiGateway::RestApi AWS::CodeArtifact::Domain AWS::Backup::BackupVault AWS::CloudTrail::Dashboard
		AWS::CloudTrail::EventDataStore`) {
		k, ok := KindOf(name)
		if !ok || !k.CheckPublic {
			t.Errorf("%s is not accepted by CheckNoPublicAccess", name)
			continue
		}
		public = slices.DeleteFunc(public, func(s string) bool { return s == k.Type })
	}
	if len(public) != 0 {
		t.Errorf("not accepted by CheckNoPublicAccess: %v", public)
	}
}

func TestActions(t *testing.T) {
	action := func(kind, full string) (KindAction, *Kind) {
		k, ok := KindOf(kind)
		if !ok {
			t.Fatalf("no kind %s", kind)
		}
		for _, a := range k.Actions() {
			if a.Full == full {
				return a, k
			}
		}
		return KindAction{}, k
	}
	for _, tt := range []struct {
		kind, action string
		want         []string // resources it can name in the resource with ARN r
		cross        bool
	}{
		{"AWS::S3::Bucket", "s3:GetObject", []string{"arn:aws:s3:::b/*"}, true},
		{"AWS::S3::Bucket", "s3:ListBucket", []string{"arn:aws:s3:::b"}, true},
		{"AWS::S3::Bucket", "s3:ListAllMyBuckets", nil, false},
		{"AWS::S3::AccessPoint", "s3:GetObject", []string{"arn:aws:s3:::b/object/*"}, true},
		{"AWS::KMS::Key", "kms:Decrypt", []string{"arn:aws:s3:::b"}, true},
		{"AWS::KMS::Key", "kms:PutKeyPolicy", []string{"arn:aws:s3:::b"}, false},
		{"AWS::Lambda::Function", "lambda:InvokeFunction", []string{"arn:aws:s3:::b", "arn:aws:s3:::b:*"}, true},
		{"AWS::Events::EventBus", "events:PutRule", []string{"arn:aws:s3:::rule/*", "arn:aws:s3:::rule/*"}, true},
		{"AWS::IAM::Role", "sts:AssumeRole", []string{"arn:aws:s3:::b"}, true},
		{"AWS::IAM::Role", "sts:TagSession", nil, false},
		{"AWS::DynamoDB::Stream", "dynamodb:GetRecords", []string{"arn:aws:s3:::b"}, true},
		{"AWS::DynamoDB::Table", "dynamodb:GetRecords", nil, false},
		{"AWS::DynamoDB::Table", "dynamodb:Query", []string{"arn:aws:s3:::b", "arn:aws:s3:::b/index/*"}, true},
		{"AWS::EC2::VPCEndpoint", "s3:GetObject", nil, false},
	} {
		a, k := action(tt.kind, tt.action)
		var got []string
		for _, i := range a.Shapes {
			got = append(got, k.Resource(i, "arn:aws:s3:::b"))
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) || a.CrossAccount != tt.cross {
			t.Errorf("%s %s: %v, cross-account %v", tt.kind, tt.action, got, a.CrossAccount)
		}
	}
}

func TestResourceOfBadARN(t *testing.T) {
	k, _ := KindOf("AWS::Events::EventBus")
	for _, arn := range []string{"x", "arn:aws", ":::::"} {
		if got := k.Resource(1, arn); !strings.HasSuffix(got, ":rule/*") {
			t.Errorf("Resource(1, %q) = %q", arn, got)
		}
	}
}
