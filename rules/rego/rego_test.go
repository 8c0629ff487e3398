package rego

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/loaders"
	"github.com/iaclint/iaclint/rules"
)

// head is the METADATA and the package of a rule with an id.
func head(id string) string {
	return "# METADATA\n# title: something is found\n# custom:\n#   id: " + id + "\n#   severity: low\npackage iaclint.rules." + strings.ReplaceAll(id, "-", "_") + "\n"
}

// rule is a rule that finds each resource for which a condition holds.
func rule(id, condition string) string {
	return head(id) + "finding contains {\"at\": r, \"message\": r.address} if {\n some r in input.resources\n " + condition + "\n}\n"
}

// file is a file with rules.
func file(content string) *source.File { return source.NewFile("x.rego", []byte(content)) }

func compile(t testing.TB, contents ...string) *Set {
	t.Helper()
	var files []*source.File
	for i, c := range contents {
		files = append(files, source.NewFile(fmt.Sprintf("%d.rego", i), []byte(c)))
	}
	set, wrong := Compile(files, Options{Reserved: []string{"public-read"}})
	for _, d := range wrong {
		t.Error(said(d))
	}
	if set == nil {
		t.FailNow()
	}
	return set
}

// said is a diagnostic with its place.
func said(d source.Diagnostic) string {
	path, at := d.Where()
	return fmt.Sprintf("%s:%d:%d: %s", path, at.Line, at.Column, d.Message)
}

// input analyses a file.
func input(t testing.TB, name, content string) Input {
	t.Helper()
	stack, ok := loaders.Load(loaders.Input{File: source.NewFile(name, []byte(content)), Named: true}, loaders.Options{})
	if !ok {
		t.Fatalf("%s is not recognised", name)
	}
	for _, d := range stack.Diagnostics {
		if d.Severity == source.Error {
			t.Fatal(said(d))
		}
	}
	return analysed(stack.Resources, &zone.Zone{Account: "111122223333", Members: []zone.Member{{ID: "111122223333"}}})
}

func analysed(list []resource.Resource, z *zone.Zone) Input {
	out := Input{Zones: []finding.Zone{{Name: "default", Type: "ACCOUNT", Account: z.Account}}}
	for _, r := range list {
		out.Resources = append(out.Resources, Resource{State: rules.State{Output: rules.Run(r, z, rules.Options{}), Cases: []resource.Resource{r}, Zone: z}})
	}
	return out
}

// bucket is a template with a bucket that another account reads.
const bucket = `{"Resources": {
  "Logs": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "acme-logs", "Tags": [{"Key": "class", "Value": "internal"}, {"Key": "team", "Value": {"Ref": "Team"}}]}},
  "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Logs"}, "PolicyDocument": {
    "Version": "2012-10-17",
    "Statement": [
      {"Sid": "Partner", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": ["s3:GetObject", "s3:GetObjectTagging"], "Resource": "arn:aws:s3:::acme-logs/*"},
      {"Effect": "Allow", "Principal": {"AWS": {"Ref": "Reader"}}, "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-logs", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
      {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::acme-logs", "arn:aws:s3:::acme-logs/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    ]}}}},
  "Parameters": {"Reader": {"Type": "String"}, "Team": {"Type": "String"}}}
`

