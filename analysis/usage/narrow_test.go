package usage

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

func TestNarrow(t *testing.T) {
	for _, tt := range []struct {
		name    string
		actions []string
		holder  *Entity
		want    string
	}{
		{"an unused service goes", []string{"sqs:*", "s3:GetObject"}, with("-sqs", "s3"), "sqs:*> s3:GetObject>s3:GetObject"},
		{"an unused action goes", []string{"s3:PutBucketPolicy", "s3:GetBucketPolicy"}, with("s3:GetBucketPolicy", "-s3:PutBucketPolicy"), "s3:PutBucketPolicy> s3:GetBucketPolicy>s3:GetBucketPolicy"},
		{"a pattern keeps what is not tracked", []string{"s3:*BucketPolicy"}, with("s3:GetBucketPolicy", "-s3:PutBucketPolicy"), "s3:*BucketPolicy>s3:DeleteBucketPolicy,s3:GetBucketPolicy"},
		{"letters do not matter", []string{"S3:*bucketpolicy"}, with("s3:GetBucketPolicy", "-s3:PutBucketPolicy"), "S3:*bucketpolicy>S3:DeleteBucketPolicy,S3:GetBucketPolicy"},
		{"a service nobody asked about stays", []string{"sns:*"}, with("sqs"), "sns:*>sns:*"},
		{"PassRole is not tracked", []string{"iam:PassRole", "iam:Pass*"}, with("-iam"), "iam:PassRole>iam:PassRole iam:Pass*>iam:PassRole"},
		{"all is used", []string{"s3:Get*"}, with("s3:GetBucketPolicy"), "s3:Get*>s3:Get*"},
		{"an operation that names no action", []string{"s3:*"}, with("~s3", "-s3:PutBucketPolicy"), "s3:*>s3:*"},
		{"everything, of which little is known", []string{"*"}, with("s3", "sqs"), "*>*"},
	} {
		list, reason := o.Narrow(allow(tt.actions...), []*Entity{tt.holder})
		var got []string
		for _, n := range list {
			got = append(got, n.Pattern+">"+strings.Join(n.To, ","))
		}
		if s := strings.Join(got, " "); s != tt.want || reason != "" {
			t.Errorf("%s: got %s (%s), want %s", tt.name, s, reason, tt.want)
		}
	}
	// Of a role that may do everything and uses some of it.
	if _, reason := o.Narrow(allow("*"), []*Entity{with("-s3", "sqs")}); !strings.Contains(reason, "entries") {
		t.Errorf("got %q", reason)
	}
	all := []string{"sqs"}
	for _, name := range knowledge.Services() {
		if name != "sqs" {
			all = append(all, "-"+name)
		}
	}
	if list, reason := o.Narrow(allow("*"), []*Entity{with(all...)}); reason != "" || strings.Join(list[0].To, ",") != "iam:PassRole,sqs:*" {
		t.Errorf("got %v %s", list, reason)
	}
}

// document returns one with a statement of these actions.
func document(actions ...string) *policy.Document {
	s := policy.Statement{Effect: policy.Allow, Action: policy.Patterns{Present: true}, Resource: policy.Patterns{Present: true, List: []policy.Pattern{{Text: value.Lit("*")}}}}
	for _, a := range actions {
		s.Action.List = append(s.Action.List, policy.Pattern{Text: value.Lit(a)})
	}
	return &policy.Document{Version: "2012-10-17", Statements: []policy.Statement{s}}
}

