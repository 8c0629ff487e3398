package access

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/policy"
)

// statements makes a policy of statements in a short form: "Allow s3:Get* on X if …".
func policyOf(statements ...string) *policy.Document {
	return parse(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)
}

// held is a statement of an identity policy; more are further elements.
func held(effect, actions, resources string, more ...string) string {
	list := func(name, items string) string {
		if rest, not := strings.CutPrefix(items, "!"); not {
			name, items = "Not"+name, rest
		}
		return `"` + name + `":["` + strings.ReplaceAll(items, " ", `","`) + `"]`
	}
	s := `{"Effect":"` + effect + `",` + list("Action", actions) + `,` + list("Resource", resources)
	for _, m := range more {
		s += "," + m
	}
	return s + "}"
}

func when(operator, key, value string) string {
	return `"Condition":{"` + operator + `":{"` + key + `":"` + value + `"}}`
}

func by(principal string) string { return `"Principal":` + principal }

// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html
func TestNoNewAccess(t *testing.T) {
	const (
		bucket, other = "arn:aws:s3:::logs/*", "arn:aws:s3:::other/*"
		account       = `{"AWS":"111122223333"}`
		one           = `{"AWS":"arn:aws:iam::111122223333:role/one"}`
		two           = `{"AWS":"arn:aws:iam::444455556666:role/one"}`
	)
	everythingBut := func(deny ...string) []string { return append([]string{held("Allow", "*", "*")}, deny...) }
	list := func(s ...string) []string { return s }
	for _, tt := range []struct {
		name        string
		identity    bool
		before, now []string
		fails       int // index of the statement that is named, -1: passes
	}{
		{"the same", true, list(held("Allow", "s3:Get*", bucket)), list(held("Allow", "s3:Get*", bucket)), -1},
		{"less", true, list(held("Allow", "s3:*", bucket)), list(held("Allow", "s3:GetObject", bucket)), -1},
		{"more actions", true, list(held("Allow", "s3:GetObject", bucket)), list(held("Allow", "s3:Get*", bucket)), 0},
		{"letter case", true, list(held("Allow", "s3:getobject", bucket)), list(held("Allow", "S3:GetObject", bucket)), -1},
		{"another statement", true, list(held("Allow", "s3:GetObject", bucket)), list(held("Allow", "s3:GetObject", bucket), held("Allow", "sqs:SendMessage", "*")), 1},
		{"another resource", true, list(held("Allow", "s3:GetObject", bucket)), list(held("Allow", "s3:GetObject", other)), 0},
		{"split over statements", true, list(held("Allow", "s3:GetObject s3:PutObject", bucket+" "+other)), list(held("Allow", "s3:GetObject", bucket), held("Allow", "s3:PutObject", other)), -1},
		{"joined", true, list(held("Allow", "s3:GetObject", bucket), held("Allow", "s3:PutObject", other)), list(held("Allow", "s3:GetObject s3:PutObject", bucket+" "+other)), 0},
		{"actions that no service has", true, list(held("Allow", "foo:Bar", "*")), list(held("Allow", "foo:Baz", "*")), 0},
		{"an action on a resource of another service", true, list(held("Allow", "s3:GetObject", bucket)), list(held("Allow", "s3:GetObject", "arn:aws:sqs:*:*:q")), 0},
		{"every action of a service is not all that could match", true, list(held("Allow", "tag:GetResources", "*")), list(held("Allow", "tag:*", "*")), 0},
		{"a wildcard stays in its part of an ARN", true, list(held("Allow", "sqs:*", "arn:aws:sqs:*:q")), list(held("Allow", "sqs:*", "arn:aws:sqs:eu-west-1:111122223333:q")), 0},
		{"parts of an ARN", true, list(held("Allow", "sqs:*", "arn:aws:sqs:*:*:q*")), list(held("Allow", "sqs:*", "arn:aws:sqs:eu-west-1:111122223333:q1")), -1},
		{"another partition", true, list(held("Allow", "s3:*", "arn:aws:s3:::b")), list(held("Allow", "s3:*", "arn:aws-cn:s3:::b")), 0},
		{"both partitions", true, list(held("Allow", "s3:*", "arn:*:s3:::b")), list(held("Allow", "s3:*", "arn:aws-cn:s3:::b")), -1},
		// References of the form: all but this.
		{"what is denied", true, everythingBut(held("Deny", "iam:*", "*")), list(held("Allow", "iam:GetRole", "*")), 0},
		{"what is not denied", true, everythingBut(held("Deny", "iam:*", "*")), list(held("Allow", "s3:*", "*")), -1},
		{"denied itself", true, everythingBut(held("Deny", "iam:*", "*")), list(held("Allow", "*", "*"), held("Deny", "iam:*", "*")), -1},
		{"all but it by NotAction", true, everythingBut(held("Deny", "iam:*", "*")), list(held("Allow", "!iam:*", "*")), -1},
		{"NotAction leaves more", true, list(held("Allow", "!iam:* sts:*", "*")), list(held("Allow", "!iam:*", "*")), 0},
		{"NotAction leaves less", true, list(held("Allow", "!iam:*", "*")), list(held("Allow", "!iam:* sts:*", "*")), -1},
		{"NotResource", true, everythingBut(held("Deny", "s3:*", "!"+bucket)), list(held("Allow", "s3:*", bucket)), -1},
		{"outside NotResource", true, everythingBut(held("Deny", "s3:*", "!"+bucket)), list(held("Allow", "s3:*", other)), 0},
		{"a Deny less", true, list(held("Allow", "s3:*", "*"), held("Deny", "s3:DeleteBucket", "*")), list(held("Allow", "s3:*", "*")), 0},
		{"a Deny more", true, list(held("Allow", "s3:*", "*")), list(held("Allow", "s3:*", "*"), held("Deny", "s3:DeleteBucket", "*")), -1},
		{"denied where it must be", true, everythingBut(held("Deny", "ec2:RunInstances", "*", when("Null", "aws:RequestTag/owner", "true"))), list(held("Allow", "ec2:RunInstances", "*", when("StringEquals", "aws:RequestTag/owner", "me"))), -1},
		{"allowed without the tag", true, everythingBut(held("Deny", "ec2:RunInstances", "*", when("Null", "aws:RequestTag/owner", "true"))), list(held("Allow", "ec2:RunInstances", "*")), 0},
		{"outside of a Region", true, everythingBut(held("Deny", "*", "*", when("StringNotEquals", "aws:RequestedRegion", "eu-west-1"))), list(held("Allow", "sqs:*", "*", when("StringEquals", "aws:RequestedRegion", "us-east-1"))), 0},
		{"in the Region", true, everythingBut(held("Deny", "*", "*", when("StringNotEquals", "aws:RequestedRegion", "eu-west-1"))), list(held("Allow", "sqs:*", "*", when("StringEquals", "aws:RequestedRegion", "eu-west-1"))), -1},
		// Conditions.
		{"a condition more", true, list(held("Allow", "s3:*", "*")), list(held("Allow", "s3:*", "*", when("Bool", "aws:MultiFactorAuthPresent", "true"))), -1},
		{"a condition less", true, list(held("Allow", "s3:*", "*", when("Bool", "aws:MultiFactorAuthPresent", "true"))), list(held("Allow", "s3:*", "*")), 0},
		{"IfExists lets the key be absent", true, list(held("Allow", "s3:*", "*", when("Bool", "aws:MultiFactorAuthPresent", "true"))), list(held("Allow", "s3:*", "*", when("BoolIfExists", "aws:MultiFactorAuthPresent", "true"))), 0},
		{"one value less", true, list(held("Allow", "s3:*", "*", when("StringLike", "aws:PrincipalTag/team", "a*"))), list(held("Allow", "s3:*", "*", when("StringEquals", "aws:PrincipalTag/team", "ab"))), -1},
		{"addresses", true, list(held("Allow", "s3:*", "*", when("IpAddress", "aws:SourceIp", "203.0.113.0/24"))), list(held("Allow", "s3:*", "*", when("IpAddress", "aws:SourceIp", "203.0.113.128/25"))), -1},
		{"private addresses too", true, list(held("Allow", "s3:*", "*", when("IpAddress", "aws:SourceIp", "10.0.0.0/16"))), list(held("Allow", "s3:*", "*", when("IpAddress", "aws:SourceIp", "10.0.0.0/8"))), 0},
		{"numbers", true, list(held("Allow", "s3:*", "*", when("NumericLessThan", "s3:max-keys", "10"))), list(held("Allow", "s3:*", "*", when("NumericLessThanEquals", "s3:max-keys", "10"))), 0},
		{"dates", true, list(held("Allow", "s3:*", "*", when("DateLessThan", "aws:CurrentTime", "2028-01-01T00:00:00Z"))), list(held("Allow", "s3:*", "*", when("DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:00Z"))), -1},
		{"sets of values", true, list(held("Allow", "s3:*", "*", when("ForAllValues:StringEquals", "aws:TagKeys", "a"))), list(held("Allow", "s3:*", "*", when("ForAnyValue:StringEquals", "aws:TagKeys", "a"))), 0},
		{"a variable is less than a wildcard", true, list(held("Allow", "s3:*", "arn:aws:s3:::home/*")), list(held("Allow", "s3:*", "arn:aws:s3:::home/${aws:username}/*")), -1},
		{"a wildcard is more than a variable", true, list(held("Allow", "s3:*", "arn:aws:s3:::home/${aws:username}/*")), list(held("Allow", "s3:*", "arn:aws:s3:::home/*")), 0},
		{"the same variable", true, list(held("Allow", "s3:*", "arn:aws:s3:::home/${aws:username}/*")), list(held("Allow", "s3:Get*", "arn:aws:s3:::home/${aws:username}/*")), -1},
		{"a variable and something behind it", true, list(held("Allow", "s3:*", "arn:aws:s3:::home/${aws:username}/*")), list(held("Allow", "s3:*", "arn:aws:s3:::home/${aws:username}/x")), -1},
		{"a variable within more", true, list(held("Allow", "s3:*", "arn:aws:s3:::home/${aws:username}/*")), list(held("Allow", "s3:*", "arn:aws:s3:::home/${aws:username}/pub/?*.txt")), -1},
		{"a variable and less behind it", true, list(held("Allow", "s3:*", "arn:aws:s3:::home/${aws:username}/x")), list(held("Allow", "s3:*", "arn:aws:s3:::home/${aws:username}/*")), 0},
		{"something before a variable", true, list(held("Allow", "s3:*", "arn:aws:s3:::*/${aws:username}")), list(held("Allow", "s3:*", "arn:aws:s3:::home/${aws:username}")), -1},
		{"another variable", true, list(held("Allow", "s3:*", "arn:aws:s3:::home/${aws:username}/*")), list(held("Allow", "s3:*", "arn:aws:s3:::home/${aws:userid}/x")), 0},
		{"two variables, one of them the same", true, list(held("Allow", "s3:*", "arn:aws:s3:::${aws:username}/*")), list(held("Allow", "s3:*", "arn:aws:s3:::${aws:username}/${aws:userid}")), -1},
		{"a variable is no character", true, list(held("Allow", "s3:*", "arn:aws:s3:::?/${aws:username}")), list(held("Allow", "s3:*", "arn:aws:s3:::${aws:userid}/${aws:username}")), 0},
		{"any text, and a key that is there", true, list(held("Allow", "s3:*", "*", when("Null", "aws:RequestTag/owner", "false"))), list(held("Allow", "s3:*", "*", when("StringLike", "aws:RequestTag/owner", "*"))), -1},
		{"a key that is there, and any text", true, list(held("Allow", "s3:*", "*", when("StringLike", "aws:RequestTag/owner", "*"))), list(held("Allow", "s3:*", "*", when("Null", "aws:RequestTag/owner", "false"))), -1},
		{"no text, and a key that is missing", true, list(held("Allow", "s3:*", "*", when("Null", "aws:RequestTag/owner", "true"))), list(held("Allow", "s3:*", "*", when("StringNotLike", "aws:RequestTag/owner", "*"))), -1},
		{"account of the resource", true, list(held("Allow", "s3:*", "*", when("StringEquals", "aws:ResourceAccount", "111122223333"))), list(held("Allow", "s3:*", "*", when("StringEquals", "aws:ResourceAccount", "444455556666"))), 0},
		{"the same account of the resource", true, list(held("Allow", "s3:*", "*", when("StringEquals", "aws:ResourceAccount", "111122223333"))), list(held("Allow", "s3:Get*", "*", when("StringEquals", "aws:ResourceAccount", "111122223333"))), -1},
		{"an operator that is not known", true, list(held("Allow", "s3:*", "*", when("StringSounds", "aws:username", "a"))), list(held("Allow", "s3:*", "*", when("StringSounds", "aws:username", "a"))), -1},
		{"another one", true, list(held("Allow", "s3:*", "*", when("StringSounds", "aws:username", "a"))), list(held("Allow", "s3:*", "*", when("StringSounds", "aws:username", "b"))), 0},
		{"the holder has an ARN", true, list(held("Allow", "s3:*", "*")), list(held("Allow", "s3:*", "*", when("Null", "aws:PrincipalArn", "false"))), -1},
		// Resource policies and trust policies.
		{"an account is all that is in it", false, list(held("Allow", "s3:*", "*", by(account))), list(held("Allow", "s3:*", "*", by(one))), -1},
		{"one role is not the account", false, list(held("Allow", "s3:*", "*", by(one))), list(held("Allow", "s3:*", "*", by(account))), 0},
		{"another account", false, list(held("Allow", "s3:*", "*", by(account))), list(held("Allow", "s3:*", "*", by(two))), 0},
		{"anyone", false, list(held("Allow", "s3:*", "*", by(account))), list(held("Allow", "s3:*", "*", by(`"*"`))), 0},
		{"anyone by a condition on the principal", false, list(held("Allow", "s3:*", "*", by(account))), list(held("Allow", "s3:*", "*", by(`"*"`), when("StringEquals", "aws:PrincipalAccount", "111122223333"))), -1},
		{"an organization is not an account", false, list(held("Allow", "s3:*", "*", by(account))), list(held("Allow", "s3:*", "*", by(`"*"`), when("StringEquals", "aws:PrincipalOrgID", "o-aaaaaaaaaa"))), 0},
		{"a service", false, list(held("Allow", "s3:*", "*", by(`"*"`))), list(held("Allow", "s3:*", "*", by(`{"Service":"sns.amazonaws.com"}`))), -1},
		{"another service", false, list(held("Allow", "s3:*", "*", by(`{"Service":"sqs.amazonaws.com"}`))), list(held("Allow", "s3:*", "*", by(`{"Service":"sns.amazonaws.com"}`))), 0},
		{"a source less", false, list(held("Allow", "sqs:*", "*", by(`{"Service":"sns.amazonaws.com"}`), when("ArnLike", "aws:SourceArn", "arn:aws:sns:*:111122223333:*"))), list(held("Allow", "sqs:*", "*", by(`{"Service":"sns.amazonaws.com"}`))), 0},
		{"a source more", false, list(held("Allow", "sqs:*", "*", by(`{"Service":"sns.amazonaws.com"}`), when("ArnLike", "aws:SourceArn", "arn:aws:sns:*:111122223333:*"))), list(held("Allow", "sqs:*", "*", by(`{"Service":"sns.amazonaws.com"}`), when("ArnEquals", "aws:SourceArn", "arn:aws:sns:eu-west-1:111122223333:a"))), -1},
		{"all but two principals", false, list(`{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`, `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}}`), list(held("Allow", "sqs:*", "*", by(one))), -1},
		{"beyond all but two principals", false, list(`{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`, `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}}`), list(held("Allow", "sqs:*", "*", by(two))), 0},
		{"NotPrincipal, the same", false, list(held("Allow", "s3:*", "*", by(`"*"`)), `{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/one"},"Action":"*","Resource":"*"}`), list(held("Allow", "s3:*", "*", by(`"*"`)), `{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/one"},"Action":"*","Resource":"*"}`), -1},
		{"trust in a service", false, list(`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`), list(`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`), -1},
		{"trust in another one", false, list(`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`), list(`{"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]},"Action":"sts:AssumeRole"}`), 0},
		{"trust in a branch", false, list(`{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:o/r:*"}}}`),
			list(`{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:sub":"repo:o/r:ref:refs/heads/main"}}}`), -1},
		{"without an external id", false, list(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"x"}}}`), list(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}`), 0},
	} {
		terms := func(statements []string) Terms {
			return Terms{Policies: []*policy.Document{policyOf(statements...)}, Identity: tt.identity}
		}
		got := NoNewAccess(terms(tt.now), terms(tt.before))
		if got.Pass != (tt.fails < 0) {
			t.Errorf("%s: passes %v, want %v (witness %+v)", tt.name, got.Pass, tt.fails < 0, got.Witness)
			continue
		}
		if !got.Pass && (got.Statement == nil || got.Statement.Index != tt.fails) {
			t.Errorf("%s: statement %+v is named, want %d", tt.name, got.Statement, tt.fails)
		}
		if got.Proven && got.Witness == nil && !strings.Contains(tt.name, "not known") {
			t.Logf("%s: no request shows it", tt.name)
		}
	}
}