// Mistakes in rules are told with their place and what is expected.
func TestMistakes(t *testing.T) {
	const finds = "finding contains {\"at\": r, \"message\": \"m\"} if some r in input.resources\n"
	meta := func(lines string) string { return "# METADATA\n" + lines + "package iaclint.rules.x\n" + finds }
	for _, tt := range []struct{ content, want string }{
		{"package iaclint.rules.x\n" + finds, `x.rego:1:1: package iaclint.rules.x has findings and no METADATA: title, custom.id and custom.severity are expected in a comment before "package"`},
		{meta("# title: t\n# custom:\n#   severity: low\n"), `x.rego:1:1: METADATA has no custom.id: words of lower case letters and digits with - between them are expected`},
		{meta("# custom:\n#   id: a\n#   severity: low\n"), `x.rego:1:1: METADATA has no title: what the rule finds is expected, in one line`},
		{meta("# title: t\n# custom:\n#   id: A_b\n#   severity: low\n"), `x.rego:4:5: id "A_b" is not made of words of lower case letters and digits with - between them`},
		{meta("# title: t\n# custom:\n#   id: 5\n#   severity: low\n"), `x.rego:4:5: custom.id must be a text, in quotes`},
		{meta("# title: t\n# custom:\n#   id: public-read\n#   severity: low\n"), `x.rego:4:5: id "public-read" is that of a rule of iaclint`},
		{meta("# title: t\n# custom:\n#   id: a\n#   severity: hihg\n"), `x.rego:5:5: severity "hihg" is unknown; did you mean "high"?`},
		{meta("# title: t\n# custom:\n#   id: a\n"), `x.rego:1:1: METADATA has no custom.severity: one of low, medium, high, critical is expected`},
		{head("x") + "found := 1\n", `x.rego:1:1: rule x has no finding: write "finding contains {\"at\": …, \"message\": …} if { … }"`},
		{head("x") + "finding := {\"at\": 1}\n", `x.rego:7:1: finding of a rule is a set: write "finding contains {…} if { … }"`},
		{"package other\n" + finds, `x.rego:2:1: a rule is a package below iaclint.rules; package other has findings that nobody asks for`},
		{head("x") + "finding[r] { r := input.resources[_] }\n", "x.rego:7:1: `if` keyword is required before rule body; rules are written in Rego v1"},
		{head("x") + "finding contains \n", "x.rego:8:1: unexpected eof token"},
		{"", "x.rego:1:1: nothing is in the file; a package is expected"},
		{rule("x", "input.resorces"), `x.rego:9:2: undefined ref: input.resorces; did you mean "resources"?`},
		{rule("x", "r.adress == 1"), `x.rego:9:2: undefined ref: r.adress; did you mean "address"?`},
		{rule("x", "r.documents[_].policy.Statement[_].Acton"), `x.rego:9:2: undefined ref: r.documents[_].policy.Statement[_].Acton; did you mean "Action"?`},
		{rule("x", "r.address == 1"), `x.rego:9:2: match error`},
		{rule("x", "y == r"), `x.rego:9:2: y has no value: nothing in the rule gives it one`},
		{rule("x", "iaclint.allow(r, {})"), `x.rego:9:2: function iaclint.allow is unknown; did you mean "iaclint.allows"?`},
		{rule("x", "nosuch(r)"), `x.rego:9:2: function nosuch is unknown`},
		{rule("x", "iaclint.who(r, 5)"), `x.rego:9:2: iaclint.who: invalid argument(s)`},
		{rule("x", "iaclint.external(r)[_].principle"), `x.rego:9:2: undefined ref: iaclint.external(r)[_].principle; did you mean "principal"?`},
		{rule("x", `iaclint.who(r, "s3:GetObjekt") == []`), `x.rego:9:2: iaclint.who: action "s3:GetObjekt" is unknown; did you mean "s3:GetObject"?`},
		{rule("x", `iaclint.grants(r.documents[0], ["s3:GetObject", "PutObject"], "*")`), `x.rego:9:2: iaclint.grants: action "PutObject": service:Name is expected, or "*"`},
		{rule("x", `count(iaclint.granted(r.documents[0], "s3:Gett", "*")) > 0`), `x.rego:9:8: iaclint.granted: action "s3:Gett" is unknown`},
		{strings.Repeat("#", largestFile+1), "x.rego:1:1: larger than 1024 KiB, which is the most that is read"},
		{head("x") + "a := " + strings.Repeat("[", deepest+1), "x.rego:7:1006: brackets are nested more than 1000 deep"},
	} {
		set, wrong := Compile([]*source.File{file(tt.content)}, Options{Reserved: []string{"public-read"}})
		if set != nil || len(wrong) == 0 {
			t.Errorf("%.200q compiles", tt.content)
			continue
		}
		if got := said(wrong[0]); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%.200q\n got %s\nwant %s", tt.content, got, tt.want)
		}
	}
}

