package repair

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

var file = source.NewFile("p.json", []byte(strings.Repeat("line\n", 100)))

func at(start, end int) source.Span { return source.Span{File: file, Start: start, End: end} }

// allow is a statement at the n-th hundred of the file, with principals written
// as KEY:TEXT; one that begins with "!" is written elsewhere.
func allow(n int, sid string, principals ...string) policy.Statement {
	s := policy.Statement{Index: n, Span: at(n*100, n*100+90), Sid: sid, Effect: policy.Allow, Principal: policy.Principals{Span: at(n*100+10, n*100+20), Present: true}}
	for i, p := range principals {
		p, far := strings.CutPrefix(p, "!")
		key, text, _ := strings.Cut(p, ":")
		kind := map[string]policy.PrincipalKind{"AWS": policy.AWS, "*": policy.Anyone, "Service": policy.Service, "Federated": policy.Federated}[key]
		if kind == policy.Anyone {
			text = "*"
		}
		span := at(n*100+10+i, n*100+11+i)
		if far {
			span = at(495, 496)
		}
		s.Principal.List = append(s.Principal.List, policy.Principal{Kind: kind, Text: value.Lit(text), Span: span})
	}
	return s
}

func where(s policy.Statement, key string, values ...string) policy.Statement {
	c := policy.Condition{Key: key, Operator: policy.Operator{Compare: policy.StringEquals, Text: "StringEquals"}}
	for i, v := range values {
		c.Values = append(c.Values, policy.Pattern{Text: value.Lit(v), Span: at(s.Span.Start+50+i, s.Span.Start+51+i)})
	}
	s.Condition = append(s.Condition, c)
	return s
}

// written shows candidates, one a line: the kinds of their edits, what they
// require, and whether they are the last choice.
func written(list []Candidate) []string {
	names := map[Kind]string{Remove: "remove", Withdraw: "withdraw", Require: "require", Replace: "replace", Add: "add", Refuse: "refuse", Block: "block", Grant: "grant"}
	var out []string
	for _, c := range list {
		var parts []string
		for _, e := range c.Edits {
			text := fmt.Sprintf("%s %d", names[e.Kind], e.At.Start)
			if len(e.Conditions) > 0 {
				text += " " + words(e.Conditions)
			}
			if e.Kind == Grant && len(e.Conditions) == 0 {
				text += " " + words([]Condition{{Values: []Value{e.Value}}})
			}
			parts = append(parts, text)
		}
		line := strings.Join(parts, " + ")
		if c.Last {
			line += " (last)"
		}
		out = append(out, line)
	}
	return out
}