// What a boundary does not allow is not granted.
func TestNoNewAccessUnderBoundary(t *testing.T) {
	all, some := policyOf(held("Allow", "*", "*")), policyOf(held("Allow", "s3:*", "*"))
	before := Terms{Policies: []*policy.Document{some}, Identity: true}
	if v := NoNewAccess(Terms{Policies: []*policy.Document{all}, Boundary: some, Identity: true}, before); !v.Pass {
		t.Errorf("a boundary limits nothing: %+v", v)
	}
	if v := NoNewAccess(Terms{Policies: []*policy.Document{all}, Identity: true}, before); v.Pass {
		t.Error("everything is no more than S3")
	}
}

func TestAccessNotGranted(t *testing.T) {
	list := func(s ...string) []string { return s }
	for _, tt := range []struct {
		name               string
		policy             []string
		actions, resources []string
		pass               bool
	}{
		{"another action", list(held("Allow", "s3:GetObject", "*")), list("s3:PutObject"), nil, true},
		{"the action", list(held("Allow", "s3:*", "*")), list("s3:PutObject"), nil, false},
		{"by NotAction", list(held("Allow", "!s3:*", "*")), list("iam:PassRole"), nil, false},
		{"denied", list(held("Allow", "*", "*"), held("Deny", "iam:*", "*")), list("iam:PassRole"), nil, true},
		{"denied in part", list(held("Allow", "*", "*"), held("Deny", "iam:*", "*", when("Bool", "aws:MultiFactorAuthPresent", "false"))), list("iam:PassRole"), nil, false},
		{"another resource", list(held("Allow", "s3:PutObject", "arn:aws:s3:::open/*")), nil, list("arn:aws:s3:::secret/*"), true},
		{"the resource", list(held("Allow", "s3:PutObject", "arn:aws:s3:::secret/*")), nil, list("arn:aws:s3:::secret/*"), false},
		{"a part of it", list(held("Allow", "s3:PutObject", "arn:aws:s3:::secret/a")), nil, list("arn:aws:s3:::secret/*"), false},
		{"the action elsewhere", list(held("Allow", "s3:PutObject", "arn:aws:s3:::open/*")), list("s3:PutObject"), list("arn:aws:s3:::secret/*"), true},
		{"another action there", list(held("Allow", "s3:GetObject", "arn:aws:s3:::secret/*")), list("s3:PutObject"), list("arn:aws:s3:::secret/*"), true},
		{"both", list(held("Allow", "s3:*", "arn:aws:s3:::secret/*")), list("s3:PutObject", "s3:GetObject"), list("arn:aws:s3:::x", "arn:aws:s3:::secret/*"), false},
		{"an action that a bucket does not have", list(held("Allow", "s3:GetObject", "arn:aws:s3:::b")), list("s3:GetObject"), list("arn:aws:s3:::b"), false},
		{"a condition that nothing satisfies", list(held("Allow", "s3:GetObject", "*", `"Condition":{"StringEquals":{"aws:username":"a"},"StringNotEquals":{"aws:username":"a"}}`)), list("s3:GetObject"), nil, true},
	} {
		got := AccessNotGranted(Terms{Policies: []*policy.Document{policyOf(tt.policy...)}, Identity: true}, tt.actions, tt.resources)
		if got.Pass != tt.pass {
			t.Errorf("%s: passes %v, want %v (witness %+v)", tt.name, got.Pass, tt.pass, got.Witness)
		}
		if !got.Pass && got.Witness == nil {
			t.Errorf("%s: no request shows it", tt.name)
		}
	}
}

