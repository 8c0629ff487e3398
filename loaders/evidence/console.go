package evidence

import (
	"bytes"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// Console are the findings of external access of one export.
type Console struct {
	Findings []finding.Live
	LeftOut  map[string]int // others that the file has, by what they are
}

// ReadConsole reads exported findings, as one of these:
//
//   - the output of list-findings, list-findings-v2, get-finding, get-finding-v2 and
//     list-access-preview-findings, one or several after each other, and lists of findings
//   - findings of Security Hub: the output of get-findings, and its exports as CSV
//   - events of EventBridge, alone, in a list, or one a line
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ListFindingsV2.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-securityhub-integration.html
func ReadConsole(file *source.File) (Console, []source.Diagnostic) {
	c := &console{reader: reader{file: file}, Console: Console{LeftOut: map[string]int{}}}
	start := bytes.TrimLeft(bytes.TrimPrefix(file.Content, []byte("\ufeff")), " \t\r\n")
	if len(start) > 0 && start[0] != '{' && start[0] != '[' {
		c.csv()
		return c.Console, c.diags
	}
	for v, wrong := range jsontree.Values(file) {
		if wrong != nil {
			c.diags = append(c.diags, wrong...)
			break
		}
		c.root(v)
	}
	if !c.recognised && len(c.diags) == 0 {
		c.errorf(source.Span{File: file}, "expected exported findings: output of list-findings-v2, get-finding-v2 or list-access-preview-findings, findings of Security Hub as JSON or CSV, or events of EventBridge")
	}
	return c.Console, c.diags
}

type console struct {
	reader
	Console
	recognised bool
}

// root reads one value of a file as what it is.
func (c *console) root(v value.Value) {
	switch {
	case v.Kind == value.List:
		c.recognised = c.recognised || len(v.Items) == 0
		for _, item := range v.Items {
			c.root(item)
		}
	case v.Get("findings").Kind == value.List:
		c.each(v.Get("findings"), c.analyzer)
	case v.Get("Findings").Kind == value.List:
		c.each(v.Get("Findings"), c.hub)
	case v.Get("finding").Kind == value.Map:
		c.analyzer(v.Get("finding"))
	case v.Get("detail-type").Kind == value.String:
		c.event(v)
	case v.Get("ProductArn").Kind == value.String:
		c.hub(v)
	case v.Get("resourceType").Kind == value.String:
		c.analyzer(v)
	default:
		c.leave("of another kind")
		return
	}
	c.recognised = true
}

func (c *console) each(list value.Value, read func(value.Value)) {
	for _, item := range list.Items {
		read(item)
	}
}

func (c *console) leave(what string) { c.LeftOut[what]++ }

// statuses of findings.
var statuses = []finding.Status{finding.Active, finding.Archived, finding.Resolved}

// analyzer reads a finding of Access Analyzer's API, of either version.
func (c *console) analyzer(v value.Value) {
	l := finding.Live{
		IDs: []string{text(v.Get("id"))}, Status: finding.Status(text(v.Get("status"))), Resource: text(v.Get("resource")),
		ResourceType: text(v.Get("resourceType")), Account: text(v.Get("resourceOwnerAccount")), Updated: text(v.Get("updatedAt")), Location: place(v),
	}
	if kind := text(v.Get("findingType")); kind != "" && kind != "ExternalAccess" {
		c.leave("not of external access")
		return
	}
	if code := text(v.Get("error")); code != "" {
		c.warnf(v.Get("error").Span, "the analyzer could not look at %q: %q", l.Resource, code)
		c.leave("errors of the analyzer")
		return
	}
	details := v
	if list := v.Get("findingDetails"); list.Kind == value.List {
		details = value.Value{}
		for _, item := range list.Items {
			if d := item.Get("externalAccessDetails"); d.Kind == value.Map {
				details = d
			} else if item.Kind == value.Map {
				c.leave("not of external access")
				return
			}
		}
	}
	if existing := text(v.Get("existingFindingId")); existing != "" {
		l.IDs = []string{existing} // that of the preview tells nothing in the account
	}
	c.details(&l, details)
	c.add(l, v)
}

// details reads who gets in, where that is said.
func (c *console) details(l *finding.Live, v value.Value) {
	if v.Get("principal").Kind != value.Map {
		return
	}
	l.Detailed = true
	l.Principal, l.Condition, l.Action = pairs(v.Get("principal")), pairs(v.Get("condition")), texts(v.Get("action"))
	l.IsPublic = flag(v.Get("isPublic"))
}

// add keeps a finding that says what it is about.
func (c *console) add(l finding.Live, v value.Value) {
	if l.Resource == "" || !slices.Contains(statuses, l.Status) {
		c.errorf(v.Span, "expected a finding with \"resource\" and with \"status\" ACTIVE, ARCHIVED or RESOLVED")
		return
	}
	c.Findings = append(c.Findings, l)
}

// event reads an event of EventBridge.
func (c *console) event(v value.Value) {
	detail := v.Get("detail")
	switch kind := text(v.Get("detail-type")); {
	case kind == "Access Analyzer Finding":
		l := finding.Live{
			IDs: []string{text(detail.Get("id"))}, Status: finding.Status(text(detail.Get("status"))), Resource: text(detail.Get("resource")),
			ResourceType: text(detail.Get("resourceType")), Account: text(detail.Get("accountId")), Updated: text(detail.Get("updatedAt")), Location: place(v),
		}
		if deleted := flag(detail.Get("isDeleted")); deleted != nil && *deleted {
			l.Status = finding.Resolved
		}
		c.details(&l, detail)
		c.add(l, detail)
	case strings.HasPrefix(kind, "Security Hub Findings"):
		c.each(detail.Get("findings"), c.hub)
	default:
		c.leave("events of another kind")
	}
}

// hub reads a finding of Security Hub. Access Analyzer sends one for each resource.
func (c *console) hub(v value.Value) {
	if !isAnalyzer(v) {
		c.leave("of other products")
		return
	}
	for _, r := range v.Get("Resources").Items {
		l := finding.Live{
			IDs: []string{text(v.Get("Id"))}, Resource: text(r.Get("Id")), ResourceType: apiType(text(r.Get("Type"))),
			Account: text(v.Get("AwsAccountId")), Updated: text(v.Get("UpdatedAt")), Whole: true, Location: place(v),
			Status: hubStatus(text(v.Get("RecordState")), text(v.Get("Workflow").Get("Status"))),
		}
		hubDetails(&l, pairs(r.Get("Details").Get("Other")))
		for _, t := range append(texts(v.Get("Types")), text(v.Get("Title"))) {
			if public, ok := saysPublic(t); ok {
				l.IsPublic = &public
			}
		}
		c.add(l, r)
	}
}

// isAnalyzer reports whether a finding of Security Hub is Access Analyzer's, or is
// like one.
func isAnalyzer(v value.Value) bool {
	product := text(v.Get("ProductName")) + text(v.Get("ProductFields").Get("aws/securityhub/ProductName"))
	if strings.Contains(product, "Access Analyzer") || strings.HasSuffix(text(v.Get("ProductArn")), "product/aws/access-analyzer") {
		return true
	}
	return slices.ContainsFunc(texts(v.Get("Types")), func(t string) bool { return strings.HasSuffix(t, "/External Access Granted") })
}

// hubStatus is the status of a finding whose record and workflow are these.
func hubStatus(record, workflow string) finding.Status {
	switch {
	case strings.EqualFold(workflow, "RESOLVED"):
		return finding.Resolved
	case strings.EqualFold(record, "ARCHIVED"), strings.EqualFold(workflow, "SUPPRESSED"):
		return finding.Archived
	}
	return finding.Active
}

// hubDetails reads what Access Analyzer writes into the details of a resource. Of
// several principals in one text it is not said what each may do.
func hubDetails(l *finding.Live, other map[string]string) {
	who, kind := splitList(other["External Principal"]), splitList(other["External Principal Type"])
	condition := other["Condition"]
	if len(who) != 1 || len(kind) != 1 || strings.Contains(condition, ";") {
		return
	}
	l.Detailed, l.Action = true, splitList(other["Action Granted"])
	l.Principal, l.Condition = map[string]string{kind[0]: who[0]}, map[string]string{}
	if condition == "none" || condition == "" {
		return
	}
	key := ""
	for _, part := range splitList(condition) {
		if k, v, ok := strings.Cut(part, "="); ok && strings.Contains(k, ":") {
			key = k
			l.Condition[key] = v
		} else if key != "" {
			l.Condition[key] += "," + part
		}
	}
}

// saysPublic reads the type or the title of a finding of Security Hub.
func saysPublic(t string) (public, says bool) {
	switch {
	case t == "Effects/Data Exposure/External Access Granted", strings.HasSuffix(t, " allows public access"):
		return true, true
	case t == "Software and Configuration Checks/AWS Security Best Practices/External Access Granted", strings.HasSuffix(t, " allows cross-account access"):
		return false, true
	}
	return false, false
}

// hubTypes are Security Hub's names of types of resources.
//
// https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resources.html
var hubTypes = map[string]string{
	"AwsIamRole": "AWS::IAM::Role", "AwsKmsKey": "AWS::KMS::Key", "AwsSqsQueue": "AWS::SQS::Queue", "AwsSnsTopic": "AWS::SNS::Topic",
	"AwsRdsDbSnapshot": "AWS::RDS::DBSnapshot", "AwsRdsDbClusterSnapshot": "AWS::RDS::DBClusterSnapshot", "AwsDynamoDbTable": "AWS::DynamoDB::Table",
	"AwsEfsFileSystem": "AWS::EFS::FileSystem", "AwsEcrRepository": "AWS::ECR::Repository", "AwsEc2Snapshot": "AWS::EC2::Snapshot", "AwsS3Bucket": "AWS::S3::Bucket",
	"AwsLambdaFunction": "AWS::Lambda::Function", "AwsLambdaLayerVersion": "AWS::Lambda::LayerVersion", "AwsSecretsManagerSecret": "AWS::SecretsManager::Secret",
}

// apiType is Access Analyzer's name of a type, "" where Security Hub has none.
func apiType(t string) string {
	if strings.HasPrefix(t, "AWS::") {
		return t
	}
	return hubTypes[t]
}
