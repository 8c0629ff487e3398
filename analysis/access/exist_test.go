package access

import (
	"os"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// What can exist and what cannot, one rule a line: what everyone may do under a
// condition that asks for it.
func TestRulesOfExistence(t *testing.T) {
	const anonymously, asUser, asRole = `"StringEquals":{"aws:PrincipalType":"Anonymous"}`, `"StringEquals":{"aws:PrincipalType":"User"}`, `"StringEquals":{"aws:PrincipalType":"AssumedRole"}`
	has := func(key string) string { return `,"Null":{"` + key + `":"false"}` }
	lacks := func(key string) string { return `,"Null":{"` + key + `":"true"}` }
	like := func(pattern string) string { return `,"StringLike":{"aws:userid":"` + pattern + `"}` }
	for _, tt := range []struct{ condition, want string }{
		// keys of callers
		{anonymously, "* public"},
		{anonymously + has("aws:PrincipalOrgID"), ""},
		{anonymously + has("aws:MultiFactorAuthPresent"), ""},
		{anonymously + has("aws:CalledVia"), ""},
		{anonymously + has("aws:PrincipalTag/a"), ""},
		{anonymously + has("aws:UserAgent"), "* public"},
		{asUser + has("aws:PrincipalOrgID"), "* public"},
		{asUser + has("aws:SourceIdentity"), ""},
		{asUser + has("aws:FederatedProvider"), ""},
		{asUser + has("aws:Ec2InstanceSourceVpc"), ""},
		{asUser + has("lambda:SourceFunctionArn"), ""},
		{asUser + has("saml:aud"), ""},
		{asUser + has("s3:ExistingObjectTag/a.b"), "* public"},
		{asRole + has("aws:SourceIdentity"), "* public"},
		{asRole + has("aws:FederatedProvider"), "* public"},
		{asRole + has("saml:aud"), "* public"},
		{`"Null":{"aws:PrincipalServiceNamesList":"false"}`, ""},
		// user ids
		{asUser + like("AIDA*"), "* AIDA* public"},
		{asUser + like("AROA*"), ""},
		{asUser + like("*:*"), ""},
		{asUser + like("anonymous"), ""},
		{asUser + lacks("aws:userid"), ""},
		{asRole + like("AROA*"), "* AROA* public"},
		{asRole + like("AIDA*"), ""},
		{asRole + `,"StringNotLike":{"aws:userid":"*:*"}`, ""},
		{anonymously + like("a*"), "* a* public"},
		{anonymously + like("b*"), ""},
		// organizations
		{`"StringEquals":{"aws:PrincipalOrgID":"o-bbbbbbbbbb"},"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/*"}`, "* o-bbbbbbbbbb o-bbbbbbbbbb/*"},
		{`"StringEquals":{"aws:PrincipalOrgID":"o-bbbbbbbbbb"},"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-cccccccccc/*"}`, ""},
		// paths in organizations: from a root, through units, and a slash at the end
		{`"ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/r-ab12/"}`, "* o-bbbbbbbbbb/r-ab12/"},
		{`"ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/r-ab12/ou-ab12-11111111/"}`, "* o-bbbbbbbbbb/r-ab12/ou-ab12-11111111/"},
		{`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/r-ab12/*ab12-11111111/*"}`, "* o-bbbbbbbbbb/r-ab12/*ab12-11111111/*"},
		{`"ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb"}`, ""},
		{`"ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/*"}`, ""},
		{`"ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/r-ab12/ou-ab12-11111111"}`, ""},
		{`"ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/ou-ab12-11111111/"}`, ""},
		{`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/R-ab12/*"}`, ""},
		{`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/r-ab12/xx-ab12-11111111/*"}`, ""},
		{`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/r-ab12/ou-ab12-11111111/*x"}`, ""},
		{`"ForAllValues:StringNotLike":{"aws:PrincipalOrgPaths":["*/r-*"]},"Null":{"aws:PrincipalOrgPaths":"false"}`, ""},
		// ids
		{`"StringEquals":{"aws:PrincipalOrgID":"r-aaaaaaaaaa"}`, ""},
		{`"StringEquals":{"aws:PrincipalOrgID":"o-a"},"StringLike":{"aws:PrincipalOrgID":"o-??*"}`, ""},
		{`"StringLike":{"aws:PrincipalOrgID":"o-A*"}`, ""},
		{`"StringEquals":{"aws:SourceVpc":"vpc-*"}`, ""},
		{`"StringEquals":{"aws:SourceVpce":"vpc-0a1b2c3d"}`, ""},
		{`"StringEquals":{"aws:RequestedRegion":"eu-*"}`, ""},
		{`"StringLike":{"aws:RequestedRegion":"eu-*"}`, "* public"},
		{`"StringEquals":{"aws:PrincipalAccount":"4444*"}`, ""},
		{`"StringEquals":{"aws:PrincipalAccount":"4444555566667"}`, ""},
		{`"StringEquals":{"aws:PrincipalAccount":"44445555666a"}`, ""},
		{`"StringLike":{"aws:PrincipalAccount":"444455556666*"}`, "* 444455556666*"},
		{`"StringLike":{"aws:PrincipalAccount":"111122223333*"}`, ""},
		{`"StringLike":{"aws:PrincipalAccount":"????????????"},"StringNotLike":{"aws:PrincipalAccount":"*"}`, ""},
		{`"StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333*"}`, ""},
		{`"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/*"}`, ""},
		{`"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::44445555666:role/*"}`, ""},
		// Access Analyzer reports such a text: it looks at no id in it
		{`"StringLike":{"aws:PrincipalArn":"arn:aws:iam::123:user/a*c"}`, "* arn:aws:iam::123:user/a*c"},
		{`"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::44445555666:role/r"}`, "* arn:aws:iam::44445555666:role/r"},
		{`"StringLike":{"aws:PrincipalArn":"arn:aws:iam::44445555666a:role/*"}`, ""},
		{`"StringLike":{"aws:PrincipalArn":"arn:aws:iam::123:user/a*c"},"StringEquals":{"aws:PrincipalAccount":"444455556666"}`, ""},
		{`"StringEquals":{"aws:SourceAccount":"44445555666"}`, ""},
		{`"StringEquals":{"aws:SourceVpce":"vpce-0a1b2c3d4e5f607188"}`, ""},
		{`"StringEquals":{"aws:SourceVpce":"vpce-0a1b2c3d4e5f60718"}`, "* vpce-0a1b2c3d4e5f60718"},
		{`"StringLike":{"aws:SourceVpc":"vpce-*"}`, ""},
		{`"StringLike":{"aws:PrincipalOrgID":"x-*"}`, ""},
		{`"StringLike":{"aws:PrincipalOrgID":"o-aaaaaaaaaa?*a"}`, "* o-aaaaaaaaaa?*a public"},
		{`"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaabbbbbbbbbbccccccccccddd"}`, ""},
		{`"StringEquals":{"aws:PrincipalOrgID":"o-1234567"}`, "* o-1234567"}, // as in AWS's examples
		{`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"x-*/r-ab12/*"}`, ""},
		{`"StringNotLike":{"aws:PrincipalAccount":"????????????"}` + has("aws:PrincipalArn"), ""},
		{`"StringNotLike":{"aws:PrincipalOrgID":"o-*"}` + has("aws:PrincipalOrgID"), ""},
		{`"StringNotLike":{"aws:PrincipalOrgID":"o-*"}` + has("aws:PrincipalArn"), "* public"}, // of no organization
		{`"StringNotLike":{"aws:PrincipalOrgID":"o-a*"}` + has("aws:PrincipalOrgID"), "* public"},
		{`"StringNotLike":{"aws:SourceVpc":"vpc-*"}` + has("aws:SourceVpc"), ""},
		{`"StringNotLike":{"aws:PrincipalAccount":["9*","8*"]}` + has("aws:PrincipalArn"), "* public"},
		{`"StringLike":{"aws:PrincipalAccount":"4*5*6"}`, "* 4*5*6 public"},
		{`"StringLike":{"aws:PrincipalAccount":"4444*5555*66667"}`, ""},
		{`"StringLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/a b*"}`, ""},
		{`"StringLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/*!b"}`, ""},
		{`"StringLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/!*b"}`, "* arn:aws:iam::444455556666:role/!*b"}, // in the path
		{`"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/` + strings.Repeat("r", 65) + `"}`, ""},
		{`"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/` + strings.Repeat("r", 64) + `"}`, "* arn:aws:iam::444455556666:role/" + strings.Repeat("r", 64)},
		{`"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:user/team/"}`, ""},
		{`"StringEquals":{"aws:PrincipalArn":"arn:aws:sts::444455556666:federated-user/a"}`, ""},
		{`"StringLike":{"aws:PrincipalArn":"arn:aws:sts::444455556666:federated-user/a*"}`, "* arn:aws:sts::444455556666:federated-user/a*"},
		{`"StringEquals":{"aws:username":"a b"}`, ""},
		{`"StringLike":{"aws:userid":"AROAEXAMPLEID:a b"}`, ""},
		{`"StringLike":{"aws:userid":"AROAEXAMPLEID:a"}`, ""},
		{`"StringLike":{"aws:userid":"AROAEXAMPLEID:a?"}`, "* AROAEXAMPLEID:a?"},
		{`"StringEquals":{"aws:RequestedRegion":"us-east-1"}`, "* public"},
		{`"StringEquals":{"aws:RequestedRegion":"useast1"}`, ""},
		{`"StringNotLike":{"aws:RequestedRegion":["us-*","eu-*","ap-*"]}`, "* public"},
		// ARNs of sources
		{`"ArnLike":{"aws:SourceArn":"arn:aws:sns::444455556666:t"}`, ""},
		{`"ArnLike":{"aws:SourceArn":"arn:aws:sns:us-east-1::t"}`, ""},
		{`"StringEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1::t"}`, ""},
		{`"StringLike":{"aws:SourceArn":"arn:aws:sns::*:t"}`, ""},
		{`"ArnLike":{"aws:SourceArn":"arn:aws:sns:useast1:444455556666:t"}`, ""},
		{`"ArnLike":{"aws:SourceArn":"arn:aws:sns:us-east-1:44445555666:t"}`, ""},
		{`"ArnLike":{"aws:SourceArn":"arn:aws:cloudfront::444455556666:distribution/E1"}`, "* arn:aws:cloudfront::444455556666:distribution/E1"},
		{`"ArnLike":{"aws:SourceArn":"arn:aws:apigateway:us-east-1::/restapis/a"}`, "* arn:aws:apigateway:us-east-1::/restapis/a"},
		{`"ArnLike":{"ec2:SourceInstanceArn":"arn:aws:ec2:*:44445555666:instance/*"}`, ""},
		{`"ArnLike":{"lambda:SourceFunctionArn":"arn:aws:lambda:here:444455556666:function:f"}`, ""},
		// keys of actions, and keys that no table has
		{`"StringEquals":{"s3:prefix":"a"}`, "* public open"},
		{`"StringNotEquals":{"s3:prefix":"a"}`, "* public"},
		{`"StringEquals":{"kms:ViaService":"a"}`, "* public open"},
		{`"StringEquals":{"aws:PrincipleOrgID":"o-bbbbbbbbbb"}`, "* public open"},
		{`"StringEqualsIfExists":{"aws:PrincipleOrgID":"o-bbbbbbbbbb"}`, "* public"},
		{`"StringEquals":{"s3:ExistingObjectTag/a":"b"}`, "* public"},
		{`"StringEquals":{"aws:RequestTag/a":"b"}`, "* public open"},
		// calls through services and signatures
		{anonymously + `,"Bool":{"aws:ViaAWSService":"true"}`, ""},
		{asRole + `,"Bool":{"aws:ViaAWSService":"true"}`, "* public"},
		{anonymously + has("s3:signatureversion"), ""},
		{asRole + has("s3:signatureversion"), "* public"},
		{`"StringEquals":{"s3:authType":"REST-QUERY-STRING"},"Bool":{"aws:ViaAWSService":"true"}`, ""},
		// keys that name the account of the caller
		{`"ArnLike":{"lambda:SourceFunctionArn":"arn:aws:lambda:us-east-1:111122223333:function:f"}`, ""},
		{`"ArnLike":{"ec2:SourceInstanceArn":"arn:aws:ec2:*:111122223333:instance/*"}`, ""},
		{`"ArnLike":{"ec2:SourceInstanceArn":"arn:aws:ec2:*:444455556666:instance/*"}`, "* arn:aws:ec2:*:444455556666:instance/*"},
		{`"ArnLike":{"ec2:SourceInstanceArn":"arn:aws:ec2:*:444455556666:instance/*"},"StringEquals":{"aws:PrincipalAccount":"777788889999"}`, ""},
		{`"StringEquals":{"aws:FederatedProvider":"arn:aws:iam::111122223333:oidc-provider/gitlab.com"}`, ""},
		{`"StringEquals":{"aws:userid":"111122223333"}`, ""},
		{`"StringLike":{"aws:userid":"111122223333:*"}`, ""},
		{`"StringEquals":{"aws:userid":"444455556666"},"StringLike":{"aws:PrincipalAccount":"777788889999"}`, ""},
		{`"StringLike":{"aws:userid":"444455556666:*"}`, "* 444455556666:*"},
		// operators
		{`"ForAllValues:Null":{"aws:PrincipalOrgID":"true"}`, "* public"},
		{`"ForAnyValue:Null":{"aws:PrincipalOrgID":"true"}`, ""},
		{`"Bool":{"aws:SecureTransport":"TRUE"}`, "* public"},
		{`"StringEquals":{"aws:PrincipalOrgID":"o-*"}`, ""}, // the star is a character
		{`"StringLike":{"aws:PrincipalOrgID":"o-*"}`, "* o-* public"},
		{`"StringEqualsIgnoreCase":{"aws:PrincipalTag/a":"X"},"StringEquals":{"aws:PrincipalTag/a":"x"}`, "* public"},
		{`"StringEqualsIgnoreCase":{"aws:PrincipalOrgID":"O-AB"},"StringEquals":{"aws:PrincipalOrgID":"o-ab"}`, "* O-AB"},
		{`"ArnEquals":{"aws:SourceArn":"arn:aws:sns:*:*:t"}`, "* arn:aws:sns:*:*:t public"},
		{`"ArnLike":{"aws:SourceVpcArn":"arn:aws:ec2:*:444455556666:vpc/*"},"StringLike":{"aws:SourceVpcArn":"arn:aws:ec2:r:111122223333:*"}`, ""},
		{`"ArnEquals":{"aws:SourceArn":"arn:aws:sns:*:444455556666:t"}`, "* arn:aws:sns:*:444455556666:t"},
		{`"ForAllValues:StringEquals":{"aws:CalledVia":"a"},"ForAnyValue:StringEquals":{"aws:CalledVia":"b"}`, ""},
		{`"ForAllValues:StringEquals":{"aws:CalledVia":["a","b"]},"ForAnyValue:StringEquals":{"aws:CalledVia":"b"}`, "* public"},
		{`"StringEquals":{"aws:CalledVia":"a"},"ForAllValues:StringNotEquals":{"aws:CalledVia":"a"}`, "* public open"},
		{`"StringEquals":{"aws:CalledVia":"a"},"ForAnyValue:StringEquals":{"aws:CalledVia":"a"}`, "* public"},
		{`"ForAllValues:StringEquals":{"aws:UserAgent":"a"},"StringNotEquals":{"aws:UserAgent":"a"}` + has("aws:UserAgent"), ""}, // an empty one is null
		{`"ForAnyValue:StringEquals":{"aws:UserAgent":""}`, ""},
		{`"ForAnyValue:StringEqualsIfExists":{"aws:UserAgent":"a"}` + lacks("aws:UserAgent"), "* public open"},
		{`"ForAnyValue:StringEqualsIfExists":{"aws:CalledVia":"a"}` + lacks("aws:CalledVia"), "* public open"},
		{`"IpAddress":{"aws:SourceIp":"2001:db8::1"},"NotIpAddress":{"aws:SourceIp":"2001:db8::1/128"}`, "* open"},
		{`"IpAddress":{"aws:SourceIp":"2001:db8::/32"}`, "* 2001:db8::/32"},
		{`"IpAddress":{"aws:SourceIp":"2001:db8::/31"}`, "* 2001:db8::/31 public"},
		{`"IpAddress":{"aws:SourceIp":"here"}`, "* public open"},
		{`"IpAddress":{"aws:SourceIp":"203.0.113.77/24"},"NotIpAddress":{"aws:SourceIp":"203.0.113.77"}`, "* 203.0.113.77/24"},
		{`"NotIpAddress":{"aws:SourceIp":["0.0.0.0/0","::/0"]}`, "* public"},
		{`"NumericLessThanEquals":{"s3:signatureAge":"1"},"NumericGreaterThanEquals":{"s3:signatureAge":"1"}`, "* public"},
		{`"NumericLessThan":{"s3:signatureAge":"1"},"NumericGreaterThanEquals":{"s3:signatureAge":"1"}`, ""},
		{`"NumericLessThanEquals":{"s3:signatureAge":"1"},"NumericGreaterThan":{"s3:signatureAge":"1"}`, ""},
		{`"NumericEquals":{"s3:signatureAge":"1"},"NumericGreaterThan":{"s3:signatureAge":"1"}`, ""},
		{`"NumericEquals":{"s3:signatureAge":"1"},"NumericLessThan":{"s3:signatureAge":"1"}`, ""},
	} {
		d := parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{` + tt.condition + `}}}`)
		res := Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, true)
		if got := shortly(res); got != tt.want || len(res.Problems) > 0 {
			t.Errorf("%s: %q, want %q %v", tt.condition, got, tt.want, res.Problems)
		}
	}
}

// Examples of sources are ARNs that exist, whatever parts of the pattern are open: the
// run ends with an internal error where one is not.
func TestSourcesExist(t *testing.T) {
	services := []string{"logs", "lambda", "sns", "s3", "events", "iam", "apigateway", "*", "lo*", "s*", "?*"}
	regions := []string{"*", "", "eu-*", "us-east-1", "?*", "*-1", "??-west-?", "xx-*", "*west*"}
	accounts := []string{"444455556666", "*", "44445555666?", "4*", ""}
	n, every := 0, 7
	if os.Getenv("IACLINT_LONG") != "" {
		every = 1
	}
	for _, condition := range []string{
		`"ArnLike":{"aws:SourceArn":"%"}`, `"StringLike":{"aws:SourceArn":"%"}`,
		`"ArnLike":{"aws:SourceArn":["%","arn:aws:s*:*-1:444455556666:*x"]},"ArnNotLike":{"aws:SourceArn":"arn:aws:sns:us-*:*:*"}`,
	} {
		for _, principal := range []string{`"*"`, `{"Service":"delivery.logs.amazonaws.com"}`} {
			for _, service := range services {
				for _, region := range regions {
					for _, account := range accounts {
						if n++; n%every != 0 {
							continue
						}
						text := strings.ReplaceAll(condition, "%", "arn:aws:"+service+":"+region+":"+account+":*x")
						d := parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":` + principal + `,"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{` + text + `}}}`)
						res := Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, true)
						if len(res.Problems) > 0 {
							t.Errorf("%s %s: %v", principal, text, res.Problems)
						}
						if possible := (service != "logs" && service != "sns" && service != "lambda" || region != "") && account != "" && service != "apigateway" && service != "s3"; possible && len(res.Grants)+len(res.Services) == 0 {
							t.Errorf("%s %s: nothing", principal, text)
						}
					}
				}
			}
		}
	}
}

