package access

import (
	"fmt"
	"maps"
	"math/rand"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/zone"
)

func keeps(k Kept) string {
	switch {
	case !k.Exact:
		return "not known"
	case k.Lost != nil && k.LostService != nil:
		return "both lose"
	case k.Lost != nil:
		return "callers lose"
	case k.LostService != nil:
		return "services lose"
	}
	return "kept"
}

func TestCompareInside(t *testing.T) {
	const (
		anyone    = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
		ours      = `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
		ourOrg    = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1a2b3c4d5e"}}}`
		partner   = `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
		both      = `{"Effect":"Allow","Principal":{"AWS":["111122223333","444455556666"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
		oneRole   = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/reader"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
		logs      = `{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"}`
		ourLogs   = `{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}}`
		theirs    = `{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:SourceAccount":"444455556666"}}}`
		nobody    = `{"Effect":"Deny","Principal":"*","Action":"s3:DeleteBucketPolicy","Resource":"*"}`
		perimeter = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"StringNotEqualsIfExists":{"aws:PrincipalAccount":"111122223333"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}`
		secret    = `{"Effect":"Allow","Principal":{"AWS":"${who}"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
	)
	account := &zone.Zone{Account: "111122223333"}
	declared := &zone.Zone{Account: "111122223333", Organization: "o-1a2b3c4d5e"}
	organization := &zone.Zone{Account: "111122223333", Type: zone.Organization, Organization: "o-1a2b3c4d5e"}
	for _, tt := range []struct {
		name          string
		before, after string
		zone          *zone.Zone
		want          string
	}{
		{"nothing changes", anyone, anyone, account, "kept"},
		{"anyone becomes the owner", anyone, ours, account, "services lose"},
		{"anyone becomes the owner, in an organization", anyone, ours, organization, "both lose"},
		{"anyone becomes the organization", anyone, ourOrg, organization, "services lose"},
		{"the organization has the account in it", anyone, ourOrg, declared, "services lose"},
		{"whether it has is not declared", anyone, ourOrg, account, "both lose"},
		{"a perimeter", anyone, anyone + "," + perimeter, account, "kept"},
		{"a perimeter of the account in an organization", anyone, anyone + "," + perimeter, organization, "callers lose"},
		{"a principal is dropped", both, ours, account, "kept"},
		{"the own one is dropped", both, partner, account, "callers lose"},
		{"a role instead of the account", ours, oneRole, account, "callers lose"},
		{"sources of a service are limited to own ones", logs, ourLogs, account, "kept"},
		{"of an organization", logs, ourLogs, organization, "services lose"},
		{"and to others", logs, theirs, account, "services lose"},
		{"an outside grant is dropped, which is not known to be of the organization", partner + "," + ours, ours, organization, "kept"},
		{"an outside grant is dropped", partner + "," + ours, ours, account, "kept"},
		{"a Deny of what nobody is allowed", ours, ours + "," + nobody, account, "kept"},
		{"who is not known", secret + "," + ours, ours, account, "kept"},
		{"who is not known, and may be the owner", secret, nobody, account, "kept"}, // external, as far as it is known
	} {
		before, after := parse(`{"Version":"2012-10-17","Statement":[`+tt.before+`]}`), parse(`{"Version":"2012-10-17","Statement":[`+tt.after+`]}`)
		k := CompareInside(bucketWith(before), bucketWith(after), tt.zone)
		if got := keeps(k); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		for _, r := range []*evaluate.Request{k.Lost, k.LostService} {
			if r != nil && (!evaluate.Evaluate(before, *r, evaluate.Strict).Allowed || evaluate.Evaluate(after, *r, evaluate.Strict).Allowed) {
				t.Errorf("%s: %s is not a loss", tt.name, show(r))
			}
		}
	}
}

// Block Public Access cuts off the other accounts of the organization, and
// nobody of the owner's.
func TestCompareInsideBlocked(t *testing.T) {
	open := bucketWith(parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`))
	blocked := open
	blocked.Block = &resource.PublicAccessBlock{RestrictPublicBuckets: true}
	for _, tt := range []struct {
		zone *zone.Zone
		want string
	}{
		{&zone.Zone{Account: "111122223333"}, "kept"},
		{&zone.Zone{Account: "111122223333", Type: zone.Organization, Organization: "o-1a2b3c4d5e", Members: []zone.Member{{ID: "222233334444"}}}, "callers lose"},
	} {
		if got := keeps(CompareInside(open, blocked, tt.zone)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.zone.Type, got, tt.want)
		}
	}
}

// What a list has granted, the policy may grant as well: it counts that it is
// granted, and not by what.
func TestCompareInsideByOtherWay(t *testing.T) {
	const bucket = `{"Effect":"Allow","Principal":%s,"Action":"s3:ListBucket","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}`
	document := func(principal string) *policy.Document {
		return parse(`{"Version":"2012-10-17","Statement":[` + fmt.Sprintf(bucket, principal) + `]}`)
	}
	with := func(list, own string) resource.Resource {
		r := bucketWith(document(`{"AWS":"444455556666"}`))
		if own != "" {
			r.Documents = append(r.Documents, resource.Document{Policy: document(own)})
		}
		if list != "" {
			r.Documents = append(r.Documents, resource.Document{Source: resource.BucketACL, Policy: document(list)})
		}
		return r
	}
	account := &zone.Zone{Account: "111122223333"}
	for _, tt := range []struct {
		name          string
		before, after resource.Resource
		want          string
	}{
		{"a list is private now", with(`"*"`, ""), with("", ""), "both lose"},
		{"the policy lets the owner in", with(`"*"`, ""), with("", `{"AWS":"111122223333"}`), "services lose"},
		{"the policy lets another one in", with(`"*"`, ""), with("", `{"AWS":"222233334444"}`), "both lose"},
		{"the other way round", with("", `{"AWS":"111122223333"}`), with(`"*"`, ""), "kept"},
	} {
		if got := keeps(CompareInside(tt.before, tt.after, account)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Who owns a snapshot is not on the list of those it is shared with.
func TestCompareInsideShared(t *testing.T) {
	list := func(who string) resource.Resource {
		r := resource.Resource{Type: "AWS::EC2::Snapshot"}
		if who != "" {
			r.Documents = []resource.Document{{Policy: parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + who + `"},"Action":"ec2:CreateVolume","Resource":"*"}]}`)}}
		}
		return r
	}
	account := &zone.Zone{Account: "111122223333"}
	organization := &zone.Zone{Account: "111122223333", Type: zone.Organization, Organization: "o-1a2b3c4d5e"}
	for _, tt := range []struct {
		who  string
		zone *zone.Zone
		want string
	}{
		{"*", account, "kept"}, {"444455556666", account, "kept"}, {"*", organization, "callers lose"},
	} {
		if got := keeps(CompareInside(list(tt.who), list(""), tt.zone)); got != tt.want {
			t.Errorf("%s in a zone of type %q: %s, want %s", tt.who, tt.zone.Type, got, tt.want)
		}
	}
}

// isInsider reports whether a caller is of the zone, whatever a service would say
// of it, and not as a member of the organization if a policy names the account.
func isInsider(text string, s *solution, req evaluate.Request) bool {
	req.Context = maps.Clone(req.Context)
	for _, key := range []string{"aws:SourceAccount", "aws:SourceArn", "aws:SourceOwner"} {
		delete(req.Context, key)
	}
	if strings.Contains(text, req.Principal.Account) {
		delete(req.Context, "aws:PrincipalOrgID")
		delete(req.Context, "aws:PrincipalOrgPaths")
	}
	return req.Principal.Type != evaluate.Service && s.trusts(&req)
}

// Random policies and changes of them: where the access from inside is kept, no
// request from inside that the evaluator allows before is refused after.
func TestCompareInsideRandom(t *testing.T) {
	r := rand.New(rand.NewSource(43))
	n := draws("IACLINT_COMPARISONS", 300)
	kept, asked := 0, 0
	for range n {
		text := genPolicy(r)
		changed := mutate(r, text)
		p, q := parse(text), parse(changed)
		z := zones[r.Intn(3)]
		k := CompareInside(bucketWith(p), bucketWith(q), z)
		if !k.Exact {
			continue
		}
		if k.Lost == nil && k.LostService == nil {
			kept++
		}
		a := newAnalysis(bucketWith(p), z)
		s := &solution{model: newModel(Subject{Kind: a.out.Kind, Account: a.out.Owner}, nil, z)}
		for range 60 {
			req := genRequest(r)
			if evaluate.WellFormed(req) != nil || !isInsider(text+changed, s, req) {
				continue
			}
			if org := req.Context["aws:PrincipalOrgID"]; z.Organization != "" && req.Principal.Account == z.Account && (org == nil || org[0] != z.Organization) {
				continue // the owner is of the declared organization
			}
			before, after := evaluate.Evaluate(p, req, evaluate.Strict), evaluate.Evaluate(q, req, evaluate.Strict)
			asked++
			if before.Allowed && !after.Allowed && k.Lost == nil {
				t.Errorf("%s is lost, which is said to be kept: %s", show(&req), fmt.Sprint(text))
			}
		}
	}
	if kept < n/20 || asked < n {
		t.Errorf("kept in %d of %d changes, %d requests", kept, n, asked)
	}
}
