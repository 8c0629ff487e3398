package access

import (
	"maps"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// A need is what settles a finding: of several principals its own, of several Denies
// those that reach it, and for an operator that AWS documents both ways, that.
func TestNeedsOfOneFinding(t *testing.T) {
	unknown := func(name string) value.Text { return value.Ref(value.Reference{Name: name}) }
	root := func(name string) value.Text {
		return value.Join(value.Lit("arn:aws:iam::"), unknown(name), value.Lit(":root"))
	}
	for _, tt := range []struct {
		name     string
		policy   string
		replaced map[string]value.Text
		needs    map[string]string // by principal
	}{
		{"accounts by their root", `{"Statement":{"Effect":"Allow","Principal":{"AWS":["100000000001","100000000002"]},"Action":"sqs:SendMessage","Resource":"*"}}`,
			map[string]value.Text{"100000000001": root("var.a"), "100000000002": root("var.b")}, map[string]string{"${var.a}": "var.a", "${var.b}": "var.b"}},
		{"a Deny of something else", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"100000000001"},"Action":"sqs:SendMessage","Resource":"*"},{"Effect":"Deny","Principal":{"AWS":"100000000002"},"Action":"sqs:ReceiveMessage","Resource":"*"}]}`,
			map[string]value.Text{"100000000001": root("var.a"), "100000000002": unknown("var.b")}, map[string]string{"${var.a}": "var.a"}},
		{"a Deny of the same", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"100000000001"},"Action":"sqs:SendMessage","Resource":"*"},{"Effect":"Deny","Principal":{"AWS":"100000000002"},"Action":"sqs:*","Resource":"*"}]}`,
			map[string]value.Text{"100000000001": root("var.a"), "100000000002": unknown("var.b")}, map[string]string{"${var.a}": "var.a; var.b"}},
		{"documented both ways", `{"Statement":{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ForAnyValue:StringLikeIfExists":{"aws:PrincipalOrgPaths":"o-abcdefghij/*"}}}}`,
			nil, map[string]string{"444455556666": "whether ForAnyValue:StringLikeIfExists holds for a request without aws:PrincipalOrgPaths, which AWS documents both ways"}},
		{"whose canonical user", `{"Statement":{"Effect":"Allow","Principal":{"CanonicalUser":"79a59d"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}}}`,
			nil, map[string]string{"79a59d": "which account the canonical user id 79a59d is of"}},
	} {
		d := parse(tt.policy)
		for i := range d.Statements {
			for k, p := range d.Statements[i].Principal.List {
				if text, ok := tt.replaced[p.Text.Literal]; ok {
					d.Statements[i].Principal.List[k].Text = text
				}
			}
		}
		res := Analyze(resource.Resource{Type: "AWS::SQS::Queue", ARN: value.Lit("arn:aws:sqs:eu-west-1:111122223333:q"), Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, false)
		got := map[string]string{}
		for _, g := range res.Grants {
			if !g.Proven {
				got[g.Principal] = strings.Join(g.Needs, "; ")
			}
		}
		if !maps.Equal(got, tt.needs) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.needs)
		}
	}
}

// Whether a literal is the ARN of a resource that AWS names is what is open.
func TestNeedsOfNamesByAWS(t *testing.T) {
	d := parse(`{"Statement":{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sqs:SendMessage","Resource":"arn:aws:sqs:eu-west-1:111122223333:other"}}`)
	own := value.Join(value.Lit("arn:aws:sqs:eu-west-1:111122223333:"), value.Ref(value.Reference{Name: "q.name"}))
	res := Analyze(resource.Resource{Type: "AWS::SQS::Queue", ARN: own, Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, false)
	const want = "whether arn:aws:sqs:eu-west-1:111122223333:other is of arn:aws:sqs:eu-west-1:111122223333:${q.name}"
	if len(res.Grants) != 1 || res.Grants[0].Proven || strings.Join(res.Grants[0].Needs, "; ") != want {
		t.Errorf("%+v, want one that needs %s", res.Grants, want)
	}
}