// Two rules cannot share an id, whichever files they are in.
func TestSameID(t *testing.T) {
	a := rule("x", "true")
	b := strings.Replace(a, "package iaclint.rules.x", "package iaclint.rules.y", 1)
	_, wrong := Compile([]*source.File{source.NewFile("a.rego", []byte(a)), source.NewFile("b.rego", []byte(b))}, Options{})
	if len(wrong) != 1 || said(wrong[0]) != `b.rego:4:5: id "x" is that of package iaclint.rules.x as well` {
		t.Errorf("%v", wrong)
	}
}

// Findings that are none are mistakes of the rule, and said where it is.
func TestWrongFindings(t *testing.T) {
	in := input(t, "t.json", bucket)
	for _, tt := range []struct{ finding, want string }{
		{`"text"`, `a finding is an object {"at": …, "message": …}, and not "text"`},
		{`{"at": r}`, `a finding has no "message"; a text is expected`},
		{`{"at": r, "message": 5}`, `"message" of a finding is 5; a text is expected`},
		{`{"at": r, "message": " "}`, `"message" of a finding is " "; a text is expected`},
		{`{"message": "m"}`, `a finding has no "at": an object of the input is expected, such as a resource or a statement`},
		{`{"at": r.address, "message": "m"}`, `"at" of a finding is "Logs"; an object of the input is expected, such as a resource or a statement`},
		{`{"at": {"_node": 100000}, "message": "m"}`, `"at" of a finding is not an object of the input: it has no _node`},
		{`{"at": {"a": 1}, "message": "m"}`, `"at" of a finding is not an object of the input: it has no _node`},
		{`{"at": [r, ["x"]], "message": "m"}`, `"at" of a finding goes on with a list; names and numbers are expected after the object`},
		{`{"at": r, "message": "m", "severity": "low"}`, `a finding has no "severity"; it has at, message, key`},
		{`{"at": r, "message": "m", "key": 3}`, `"key" of a finding is 3; a text is expected`},
	} {
		set := compile(t, head("x")+"finding contains f if {\n some r in input.resources\n f := "+tt.finding+"\n}\n")
		out := set.Run(in, time.Minute)
		want := "0.rego:7:1: rule x: " + tt.want
		if len(out.Wrong) != 1 || said(out.Wrong[0]) != want {
			t.Errorf("%s\n got %v\nwant %s", tt.finding, out.Wrong, want)
		}
	}
}

// "at" is all that a finding needs to have its place.
func TestPlaces(t *testing.T) {
	in := input(t, "t.json", bucket)
	for _, tt := range []struct{ at, want string }{
		{`r`, `{"Type": "AWS::S3::Bucket"`},
		{`[r, "properties", "Tags", 0, "Value"]`, `"internal"`},
		{`[r, "properties", "BucketName"]`, `"acme-logs"`},
		{`[r, "properties", "NoSuchProperty"]`, `{"BucketName"`},
		{`r.documents[0]`, "{\n    \"Version\""},
		{`r.documents[0].policy`, "{\n    \"Version\""},
		{`r.documents[0].policy.Statement[0]`, `{"Sid": "Partner"`},
		{`[r.documents[0].policy.Statement[0], "Action", 1]`, `"s3:GetObjectTagging"`},
		{`[r.documents[0].policy.Statement[0], "Action"]`, `["s3:GetObject", `},
		{`[r.documents[0].policy.Statement[0], "Principal", "AWS", 0]`, `"arn:aws:iam::444455556666:root"`},
		{`[r.documents[0].policy.Statement[1], "Condition", "StringEquals", "aws:PrincipalOrgID", 0]`, `"o-a1b2c3d4e5"`},
		{`[r.documents[0].policy.Statement[0], "nothing"]`, `{"Sid": "Partner"`},
		{`r.findings[0]`, `"arn:aws:iam::444455556666:root"`},
		{`iaclint.external(r)[0]`, `"arn:aws:iam::444455556666:root"`},
		{`iaclint.who(r, "s3:GetObject")[0]`, `{"Sid": "Partner"`},
	} {
		set := compile(t, head("x")+"finding contains {\"at\": "+tt.at+", \"message\": \"m\"} if some r in input.resources\n")
		out := set.Run(in, time.Minute)
		if len(out.Wrong) > 0 || len(out.Findings) != 1 || len(out.Findings[0]) != 1 {
			t.Errorf("%s: %v %v", tt.at, out.Wrong, out.Findings)
			continue
		}
		f := out.Findings[0][0]
		unquoted := func(s string) string { return strings.TrimPrefix(s, `"`) }
		if got := f.Span.Text(); !strings.HasPrefix(unquoted(got), unquoted(tt.want)) || f.Location == nil {
			t.Errorf("%s: at %.60s, want %s", tt.at, got, tt.want)
		}
		if f.Address != "Logs" || f.Path != "t.json" || f.ResourceType != "AWS::S3::Bucket" || f.Rule != "x" || f.Severity != finding.Low {
			t.Errorf("%s: %+v", tt.at, f)
		}
	}
}

