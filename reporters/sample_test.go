package reporters

import (
	"fmt"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// spanOf returns the nth occurrence, from 0, of a text in a file.
func spanOf(f *source.File, text string, nth int) source.Span {
	at := -1
	for range nth + 1 {
		i := strings.Index(string(f.Content[at+1:]), text)
		if i < 0 {
			panic("no such text: " + text)
		}
		at += 1 + i
	}
	return source.Span{File: f, Start: at, End: at + len(text)}
}

var policyFile = source.NewFile("infra/policy.json", []byte(`{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "AllowAll",
      "Effect": "Allow",
	"Principal": "*",
      "Action": ["s3:PutObject", "s3:DeleteObject"],
      "Resource": "arn:aws:s3:::ログ/*"
    }
  ]
}
`))

var moduleFile = source.NewFile("infra/main.tf", []byte("module \"logs\" {\n  principals = [\"*\"]\n}\n"))

var removedChange, newChange = finding.Removed, finding.New

// sample has every part of a report at least once.
func sample() finding.Report {
	principal := spanOf(policyFile, `"*"`, 0)
	statement := spanOf(policyFile, "{\n      \"Sid\": \"AllowAll\",\n      \"Effect\": \"Allow\",", 0)
	return finding.Report{
		SchemaVersion: 1,
		Tool:          finding.Tool{Name: "iaclint", Version: "0.1.0"},
		Zones: []finding.Zone{
			{Name: "default", Type: "ACCOUNT", Account: "111122223333"},
			{Name: "org", Type: "ORGANIZATION", Organization: "o-a1b2c3d4e5", Members: []string{"111122223333"},
				Trusted: []string{"account 444455556666", "203.0.113.0/24"}},
		},
		Resources: []finding.Resource{
			{Path: "infra/policy.json", Address: "(policy)", ResourceType: "AWS::S3::Bucket", ARN: "arn:aws:s3:::logs", Zone: "default", Verdict: finding.Public},
			{Path: "infra/s3.tf", Address: "aws_s3_bucket.old", Attachments: []string{"aws_s3_bucket_policy.old"}, ResourceType: "AWS::S3::Bucket",
				Zone: "default", Verdict: finding.None, BlockedBy: []string{"aws_s3_bucket_public_access_block.old"}},
		},
		Findings: []finding.Finding{
			{
				ID: "9f3c2a71", Rule: "public-write", Severity: finding.Critical, Status: "ACTIVE", Change: &newChange, Certainty: finding.Proven,
				Path: "infra/policy.json", Address: "(policy)", ResourceType: "AWS::S3::Bucket", Resource: "arn:aws:s3:::logs", IsPublic: true,
				Principal: map[string]string{"AWS": "*"}, AccessLevels: []string{"Write", "Tagging"},
				Action: []string{"s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectTagging", "s3:DeleteObjectVersion", "s3:PutObjectTagging",
					"s3:PutObjectVersionTagging", "s3:RestoreObject", "s3:AbortMultipartUpload", "s3:ReplicateObject", "s3:ReplicateTags", "s3:ReplicateDelete"},
				Condition: map[string]string{"aws:SourceVpc": "vpc-1a2b", "aws:PrincipalTag/team": "<any>"},
				Sources:   []finding.Source{{Type: "POLICY"}, {Type: "S3_ACCESS_POINT", Detail: &finding.SourceDetail{AccessPointARN: "arn:aws:s3:eu-west-1:111122223333:accesspoint/a"}}},
				Message:   `anyone can s3:PutObject in bucket "logs"`, Help: "name the principals, or block public access:\n  restrict_public_buckets = true",
				Location: finding.Place(principal), Span: principal,
				Statements: []finding.Statement{{Sid: "AllowAll", Location: finding.Place(statement), Span: statement}, {Index: 2, Location: &finding.Location{Path: "infra/other.json", StartLine: 3, StartColumn: 1, EndLine: 3, EndColumn: 2}}, {Index: 4}},
				Witness: &finding.Witness{Principal: finding.WitnessPrincipal{Type: "Anonymous"}, Action: "s3:PutObject", Resource: "arn:aws:s3:::logs/a",
					Context: map[string][]string{"aws:SourceVpc": {"vpc-1a2b"}, "aws:PrincipalTag/team": {""}, "aws:TagKeys": {"a", "b c"}, "aws:x": nil}},
				Notes:   []string{"block public access is assumed off, as the code does not mention it"},
				Related: []finding.Related{{Span: spanOf(moduleFile, "module", 0), Message: "module called here"}, {Span: spanOf(moduleFile, "principals", 0), Message: "value of var.principals"}},
			},
			{
				ID: "1a", Rule: "undetermined-access", Severity: finding.Low, Status: "ACTIVE", Certainty: finding.NotProven,
				Path: "infra/s3.tf", Address: "aws_s3_bucket.shared", ResourceType: "AWS::S3::Bucket",
				Principal: map[string]string{"AWS": "<unknown>"}, Action: []string{"s3:GetObject"}, AccessLevels: []string{"Read"},
				Message: `an unknown account could s3:GetObject in bucket "shared"`, Needs: []string{"var.partner_account"},
				Location: finding.Place(statement), Span: statement,
				Witness: &finding.Witness{Principal: finding.WitnessPrincipal{Type: "AWS", ARN: "arn:aws:iam::999999999999:role/outside", Account: "999999999999"},
					Action: "s3:GetObject", Resource: "arn:aws:s3:::shared/a"},
			},
			{
				ID: "2b", Rule: "external-account", Severity: finding.Medium, Status: "ACTIVE", Certainty: finding.Proven,
				Path: "plan.json", Address: "aws_sqs_queue.q", Message: "account 999999999999 can sqs:SendMessage", Action: []string{"sqs:SendMessage"},
			},
			{
				ID: "3c", Rule: "public-read", Severity: finding.High, Status: "ARCHIVED", Certainty: finding.Proven, IsPublic: true,
				Archive: &finding.Archive{By: "static-site", Reason: "public documentation", Owner: "team-web", Expires: "2027-06-30"},
				Path:    "infra/site.tf", Address: "aws_s3_bucket.site", Message: `anyone can s3:GetObject in bucket "site"`, Action: []string{"s3:GetObject"},
			},
			{
				ID: "4d", Rule: "public-read", Severity: finding.High, Status: "ACTIVE", Change: &removedChange, Certainty: finding.Proven, IsPublic: true,
				Path: "infra/gone.tf", Address: "aws_s3_bucket.gone", Message: `anyone can s3:GetObject in bucket "gone"`, Action: []string{"s3:GetObject"},
			},
		},
		Diagnostics: []finding.Diagnostic{
			{Severity: "error", Path: "infra/broken.tf", Line: 3, Column: 7, Message: `expected "}"`},
			{Severity: "warning", Path: "infra/odd.json", Message: "duplicate key \"Action\": \x1b[31m the last one counts"},
			{Severity: "error", Message: "no base revision"},
		},
		Summary:     finding.Summary{Resources: 34, Public: 1, None: 33, Archived: 1, FilesRead: 12, FilesSkipped: 3},
		Assumptions: []string{"your account is unknown: references to it are inside, literal account ids outside"},
	}
}

// clean is the report of inputs without findings.
func clean() finding.Report {
	return finding.Report{
		SchemaVersion: 1,
		Tool:          finding.Tool{Name: "iaclint", Version: "0.1.0"},
		Resources:     []finding.Resource{{Path: "a.json", Address: "(policy)", Verdict: finding.None}},
		Summary:       finding.Summary{Resources: 1, None: 1, FilesRead: 1},
	}
}

// many is a report of n findings of all kinds.
func many(n int) finding.Report {
	r := clean()
	r.Zones = []finding.Zone{{Name: "default", Type: "ACCOUNT", Account: "111122223333"}}
	r.Resources = nil
	levels := [][]string{{"Read", "List"}, {"Write"}, {"Permissions"}, {"List"}}
	rule := []string{"public-read", "external-account", "external-admin", "oidc-subject", "own-organization", "external-network"}
	kinds := []string{"AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::KMS::Key", "AWS::IAM::Role"}
	for i := range n {
		arn := fmt.Sprintf("arn:aws:s3:::acme-data-%03d", i/2)
		if i%4 > 0 {
			arn = fmt.Sprintf("arn:aws:service:eu-west-1:111122223333:thing/with-a-rather-long-name-%03d", i/2)
		}
		f := finding.Finding{
			ID: fmt.Sprintf("%032x", i), Group: fmt.Sprint(i/2%90, i%6), Subject: arn, Rule: rule[i%6], Severity: finding.Severities[(i*7)%4], Status: "ACTIVE", Certainty: finding.Proven,
			Path: fmt.Sprintf("stacks/prod-%d/policies/file-%02d.json", i%7, i/2), Address: fmt.Sprintf("aws_thing.t%03d", i/2), ResourceType: kinds[i%4], Resource: arn,
			ResourceOwnerAccount: "111122223333", AccessLevels: levels[i%4], Action: []string{"s3:GetObject", "s3:ListBucket", "s3:GetBucketAcl", "s3:GetBucketPolicy"}[:i%4+1],
			Message: fmt.Sprintf("somebody can do something to thing %d on %s", i, arn), Help: "name the principals that need it",
			Span: spanOf(policyFile, `"*"`, 0), Location: finding.Place(spanOf(policyFile, `"*"`, 0)),
			Witness: &finding.Witness{Principal: finding.WitnessPrincipal{Type: "AWS", ARN: "arn:aws:iam::999999999999:role/outside"}, Action: "s3:GetObject", Resource: arn},
		}
		switch i % 6 {
		case 0:
			f.Principal, f.IsPublic = map[string]string{"AWS": "*"}, true
		case 1, 2:
			f.Principal = map[string]string{"AWS": fmt.Sprintf("4444%08d", i%50)}
		case 3:
			f.Principal, f.Condition = map[string]string{"Federated": "token.actions.githubusercontent.com"}, map[string]string{"token.actions.githubusercontent.com:sub": "repo:acme/*"}
		case 4:
			f.Principal, f.Condition = map[string]string{"AWS": "*"}, map[string]string{"aws:PrincipalOrgID": "o-a1b2c3d4e5"}
		case 5:
			f.Principal, f.Condition = map[string]string{"AWS": "*"}, map[string]string{"aws:SourceVpce": "vpce-0a1b2c3d4e5f67890"}
		}
		if i%11 == 10 {
			f.Status, f.Archive = "ARCHIVED", &finding.Archive{By: "partner", Reason: "agreed", Owner: "team"}
		}
		if i%13 == 12 {
			f.Certainty, f.Needs = finding.NotProven, []string{"var.partner"}
		}
		r.Findings = append(r.Findings, f)
		if i%2 == 0 {
			r.Resources = append(r.Resources, finding.Resource{Path: f.Path, Address: f.Address, ResourceType: f.ResourceType, ARN: arn, Verdict: finding.External})
		}
	}
	r.Summary = finding.Summary{Resources: len(r.Resources), External: len(r.Resources), FilesRead: len(r.Resources)}
	return r
}
