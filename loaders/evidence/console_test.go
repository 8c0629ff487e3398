package evidence

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

// showConsole writes what was read of an export in one line a finding.
func showConsole(text string) string {
	c, diags := ReadConsole(source.NewFile("export", []byte(text)))
	var out []string
	for _, l := range c.Findings {
		s := fmt.Sprintf("%s %s %s %s %s", l.IDs[0], l.Status, l.Resource, l.ResourceType, l.Account)
		if l.Detailed {
			s += fmt.Sprintf(" %v %v %v", l.Principal, l.Action, l.Condition)
		}
		if l.IsPublic != nil {
			s += fmt.Sprintf(" public=%t", *l.IsPublic)
		}
		if l.Whole {
			s += " whole"
		}
		out = append(out, s)
	}
	for _, why := range slices.Sorted(maps.Keys(c.LeftOut)) {
		out = append(out, fmt.Sprintf("- %d %s", c.LeftOut[why], why))
	}
	for _, d := range diags {
		_, at := d.Where()
		out = append(out, fmt.Sprintf("! %s %d:%d %s", d.Severity, at.Line, at.Column, d.Message))
	}
	return strings.Join(out, "\n")
}

const (
	v1     = `{"id":"f1","principal":{"AWS":"444455556666"},"action":["s3:GetObject"],"resource":"arn:aws:s3:::b","isPublic":false,"resourceType":"AWS::S3::Bucket","condition":{"aws:SourceVpc":"vpc-1"},"createdAt":"2027-01-01T00:00:00Z","updatedAt":"2027-01-02T00:00:00Z","status":"ACTIVE","resourceOwnerAccount":"111122223333"}`
	v1Want = `f1 ACTIVE arn:aws:s3:::b AWS::S3::Bucket 111122223333 map[AWS:444455556666] [s3:GetObject] map[aws:SourceVpc:vpc-1] public=false`
	v2     = `{"id":"f2","resource":"arn:aws:s3:::b","resourceType":"AWS::S3::Bucket","resourceOwnerAccount":"111122223333","status":"ARCHIVED","findingType":"ExternalAccess","updatedAt":"2027-01-02T00:00:00Z"`
	unused = `{"id":"f3","resource":"arn:aws:iam::111122223333:role/r","resourceType":"AWS::IAM::Role","status":"ACTIVE","findingType":"UnusedIAMRole"}`
	asff   = `{"SchemaVersion":"2018-10-08","Id":"arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/a/arn:aws:s3:::b","ProductArn":"arn:aws:securityhub:eu-west-1::product/aws/access-analyzer","AwsAccountId":"111122223333","Types":["Effects/Data Exposure/External Access Granted"],"Title":"AwsS3Bucket/arn:aws:s3:::b allows public access","RecordState":"ACTIVE","Workflow":{"Status":"NEW"},"Resources":[{"Type":"AwsS3Bucket","Id":"arn:aws:s3:::b","Details":{"Other":{"External Principal Type":"AWS","Condition":"none","Action Granted":"s3:GetObject,s3:ListBucket","External Principal":"*"}}}]}`
	hub    = `arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/a/arn:aws:s3:::b ACTIVE arn:aws:s3:::b AWS::S3::Bucket 111122223333 map[AWS:*] [s3:GetObject s3:ListBucket] map[] public=true whole`
	event  = `{"version":"0","id":"e","detail-type":"Access Analyzer Finding","source":"aws.access-analyzer","detail":{"version":"1.0","id":"f1","status":"ACTIVE","resourceType":"AWS::S3::Bucket","resource":"arn:aws:s3:::b","updatedAt":"2027-01-02T00:00:00Z","accountId":"111122223333","region":"eu-west-1","principal":{"AWS":"444455556666"},"action":["s3:GetObject"],"condition":{"aws:SourceVpc":"vpc-1"},"isDeleted":false,"isPublic":false}}`
)