// A finding keeps its id when its place moves and, with a key, when its words
// change; another rule, resource or key has another.
func TestIDs(t *testing.T) {
	id := func(content, finding string) string {
		out := compile(t, head("x")+"finding contains "+finding+" if some r in input.resources\n").Run(input(t, "t.json", content), time.Minute)
		if len(out.Wrong) > 0 || len(out.Findings[0]) != 1 {
			t.Fatal(out)
		}
		return out.Findings[0][0].ID
	}
	first := id(bucket, `{"at": r, "message": "m"}`)
	if id("\n\n"+bucket, `{"at": r.documents[0], "message": "m"}`) != first {
		t.Error("the id depends on the place")
	}
	if id(bucket, `{"at": r, "message": "n"}`) == first || id(strings.ReplaceAll(bucket, "Logs", "Other"), `{"at": r, "message": "m"}`) == first {
		t.Error("different findings have one id")
	}
	if id(bucket, `{"at": r, "message": "m", "key": "k"}`) != id(bucket, `{"at": r, "message": "n", "key": "k"}`) {
		t.Error("a key does not hold the id")
	}
}

// Functions answer as the engine does.
func TestFunctions(t *testing.T) {
	in := input(t, "t.json", bucket)
	const document, wide = "r.documents[0]", `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}`
	request := func(who, action, more string) string {
		return fmt.Sprintf(`{"principal": %q, "action": %q, "resource": "arn:aws:s3:::acme-logs/x"%s}`, who, action, more)
	}
	for _, tt := range []struct {
		condition string
		want      bool
	}{
		{`count(iaclint.external(r)) == 2`, true},
		{`iaclint.external(r)[_].who == "444455556666"`, true},
		{`iaclint.external(r)[_].certainty == "undetermined"`, true},
		{`iaclint.external(r.documents[0].policy.Statement[0])[_].certainty == "proven"`, true},
		{`iaclint.who(r, "s3:GetObject")[_].who == "444455556666"`, true},
		{`iaclint.who(r, "s3:PutObject") == []`, true},
		{`iaclint.who(r, ["s3:PutObject", "s3:Get*"]) == []`, false},
		{`iaclint.who(r, {"sqs:SendMessage"}) == []`, true},
		{`iaclint.allows(` + document + `, ` + request("444455556666", "s3:GetObject", "") + `)`, true},
		{`iaclint.allows(` + document + `, ` + request("arn:aws:iam::444455556666:role/x", "s3:GetObject", "") + `)`, true},
		{`iaclint.allows(` + document + `, ` + request("777788889999", "s3:GetObject", "") + `)`, false},
		{`iaclint.allows(` + document + `, ` + request("444455556666", "s3:GetObject", `, "context": {"aws:SecureTransport": "false"}`) + `)`, false},
		{`iaclint.decide(` + document + `, ` + request("444455556666", "s3:GetObject", "") + `) == {"decision": "allow", "statements": [0]}`, true},
		{`iaclint.decide(` + document + `, ` + request("444455556666", "s3:PutObject", "") + `).decision == "implicit deny"`, true},
		{`iaclint.decide(` + document + `, ` + request("444455556666", "s3:GetObject", `, "context": {"aws:SecureTransport": false}`) + `) == {"decision": "explicit deny", "statements": [2]}`, true},
		{`iaclint.decide(` + document + `, {"principal": "777788889999", "action": "s3:ListBucket", "resource": "arn:aws:s3:::acme-logs", "context": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}).decision == "undetermined"`, true},
		{`iaclint.decide(` + wide + `, ` + request("*", "s3:GetObject", "") + `).decision == "allow"`, true},
		{`iaclint.decide(json.marshal(` + wide + `), ` + request("*", "s3:GetObject", "") + `).decision == "allow"`, true},
		{`iaclint.grants(` + document + `, "s3:GetObject", "*")`, true},
		{`iaclint.grants(` + document + `, "s3:PutObject", "*")`, false},
		{`iaclint.grants(` + document + `, "s3:GetObject", "arn:aws:s3:::other/*")`, false},
		{`iaclint.grants(` + wide + `, "s3:PutObject", "arn:aws:s3:::other/*")`, true},
		{`iaclint.grants({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}, "s3:PutObject", "*")`, true},
		{`iaclint.granted(` + document + `, ["s3:GetObject"], "*")[_].who == "444455556666"`, true},
		{`iaclint.implies(` + document + `, ` + wide + `)`, true},
		{`iaclint.implies(` + wide + `, ` + document + `)`, false},
		{`iaclint.implies(` + document + `, ` + document + `.policy)`, true},
		{`iaclint.beyond(` + wide + `, ` + document + `).answer == "yes"`, true},
		{`iaclint.beyond(` + document + `, ` + wide + `) == {"answer": "no", "actions": [], "request": null}`, true},
		// A policy that a rule has changed is not that of the input any more.
		{`p := object.union(` + document + `.policy, {"Statement": []}); iaclint.grants(p, "s3:GetObject", "*")`, false},
		{`p := object.union(` + document + `.policy, {"Statement": array.slice(` + document + `.policy.Statement, 1, 2)}); iaclint.decide(p, {"principal": "777788889999", "action": "s3:ListBucket", "resource": "arn:aws:s3:::acme-logs", "context": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}).decision == "undetermined"`, true},
		{`iaclint.in_zone("111122223333")`, true},
		{`iaclint.in_zone("arn:aws:iam::111122223333:role/x")`, true},
		{`iaclint.in_zone("444455556666")`, false},
		{`iaclint.in_zone("*")`, false},
		{`iaclint.in_zone_of("111122223333", r)`, true},
		{`iaclint.in_zone_of("444455556666", r)`, false},
		{`r.documents[0].policy.Statement[1].unknown == ["Reader"]`, true},
		{`r.properties.Tags[1].Value == {"unknown": ["Team"]}`, true},
		{`r.properties.Tags[0] == {"Key": "class", "Value": "internal"}`, true},
	} {
		out := compile(t, rule("x", tt.condition)).Run(in, time.Minute)
		if len(out.Wrong)+len(out.Unfinished)+len(out.Doubts) > 0 {
			t.Errorf("%s: %v %v %v", tt.condition, out.Wrong, out.Unfinished, out.Doubts)
			continue
		}
		if got := len(out.Findings[0]) == 1; got != tt.want {
			t.Errorf("%s: %v, want %v", tt.condition, got, tt.want)
		}
	}
}

