package evaluate

import (
	"reflect"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
)

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func TestActions(t *testing.T) {
	for _, tt := range []struct {
		patterns policy.Patterns
		action   string
		want     truth
	}{
		{patterns("s3:GetObject"), "s3:GetObject", yes},
		{patterns("S3:getOBJECT"), "s3:GetObject", yes},
		{patterns("s3:Get*"), "s3:GetObject", yes},
		{patterns("s3:Get?bject"), "s3:GetObject", yes},
		{patterns("s3:Get"), "s3:GetObject", no},
		{patterns("*"), "s3:GetObject", yes},
		{patterns("s3:*"), "s3-object-lambda:GetObject", no},
		{patterns("sqs:*", "s3:*"), "s3:GetObject", yes},
		{patterns(), "s3:GetObject", no},
		{policy.Patterns{}, "s3:GetObject", no},
		{patterns("s3:<verb>Object"), "s3:GetObject", maybe},
		{patterns("s3:<verb>Bucket"), "s3:GetObject", no},
		{except(patterns("s3:Get*")), "s3:GetObject", no},
		{except(patterns("s3:Get*")), "s3:PutObject", yes},
		{except(patterns("<verb>")), "s3:PutObject", maybe},
		{except(patterns()), "s3:PutObject", yes},
	} {
		e := evaluation{req: Request{Action: tt.action}, variables: true}
		if got := e.actions(tt.patterns); got != tt.want {
			t.Errorf("%+v: %s: got %s, want %s", tt.patterns, tt.action, got, tt.want)
		}
	}
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func TestResources(t *testing.T) {
	const queue = "arn:aws:sqs:us-east-2:111122223333:q"
	for _, tt := range []struct {
		patterns policy.Patterns
		resource string
		want     truth
	}{
		{policy.Patterns{}, queue, yes},
		{patterns("*"), queue, yes},
		{patterns("*"), "*", yes},
		{patterns("**"), queue, yes},
		{patterns(queue), queue, yes},
		{patterns(queue), "arn:aws:sqs:us-east-2:111122223333:Q", no},
		{patterns("arn:aws:sqs:*:*:q"), queue, yes},
		{patterns("arn:aws:sqs:us-*-?:111122223333:*"), queue, yes},
		// A wildcard stays in its field; the last field takes the rest.
		{patterns("arn:aws:sqs:*:q"), "arn:aws:sqs:us-east-2:1:q", no},
		{patterns("arn:aws:sns:us-east-2:1:*"), "arn:aws:sns:us-east-2:1:topic:sub", yes},
		{patterns("arn:aws:sns:us-east-2:1:topic:*"), "arn:aws:sns:us-east-2:1:topic:sub", yes},
		{patterns("arn:aws:s3:::b/*"), "arn:aws:s3:::b/a:b/c", yes},
		{patterns("arn:aws:s3:::b/*"), "arn:aws:s3:::b", no},
		{patterns("arn:aws:s3:::b*"), "arn:aws:s3:::bc/k", yes},
		// Missing fields are *.
		{patterns("arn:aws:sqs:*"), queue, yes},
		{patterns("arn:*"), queue, yes},
		{patterns("arn:aws:s*"), queue, yes},
		{patterns("arn:aws:sqs"), queue, maybe},
		{patterns("arn:aws:sns"), queue, no},
		{patterns("arn:aws:sns:*"), queue, no},
		{patterns("q"), queue, maybe},
		{patterns("q*"), queue, maybe}, // no ARN
		{patterns("*q"), queue, maybe},
		{patterns("ARN:AWS:SQS:*"), queue, maybe},
		{patterns("a*:aws:sqs:*:*:q"), queue, yes},
		{patterns(""), queue, maybe},
		{patterns("arn:aws:sqs:*:*:*"), "q", no},
		{patterns("arn:aws:sns:*:*:*", queue), queue, yes},
		{patterns(), queue, no},
		{except(patterns(queue)), queue, no},
		{except(patterns("arn:aws:sns:*:*:*")), queue, yes},
		{except(patterns("*")), queue, no},
		{except(patterns()), queue, yes},
		// Not known.
		{patterns("<queue>"), queue, maybe},
		{patterns("arn:aws:sqs:us-east-2:111122223333:<q>"), queue, maybe},
		{patterns("arn:aws:sqs:us-east-2:<rest>"), queue, maybe},
		{patterns("arn:aws:<rest>"), queue, maybe},
		{patterns("arn:aws:sns:<region>:111122223333:q"), queue, no},
		{patterns("arn:aws:sqs:*:1:<q>"), "arn:aws:sqs:us-east-2:2:x:1:q", no},
		{except(patterns("<queue>")), queue, maybe},
		// Variables, after the fifth colon.
		{patterns("arn:aws:sqs:us-east-2:111122223333:${aws:username}"), queue, yes},
		{patterns("arn:aws:sqs:us-east-2:111122223333:${aws:username}-*"), queue, no},
		{patterns("arn:aws:sqs:us-east-2:${aws:PrincipalAccount}:q"), queue, maybe},
		{patterns("arn:aws:sqs:us-east-2:111122223333:${aws:userid}"), queue, no},
		{patterns("arn:aws:sqs:us-east-2:111122223333:${aws:userid, 'q'}"), queue, yes},
		{patterns("arn:aws:sqs:us-east-2:111122223333:${*}"), queue, no},
		{patterns("arn:aws:sqs:us-east-2:111122223333:${*}"), "arn:aws:sqs:us-east-2:111122223333:*", yes},
	} {
		ctx := contextOf(map[string][]string{"aws:username": {"q"}, "aws:PrincipalAccount": {"111122223333"}})
		e := evaluation{req: Request{Resource: tt.resource}, ctx: ctx, variables: true}
		if got := e.resources(tt.patterns, policy.Deny); got != tt.want {
			t.Errorf("%v: %s: got %s, want %s", tt.patterns, tt.resource, got, tt.want)
		}
	}
}

// Short patterns over a small alphabet, against the definition of * and ?.
func TestMatch(t *testing.T) {
	var naive func(p, s string) bool
	naive = func(p, s string) bool {
		switch {
		case p == "":
			return s == ""
		case p[0] == '*':
			return naive(p[1:], s) || s != "" && naive(p, s[1:])
		}
		return s != "" && (p[0] == '?' || p[0] == s[0]) && naive(p[1:], s[1:])
	}
	for _, p := range words("ab*?", 5) {
		symbols := compile(lit(p), wildcards, nil).symbols
		for _, s := range words("ab", 5) {
			if got, want := match(symbols, s, false), naive(p, s); got != want {
				t.Fatalf("match(%q, %q) = %t", p, s, got)
			}
		}
	}
}

func words(letters string, length int) []string {
	out := []string{""}
	for start := 0; length > 0; length-- {
		end := len(out)
		for _, w := range out[start:end] {
			for _, l := range letters {
				out = append(out, w+string(l))
			}
		}
		start = end
	}
	return out
}

func TestEvaluate(t *testing.T) {
	get := Request{Principal: user, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"}
	everything := allow(list(anyone), "*", "*")
	refused := func(s policy.Statement) policy.Statement {
		s.Refused = "for a test"
		return s
	}
	open := when("StringMatches", "test:k", "v") // no such operator
	neither, allowed, denied := Decision{}, func(i ...int) Decision { return Decision{Allowed: true, Statements: i} }, func(i ...int) Decision { return Decision{Denied: true, Statements: i} }
	for _, tt := range []struct {
		name               string
		docs               []*policy.Document
		strict, permissive Decision
	}{
		{"nothing", nil, neither, neither},
		{"no document", []*policy.Document{nil}, neither, neither},
		{"no statement", []*policy.Document{document()}, neither, neither},
		{"allow", []*policy.Document{document(everything)}, allowed(0), allowed(0)},
		{"allow something else", []*policy.Document{document(allow(list(anyone), "s3:PutObject", "*"), everything)}, allowed(1), allowed(1)},
		{"allow twice", []*policy.Document{document(everything, everything)}, allowed(0, 1), allowed(0, 1)},
		{"explicit deny", []*policy.Document{document(everything, deny(list(iam(acct)), "s3:Get*", "*"))}, denied(1), denied(1)},
		{"deny first", []*policy.Document{document(deny(list(iam(acct)), "s3:Get*", "*"), everything)}, denied(0), denied(0)},
		{"only deny", []*policy.Document{document(deny(list(anyone), "*", "*"))}, denied(0), denied(0)},
		{"deny another", []*policy.Document{document(everything, deny(list(iam(other)), "*", "*"))}, allowed(0), allowed(0)},
		{"no principal", []*policy.Document{document(allow(policy.Principals{}, "*", "*"))}, neither, neither},
		{"open allow", []*policy.Document{document(allow(list(anyone), "*", "*", open))}, neither, allowed(0)},
		{"open deny", []*policy.Document{document(everything, deny(list(anyone), "*", "*", open))}, denied(1), allowed(0)},
		{"unknown allow", []*policy.Document{document(allow(list(iam("<x>")), "*", "*"))}, neither, allowed(0)},
		{"unknown deny", []*policy.Document{document(everything, deny(list(iam("<x>")), "*", "*"))}, denied(1), allowed(0)},
		{"refused allow", []*policy.Document{document(refused(everything))}, neither, allowed(0)},
		{"refused deny", []*policy.Document{document(everything, refused(deny(list(anyone), "*", "*")))}, denied(1), allowed(0)},
		{"refused, of others", []*policy.Document{document(refused(allow(list(iam(other)), "*", "*")))}, neither, neither},
		{"two documents", []*policy.Document{document(allow(list(iam(other)), "*", "*")), document(everything)}, allowed(1), allowed(1)},
		{"deny in another document", []*policy.Document{document(everything), nil, document(deny(list(anyone), "*", "*"))}, denied(1), denied(1)},
	} {
		if got := EvaluateAll(tt.docs, get, Strict); !reflect.DeepEqual(got, tt.strict) {
			t.Errorf("%s: strict: got %+v, want %+v", tt.name, got, tt.strict)
		}
		if got := EvaluateAll(tt.docs, get, Permissive); !reflect.DeepEqual(got, tt.permissive) {
			t.Errorf("%s: permissive: got %+v, want %+v", tt.name, got, tt.permissive)
		}
		if len(tt.docs) == 1 && !reflect.DeepEqual(Evaluate(tt.docs[0], get, Strict), tt.strict) {
			t.Errorf("%s: Evaluate differs from EvaluateAll", tt.name)
		}
	}
}

// Variables are for version 2012-10-17 alone.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
func TestVersion(t *testing.T) {
	req := Request{Principal: user, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/Bob/k", Context: map[string][]string{"aws:username": {"Bob"}}}
	for version, want := range map[string]bool{"2012-10-17": true, "2008-10-17": false, "": false} {
		doc := document(allow(list(anyone), "s3:*", "arn:aws:s3:::b/${aws:username}/*"))
		doc.Version = version
		if got := Evaluate(doc, req, Strict).Allowed; got != want {
			t.Errorf("version %q: allowed %t", version, got)
		}
	}
}

// The bucket policy that the Principal page gives in place of NotPrincipal.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
func TestDenyByPrincipalArn(t *testing.T) {
	doc := document(
		allow(list(anyone), "s3:*", "arn:aws:s3:::b/*"),
		deny(list(anyone), "s3:*", "arn:aws:s3:::b/*", when("ArnNotEquals", "aws:PrincipalArn", userARN)),
	)
	for _, tt := range []struct {
		caller Principal
		want   bool
	}{{user, true}, {session, false}, {nobody, false}} {
		req := Request{Principal: tt.caller, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Context: map[string][]string{}}
		if tt.caller.ARN != "" {
			req.Context["aws:PrincipalArn"] = []string{tt.caller.ARN}
		}
		if got := Evaluate(doc, req, Strict).Allowed; got != tt.want {
			t.Errorf("%v: allowed %t", tt.caller, got)
		}
	}
}

// Hostile texts cost time that is bounded by their size.
func TestLongTexts(t *testing.T) {
	for _, text := range []string{strings.Repeat("*a", 2000), strings.Repeat("${", 20000), strings.Repeat("${aws:username}", 5000), strings.Repeat(":", 50000)} {
		doc := document(allow(list(iam(text)), text, text, when("StringLike", "test:k", text), when("NumericEquals", "test:k", text)))
		req := Request{Principal: user, Action: strings.Repeat("a", 2000), Resource: "arn:aws:s3:::" + strings.Repeat("a", 2000), Context: map[string][]string{"test:k": {strings.Repeat("a", 2000)}, "aws:username": {"a"}}}
		if d := Evaluate(doc, req, Strict); d.Allowed {
			t.Errorf("%.10s… allowed", text)
		}
	}
}