func TestCandidates(t *testing.T) {
	account := &zone.Zone{Account: "111122223333"}
	organization := &zone.Zone{Account: "111122223333", Type: zone.Organization, Organization: "o-a1b2c3d4e5"}
	oidc := &zone.Zone{OIDC: []zone.OIDC{{Issuer: "token.actions.githubusercontent.com", Audiences: []string{"sts.amazonaws.com"}, Subjects: []string{"repo:acme/app:*"}}}}
	for _, tt := range []struct {
		name       string
		statements []policy.Statement
		access     Access // without its statements: all of them
		kind       string
		zone       *zone.Zone
		want       []string
	}{
		{"one of several principals", []policy.Statement{allow(0, "", "AWS:444455556666", "AWS:111122223333")}, Access{PrincipalKey: "AWS", Principal: "444455556666"}, "", account,
			[]string{"remove 10", "withdraw 0", "refuse 0 (last)"}},
		{"a role by its ARN, an account by that of its root", []policy.Statement{allow(0, "", "AWS:arn:aws:iam::444455556666:root", "AWS:1")}, Access{PrincipalKey: "AWS", Principal: "444455556666"}, "", account,
			[]string{"remove 10", "withdraw 0", "refuse 0 (last)"}},
		{"the only principal", []policy.Statement{allow(0, "", "AWS:444455556666")}, Access{PrincipalKey: "AWS", Principal: "444455556666"}, "", account,
			[]string{"withdraw 0", "refuse 0 (last)"}},
		{"a principal from elsewhere", []policy.Statement{allow(0, "", "!AWS:444455556666", "AWS:1")}, Access{PrincipalKey: "AWS", Principal: "444455556666"}, "", account,
			// your account can take its place: the statement may be one for many
			[]string{"remove 495 (last)", "replace 495 (last)", "replace 495 (last)", "withdraw 0", "refuse 0 (last)"}},
		{"anyone", []policy.Statement{allow(0, "", "*:")}, Access{PrincipalKey: "AWS", Principal: "*"}, "", account, []string{
			"require 0 StringEquals aws:PrincipalAccount your account", "require 0 StringEquals aws:PrincipalAccount 111122223333",
			"require 0 StringEquals aws:PrincipalAccount ${aws:ResourceAccount}",
			"require 0 StringEqualsIfExists aws:PrincipalAccount your account", "require 0 StringEqualsIfExists aws:PrincipalAccount 111122223333",
			"require 0 StringEqualsIfExists aws:PrincipalAccount ${aws:ResourceAccount}", "withdraw 0",
			"add 0 StringNotEqualsIfExists aws:PrincipalAccount your account and BoolIfExists aws:PrincipalIsAWSService false",
			"add 0 StringNotEqualsIfExists aws:PrincipalAccount 111122223333 and BoolIfExists aws:PrincipalIsAWSService false",
			"add 0 StringNotEqualsIfExists aws:PrincipalAccount ${aws:ResourceAccount} and BoolIfExists aws:PrincipalIsAWSService false",
			"refuse 0 (last)"}},
		{"a permission for anyone", []policy.Statement{allow(0, "", "*:")}, Access{PrincipalKey: "AWS", Principal: "*"}, "AWS::Lambda::Function", account, []string{
			"require 0 StringEquals aws:PrincipalAccount your account", "require 0 StringEquals aws:PrincipalAccount 111122223333",
			"require 0 StringEquals aws:PrincipalAccount ${aws:ResourceAccount}",
			"require 0 StringEqualsIfExists aws:PrincipalAccount your account", "require 0 StringEqualsIfExists aws:PrincipalAccount 111122223333",
			"require 0 StringEqualsIfExists aws:PrincipalAccount ${aws:ResourceAccount}", "withdraw 0",
			"add 0 StringNotEqualsIfExists aws:PrincipalAccount your account and BoolIfExists aws:PrincipalIsAWSService false",
			"add 0 StringNotEqualsIfExists aws:PrincipalAccount 111122223333 and BoolIfExists aws:PrincipalIsAWSService false",
			"add 0 StringNotEqualsIfExists aws:PrincipalAccount ${aws:ResourceAccount} and BoolIfExists aws:PrincipalIsAWSService false",
			"replace 10 (last)", "replace 10 (last)", "refuse 0 (last)"}},
		{"anyone, in an organization", []policy.Statement{allow(0, "", "*:")}, Access{PrincipalKey: "AWS", Principal: "*"}, "", organization, []string{
			"require 0 StringEquals aws:PrincipalOrgID o-a1b2c3d4e5", "withdraw 0",
			"add 0 StringNotEqualsIfExists aws:PrincipalOrgID o-a1b2c3d4e5 and BoolIfExists aws:PrincipalIsAWSService false", "refuse 0 (last)"}},
		{"nothing is declared", []policy.Statement{allow(0, "", "*:")}, Access{PrincipalKey: "AWS", Principal: "*"}, "", &zone.Zone{}, []string{
			"require 0 StringEquals aws:PrincipalAccount your account", "require 0 StringEquals aws:PrincipalAccount ${aws:ResourceAccount}",
			"require 0 StringEqualsIfExists aws:PrincipalAccount your account", "require 0 StringEqualsIfExists aws:PrincipalAccount ${aws:ResourceAccount}", "withdraw 0",
			"add 0 StringNotEqualsIfExists aws:PrincipalAccount your account and BoolIfExists aws:PrincipalIsAWSService false",
			"add 0 StringNotEqualsIfExists aws:PrincipalAccount ${aws:ResourceAccount} and BoolIfExists aws:PrincipalIsAWSService false",
			"refuse 0 (last)"}},
		{"accounts that are trusted keep their access", []policy.Statement{allow(0, "", "*:")}, Access{PrincipalKey: "AWS", Principal: "*"}, "",
			&zone.Zone{Type: zone.Organization, Organization: "o-a1b2c3d4e5", Accounts: []string{"444455556666"}}, []string{
				"require 0 StringEquals aws:PrincipalOrgID o-a1b2c3d4e5", "withdraw 0",
				"add 0 StringNotEqualsIfExists aws:PrincipalOrgID o-a1b2c3d4e5 and StringNotEqualsIfExists aws:PrincipalAccount 444455556666 and BoolIfExists aws:PrincipalIsAWSService false", "refuse 0 (last)"}},
		{"a value of a condition", []policy.Statement{where(allow(0, "", "*:"), "AWS:SourceVpc", "vpc-1", "vpc-2")}, Access{PrincipalKey: "AWS", Principal: "*", Conditions: map[string]string{"aws:SourceVpc": "vpc-2"}}, "", organization, []string{
			"remove 51", "require 0 StringEquals aws:PrincipalOrgID o-a1b2c3d4e5", "withdraw 0",
			"add 0 StringNotEqualsIfExists aws:PrincipalOrgID o-a1b2c3d4e5 and BoolIfExists aws:PrincipalIsAWSService false", "refuse 0 (last)"}},
		{"a service", []policy.Statement{allow(0, "", "Service:sns.amazonaws.com")}, Access{PrincipalKey: "Service", Principal: "sns.amazonaws.com"}, "", organization, []string{
			"require 0 StringEquals aws:SourceOrgID o-a1b2c3d4e5", "withdraw 0",
			"add 0 StringNotEqualsIfExists aws:SourceOrgID o-a1b2c3d4e5 and Bool aws:PrincipalIsAWSService true", "refuse 0 (last)"}},
		{"a token, of which no subject is declared", []policy.Statement{allow(0, "", "Federated:token.actions.githubusercontent.com")}, Access{PrincipalKey: "Federated", Principal: "token.actions.githubusercontent.com"}, "", account,
			[]string{"withdraw 0", "refuse 0 (last)"}},
		{"a token", []policy.Statement{allow(0, "", "Federated:token.actions.githubusercontent.com")}, Access{PrincipalKey: "Federated", Principal: "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"}, "", oidc, []string{
			"require 0 StringLike token.actions.githubusercontent.com:sub repo:acme/app:*", "require 0 StringEquals token.actions.githubusercontent.com:aud sts.amazonaws.com",
			"require 0 StringLike token.actions.githubusercontent.com:sub repo:acme/app:* and StringEquals token.actions.githubusercontent.com:aud sts.amazonaws.com",
			"withdraw 0", "refuse 0 (last)"}},
		{"two statements", []policy.Statement{allow(0, "", "AWS:444455556666"), allow(1, "", "AWS:444455556666", "AWS:1")}, Access{PrincipalKey: "AWS", Principal: "444455556666"}, "", account,
			[]string{"withdraw 0 + withdraw 100", "refuse 0 + refuse 100 (last)"}},
		{"a bucket", []policy.Statement{allow(0, "", "*:")}, Access{PrincipalKey: "AWS", Principal: "*", Public: true}, "AWS::S3::Bucket", organization, []string{
			"require 0 StringEquals aws:PrincipalOrgID o-a1b2c3d4e5", "withdraw 0",
			"add 0 StringNotEqualsIfExists aws:PrincipalOrgID o-a1b2c3d4e5 and BoolIfExists aws:PrincipalIsAWSService false", "refuse 0 (last)", "block 400"}},
	} {
		r := resource.Resource{Type: tt.kind, Span: at(400, 450), Documents: []resource.Document{{Policy: &policy.Document{Statements: tt.statements}}}}
		a := tt.access
		for i := range tt.statements {
			a.Statements = append(a.Statements, &tt.statements[i])
		}
		if got := written(Candidates(a, r, tt.zone)); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// A public list becomes private, and the policy lets in who is of the zone.
func TestLists(t *testing.T) {
	list := resource.Document{Source: resource.BucketACL, Policy: &policy.Document{Statements: []policy.Statement{allow(0, "", "*:"), allow(0, "", "*:")}}}
	with := resource.Document{Policy: &policy.Document{Statements: []policy.Statement{allow(1, "", "AWS:1"), allow(2, "", "AWS:1")}}}
	for _, tt := range []struct {
		name      string
		documents []resource.Document
		zone      *zone.Zone
		want      []string
	}{
		{"no policy yet", []resource.Document{list}, &zone.Zone{Account: "111122223333"}, []string{
			"withdraw 0 + grant 400   your account", "withdraw 0 + grant 400   111122223333", "withdraw 0 + grant 400 StringEquals aws:PrincipalAccount ${aws:ResourceAccount}"}},
		{"behind the last statement", []resource.Document{with, list}, &zone.Zone{Type: zone.Organization, Organization: "o-a1b2c3d4e5"}, []string{
			"withdraw 0 + grant 200 StringEquals aws:PrincipalOrgID o-a1b2c3d4e5"}},
	} {
		r := resource.Resource{Type: "AWS::S3::Bucket", Address: "B", Span: at(400, 450), Documents: tt.documents}
		a := Access{PrincipalKey: "AWS", Principal: "*"}
		for i := range list.Policy.Statements {
			a.Statements = append(a.Statements, &list.Policy.Statements[i])
		}
		var got []string
		for _, line := range written(Candidates(a, r, tt.zone)) {
			if strings.Contains(line, "grant") {
				got = append(got, line)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n%q\nwant\n%q", tt.name, got, tt.want)
		}
	}
}

// There is nothing to change where nothing is written.
func TestNoCandidates(t *testing.T) {
	z := &zone.Zone{}
	if got := Candidates(Access{}, resource.Resource{}, z); len(got) != 0 {
		t.Errorf("%v", written(got))
	}
	s := allow(0, "", "AWS:1")
	s.Span = source.Span{}
	if got := Candidates(Access{PrincipalKey: "AWS", Principal: "1", Statements: []*policy.Statement{&s}}, resource.Resource{}, z); len(got) != 0 {
		t.Errorf("%v", written(got))
	}
}