// A service calls from inside AWS: no address of its own, no endpoint.
func TestServicesHaveNoAddress(t *testing.T) {
	for condition, want := range map[string]int{`"Null":{"aws:SourceIp":"false"}`: 0, `"Null":{"aws:SourceIp":"true"}`: 1, `"Null":{"aws:SourceVpce":"false"}`: 0} {
		d := parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{` + condition + `}}}`)
		res := Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, true)
		if len(res.Services) != want {
			t.Errorf("%s: %+v", condition, res.Services)
		}
	}
}

// A constraint that is known only after deployment may hold or not.
func TestUnknownConstraint(t *testing.T) {
	for effect, want := range map[string]string{"Allow": "* public open", "Deny": "* public open"} {
		d := parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},
			{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`)
		if effect == "Allow" {
			d.Statements = d.Statements[:1]
		}
		last := &d.Statements[len(d.Statements)-1]
		last.Condition = []policy.Condition{{Values: []policy.Pattern{{Text: value.Ref(value.Reference{Name: "var.a"})}}}}
		res := Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, true)
		if got := shortly(res); !strings.HasPrefix(got, want) || len(res.Problems) > 0 {
			t.Errorf("%s: %q, want %q %v", effect, got, want, res.Problems)
		}
	}
}

// A condition on any key, in the policy of any kind of resource, has an answer: what
// is proven has a request that can exist, also where AWS does not send the key.
func TestKeysOfOtherServices(t *testing.T) {
	for i, key := range knowledge.KeyNames() {
		key = strings.NewReplacer("${", "", "}", "", "<", "", ">", "").Replace(key)
		for _, kind := range []string{"AWS::S3::Bucket", "AWS::KMS::Key", ""} {
			operator := []string{"StringEquals", "StringNotEquals", "StringEqualsIfExists", "ForAnyValue:StringLike"}[i%4]
			d := parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["kms:Decrypt","s3:GetObject"],"Resource":"*","Condition":{"` + operator + `":{"` + key + `":"444455556666"}}}]}`)
			if res := Analyze(resource.Resource{Type: kind, Documents: []resource.Document{{Policy: d}}}, zones[0], false); len(res.Problems) > 0 {
				t.Errorf("%s %s of %q: %s", operator, key, kind, res.Problems[0])
			}
		}
	}
}

// A key that is a view of the caller, with actions that it does not come with: both
// that it is absent and that it is there count.
func TestUnsentView(t *testing.T) {
	const other, own = `{"kms:CallerAccount":"444455556666"}`, `{"kms:CallerAccount":"111122223333"}`
	for _, tt := range []struct {
		effect, condition, bucket, key string // whether access is proven, may be there, or is not
	}{
		{"Allow", `"StringEquals":` + other, "maybe", "proven"},
		{"Allow", `"StringEquals":` + own, "", ""},
		{"Allow", `"StringNotEquals":` + other, "proven", "proven"},
		{"Allow", `"StringEqualsIfExists":` + own, "maybe", ""},
		{"Allow", `"Null":{"kms:CallerAccount":"true"}`, "maybe", ""},
		{"Allow", `"Null":{"kms:CallerAccount":"false"}`, "maybe", "proven"},
		{"Allow", `"ForAllValues:StringEquals":` + own, "maybe", ""},
		{"Allow", `"ForAnyValue:StringEquals":` + own, "", ""},
		{"Deny", `"StringNotEquals":` + own, "", ""},
		{"Deny", `"StringEquals":` + other, "proven", "proven"},
		{"Deny", `"Null":{"kms:CallerAccount":"false"}`, "maybe", ""},
		{"Deny", `"Null":{"kms:CallerAccount":"true"}`, "maybe", "proven"},
	} {
		for kind, want := range map[string]string{"AWS::S3::Bucket": tt.bucket, "AWS::KMS::Key": tt.key} {
			action := map[string]string{"AWS::S3::Bucket": "s3:GetObject", "AWS::KMS::Key": "kms:Decrypt"}[kind]
			allow := `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"` + action + `","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"*"}`
			text := allow + `,` + tt.condition + `}}`
			if tt.effect == "Deny" {
				text = allow + `}},{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{` + tt.condition + `}}`
			}
			res := Analyze(resource.Resource{Type: kind, Documents: []resource.Document{{Policy: parse(`{"Version":"2012-10-17","Statement":[` + text + `]}`)}}}, zones[0], false)
			got := ""
			for _, g := range res.Grants {
				switch {
				case g.Proven:
					got = "proven"
				case got == "":
					got = "maybe"
				}
			}
			if got != want || len(res.Problems) > 0 {
				t.Errorf("%s %s on %s: %q %v, want %q", tt.effect, tt.condition, kind, got, res.Problems, want)
			}
		}
	}
}