// What nobody can have meant ends the rule: no answer would be right. What the
// input may have given has no answer, which is told.
func TestWrongCalls(t *testing.T) {
	in := input(t, "t.json", bucket)
	const request = `{"principal": "444455556666", "action": "s3:GetObject", "resource": "arn:aws:s3:::acme-logs/x"}`
	const own = `, {"Version": "2012-10-17", "Statement": []}) `
	for _, tt := range []struct {
		condition, want string
		ends            bool
	}{
		{`iaclint.external({}) == []`, "iaclint.external: a resource of the input is expected, not an object", true},
		{`iaclint.who(r, []) == []`, `iaclint.who: the list of actions is empty; "*" is any`, true},
		{`iaclint.grants(r.documents[0], "s3:*", [])`, `iaclint.grants: the list of resources is empty; "*" is any`, true},
		{`iaclint.allows(r.documents[0], {"principal": "444455556666", "action": "s3:GetObject"})`, `iaclint.allows: a request has no resource`, true},
		{`iaclint.allows(r.documents[0], object.union(` + request + `, {"conditions": {}}))`, `iaclint.allows: a request has no "conditions"; it has principal, action, resource and context`, true},
		{`iaclint.input({}) == {}`, `iaclint.input: it is for tests`, true},
		{`some a in ["s3:GetObjekt"]; iaclint.who(r, a) == []`, `iaclint.who: action "s3:GetObjekt" is unknown; did you mean "s3:GetObject"?`, false},
		{`iaclint.allows("{", ` + request + `)`, `iaclint.allows: the text is not JSON: unexpected EOF`, false},
		{`iaclint.allows("{} {}", ` + request + `)`, `iaclint.allows: the text is not JSON: something follows the value`, false},
		{`iaclint.allows({"Statment": []}, ` + request + `)`, `iaclint.allows: the policy cannot be read: `, false},
		{`iaclint.allows({"Statement": [{"Effect": "Alow", "Principal": "*", "Action": "*", "Resource": "*"}]}, ` + request + `)`, `iaclint.allows: AWS would refuse statement 0 of the policy: `, false},
		{`iaclint.allows(r, ` + request + `)`, `iaclint.allows: a policy is expected; the object of the input is none, or its text is not shown`, false},
		{`iaclint.implies(r` + own, `iaclint.implies: a policy is expected; the object of the input is none, or its text is not shown`, false},
		{`iaclint.allows(r.documents[0], {"principal": "x", "action": "s3:GetObject", "resource": "*"})`, `iaclint.allows: principal "x" of a request: an ARN, an account id`, false},
		{`iaclint.allows(r.documents[0], {"principal": "444455556666", "action": "s3:*", "resource": "*"})`, `iaclint.allows: action "s3:*" of a request has a wildcard`, false},
		{`iaclint.allows(r.documents[0], object.union(` + request + `, {"context": {"aws:PrincipalAccount": "777788889999"}}))`, `iaclint.allows: nobody can make the request: `, false},
	} {
		out := compile(t, rule("x", tt.condition)).Run(in, time.Minute)
		got, other := out.Wrong, out.Doubts
		if !tt.ends {
			got, other = other, got
		}
		if len(got) != 1 || len(other) != 0 || !strings.HasPrefix(got[0].Message, "rule x: "+tt.want) {
			t.Errorf("%s\n got %v %v\nwant %s", tt.condition, out.Wrong, out.Doubts, tt.want)
		}
	}
}

