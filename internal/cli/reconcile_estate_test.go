package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// exported is a finding of the account, in the words of Access Analyzer.
type exported struct {
	id, resource string
	archived     bool
}

func (e exported) status() string {
	if e.archived {
		return "ARCHIVED"
	}
	return "ACTIVE"
}

// exports write findings in every form in which an account gives them.
var exports = map[string]func([]exported) string{
	"list-findings": func(list []exported) string {
		return wrapped("findings", list, func(e exported) any {
			return object{"id": e.id, "principal": object{"AWS": "444455556666"}, "action": []string{"sqs:SendMessage"}, "resource": e.resource, "isPublic": false, "resourceType": "AWS::SQS::Queue", "condition": object{}, "createdAt": "2027-01-01T00:00:00Z", "updatedAt": "2027-01-02T00:00:00Z", "status": e.status(), "resourceOwnerAccount": "111122223333"}
		})
	},
	"list-access-preview-findings": func(list []exported) string {
		return wrapped("findings", list, func(e exported) any {
			return object{"id": "p-" + e.id, "existingFindingId": e.id, "existingFindingStatus": e.status(), "changeType": "UNCHANGED", "principal": object{"AWS": "444455556666"}, "action": []string{"sqs:SendMessage"}, "resource": e.resource, "isPublic": false, "resourceType": "AWS::SQS::Queue", "condition": object{}, "createdAt": "2027-01-01T00:00:00Z", "status": e.status(), "resourceOwnerAccount": "111122223333"}
		})
	},
	"list-findings-v2": func(list []exported) string {
		return wrapped("findings", list, func(e exported) any {
			return object{"id": e.id, "resource": e.resource, "resourceType": "AWS::SQS::Queue", "resourceOwnerAccount": "111122223333", "status": e.status(), "findingType": "ExternalAccess", "createdAt": "2027-01-01T00:00:00Z", "updatedAt": "2027-01-02T00:00:00Z"}
		})
	},
	"get-finding-v2": func(list []exported) string {
		var b strings.Builder
		for _, e := range list {
			text, _ := json.Marshal(object{"id": e.id, "resource": e.resource, "resourceType": "AWS::SQS::Queue", "resourceOwnerAccount": "111122223333", "status": e.status(), "findingType": "ExternalAccess", "createdAt": "2027-01-01T00:00:00Z", "updatedAt": "2027-01-02T00:00:00Z",
				"findingDetails": []any{object{"externalAccessDetails": object{"principal": object{"AWS": "444455556666"}, "action": []string{"sqs:SendMessage"}, "condition": object{}, "isPublic": false}}}})
			b.Write(append(text, '\n'))
		}
		return b.String()
	},
	"Security Hub": func(list []exported) string {
		return wrapped("Findings", list, func(e exported) any { return hubFinding(e) })
	},
	"EventBridge": func(list []exported) string {
		var b strings.Builder
		for _, e := range list {
			text, _ := json.Marshal(object{"version": "0", "id": "e-" + e.id, "detail-type": "Access Analyzer Finding", "source": "aws.access-analyzer", "account": "111122223333", "time": "2027-01-02T00:00:00Z", "region": "eu-west-1", "resources": []string{"arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/a"},
				"detail": object{"version": "1.0", "id": e.id, "status": e.status(), "resourceType": "AWS::SQS::Queue", "resource": e.resource, "createdAt": "2027-01-01T00:00:00Z", "analyzedAt": "2027-01-02T00:00:00Z", "updatedAt": "2027-01-02T00:00:00Z", "accountId": "111122223333", "region": "eu-west-1", "principal": object{"AWS": "444455556666"}, "action": []string{"sqs:SendMessage"}, "condition": object{}, "isDeleted": false, "isPublic": false}})
			b.Write(append(text, '\n'))
		}
		return b.String()
	},
	"CSV": func(list []exported) string {
		b := "Finding ID,Title,Resource ID,Resource type,Product name,Record state,Workflow status,Account ID,Updated at\n"
		for _, e := range list {
			b += fmt.Sprintf("%s,AwsSqsQueue/%s allows cross-account access,%s,AwsSqsQueue,IAM Access Analyzer,%s,NEW,111122223333,2027-01-02T00:00:00Z\n", e.id, e.resource, e.resource, e.status())
		}
		return b
	},
	"CSV with paths of OCSF": func(list []exported) string {
		b := "metadata.product.name,finding_info.uid,finding_info.title,resources[0].uid,resources[0].type,status,cloud.account.uid\n"
		for _, e := range list {
			status := "NEW"
			if e.archived {
				status = "SUPPRESSED"
			}
			b += fmt.Sprintf("IAM Access Analyzer,%s,AwsSqsQueue/%s allows cross-account access,%s,AwsSqsQueue,%s,111122223333\n", e.id, e.resource, e.resource, status)
		}
		return b
	},
}

func hubFinding(e exported) object {
	return object{"SchemaVersion": "2018-10-08", "Id": e.id, "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/access-analyzer", "AwsAccountId": "111122223333", "Types": []string{"Effects/Data Exposure/External Access Granted"}, "UpdatedAt": "2027-01-02T00:00:00Z",
		"Title": "AwsSqsQueue/" + e.resource + " allows cross-account access", "RecordState": e.status(), "Workflow": object{"Status": "NEW"},
		"Resources": []any{object{"Type": "AwsSqsQueue", "Id": e.resource, "Details": object{"Other": object{"External Principal Type": "AWS", "Condition": "none", "Action Granted": "sqs:SendMessage", "External Principal": "444455556666"}}}}}
}