// Random identity policies: of a policy that passes, the evaluator allows no
// request that it does not allow before; a witness is one.
func TestNoNewAccessAgreesWithEvaluator(t *testing.T) {
	r := rand.New(rand.NewSource(int64(setting("IACLINT_SEED", 77))))
	passed, failed := 0, 0
	for range setting("IACLINT_COMPARISONS", 150) {
		old := genHeld(r)
		text := old
		if r.Intn(3) > 0 {
			text = genHeld(r)
		}
		if r.Intn(2) == 0 {
			text = old[:len(old)-2] + "," + genHeldStatement(r) + "]}"
		}
		before := Terms{Policies: []*policy.Document{parse(old)}, Identity: true}
		now := Terms{Policies: []*policy.Document{parse(text)}, Identity: true}
		got := NoNewAccess(now, before)
		p, q := now.read(now.Policies[0]), before.read(before.Policies[0])
		if w := got.Witness; w != nil && got.Proven {
			failed++
			if !evaluate.Evaluate(p, *w, evaluate.Strict).Allowed || evaluate.Evaluate(q, *w, evaluate.Permissive).Allowed {
				t.Errorf("%+v shows nothing\n%s\n%s", w, old, text)
			}
		}
		if !got.Pass {
			continue
		}
		passed++
		for range 40 {
			req := genHeldRequest(r)
			if evaluate.Evaluate(p, req, evaluate.Strict).Allowed && !evaluate.Evaluate(q, req, evaluate.Strict).Allowed {
				t.Fatalf("%+v is new\n%s\n%s", req, old, text)
			}
		}
	}
	if passed < 10 || failed < 10 {
		t.Errorf("%d pass, %d fail with a witness", passed, failed)
	}
}