func TestConsole(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"list-findings", `{"findings":[` + v1 + `],"nextToken":"x"}`, v1Want},
		{"get-finding", `{"finding":` + v1 + `}`, v1Want},
		{"a list of findings", `[` + v1 + `]`, v1Want},
		{"pages one after another", `{"findings":[` + v1 + `]}` + "\n" + `{"findings":[` + v1 + `]}`, v1Want + "\n" + v1Want},
		{"list-findings-v2", `{"findings":[` + v2 + `},` + unused + `]}`, "f2 ARCHIVED arn:aws:s3:::b AWS::S3::Bucket 111122223333\n- 1 not of external access"},
		{"get-finding-v2", v2 + `,"findingDetails":[{"externalAccessDetails":{"principal":{"AWS":"*"},"action":["s3:GetObject"],"condition":{},"isPublic":true,"sources":[{"type":"POLICY"}]}}]}`,
			"f2 ARCHIVED arn:aws:s3:::b AWS::S3::Bucket 111122223333 map[AWS:*] [s3:GetObject] map[] public=true"},
		{"get-finding-v2 of another analyzer", `{"id":"f4","resource":"r","resourceType":"AWS::S3::Bucket","status":"ACTIVE","findingDetails":[{"internalAccessDetails":{}}]}`, "- 1 not of external access"},
		{"access preview", `{"findings":[` + strings.Replace(v1, `"id":"f1"`, `"id":"p1","existingFindingId":"f1","changeType":"UNCHANGED"`, 1) + `]}`, v1Want},
		{"get-findings of Security Hub", `{"Findings":[` + asff + `,{"ProductArn":"arn:aws:securityhub:eu-west-1::product/aws/guardduty","Types":[],"Resources":[]}]}`, hub + "\n- 1 of other products"},
		{"archived in Security Hub", strings.Replace(asff, `"RecordState":"ACTIVE"`, `"RecordState":"ARCHIVED"`, 1), strings.Replace(hub, " ACTIVE ", " ARCHIVED ", 1)},
		{"resolved in Security Hub", strings.Replace(asff, `"NEW"`, `"RESOLVED"`, 1), strings.Replace(hub, " ACTIVE ", " RESOLVED ", 1)},
		{"several principals of one resource", strings.Replace(asff, `"External Principal":"*"`, `"External Principal":"444455556666,*"`, 1), strings.Replace(hub, " map[AWS:*] [s3:GetObject s3:ListBucket] map[]", "", 1)},
		{"a condition", strings.Replace(asff, `"none"`, `"aws:SourceIp=192.0.2.0/24,198.51.100.0/24,aws:SourceVpc=vpc-1"`, 1), strings.Replace(hub, " map[] ", " map[aws:SourceIp:192.0.2.0/24,198.51.100.0/24 aws:SourceVpc:vpc-1] ", 1)},
		{"event", event, v1Want},
		{"events, one a line", event + "\n" + event, v1Want + "\n" + v1Want},
		{"deleted", strings.Replace(event, `"isDeleted":false`, `"isDeleted":true`, 1), strings.Replace(v1Want, "ACTIVE", "RESOLVED", 1)},
		{"event of Security Hub", `{"detail-type":"Security Hub Findings - Imported","detail":{"findings":[` + asff + `]}}`, hub},
		{"event of another kind", `[` + event + `,{"detail-type":"EC2 Instance State-change Notification","detail":{}}]`, v1Want + "\n- 1 events of another kind"},
		{"CSV", "\ufeffFinding ID,Title,Resource ID,Product name,Record state,Workflow status,Account ID\n" +
			"x,AwsS3Bucket/arn:aws:s3:::b allows cross-account access,arn:aws:s3:::b,IAM Access Analyzer,ACTIVE,NEW,111122223333\n" +
			"y,\"EC2 instance, talks\",arn:aws:ec2:::i,GuardDuty,ACTIVE,NEW,111122223333\n",
			"x ACTIVE arn:aws:s3:::b AWS::S3::Bucket 111122223333 public=false whole\n- 1 of other products"},
		{"CSV with a title alone", "Title\nAwsIamRole/arn:aws:iam::111122223333:role/r allows public access\n", " ACTIVE arn:aws:iam::111122223333:role/r AWS::IAM::Role  public=true whole"},

		{"nothing", `{"findings":[]}`, ""},
		{"an analyzer that could not look", `{"findings":[` + strings.Replace(v1, `"id"`, `"error":"ACCESS_DENIED","id"`, 1) + `]}`, "- 1 errors of the analyzer\n! warning 1:23 the analyzer could not look at \"arn:aws:s3:::b\": \"ACCESS_DENIED\""},
		{"no resource", `{"findings":[{"id":"x","status":"ACTIVE"}]}`, "! error 1:14 expected a finding with \"resource\" and with \"status\" ACTIVE, ARCHIVED or RESOLVED"},
		{"a status that is none", `{"findings":[` + strings.Replace(v1, `"ACTIVE"`, `"GONE"`, 1) + `]}`, "! error 1:14 expected a finding with \"resource\" and with \"status\" ACTIVE, ARCHIVED or RESOLVED"},
		{"another file", `{"Version":"2012-10-17"}`, "- 1 of another kind\n! error 1:1 expected exported findings: output of list-findings-v2, get-finding-v2 or list-access-preview-findings, findings of Security Hub as JSON or CSV, or events of EventBridge"},
		{"cut off", `{"findings":[` + v1, "! error 1:328 invalid JSON: expected \",\" and a value, or \"]\", found the end of the text"},
		{"a table of something else", "a,b\n1,2\n", "! error 1:1 expected an export of Security Hub with a column \"Resource ID\" or \"Title\""},
		{"a quote that does not end", "Title,Resource ID\n\"x\n", "! error 2:1 expected a row of CSV: extraneous or missing \" in quoted-field"},
		{"binary", "\x00\x01\x02", "! error 1:1 expected JSON or CSV in UTF-8"},
	}
	for _, tt := range tests {
		if got := showConsole(tt.text); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// What is too deep, too long or of the wrong kind ends in a message, and nothing
// of it is quoted.
func TestHostileConsole(t *testing.T) {
	for name, text := range map[string]string{
		"deep":         strings.Repeat(`{"findings":[`, 400) + strings.Repeat("]}", 400),
		"long":         `{"findings":[{"id":"x","status":"ACTIVE","resource":"` + strings.Repeat("a", 100_000) + `"}]}`,
		"wrong kinds":  `{"findings":[1,"x",null,[],{"id":{},"status":[],"resource":1},{"findingDetails":[1]}]}`,
		"wrong events": `{"detail-type":"Access Analyzer Finding","detail":[1]}`,
		"wrong ASFF":   `{"Findings":[{"ProductArn":"x/product/aws/access-analyzer","Resources":[1,{"Id":2}],"Workflow":7}]}`,
		"escapes":      `{"findings":[{"id":"\u001b[31m","status":"\u001b]0;x\u0007","resource":"\u202e"}]}`,
	} {
		got := showConsole(text)
		if !strings.Contains(got, "! error") || len(got) > 2000 {
			t.Errorf("%s: got %.300q", name, got)
		}
	}
}

func FuzzConsole(f *testing.F) {
	for _, s := range []string{`{"findings":[` + v1 + `]}`, asff, event, "Title,Resource ID\nx,y\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { showConsole(s) })
}
