package access

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

func bucketWith(d *policy.Document) resource.Resource {
	return resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: d}}}
}

func gains(r Result) string {
	var out []string
	for _, g := range r.Grants {
		var actions []string
		for _, a := range g.Actions {
			actions = append(actions, a.Full)
		}
		text := g.Principal
		for _, c := range g.Conditions {
			text += " " + c.Value
		}
		if len(actions) > 3 {
			actions = append(actions[:1], fmt.Sprint(len(actions)-1, " more"))
		}
		text += " " + strings.Join(actions, "+")
		if g.Public {
			text += " public"
		}
		if !g.Proven {
			text += " open"
		}
		if g.Witness == nil {
			text += " unwitnessed"
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func TestCompare(t *testing.T) {
	const (
		anyone  = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
		inVPC   = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}`
		secure  = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`
		below   = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/public/*"}`
		both    = `{"Sid":"x","Effect":"Allow","Principal":{"AWS":["*"]},"Action":["s3:PutObject","s3:GetObject"],"Resource":"arn:aws:s3:::b/*"}`
		put     = `{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"}`
		account = `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
		deny    = `{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"s3:*","Resource":"arn:aws:s3:::b/*"}`
		own     = `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*"}`
		maybe   = `{"Effect":"Allow","Principal":{"AWS":"${who}"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
	)
	for _, tt := range []struct{ name, before, after, gained, lost string }{
		{"nothing", anyone, anyone, "", ""},
		{"order, split, Sid, form", both, put + "," + anyone, "", ""},
		{"own access", anyone, own + "," + anyone, "", ""},
		{"what is covered already", anyone, anyone + "," + account + "," + below, "", ""},
		{"new", own, own + "," + anyone, "* s3:GetObject public", ""},
		{"gone", anyone, own, "", "* s3:GetObject public"},
		{"an action", anyone, both, "* s3:PutObject public", ""},
		{"a condition that findings show", inVPC, anyone, "* s3:GetObject public", ""},
		{"a condition that findings do not show", secure, anyone, "* s3:GetObject public", ""},
		{"a prefix", below, anyone, "* s3:GetObject public", ""},
		{"a narrower prefix", anyone, below, "", "* s3:GetObject public"},
		{"account becomes anyone", account, anyone, "* s3:GetObject public", ""},
		{"a second principal", account, account + "," + strings.Replace(account, "4444", "7777", 1), "777755556666 s3:GetObject", ""},
		{"a Deny is dropped", anyone + "," + deny, anyone, "444455556666 s3:GetObject", ""},
		{"possible, still", maybe, maybe, "", ""},
		{"possible, now", own, maybe, "${who} s3:GetObject open unwitnessed", ""}, // as it is alone
		{"possible, proven now", maybe, maybe + "," + account, "444455556666 s3:GetObject", ""},
	} {
		d := Compare(bucketWith(parse(`{"Version":"2012-10-17","Statement":[`+tt.before+`]}`)), bucketWith(parse(`{"Version":"2012-10-17","Statement":[`+tt.after+`]}`)), &zone.Zone{Account: "111122223333"})
		if got, lost := gains(d.Gained), gains(d.Lost); !d.Exact || got != tt.gained || lost != tt.lost {
			t.Errorf("%s: gained %q, lost %q, exact %v; want %q, %q", tt.name, got, lost, d.Exact, tt.gained, tt.lost)
		}
		if problems := append(d.Gained.Problems, d.Lost.Problems...); len(problems) > 0 {
			t.Errorf("%s: %v", tt.name, problems)
		}
	}
}

// Block Public Access, lists and access points are part of both sides.
func TestCompareSettings(t *testing.T) {
	z := &zone.Zone{Account: "111122223333"}
	anyone := parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`)
	open := bucketWith(anyone)
	blocked := open
	blocked.Block = &resource.PublicAccessBlock{RestrictPublicBuckets: true}
	listed := open
	listed.Documents = append(slices.Clone(open.Documents), resource.Document{Source: resource.BucketACL, Policy: parse(`{"Statement":[{"Effect":"Allow","Principal":{"CanonicalUser":"` + strings.Repeat("a", 64) + `"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"}]}`)})
	other := open
	other.ARN = value.Lit("arn:aws:s3:::c")
	for _, tt := range []struct {
		name          string
		before, after resource.Resource
		want          string
	}{
		{"unblocked", blocked, open, "gained * s3:GetObject public, lost , true"},
		{"blocked", open, blocked, "gained , lost * s3:GetObject public, true"},
		{"a list", open, listed, "gained " + strings.Repeat("a", 64) + " s3:PutObject, lost , true"},
		{"another bucket", open, other, "gained , lost , false"},
	} {
		d := Compare(tt.before, tt.after, z)
		if got := fmt.Sprintf("gained %s, lost %s, %v", gains(d.Gained), gains(d.Lost), d.Exact); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// The policies of a secret and of its key decide together, on both sides.
func TestCompareSecrets(t *testing.T) {
	allow := func(action string, accounts ...string) []resource.Document {
		var list []string
		for _, a := range accounts {
			list = append(list, `{"Effect":"Allow","Principal":{"AWS":"`+a+`"},"Action":"`+action+`","Resource":"*"}`)
		}
		return []resource.Document{{Policy: parse(`{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`)}}
	}
	secret := func(of, key []resource.Document) resource.Resource {
		return resource.Resource{Type: "AWS::SecretsManager::Secret", Documents: of, Keys: []resource.Resource{{Type: "AWS::KMS::Key", Address: "Key", Documents: key}}}
	}
	const read, own, partner, other = "secretsmanager:GetSecretValue", "111122223333", "444455556666", "777788889999"
	both := secret(allow(read, partner, other), allow("kms:*", own, partner, other))
	for _, tt := range []struct {
		name  string
		after resource.Resource
		want  string
	}{
		{"nothing", secret(allow(read, other, partner), allow("kms:*", other, partner, own)), "gained , lost , true"},
		{"not in the secret's", secret(allow(read, partner), allow("kms:*", own, partner, other)), "gained , lost 777788889999 secretsmanager:GetSecretValue, true"},
		{"not in the key's", secret(allow(read, partner, other), allow("kms:*", own, partner)), "gained , lost 777788889999 secretsmanager:GetSecretValue, true"},
		{"nobody else has the key", secret(allow(read, partner, other), allow("kms:*", own)), "gained , lost 444455556666 secretsmanager:GetSecretValue; 777788889999 secretsmanager:GetSecretValue, true"},
	} {
		d := Compare(both, tt.after, &zone.Zone{Account: own})
		if got := fmt.Sprintf("gained %s, lost %s, %v", gains(d.Gained), gains(d.Lost), d.Exact); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		for _, g := range d.Lost.Grants {
			if len(g.Statements) != 1 {
				t.Errorf("%s: %d statements are responsible", tt.name, len(g.Statements))
			}
		}
	}
}

// Random policies and changes of them: what is gained is witnessed by a request
// that the evaluator allows after the change and not before; refactorings gain
// and lose nothing; and without a gain no request that the evaluator allows
// after is refused before.
func TestCompareRandom(t *testing.T) {
	r := rand.New(rand.NewSource(41))
	n := draws("IACLINT_COMPARISONS", 300)
	gained := 0
	for range n {
		text := genPolicy(r)
		p, q := parse(text), parse(mutate(r, text))
		z := zones[r.Intn(3)]
		same := *p
		same.Statements = refactored(r, p.Statements)
		if d := Compare(bucketWith(p), bucketWith(&same), z); d.Exact && len(d.Gained.Grants)+len(d.Lost.Grants) > 0 {
			t.Fatalf("a refactoring gains %q and loses %q: %s", gains(d.Gained), gains(d.Lost), text)
		}
		d := Compare(bucketWith(p), bucketWith(q), z)
		if !d.Exact {
			continue
		}
		gained += len(d.Gained.Grants)
		for _, g := range d.Gained.Grants {
			if !g.Proven || g.Witness == nil {
				continue
			}
			before, after := evaluate.Evaluate(p, *g.Witness, evaluate.Strict), evaluate.Evaluate(q, *g.Witness, evaluate.Strict)
			if !after.Allowed || after.Denied || before.Allowed && !before.Denied {
				t.Errorf("%s: before %v, after %v: %s", show(g.Witness), before, after, text)
			}
		}
		if len(d.Gained.Grants) == 0 {
			for _, g := range Analyze(bucketWith(q), z, true).Grants {
				if !g.Proven || g.Witness == nil {
					continue
				}
				if before := evaluate.Evaluate(p, *g.Witness, evaluate.Strict); !before.Allowed || before.Denied {
					t.Errorf("nothing is gained, but %s was refused before: %s", show(g.Witness), text)
				}
			}
		}
	}
	if gained < n/25 {
		t.Errorf("%d gains in %d changes: are they changes?", gained, n)
	}
}

// refactored are statements that say the same: in another order, under other
// names, one split by its actions.
func refactored(r *rand.Rand, list []policy.Statement) []policy.Statement {
	var out []policy.Statement
	for _, s := range list {
		s.Sid = fmt.Sprint("s", r.Intn(1000))
		if !s.Action.Not && len(s.Action.List) > 1 {
			for _, a := range s.Action.List {
				one := s
				one.Action.List = []policy.Pattern{a}
				out = append(out, one)
			}
			continue
		}
		out = append(out, s)
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	for i := range out {
		out[i].Index = i
	}
	return out
}
