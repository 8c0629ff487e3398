package access

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// answerOf writes the findings on a bucket policy of one or more statements
// shortly: principal, conditions, "public" and "open" where they hold.
func answerOf(version, statements string, z *zone.Zone) string {
	d := parse(fmt.Sprintf(`{"Version":%q,"Statement":[%s]}`, version, statements))
	res := Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: d}}}, z, true)
	return shortly(res)
}

func shortly(res Result) string {
	var out []string
	for _, g := range res.Grants {
		s := g.Principal
		for _, c := range g.Conditions {
			s += " " + c.Value
		}
		if g.Public {
			s += " public"
		}
		if !g.Proven {
			s += " open"
			if len(g.Needs) == 0 {
				s += " without a reason"
			}
		}
		if !g.Proven && len(g.Needs) > 0 && !strings.Contains(strings.Join(g.Needs, ""), " ") {
			s += " needs " + strings.Join(g.Needs, ", ")
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// One rule a line: what a statement, or two of them, let in. A is Allow for
// everyone to get objects, D is Deny of the same.
func TestRulesOfEvaluation(t *testing.T) {
	statement := func(effect, rest string) string {
		return `{"Effect":"` + effect + `","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"` + rest + `}`
	}
	allow := func(condition string) string { return statement("Allow", `,"Condition":{`+condition+`}`) }
	deny := func(condition string) string { return statement("Deny", `,"Condition":{`+condition+`}`) }
	both := func(a, d string) string { return allow(a) + "," + deny(d) }
	for _, tt := range []struct{ statements, want string }{
		// numbers and dates
		{both(`"NumericEquals":{"s3:signatureAge":"10"}`, `"NumericLessThan":{"s3:signatureAge":"10"}`), "* public"},
		{both(`"NumericEquals":{"s3:signatureAge":"10"}`, `"NumericLessThanEquals":{"s3:signatureAge":"10"}`), ""},
		{both(`"NumericEquals":{"s3:signatureAge":"10"}`, `"NumericGreaterThan":{"s3:signatureAge":"10.0"}`), "* public"},
		{both(`"NumericEquals":{"s3:signatureAge":"10"}`, `"NumericGreaterThanEquals":{"s3:signatureAge":"10.0"}`), ""},
		{both(`"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}`, `"DateLessThan":{"aws:CurrentTime":"1893456000"}`), ""},
		// readings
		{`{"Effect":"allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`, "* public open"},
		{allow("") + `,{"Effect":"deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`, "* public open"},
		{allow(`"StringFoo":{"aws:Referer":"x"}`), "* public open"},
		{both(`"StringEquals":{"aws:Referer":""}`, `"Null":{"aws:Referer":"true"}`), "* public open"},
		// policy variables
		{allow(`"StringEquals":{"aws:RequestTag/a":"${aws:RequestTag/b, 'x'}"},"Null":{"aws:RequestTag/b":"true"}`), "* public"},
		{both(`"Null":{"aws:RequestTag/b":"true"},"StringEquals":{"aws:RequestTag/a":"x"}`, `"StringEquals":{"aws:RequestTag/a":"${aws:RequestTag/b, 'x'}"}`), ""},
		{allow(`"StringEquals":{"aws:RequestTag/a":"${aws:RequestTag/b}"},"Null":{"aws:RequestTag/b":"true"}`), ""},
		{allow(`"StringNotEquals":{"aws:RequestTag/a":"${aws:RequestTag/b}"},"Null":{"aws:RequestTag/b":"true"}`), "* public"},
		{allow(`"StringLike":{"aws:RequestTag/a":"x${*}y"},"StringNotEquals":{"aws:RequestTag/a":"x*y"}`), ""},
		{allow(`"StringEquals":{"aws:PrincipalOrgID":"${aws:ResourceOrgID}"}`), "* ${aws:ResourceOrgID}"},
		// principals
		{`{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}}}`, "444455556666 arn:aws:iam::*:root"},
		{`{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/*"},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:root"}}}`, "444455556666 arn:aws:iam::*:user/*"},
		{allow(`"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:root"},"StringEquals":{"aws:PrincipalType":"User"}`), ""},
		{`{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::444455556666:assumed-role/r/ss"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/path/r"}}}`, "arn:aws:sts::444455556666:assumed-role/r/ss arn:aws:iam::444455556666:role/path/r"},
		{`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:user/path/bob"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:username":"bob"}}}`, "arn:aws:iam::444455556666:user/path/bob"},
		{`{"Effect":"Allow","Principal":{"AWS":"AIDAEXAMPLEUSER"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`, "AIDAEXAMPLEUSER open"},
		{`{"Effect":"Allow","Principal":"*","Action":"S3:GETOBJECT","Resource":"arn:aws:s3:::b/*"}`, "* public"},
		// what can exist
		{allow(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"Null":{"aws:SourceVpc":"false"}`), ""},
		{allow(`"Null":{"aws:SourceIp":"true","aws:SourceVpc":"true"}`), ""},
		{allow(`"Null":{"aws:SourceVpc":"false","aws:SourceVpce":"true"}`), ""},
		{allow(`"Bool":{"aws:PrincipalIsAWSService":"true"}`), ""},
		{allow(`"BoolIfExists":{"aws:PrincipalIsAWSService":"true"},"Null":{"aws:PrincipalArn":"false"}`), ""},
		{allow(`"StringEquals":{"aws:PrincipalType":"Anonymous"},"Null":{"aws:PrincipalOrgID":"false"}`), ""},
		{allow(`"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:444455556666:*"},"StringEquals":{"aws:SourceAccount":"777788889999"}`), ""},
		{`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b"}`, ""},
		{`{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b/*"}`, ""},
		// public
		{allow(`"IpAddress":{"aws:SourceIp":"12.0.0.0/8"}`), "* 12.0.0.0/8"},
		{allow(`"IpAddress":{"aws:SourceIp":["12.0.0.0/8","14.0.0.0/32"]}`), "* 12.0.0.0/8 public; * 14.0.0.0/32 public"},
		{allow(`"IpAddress":{"aws:SourceIp":"12.0.0.0/7"}`), "* 12.0.0.0/7 public"},
		{allow(`"IpAddress":{"aws:SourceIp":"12.34.56.78/8"}`), "* 12.34.56.78/8"},
		{allow(`"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`), ""},
		{allow(`"IpAddress":{"aws:SourceIp":"2001:db8::/32"}`), "* 2001:db8::/32"},
		{allow(`"StringEquals":{"aws:SourceVpc":"vpc-1"}`), "* vpc-1"},
		{allow(`"StringLike":{"aws:SourceVpc":"vpc-*"}`), "* vpc-* public"},
		{allow(`"StringEquals":{"aws:PrincipalOrgID":"o-bbbbbbbbbb"}`), "* o-bbbbbbbbbb"},
		{allow(`"StringEquals":{"aws:PrincipalAccount":"444455556666"}`), "* 444455556666"},
		{allow(`"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:topic"}`), "* arn:aws:sns:*:*:topic public"},
		{allow(`"ArnLike":{"aws:SourceArn":"arn:aws:s3:::bucket"}`), "* arn:aws:s3:::bucket"},
		{allow(`"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}`), "* arn:aws:s3:::* public"},
		{allow(`"StringLike":{"aws:userid":"AROAEXAMPLEID:*"}`), "* AROAEXAMPLEID:*"},
	} {
		if got := answerOf("2012-10-17", tt.statements, zones[0]); got != tt.want {
			t.Errorf("%s\n got %q\nwant %q", tt.statements, got, tt.want)
		}
	}
}

// ${...} is text in version 2008-10-17.
func TestVariablesNeedTheVersion(t *testing.T) {
	statement := `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:RequestTag/a":"${aws:RequestTag/b}"},"StringNotEquals":{"aws:RequestTag/b":"c"},"StringLike":{"aws:RequestTag/a":"c*"}}}`
	if got := answerOf("2008-10-17", statement, zones[0]); got != "" {
		t.Errorf("2008: %q", got)
	}
	if got := answerOf("2012-10-17", statement, zones[0]); got != "* public" {
		t.Errorf("2012: %q", got)
	}
}

// Each kind of trust makes exactly its own requests inside.
func TestTrust(t *testing.T) {
	allow := func(condition string) string {
		return `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{` + condition + `}}`
	}
	canonical := `{"Effect":"Allow","Principal":{"CanonicalUser":"abc"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
	account := `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
	for _, tt := range []struct {
		name       string
		trust      func(z *zone.Zone)
		statements string
		inside     bool
	}{
		{"owner", func(z *zone.Zone) {}, allow(`"StringEquals":{"aws:PrincipalAccount":"111122223333"}`), true},
		{"owner's source", func(z *zone.Zone) {}, allow(`"StringEquals":{"aws:SourceAccount":"111122223333"}`), true},
		{"owner's source ARN", func(z *zone.Zone) {}, allow(`"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:*"}`), true},
		{"owner's source owner", func(z *zone.Zone) {}, allow(`"StringEquals":{"aws:SourceOwner":"111122223333"}`), true},
		{"account", func(z *zone.Zone) { z.Accounts = []string{"444455556666"} }, account, true},
		{"other account", func(z *zone.Zone) { z.Accounts = []string{"777788889999"} }, account, false},
		{"member", func(z *zone.Zone) {
			z.Type, z.Organization, z.Members = zone.Organization, "o-aaaaaaaaaa", []zone.Member{{ID: "444455556666"}}
		}, account, true},
		{"member of an account zone", func(z *zone.Zone) { z.Organization, z.Members = "o-aaaaaaaaaa", []zone.Member{{ID: "444455556666"}} }, account, false},
		{"member on a trusted path", func(z *zone.Zone) {
			z.OrgPaths, z.Members = []string{"o-aaaaaaaaaa/r-1/ou-2"}, []zone.Member{{ID: "444455556666", OrgPath: "o-aaaaaaaaaa/r-1/ou-2/ou-3/"}}
		}, account, true},
		{"member beside a trusted path", func(z *zone.Zone) {
			z.OrgPaths, z.Members = []string{"o-aaaaaaaaaa/r-1/ou-2"}, []zone.Member{{ID: "444455556666", OrgPath: "o-aaaaaaaaaa/r-1/ou-22/"}}
		}, account, false},
		{"organization", func(z *zone.Zone) { z.Type, z.Organization = zone.Organization, "o-aaaaaaaaaa" }, allow(`"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}`), true},
		{"organization as source", func(z *zone.Zone) { z.Type, z.Organization = zone.Organization, "o-aaaaaaaaaa" }, allow(`"StringEquals":{"aws:SourceOrgID":"o-aaaaaaaaaa"}`), true},
		{"path", func(z *zone.Zone) { z.OrgPaths = []string{"o-aaaaaaaaaa/r-1/ou-2"} }, allow(`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-aaaaaaaaaa/r-1/ou-2/*"}`), true},
		{"path beside", func(z *zone.Zone) { z.OrgPaths = []string{"o-aaaaaaaaaa/r-1/ou-2"} }, allow(`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-aaaaaaaaaa/r-1/ou-22/*"}`), false},
		{"VPC", func(z *zone.Zone) { z.VPCs = []string{"vpc-1"} }, allow(`"StringEquals":{"aws:SourceVpc":"vpc-1"}`), true},
		{"endpoint", func(z *zone.Zone) { z.VPCEndpoints = []string{"vpce-1"} }, allow(`"StringEquals":{"aws:SourceVpce":"vpce-1"}`), true},
		{"addresses", func(z *zone.Zone) { z.CIDRs = prefixes("203.0.113.0/24") }, allow(`"IpAddress":{"aws:SourceIp":"203.0.113.128/25"}`), true},
		{"some of the addresses", func(z *zone.Zone) { z.CIDRs = prefixes("203.0.113.0/25") }, allow(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), false},
		{"principal", func(z *zone.Zone) { z.Principals = []string{"arn:aws:iam::444455556666:role/deploy-*"} }, allow(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/deploy-x*"}`), true},
		{"member is in its organization", func(z *zone.Zone) { z.Organization, z.Members = "o-aaaaaaaaaa", []zone.Member{{ID: "444455556666"}} },
			account + `,{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}}}`, true},
		{"outsider need not be", func(z *zone.Zone) { z.Organization = "o-aaaaaaaaaa" },
			account + `,{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}}}`, false},
		{"canonical user", func(z *zone.Zone) { z.CanonicalUsers = []string{"abc"} }, canonical, true},
		{"another canonical user", func(z *zone.Zone) { z.CanonicalUsers = []string{"abd"} }, canonical, false},
	} {
		z := &zone.Zone{Account: "111122223333"}
		tt.trust(z)
		if got := answerOf("2012-10-17", tt.statements, z); (got == "") != tt.inside {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

// A trusted token needs an audience and a subject.
func TestTrustedTokens(t *testing.T) {
	z := &zone.Zone{Account: "111122223333", OIDC: []zone.OIDC{{Issuer: "gitlab.com", Audiences: []string{"a"}, Subjects: []string{"project_path:acme/*"}}},
		SAML: []string{"arn:aws:iam::111122223333:saml-provider/okta"}}
	for _, tt := range []struct {
		principal, action, conditions string
		inside                        bool
	}{
		{"arn:aws:iam::111122223333:oidc-provider/gitlab.com", "sts:AssumeRoleWithWebIdentity", `"StringEquals":{"gitlab.com:aud":"a"},"StringLike":{"gitlab.com:sub":"project_path:acme/x*"}`, true},
		{"arn:aws:iam::111122223333:oidc-provider/gitlab.com", "sts:AssumeRoleWithWebIdentity", `"StringEquals":{"gitlab.com:aud":"b"},"StringLike":{"gitlab.com:sub":"project_path:acme/x*"}`, false},
		{"arn:aws:iam::111122223333:oidc-provider/gitlab.com", "sts:AssumeRoleWithWebIdentity", `"StringEquals":{"gitlab.com:aud":"a"},"StringLike":{"gitlab.com:sub":"project_path:other/x*"}`, false},
		{"arn:aws:iam::111122223333:saml-provider/okta", "sts:AssumeRoleWithSAML", ``, true},
		{"arn:aws:iam::111122223333:saml-provider/other", "sts:AssumeRoleWithSAML", ``, false},
		{"arn:aws:iam::111122223333:saml-provider/other", "sts:AssumeRoleWithWebIdentity", ``, true}, // no such call
	} {
		d := parse(fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":%q},"Action":%q,"Condition":{%s}}}`, tt.principal, tt.action, tt.conditions))
		res := Analyze(resource.Resource{Type: "AWS::IAM::Role", Documents: []resource.Document{{Policy: d}}}, z, false)
		if (len(res.Grants) == 0) != tt.inside {
			t.Errorf("%s %s: %+v", tt.principal, tt.conditions, res.Grants)
		}
	}
}
