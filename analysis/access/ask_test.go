package access

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

func caller(kind policy.PrincipalKind, text string) []policy.Principal {
	return []policy.Principal{{Kind: kind, Text: value.Lit(text)}}
}

func carries(operator policy.Operator, key, text string) policy.Condition {
	return policy.Condition{Operator: operator, Key: key, Values: []policy.Pattern{{Text: value.Lit(text)}}}
}

func TestAsk(t *testing.T) {
	const doc = `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/public/*"},
		{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::b/*"},
		{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/writer"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"},
		{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/logs/*"},
		{"Effect":"Allow","Principal":{"AWS":"${who}"},"Action":"s3:DeleteObject","Resource":"arn:aws:s3:::b/*"},
		{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`
	secure := policy.Operator{Compare: policy.Bool, Text: "Bool"}
	for _, tt := range []struct {
		name string
		q    Question
		want string
	}{
		{"who outside reads", Question{Actions: []string{"s3:GetObject"}}, "* s3:GetObject public"},
		{"who outside reads what is not public", Question{Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::b/private/*"}}, "444455556666 s3:GetObject"},
		{"who outside lists", Question{Actions: []string{"s3:ListBucket"}}, ""},
		{"a stranger", Question{Callers: caller(policy.AWS, "999900001111"), Inside: true}, "999900001111 s3:GetObject; ${who} s3:DeleteObject open"},
		{"a stranger, without TLS", Question{Callers: caller(policy.AWS, "999900001111"), Conditions: []policy.Condition{carries(secure, "aws:SecureTransport", "false")}, Inside: true}, ""},
		{"the partner writes", Question{Callers: caller(policy.AWS, "444455556666"), Actions: []string{"s3:Put*"}, Inside: true}, "444455556666 s3:PutObject"},
		{"one role of the owner", Question{Callers: caller(policy.AWS, "arn:aws:iam::111122223333:role/writer"), Actions: []string{"s3:PutObject"}, Inside: true}, "arn:aws:iam::111122223333:role/writer s3:PutObject"},
		{"another", Question{Callers: caller(policy.AWS, "arn:aws:iam::111122223333:role/reader"), Actions: []string{"s3:PutObject"}, Inside: true}, ""},
		{"of the owner, asked outside", Question{Callers: caller(policy.AWS, "arn:aws:iam::111122223333:role/writer")}, "${who} s3:DeleteObject open"},
		{"a service", Question{Callers: caller(policy.Service, "logging.s3.amazonaws.com"), Inside: true}, "service logging.s3.amazonaws.com s3:GetObject+s3:PutObject"},
		{"another service", Question{Callers: caller(policy.Service, "sns.amazonaws.com"), Actions: []string{"s3:PutObject"}, Inside: true}, ""},
		{"an action that is in no table", Question{Actions: []string{"s3:FutureAction"}}, ""},
	} {
		r := Ask(bucketWith(parse(doc)), &zone.Zone{Account: "111122223333"}, tt.q)
		got := strings.ReplaceAll(gains(r), " unwitnessed", "")
		for _, s := range r.Services {
			var names []string
			for _, x := range s.Actions {
				names = append(names, x.Full)
			}
			got = strings.TrimPrefix(got+"; service "+s.Service+" "+strings.Join(names, "+"), "; ")
		}
		if got != tt.want || len(r.Problems) > 0 {
			t.Errorf("%s: %q %v, want %q", tt.name, got, r.Problems, tt.want)
		}
	}
}

// Block Public Access leaves services and the owner account.
func TestAskBlocked(t *testing.T) {
	r := bucketWith(parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`))
	r.Block = &resource.PublicAccessBlock{RestrictPublicBuckets: true, Address: "block"}
	z := &zone.Zone{Account: "111122223333"}
	for _, tt := range []struct {
		who, want string
	}{
		{"999900001111", ""},
		{"111122223333", "111122223333 s3:GetObject"},
	} {
		got := Ask(r, z, Question{Callers: caller(policy.AWS, tt.who), Inside: true})
		if gains(got) != tt.want || len(got.BlockedBy) != 1 {
			t.Errorf("%s: %q, blocked by %v", tt.who, gains(got), got.BlockedBy)
		}
	}
}

// Random policies: a request that the evaluator allows and that is asked about is
// of some grant; a grant that is proven has a request that the evaluator allows
// and that is asked about.
func TestAskRandom(t *testing.T) {
	r := rand.New(rand.NewSource(47))
	n := draws("IACLINT_COMPARISONS", 300)
	allowed, refused := 0, 0
	for range n {
		text := genPolicy(r)
		d := parse(text)
		z := zones[r.Intn(len(zones))]
		who := pick(r, "444455556666", "111122223333", "777788889999")
		action := pick(r, "s3:GetObject", "s3:PutObject", "s3:List*")
		q := Question{Callers: caller(policy.AWS, who), Actions: []string{action}, Inside: true}
		res := Ask(bucketWith(d), z, q)
		for _, g := range res.Grants {
			if g.Proven && (g.Witness == nil || g.Witness.Principal.Account != who || !globMatch(strings.ToLower(action), strings.ToLower(g.Witness.Action)) || !evaluate.Evaluate(d, *g.Witness, evaluate.Strict).Allowed) {
				t.Errorf("%s %s: witness %v: %s", who, action, g.Witness, text)
			}
		}
		for range 40 {
			req := genRequest(r)
			if req.Principal.Account != who || !globMatch(strings.ToLower(action), strings.ToLower(req.Action)) || evaluate.WellFormed(req) != nil {
				continue
			}
			if !evaluate.Evaluate(d, req, evaluate.Strict).Allowed {
				refused++
				continue
			}
			allowed++
			if !listed(res, req) && len(res.Grants) == 0 {
				t.Errorf("%s is allowed, and nobody is said to be: %s", show(&req), text)
			}
		}
	}
	if allowed < n/10 || refused < n {
		t.Errorf("%d allowed and %d refused requests: is anything asked?", allowed, refused)
	}
}

// What the resource does not deny to the owner account is left to its
// identity-based policies, but for keys and roles.
func TestLeftToIdentity(t *testing.T) {
	own, other := caller(policy.AWS, "arn:aws:iam::111122223333:role/app"), caller(policy.AWS, "444455556666")
	const deny = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}}]}`
	const denyAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"}]}`
	in := func(vpc string) []policy.Condition {
		return []policy.Condition{carries(policy.Operator{Compare: policy.StringEquals, Text: "StringEquals"}, "aws:SourceVpc", vpc)}
	}
	of := func(kind, text string) resource.Resource {
		r := resource.Resource{Type: kind}
		if kind == "AWS::S3::Bucket" {
			r.ARN = value.Lit("arn:aws:s3:::b")
		}
		if text != "" {
			r.Documents = []resource.Document{{Policy: parse(text)}}
		}
		return r
	}
	for _, tt := range []struct {
		name string
		r    resource.Resource
		q    Question
		want bool
	}{
		{"no policy", of("AWS::S3::Bucket", ""), Question{Callers: own, Inside: true}, true},
		{"of another account", of("AWS::S3::Bucket", ""), Question{Callers: other, Inside: true}, false},
		{"asked of outside alone", of("AWS::S3::Bucket", ""), Question{}, false},
		{"denied from elsewhere", of("AWS::S3::Bucket", deny), Question{Callers: own, Inside: true, Conditions: in("vpc-2")}, false},
		{"not denied from there", of("AWS::S3::Bucket", deny), Question{Callers: own, Inside: true, Conditions: in("vpc-1")}, true},
		{"denied", of("AWS::S3::Bucket", denyAll), Question{Callers: own, Inside: true, Actions: []string{"s3:GetObject"}}, false},
		{"another action", of("AWS::S3::Bucket", denyAll), Question{Callers: own, Inside: true, Actions: []string{"s3:PutObject"}}, true},
		{"a key", of("AWS::KMS::Key", denyAll), Question{Callers: own, Inside: true}, false},
		{"a role", of("AWS::IAM::Role", denyAll), Question{Callers: own, Inside: true}, false},
	} {
		if got := Ask(tt.r, &zone.Zone{Account: "111122223333"}, tt.q).LeftToIdentity; got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestNames(t *testing.T) {
	bucket := func(arn value.Text) resource.Resource { return resource.Resource{Type: "AWS::S3::Bucket", ARN: arn} }
	generated := value.Join(value.Lit("arn:aws:s3:::"), value.Ref(value.Reference{Name: "Logs", Is: value.OwnName}))
	queue := value.Join(value.Lit("arn:aws:sqs:eu-west-1:"), value.Ref(value.Reference{Name: "AWS::AccountId", Is: value.OwnAccount}), value.Lit(":orders"))
	for _, tt := range []struct {
		r    resource.Resource
		text string
		want Answer
	}{
		{bucket(value.Lit("arn:aws:s3:::b")), "arn:aws:s3:::b", Yes},
		{bucket(value.Lit("arn:aws:s3:::b")), "arn:aws:s3:::b/private/*", Yes},
		{bucket(value.Lit("arn:aws:s3:::b")), "arn:aws:s3:::*", Yes},
		{bucket(value.Lit("arn:aws:s3:::b")), "arn:aws:s3:::bb", No},
		{bucket(value.Lit("arn:aws:s3:::b")), "arn:aws:sqs:eu-west-1:111122223333:b", No},
		{bucket(generated), "arn:aws:s3:::anything", NotKnown},
		{bucket(generated), "arn:aws:sqs:eu-west-1:111122223333:q", No},
		{bucket(value.Text{}), "arn:aws:s3:::whichever", Yes},
		{bucket(value.Text{}), "arn:aws:sqs:eu-west-1:111122223333:q", No},
		{resource.Resource{Type: "AWS::SQS::Queue", ARN: queue}, "arn:aws:sqs:eu-west-1:111122223333:orders", Yes},
		{resource.Resource{Type: "AWS::SQS::Queue", ARN: queue}, "arn:aws:sqs:eu-west-1:444455556666:orders", No},
		{resource.Resource{ARN: value.Lit("arn:aws:new:eu-west-1:111122223333:thing/a")}, "arn:aws:new:eu-west-1:111122223333:thing/a/part", Yes},
		{resource.Resource{ARN: value.Lit("arn:aws:new:eu-west-1:111122223333:thing/a")}, "arn:aws:new:eu-west-1:111122223333:thing/b", No},
	} {
		if got := Names(tt.r, &zone.Zone{Account: "111122223333"}, tt.text); got != tt.want {
			t.Errorf("%s names %s: %s, want %s", tt.text, tt.r.ARN.String(), got, tt.want)
		}
	}
}

// A question that asks for nothing in particular has the answer of an analysis.
func TestAskForEverything(t *testing.T) {
	r := rand.New(rand.NewSource(59))
	some := 0
	for range setting("IACLINT_COMPARISONS", 300) {
		text := genPolicy(r)
		b, z := bucketWith(parse(text)), zones[r.Intn(len(zones))]
		got, want := gains(Ask(b, z, Question{})), gains(Analyze(b, z, false))
		if got != want {
			t.Errorf("%q, want %q: %s", got, want, text)
		}
		if got != "" {
			some++
		}
	}
	if some < 30 {
		t.Errorf("%d policies grant anything", some)
	}
}

func TestImplies(t *testing.T) {
	const (
		read    = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
		all     = `{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}`
		ours    = `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:Get*","Resource":"*"}`
		tls     = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
		maybe   = `{"Effect":"Allow","Principal":{"AWS":"${who}"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
		queue   = `{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}`
		userAll = `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`
		userGet = `{"Effect":"Allow","Action":["s3:GetObject","s3:GetObjectTagging"],"Resource":"arn:aws:s3:::b/*"}`
	)
	for _, tt := range []struct{ name, p, q, want string }{
		{"the same", read, read, "yes"},
		{"narrower", read, all, "yes"},
		{"wider", ours, read, "no arn:aws:iam::111122223333:role/outside"},
		{"own account only", read, ours, "no"},
		{"a Deny more", read + "," + tls, read, "yes"},
		{"a Deny less", read, read + "," + tls, "no"},
		{"another service", queue, all, "no"},
		{"not known who", maybe, read, "yes"},
		{"not known whom it covers", ours, maybe, "no"},
		{"what a user may do", userGet, userAll, "yes"},
		{"what a user may not do", userAll, userGet, "no"},
		{"nothing at all", tls, read, "yes"},
		{"more than nothing", read, tls, "no"},
	} {
		p, q := parse(`{"Version":"2012-10-17","Statement":[`+tt.p+`]}`), parse(`{"Version":"2012-10-17","Statement":[`+tt.q+`]}`)
		got := Implies(p, q, "")
		want, _, _ := strings.Cut(tt.want, " ")
		if string(got.Answer) != want || (got.Answer == No) != (len(got.Actions) > 0 && got.Beyond != nil) {
			t.Errorf("%s: %s %v %v, want %s", tt.name, got.Answer, got.Beyond, got.Actions, want)
		}
		if r := got.Beyond; r != nil && r.Principal.Type != "" && p.Statements[0].Principal.Present &&
			(!evaluate.Evaluate(p, *r, evaluate.Strict).Allowed || evaluate.Evaluate(q, *r, evaluate.Strict).Allowed) {
			t.Errorf("%s: %s", tt.name, fmt.Sprint(show(r)))
		}
	}
}

// Random policies: what is implied holds for every request that the evaluator is
// asked about.
func TestImpliesRandom(t *testing.T) {
	r := rand.New(rand.NewSource(53))
	n := draws("IACLINT_COMPARISONS", 300)
	count := map[Answer]int{}
	for range n {
		text := genPolicy(r)
		changed := mutate(r, text)
		p, q := parse(text), parse(changed)
		got := Implies(p, q, "AWS::S3::Bucket")
		count[got.Answer]++
		if got.Answer != Yes {
			continue
		}
		for range 60 {
			req := genRequest(r)
			if evaluate.WellFormed(req) == nil && evaluate.Evaluate(p, req, evaluate.Strict).Allowed && !evaluate.Evaluate(q, req, evaluate.Strict).Allowed {
				t.Errorf("%s is beyond %s: %s", show(&req), changed, text)
			}
		}
	}
	if count[Yes] < n/20 || count[No] < n/20 {
		t.Errorf("answers %v", count)
	}
}

func TestTrusts(t *testing.T) {
	z := &zone.Zone{Account: "111122223333", Accounts: []string{"222233334444"}, Organization: "o-1a2b3c4d5e", OrgPaths: []string{"o-aaaaaaaaaa/r-1/ou-2"},
		Members: []zone.Member{{ID: "333344445555", OrgPath: "o-1a2b3c4d5e/r-1/ou-9/", Canonical: "cafe"}}, Principals: []string{"arn:aws:iam::*:role/audit/*"}, VPCs: []string{"vpc-1"}}
	org := *z
	org.Type = zone.Organization
	for _, tt := range []struct {
		who              string
		account, inWhole bool
	}{
		{"111122223333", true, true},
		{"222233334444", true, true},
		{"333344445555", false, true},
		{"999900001111", false, false},
		{"arn:aws:iam::111122223333:role/x", true, true},
		{"arn:aws:iam::999900001111:role/audit/x", true, true},
		{"arn:aws:iam::999900001111:role/other", false, false},
		{"arn:aws:s3:::b", false, false},
		{"o-1a2b3c4d5e", false, true},
		{"o-1a2b3c4d5e/r-1/ou-9/", false, true},
		{"o-aaaaaaaaaa", false, false},
		{"o-aaaaaaaaaa/r-1/ou-2/ou-3/", true, true},
		{"vpc-1", true, true}, {"vpc-2", false, false},
		{"cafe", false, true}, {"", false, false}, {"*", false, false},
	} {
		if got, all := Trusts(z, tt.who), Trusts(&org, tt.who); got != tt.account || all != tt.inWhole {
			t.Errorf("%s: %v in the account's zone, %v in the organization's", tt.who, got, all)
		}
	}
}