// Of random policies with random usage, what is left is in what was, has in it all that
// was used, and nothing of which it is known that it is unused, but for patterns that
// would become too many entries.
func TestNarrowRandom(t *testing.T) {
	n := 200
	if text := os.Getenv("IACLINT_POLICIES"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	const seed = 20261201
	r := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	services := []string{"s3", "sqs", "sns", "iam", "kms"}
	narrower, whole := 0, 0
	for range n {
		x, used, idle := randomUse(r, services)
		var actions []string
		for range 1 + r.IntN(4) {
			actions = append(actions, randomPattern(r, services))
		}
		list, reason := o.Narrow(allow(actions...), []*Entity{x})
		if reason != "" {
			continue
		}
		var to, keep []string
		for _, n := range list {
			to, keep = append(to, n.To...), append(keep, n.Keep...)
			if slices.Equal(n.To, []string{n.Pattern}) {
				continue
			}
			narrower++
		}
		describe := func() string { return fmt.Sprintf("seed %d: %v used %v, idle %v: %v", seed, actions, used, idle, list) }
		for _, a := range used {
			if matches(actions, a) && !matches(to, a) {
				t.Fatalf("%s\n%s is used and gone", describe(), a)
			}
		}
		alone := 0 // entries, if no pattern stayed because they are too many
		for _, a := range actions {
			narrow, _ := o.narrow(a, []*Entity{x})
			alone += len(narrow)
		}
		stay := to
		if alone > mostEntries {
			stay = nil
			for _, n := range list {
				if !slices.Equal(n.To, []string{n.Pattern}) {
					stay = append(stay, n.To...)
				}
			}
		}
		for _, a := range idle {
			if matches(stay, a) {
				t.Fatalf("%s\n%s is unused and stays", describe(), a)
			}
		}
		if len(to) == 0 {
			whole++
			continue
		}
		terms := func(actions []string) access.Terms {
			return access.Terms{Policies: []*policy.Document{document(actions...)}, Identity: true}
		}
		if v := access.NoNewAccess(terms(to), terms(actions)); !v.Pass {
			t.Fatalf("%s\nmore is allowed than was: %v", describe(), v.Witness)
		}
		if v := access.NoNewAccess(terms(keep), terms(to)); !v.Pass {
			t.Fatalf("%s\nless is allowed than is to be kept: %v", describe(), v.Witness)
		}
	}
	if narrower < n/4 || whole == 0 {
		t.Errorf("of %d policies %d patterns are narrowed, and %d policies go: too few to tell anything", n, narrower, whole)
	}
}

func matches(patterns []string, action string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return archive.Glob(strings.ToLower(p), strings.ToLower(action)) })
}

// randomUse is a role that uses some of the services, and of some of these some of the
// tracked actions. What it says is idle is known to be.
func randomUse(r *rand.Rand, services []string) (x *Entity, used, idle []string) {
	x = role()
	for _, name := range services {
		if r.IntN(5) == 0 {
			continue // nobody asked
		}
		s := x.Service(name)
		s.Asked = true
		known, _ := knowledge.ServiceOf(name)
		if r.IntN(3) == 0 {
			for _, a := range known.Actions {
				if a.Name != "PassRole" {
					idle = append(idle, name+":"+a.Name)
				}
			}
			continue
		}
		s.Used = recent
		if r.IntN(3) == 0 {
			used = append(used, name+":"+known.Actions[r.IntN(len(known.Actions))].Name) // not that the evidence names it
			continue
		}
		some := false
		var unused []string
		for _, a := range known.Actions {
			switch r.IntN(4) {
			case 0:
				s.Track(a.Name, recent)
				used, some = append(used, name+":"+a.Name), true
			case 1:
				if a.Name != "PassRole" {
					s.Track(a.Name, never)
					unused = append(unused, name+":"+a.Name)
				}
			}
		}
		if some && r.IntN(6) == 0 {
			s.Blurred = true
			continue
		}
		idle = append(idle, unused...)
	}
	return x, used, idle
}

func randomPattern(r *rand.Rand, services []string) string {
	name := services[r.IntN(len(services))]
	known, _ := knowledge.ServiceOf(name)
	action := known.Actions[r.IntN(len(known.Actions))].Name
	switch r.IntN(6) {
	case 0:
		return name + ":*"
	case 1:
		return name + ":" + action[:1+r.IntN(len(action))] + "*"
	case 2:
		return name + ":*" + action[r.IntN(len(action)):]
	case 3:
		at := r.IntN(len(action))
		return name + ":" + action[:at] + "?" + action[at+1:]
	case 4:
		return name[:1] + "*:" + action[:1+r.IntN(len(action))] + "*"
	}
	return name + ":" + action
}