func genHeldStatement(r *rand.Rand) string {
	action := pick(r, "s3:GetObject", "s3:Get*", "s3:*", "*", "!s3:*", "iam:PassRole", "!iam:*", "sqs:SendMessage s3:PutObject")
	on := pick(r, "*", "arn:aws:s3:::a/*", "arn:aws:s3:::a*", "!arn:aws:s3:::a/*", "arn:aws:sqs:*:*:q", "arn:aws:s3:::a/${aws:username}/*")
	var more []string
	if r.Intn(2) == 0 {
		switch r.Intn(4) {
		case 0:
			more = append(more, when(pick(r, "StringEquals", "StringNotEquals", "StringLike", "StringEqualsIfExists"), "aws:PrincipalTag/team", pick(r, "a", "b", "a*")))
		case 1:
			more = append(more, when(pick(r, "Bool", "BoolIfExists"), "aws:MultiFactorAuthPresent", pick(r, "true", "false")))
		case 2:
			more = append(more, when(pick(r, "IpAddress", "NotIpAddress"), "aws:SourceIp", pick(r, "203.0.113.0/24", "203.0.113.0/25")))
		case 3:
			more = append(more, when("Null", "aws:PrincipalTag/team", pick(r, "true", "false")))
		}
	}
	return held(pick(r, "Allow", "Allow", "Deny"), action, on, more...)
}