// A part of a request that is not known leaves the decision open; that is no
// refusal.
func TestUnknownRequests(t *testing.T) {
	in := input(t, "t.json", bucket)
	for _, request := range []string{
		`{"principal": "${var.partner}", "action": "s3:GetObject", "resource": "arn:aws:s3:::acme-logs/x"}`,
		`{"principal": "444455556666", "action": "s3:PutObject", "resource": ""}`,
		`{"principal": "444455556666", "action": "s3:PutObject", "resource": "arn:aws:s3:::${var.name}/x"}`,
		`{"principal": "(sensitive)", "action": "s3:PutObject", "resource": "arn:aws:s3:::acme-logs/x"}`,
		`{"principal": "AIDACKCEVSQ6C2EXAMPLE", "action": "s3:PutObject", "resource": "arn:aws:s3:::acme-logs/x"}`,
		`{"principal": "arn:aws:iam::444455556666:role/a*", "action": "s3:PutObject", "resource": "arn:aws:s3:::acme-logs/x"}`,
	} {
		out := compile(t, rule("x", `iaclint.decide(r.documents[0], `+request+`).decision == "undetermined"; iaclint.allows(r.documents[0], `+request+`)`)).Run(in, time.Minute)
		if len(out.Wrong)+len(out.Doubts) > 0 || len(out.Findings[0]) != 1 {
			t.Errorf("%s: %v", request, out)
		}
	}
}
