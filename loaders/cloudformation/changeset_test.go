package cloudformation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
)

const openPolicy = `{"Properties":{"Bucket":"b","PolicyDocument":{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}}}`

// change is one of a change set; contexts are JSON, "" is none.
func change(action, more, before, after string) string {
	c := `{"Type":"Resource","ResourceChange":{"Action":"` + action + `","LogicalResourceId":"P","PhysicalResourceId":"b","ResourceType":"AWS::S3::BucketPolicy"` + more
	for _, x := range [][2]string{{"BeforeContext", before}, {"AfterContext", after}} {
		if x[1] != "" {
			text, _ := json.Marshal(x[1])
			c += `,"` + x[0] + `":` + string(text)
		}
	}
	return c + `}}`
}

func changeSetOf(more string, changes ...string) *source.File {
	return source.NewFile("c.json", []byte(`{"ChangeSetId":"c","StackId":"arn:aws:cloudformation:eu-west-1:111122223333:stack/s/1"`+more+`,"Changes":[`+strings.Join(changes, ",")+`]}`))
}

// said are the resources with their policies, and what is complained of.
func said(s resource.Stack) string {
	names := func(list []resource.Resource) string {
		var out []string
		for _, r := range list {
			n := 0
			for _, d := range r.Documents {
				if d.Policy != nil {
					n += len(d.Policy.Statements)
				}
			}
			out = append(out, fmt.Sprintf("%s:%d", r.Address, n))
		}
		slices.Sort(out)
		return strings.Join(out, ",")
	}
	out := names(s.Resources) + " before " + names(s.Before)
	for _, d := range s.Diagnostics {
		out += " | " + string(d.Severity) + " " + d.Message
	}
	for _, u := range s.Unread {
		out += " | unread " + u.Source
	}
	return out
}