func genHeld(r *rand.Rand) string {
	var list []string
	for range 1 + r.Intn(3) {
		list = append(list, genHeldStatement(r))
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`
}

func genHeldRequest(r *rand.Rand) evaluate.Request {
	keys := map[string][]string{"aws:username": {"u"}, "aws:PrincipalArn": {"arn:aws:iam::111122223333:user/u"}}
	if r.Intn(3) > 0 {
		keys["aws:PrincipalTag/team"] = []string{pick(r, "a", "b", "ab")}
	}
	if r.Intn(2) == 0 {
		keys["aws:MultiFactorAuthPresent"] = []string{pick(r, "true", "false")}
	}
	if r.Intn(2) == 0 {
		keys["aws:SourceIp"] = []string{pick(r, "203.0.113.1", "203.0.113.200", "198.51.100.7")}
	}
	return evaluate.Request{
		Principal: evaluate.Principal{Type: evaluate.AWS, ARN: "arn:aws:iam::111122223333:user/u", Account: "111122223333"},
		Action:    pick(r, "s3:GetObject", "s3:GetBucketAcl", "s3:PutObject", "iam:PassRole", "sqs:SendMessage", "ec2:RunInstances"),
		Resource:  pick(r, "arn:aws:s3:::a/x", "arn:aws:s3:::a/u/x", "arn:aws:s3:::ab", "arn:aws:sqs:eu-west-1:111122223333:q", "arn:aws:ec2:eu-west-1:111122223333:instance/i"),
		Context:   keys,
	}
}
