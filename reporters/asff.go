package reporters

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/finding"
)

// writeASFF writes an array of findings for AWS Security Hub, one for each
// resource, with the types, titles and details that IAM Access Analyzer sends
// there, so that dashboards show both together. Security Hub takes 100 findings
// in a batch.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-securityhub-integration.html
// https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
func writeASFF(w io.Writer, r finding.Report, o Options) error {
	o.sayHidden("asff", r)
	out := []asffFinding{}
	byResource := map[string][]finding.Finding{}
	var order []string
	for _, f := range strongest(r.Findings, func(f finding.Finding) bool { return !removed(f) }, Options{}) {
		key := digest(f.Path, f.Address, f.Resource, f.ResourceOwnerAccount)
		if byResource[key] == nil {
			order = append(order, key)
		}
		byResource[key] = append(byResource[key], f)
	}
	regions := map[string]string{}
	for _, s := range r.Resources {
		regions[s.Path+"\x00"+s.Address] = s.Region
	}
	unknown := 0
	for _, key := range order {
		f := asffOf(byResource[key], regions[byResource[key][0].Path+"\x00"+byResource[key][0].Address], o.Now)
		if f.AwsAccountID == noAccount {
			unknown++
		}
		out = append(out, f)
	}
	if unknown > 0 {
		o.say("asff: the account of %d of %d resources is not known, and Security Hub wants one; give it with --account", unknown, len(order))
	}
	return encode(w, out)
}

// noAccount stands for an account that is not known: the field is twelve digits.
const noAccount = "000000000000"

type asffFinding struct {
	SchemaVersion  string
	ID             string `json:"Id"`
	ProductArn     string
	GeneratorID    string `json:"GeneratorId"`
	AwsAccountID   string `json:"AwsAccountId"`
	Types          []string
	CreatedAt      string
	UpdatedAt      string
	Severity       asffSeverity
	Title          string
	Description    string
	Remediation    asffRemediation
	Resources      []asffResource
	Workflow       asffStatus
	RecordState    string
	ProviderFields asffProviderFields `json:"FindingProviderFields"`
}

type asffSeverity struct{ Label string }

type asffStatus struct{ Status string }

type asffProviderFields struct {
	Severity asffSeverity
	Types    []string
}

type asffRemediation struct{ Recommendation struct{ Text string } }

type asffResource struct {
	Type      string
	ID        string `json:"Id"`
	Partition string `json:",omitempty"`
	Region    string `json:",omitempty"`
	Details   asffDetails
}

type asffDetails struct{ Other map[string]string }