func wrapped(key string, list []exported, one func(exported) any) string {
	items := make([]any, len(list))
	for i, e := range list {
		items[i] = one(e)
	}
	text, _ := json.Marshal(object{key: items})
	return string(text)
}

// Of an estate of 2,000 queues in Terraform and CloudFormation and 500 exported
// findings, each is on the side where it belongs, in whatever form it is exported; and
// what is archived in the account becomes archived here.
func TestReconcileEstate(t *testing.T) {
	queues, open, both, drift, archivedThere := 2000, 700, 400, 100, 50
	if os.Getenv("IACLINT_LONG") == "" {
		queues, open, both, drift, archivedThere = queues/5, open/5, both/5, drift/5, archivedThere/5
	}
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(".iaclint.hcl", "target \"**\" {\n  account       = \"111122223333\"\n  regions       = [\"eu-west-1\"]\n  policy_checks = \"off\"\n}\n")
	arn := func(n int) string { return fmt.Sprintf("arn:aws:sqs:eu-west-1:111122223333:queue-%d", n) }
	var tf, cfn strings.Builder
	for n := range queues {
		who := "111122223333"
		if n < open {
			who = "444455556666"
		}
		switch {
		case n%2 == 0:
			fmt.Fprintf(&tf, "resource \"aws_sqs_queue\" \"q%d\" {\n  name   = \"queue-%d\"\n  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = { AWS = %q }, Action = \"sqs:SendMessage\", Resource = %q }] })\n}\n", n, n, who, arn(n))
		default:
			fmt.Fprintf(&cfn, "  Q%d: {Type: AWS::SQS::Queue, Properties: {QueueName: queue-%d}}\n  P%d: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Q%d], PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: %q}, Action: \"sqs:SendMessage\", Resource: !GetAtt Q%d.Arn}]}}}\n", n, n, n, n, who, n)
		}
	}
	write("main.tf", tf.String())
	write("stack.yaml", "Resources:\n"+cfn.String())
	var list []exported
	for n := range both {
		list = append(list, exported{fmt.Sprintf("finding-%d", n), arn(n), n < archivedThere})
	}
	for n := range drift {
		list = append(list, exported{fmt.Sprintf("drift-%d", n), fmt.Sprintf("arn:aws:sqs:eu-west-1:111122223333:gone-%d", n), false})
	}
	t.Chdir(dir)
	type reconciled struct {
		Summary map[string]int
		Pairs   []struct {
			Kind string
			Live *struct {
				IDs      []string
				Resource string
			}
			Code *struct {
				Resource, Path string
			}
		}
	}
	run := func(want int, args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if got := Run(args, strings.NewReader(""), &out, &errs); got != want {
			t.Fatalf("%v: exit status %d, want %d\n%.2000s%s", args, got, want, out.String(), errs.String())
		}
		return out.String()
	}
	for name, export := range exports {
		write("console.txt", export(list))
		var r reconciled
		if err := json.Unmarshal([]byte(run(statusFindings, "reconcile", "--console", "console.txt", "--format", "json", "main.tf", "stack.yaml")), &r); err != nil {
			t.Fatal(err)
		}
		if s := r.Summary; s["both"] != both || s["onlyLive"] != drift || s["onlyInCode"] != open-both || s["differing"] != archivedThere {
			t.Errorf("%s: %v", name, s)
		}
		for _, p := range r.Pairs {
			if p.Kind == "both" && (p.Live == nil || p.Code == nil || p.Live.Resource != p.Code.Resource) {
				t.Fatalf("%s: %v is joined with %v", name, p.Live, p.Code)
			}
		}
	}
	// What is archived there becomes archived here, and back.
	write("console.json", exports["list-findings"](list))
	run(statusClean, "reconcile", "--console", "console.json", "--import", "--owner", "security", "--write", "main.tf", "stack.yaml")
	var r reconciled
	if err := json.Unmarshal([]byte(run(statusFindings, "reconcile", "--console", "console.json", "--format", "json", "main.tf", "stack.yaml")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Summary["differing"] != 0 || r.Summary["both"] != both {
		t.Errorf("imported: %v", r.Summary)
	}
	active := slices.Clone(list)
	for i := range active {
		active[i].archived = false
	}
	write("active.json", exports["list-findings"](active))
	var update struct {
		IDs    []string `json:"ids"`
		Status string   `json:"status"`
	}
	if err := json.Unmarshal([]byte(run(statusClean, "reconcile", "--console", "active.json", "--export", "--analyzer", "arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/a", "main.tf", "stack.yaml")), &update); err != nil {
		t.Fatal(err)
	}
	slices.Sort(update.IDs)
	var want []string
	for _, e := range list[:archivedThere] {
		want = append(want, e.id)
	}
	slices.Sort(want)
	if !slices.Equal(update.IDs, want) || update.Status != "ARCHIVED" {
		t.Errorf("exported: %v", update)
	}
}