func TestChangeSet(t *testing.T) {
	const partly = " | warning a change set has only what changes: of P and other resources of the stack, policies and settings that stay as they are are not in it"
	closed := strings.Replace(openPolicy, `"*"`, `{"AWS":"444455556666"}`, 1)
	for _, tt := range []struct{ name, more, change, want string }{
		{"add", "", change("Add", "", "", openPolicy), "P:1 before "},
		{"import", "", change("Import", "", "", openPolicy), "P:1 before "},
		{"modify", "", change("Modify", "", closed, openPolicy), "P:1 before P:1" + partly},
		{"remove", "", change("Remove", "", openPolicy, ""), " before P:1"},
		{"remove and retain", "", change("Remove", `,"PolicyAction":"Retain"`, openPolicy, ""), "P:1 before P:1"},
		{"replace and retain", "", change("Modify", `,"PolicyAction":"ReplaceAndRetain"`, openPolicy, closed), "P (retained):1,P:1 before P:1" + partly},
		{"a context as an object", "", strings.Replace(change("Add", "", "", "X"), `"X"`, openPolicy, 1), "P:1 before "},
		{"without values", "", change("Add", "", "", ""), `P:2 before  | error "P" has no "AfterContext": expected what describe-change-set --include-property-values writes`},
		{"a context that is cut", "", change("Add", "", "", openPolicy[:40]), "P:2 before  | error"},
		{"a context of a list", "", change("Add", "", "", "[]"), `P:2 before  | error expected "AfterContext" as an object with "Properties", found list`},
		{"an unknown action", "", change("Explode", "", openPolicy, openPolicy), `P:1 before P:1 | error unknown action "Explode", expected Add, Modify, Remove, Import, Dynamic or SyncWithActual`},
		{"of no interest", "", strings.Replace(change("Add", "", "", ""), "AWS::S3::BucketPolicy", "AWS::EC2::Instance", 1), " before "},
		{"nested", "", strings.Replace(change("Modify", "", "", ""), "AWS::S3::BucketPolicy", "AWS::CloudFormation::Stack", 1), " before  | unread P"},
		{"no id", "", `{"ResourceChange":{"Action":"Add"}}`, ` before  | error expected a change with "LogicalResourceId" and "ResourceType"`},
		{"no change", "", `17`, ` before  | error expected a change: an object with "ResourceChange", found number`},
		{"a first page", `,"NextToken":"t"`, change("Add", "", "", openPolicy), "P:1 before  | error the change set goes on where this file ends: its other pages are missing"},
		{"not complete", `,"Status":"CREATE_IN_PROGRESS"`, change("Add", "", "", openPolicy), `P:1 before  | error the change set is not complete yet, its status is "CREATE_IN_PROGRESS"`},
		{"not known yet", "", change("Add", "", "", strings.Replace(openPolicy, `"*"`, `{"AWS":"`+knownAfterApply+`"}`, 1)), "P:1 before "},
		{"a policy as text", "", change("Add", "", "", `{"Properties":{"Bucket":"b","PolicyDocument":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"`+knownAfterApply+`/*\"}]}"}}`), "P:1 before "},
	} {
		f := changeSetOf(tt.more, tt.change)
		if !MatchChangeSet(f) {
			t.Errorf("%s is not recognised", tt.name)
		}
		s := LoadChangeSet(f, Options{})
		if got := said(s); got != tt.want && !(strings.HasSuffix(tt.want, "| error") && strings.HasPrefix(got, tt.want)) {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
		if !s.Compared {
			t.Errorf("%s: not compared", tt.name)
		}
	}
}

// The list that the console shows is the same change set.
func TestChangesOfConsole(t *testing.T) {
	list := `[{"type":"Resource","resourceChange":{"action":"Add","logicalResourceId":"P","resourceType":"AWS::S3::BucketPolicy","afterContext":` + openPolicy + `}}]`
	f := source.NewFile("c.json", []byte(list))
	if !MatchChangeSet(f) {
		t.Fatal("not recognised")
	}
	if got := said(LoadChangeSet(f, Options{})); got != "P:1 before " {
		t.Error(got)
	}
	for _, other := range []string{`[{"name":"resourceChange"}]`, `{"Changes":[]}`, `{"Resources":{"a":{"Type":"AWS::S3::Bucket"}},"x":"ResourceChange"}`, `["ResourceChange"]`} {
		if MatchChangeSet(source.NewFile("c.json", []byte(other))) {
			t.Errorf("%s is recognised", other)
		}
	}
}

// Values that are not known are not the same value: a principal that is not known and
// another one do not settle each other.
func TestKnownAfterApply(t *testing.T) {
	after := strings.ReplaceAll(strings.Replace(openPolicy, `"*"`, `{"AWS":["`+knownAfterApply+`","arn:aws:iam::`+knownAfterApply+`:role/x"]}`, 1), `arn:aws:s3:::b/*`, knownAfterApply)
	s := LoadChangeSet(changeSetOf("", change("Add", "", "", after)), Options{})
	names := map[string]bool{}
	list := s.Resources[0].Documents[0].Policy.Statements[0]
	for _, p := range list.Principal.List {
		names[p.Text.String()] = true
	}
	for _, p := range list.Resource.List {
		names[p.Text.String()] = true
	}
	if len(names) != 3 {
		t.Errorf("got %v", names)
	}
}

func TestHostileChangeSets(t *testing.T) {
	many := make([]string, maxResources+10)
	for i := range many {
		many[i] = change("Add", "", "", openPolicy)
	}
	deep := `{"Properties":{"Bucket":"b","PolicyDocument":` + strings.Repeat(`{"a":`, 20_000) + `1` + strings.Repeat(`}`, 20_000) + `}}`
	for name, f := range map[string]*source.File{
		"many":    changeSetOf("", many...),
		"deep":    changeSetOf("", change("Add", "", "", deep)),
		"markers": changeSetOf("", change("Add", "", "", `{"Properties":{"Bucket":"`+strings.Repeat(knownAfterApply, 50_000)+`"}}`)),
		"escapes": changeSetOf("", change("Add", "", "", `{"Properties":{"Bucket":"\u0000\ud800\u001b[31m"}}`)),
		"quotes":  changeSetOf("", change("Add", "", "", strings.Repeat(`"\"`, 100_000))),
		"cut":     source.NewFile("c.json", []byte(`{"ChangeSetId":"c","Changes":[{"ResourceChange":{"Action"`)),
		"a list":  source.NewFile("c.json", []byte(`[{"Type":"Resource","ResourceChange":[]}]`)),
		"numbers": changeSetOf("", `{"ResourceChange":{"Action":1,"LogicalResourceId":2,"ResourceType":[]}}`),
	} {
		began := time.Now()
		s := LoadChangeSet(f, Options{})
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s takes %s", name, took)
		}
		if len(s.Diagnostics) == 0 && name != "markers" {
			t.Errorf("%s: nothing is said", name)
		}
		for _, d := range s.Diagnostics {
			if len(d.Message) > 2000 {
				t.Errorf("%s: a message of %d bytes", name, len(d.Message))
			}
		}
	}
}

func TestBody(t *testing.T) {
	const yaml = `Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties: {Bucket: b, PolicyDocument: {Statement: [{Effect: Allow, Principal: \"*\", Action: s3:GetObject, Resource: \"arn:aws:s3:::b/*\"}]}}\n`
	object := `{"Resources":{"P":{"Type":"AWS::S3::BucketPolicy",` + openPolicy[1:] + `}}`
	for body, want := range map[string]string{
		`"` + yaml + `"`: "P:1 before ",
		object:           "P:1 before ",
		`17`:             ` before  | error expected a template in "TemplateBody", found number`,
		`"a: [b"`:        " before  | error",
		`""`:             " before  | error",
		`"[1]"`:          ` before  | error expected a template in "TemplateBody", found list`,
	} {
		f := source.NewFile("t.json", []byte(`{"StagesAvailable":["Original"],"TemplateBody":`+body+`}`))
		if !MatchBody(f) {
			t.Errorf("%s is not recognised", body)
		}
		s := LoadBody(f, Options{})
		if got := said(s); got != want && !(strings.HasSuffix(want, "| error") && strings.HasPrefix(got, want)) {
			t.Errorf("%s:\ngot  %s\nwant %s", body, got, want)
		}
		for _, r := range s.Resources {
			if at := r.Documents[0].Policy.Statements[0].Principal.Span; !strings.Contains(string(f.Content[at.Start:at.End]), "*") {
				t.Errorf("the principal is at %q", f.Content[at.Start:at.End])
			}
		}
	}
}