// asffOf is the finding of a resource: its strongest finding decides, all are in
// its details. It is archived when all of them are.
func asffOf(fs []finding.Finding, region string, now time.Time) asffFinding {
	first := fs[0]
	if i := slices.IndexFunc(fs, counts); i >= 0 {
		first = fs[i]
	}
	account := first.ResourceOwnerAccount
	if account == "" {
		account = noAccount
	}
	if region == "" {
		region = "us-east-1"
	}
	partition := "aws"
	if name, ok := arn.Parse(first.Resource); ok {
		partition = printable(name.Partition)
		if name.Region != "" {
			region = printable(name.Region)
		}
	}
	public := slices.ContainsFunc(fs, func(f finding.Finding) bool { return f.IsPublic && counts(f) })
	kind, access := "Software and Configuration Checks/AWS Security Best Practices/External Access Granted", "cross-account"
	if public {
		kind, access = "Effects/Data Exposure/External Access Granted", "public"
	}
	name := printable(first.Resource)
	if name == "" {
		name = strings.TrimSpace(printable(first.Path) + " " + printable(first.Address))
	}
	if name == "" {
		name = "a resource without a name"
	}
	stamp := now.UTC().Format("2006-01-02T15:04:05Z")
	out := asffFinding{
		SchemaVersion: "2018-10-08",
		ID:            clip("iaclint/"+digest(first.Path, first.Address)+"/"+name, 512),
		ProductArn:    "arn:" + partition + ":securityhub:" + region + ":" + printable(account) + ":product/" + printable(account) + "/default",
		GeneratorID:   "iaclint/" + clip(printable(first.Rule), 500), AwsAccountID: printable(account), Types: []string{kind},
		CreatedAt: stamp, UpdatedAt: stamp,
		Severity:    asffSeverity{strings.ToUpper(printable(string(first.Severity)))},
		Title:       clip(asffType(first.ResourceType)+"/"+name, 220) + " allows " + access + " access",
		Workflow:    asffStatus{"NEW"},
		RecordState: "ACTIVE",
		Resources: []asffResource{{Type: asffType(first.ResourceType), ID: clip(name, 512), Partition: partition, Region: region,
			Details: asffDetails{Other: asffOther(fs)}}},
	}
	if first.Severity.Rank() == 0 {
		out.Severity.Label = "INFORMATIONAL"
	}
	out.ProviderFields = asffProviderFields{out.Severity, out.Types}
	var messages []string
	for _, f := range fs {
		if counts(f) || len(fs) == 1 {
			messages = append(messages, printable(f.Message))
		}
	}
	if len(messages) == 0 {
		messages = []string{printable(first.Message)}
	}
	out.Description = clip(strings.Join(messages, "; ")+" ("+placeOf(first).show(Options{})+")", 1024)
	out.Remediation.Recommendation.Text = clip(stopped(oneLine(first.Help)), 512)
	if !slices.ContainsFunc(fs, counts) {
		out.RecordState, out.Workflow.Status = "ARCHIVED", "SUPPRESSED"
	}
	return out
}

// asffOther has the keys that IAM Access Analyzer writes. Several findings are
// listed after each other.
func asffOther(fs []finding.Finding) map[string]string {
	var kinds, principals, conditions, actions []string
	add := func(list *[]string, s string) {
		if !slices.Contains(*list, s) {
			*list = append(*list, s)
		}
	}
	for _, f := range fs {
		for _, p := range pairs(f.Principal, "\x00") {
			kind, name, _ := strings.Cut(p, "\x00")
			add(&kinds, kind)
			add(&principals, name)
		}
		condition := strings.Join(pairs(f.Condition, "="), ",")
		if condition == "" {
			condition = "none"
		}
		add(&conditions, condition)
		for _, a := range f.Action {
			add(&actions, printable(a))
		}
	}
	return map[string]string{
		"External Principal Type": clip(strings.Join(kinds, ","), 1024), "External Principal": clip(strings.Join(principals, ","), 1024),
		"Condition": clip(strings.Join(conditions, ";"), 1024), "Action Granted": clip(strings.Join(actions, ","), 1024),
	}
}

// asffType turns AWS::S3::Bucket into AwsS3Bucket.
//
// https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resources.html
func asffType(t string) string {
	special := map[string]string{
		"AWS::IAM::Role": "AwsIamRole", "AWS::KMS::Key": "AwsKmsKey", "AWS::SQS::Queue": "AwsSqsQueue", "AWS::SNS::Topic": "AwsSnsTopic",
		"AWS::RDS::DBSnapshot": "AwsRdsDbSnapshot", "AWS::RDS::DBClusterSnapshot": "AwsRdsDbClusterSnapshot", "AWS::DynamoDB::Table": "AwsDynamoDbTable",
		"AWS::EFS::FileSystem": "AwsEfsFileSystem", "AWS::ECR::Repository": "AwsEcrRepository", "AWS::EC2::Snapshot": "AwsEc2Snapshot",
		"AWS::S3::Bucket": "AwsS3Bucket", "AWS::Lambda::Function": "AwsLambdaFunction", "AWS::Lambda::LayerVersion": "AwsLambdaLayerVersion",
		"AWS::SecretsManager::Secret": "AwsSecretsManagerSecret",
	}
	if s, ok := special[t]; ok {
		return s
	}
	return "Other"
}
