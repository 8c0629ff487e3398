package usage

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

var (
	now    = time.Date(2027, 1, 6, 0, 0, 0, 0, time.UTC)
	recent = now.AddDate(0, 0, -3)
	long   = now.AddDate(0, 0, -300)
	never  time.Time
	o      = Options{Now: now, Age: 90 * 24 * time.Hour}
)

func role() *Entity { return New().Of("arn:aws:iam::111122223333:role/app") }

// with is a role that used services: "s3" recently, "-sqs" not, "s3:Get" an action
// recently, "-s3:Put" not, "~ec2" in a way that names no action.
func with(uses ...string) *Entity {
	x := role()
	for _, u := range uses {
		name, old := strings.CutPrefix(u, "-")
		name, blurred := strings.CutPrefix(name, "~")
		prefix, action, tracked := strings.Cut(name, ":")
		s := x.Service(prefix)
		s.Asked = true
		used := recent
		if old {
			used = never
		}
		switch {
		case tracked:
			s.Track(action, used)
		default:
			s.Used = later(s.Used, used)
		}
		s.Blurred = s.Blurred || blurred
	}
	return x
}

func allow(actions ...string) policy.Statement {
	s := policy.Statement{Effect: policy.Allow, Action: policy.Patterns{Present: true}}
	for _, a := range actions {
		s.Action.List = append(s.Action.List, policy.Pattern{Text: value.Lit(a)})
	}
	return s
}

func TestRole(t *testing.T) {
	for _, tt := range []struct {
		name                string
		asked               bool
		created, used, seen time.Time
		want                Unused
	}{
		{"used", true, long, recent, never, InUse},
		{"used long ago", true, never, long, never, Certainly},
		{"never used, old", true, long, never, never, Certainly},
		{"never used, young", true, recent, never, never, InUse},
		{"never used, of unknown age", true, never, never, never, Possibly},
		{"nobody asked", false, long, never, never, NotKnown},
		{"an event shows it", true, long, long, recent, InUse},
	} {
		x := role()
		x.Asked, x.Created, x.Used = tt.asked, tt.created, tt.used
		if !tt.seen.IsZero() {
			x.Service("s3").Use("GetObject", tt.seen)
		}
		if got := o.Role(x); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestPermissions(t *testing.T) {
	notAction := allow("s3:*")
	notAction.Action.Not = true
	deny := allow("sqs:*")
	deny.Effect = policy.Deny
	open := allow("sqs:*")
	open.Action.List = append(open.Action.List, policy.Pattern{Text: value.Ref(value.Reference{Name: "var.a"})})
	for _, tt := range []struct {
		name    string
		s       policy.Statement
		holders []*Entity
		want    string
	}{
		{"an unused service", allow("sqs:*"), []*Entity{with("-sqs")}, "sqs:* whole"},
		{"a used service", allow("sqs:*"), []*Entity{with("sqs")}, ""},
		{"a service nobody asked about", allow("sns:*"), []*Entity{with("-sqs")}, ""},
		{"one of two services", allow("sqs:SendMessage", "s3:GetObject"), []*Entity{with("-sqs", "s3")}, "sqs:SendMessage"},
		{"an unused action", allow("s3:PutBucketPolicy"), []*Entity{with("s3:GetBucketPolicy", "-s3:PutBucketPolicy")}, "s3:PutBucketPolicy whole"},
		{"an action that is not tracked", allow("s3:GetObject"), []*Entity{with("s3:GetBucketPolicy")}, ""},
		{"a pattern of actions", allow("s3:*BucketPolicy"), []*Entity{with("s3:GetBucketPolicy", "-s3:PutBucketPolicy", "-s3:PutBucketAcl")}, "s3:PutBucketPolicy"},
		{"an operation that names no action", allow("s3:*"), []*Entity{with("s3:GetBucketPolicy", "-s3:PutBucketPolicy", "~s3")}, ""},
		{"everything", allow("*"), []*Entity{with("-sqs", "s3", "-sns")}, "sns:* sqs:*"},
		{"two roles, one uses it", allow("sqs:*"), []*Entity{with("-sqs"), with("sqs")}, ""},
		{"two roles, neither does", allow("sqs:*"), []*Entity{with("-sqs"), with("-sqs")}, "sqs:* whole"},
		{"two roles, of one nothing is known", allow("sqs:*"), []*Entity{with("-sqs"), with("-s3")}, ""},
		{"two roles, each another action", allow("s3:*BucketPolicy"), []*Entity{with("s3:GetBucketPolicy", "-s3:PutBucketPolicy"), with("s3:PutBucketPolicy", "-s3:GetBucketPolicy")}, ""},
		{"iam:PassRole", allow("iam:PassRole"), []*Entity{with("-iam")}, ""},
		{"NotAction", notAction, []*Entity{with("-s3")}, ""},
		{"Deny", deny, []*Entity{with("-sqs")}, ""},
		{"a value that is not known", open, []*Entity{with("-sqs")}, "sqs:*"},
		{"nobody", allow("sqs:*"), nil, ""},
	} {
		unused, whole := o.Permissions(tt.s, tt.holders)
		got := strings.Join(unused, " ")
		if whole {
			got += " whole"
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Over random roles and statements, nothing that is used is called unused, and
// every tracked action that is granted and not used is.
func TestPermissionsAtRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	services := []string{"s3", "sqs", "sns", "kms"}
	names := []string{"getone", "gettwo", "putone", "puttwo"}
	for range 2000 {
		x := role()
		for _, s := range services {
			v := x.Service(s)
			v.Asked = true
			for _, n := range names {
				v.Track(n, []time.Time{never, long, recent}[random.IntN(3)])
			}
		}
		var granted []string
		for range 1 + random.IntN(3) {
			granted = append(granted, services[random.IntN(4)]+":"+[]string{"*", "get*", "put*", "getone", "puttwo"}[random.IntN(5)])
		}
		unused, _ := o.Permissions(allow(granted...), []*Entity{x})
		covered := func(list []string, action string) bool {
			return slices.ContainsFunc(list, func(p string) bool { return archive.Glob(p, action) })
		}
		for _, s := range services {
			for _, n := range names {
				action, idle := s+":"+n, o.Old(x.Services[s].Actions[n])
				switch {
				case covered(unused, action) && !idle:
					t.Fatalf("%v: %s is used, and called unused: %v", granted, action, unused)
				case covered(granted, action) && idle && !covered(unused, action):
					t.Fatalf("%v: %s is not used, and not found: %v", granted, action, unused)
				}
			}
		}
	}
}

func TestCredential(t *testing.T) {
	for _, tt := range []struct {
		created, used time.Time
		want          bool
	}{{long, recent, false}, {long, never, true}, {recent, never, false}, {never, never, false}, {never, long, true}, {recent, long, false}} {
		if got := o.Credential(Credential{Created: tt.created, Used: tt.used}); got != tt.want {
			t.Errorf("%v: got %t", tt, got)
		}
	}
}

func TestExcluded(t *testing.T) {
	o := Options{ExcludeAccounts: []string{"444455556666"}, ExcludeTags: []string{"keep", "stage=test"}}
	for arn, want := range map[string]bool{
		"arn:aws:iam::111122223333:role/app": false, "arn:aws:iam::444455556666:role/app": true,
		"arn:aws:iam::111122223333:role/aws-service-role/sns.amazonaws.com/x": true, "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x": true,
	} {
		if got := o.Excluded(New().Of(arn)); got != want {
			t.Errorf("%s: got %t", arn, got)
		}
	}
	for tags, want := range map[string]bool{"keep=": true, "stage=test": true, "stage=prod": false} {
		x := role()
		k, v, _ := strings.Cut(tags, "=")
		x.Tags[k] = v
		if got := o.Excluded(x); got != want {
			t.Errorf("%s: got %t", tags, got)
		}
	}
}

// What was said of a role without an account is of the one role of that name.
func TestSettle(t *testing.T) {
	e := New()
	a := e.Of("arn:aws:iam::111122223333:role/path/app")
	e.Of("arn:aws:iam:::role/app").Service("s3").Asked = true
	e.Of("arn:aws:iam:::role/other").Asked = true
	e.Settle()
	if got := fmt.Sprint(len(e.Entities), a.Services["s3"] != nil); got != "2 true" {
		t.Errorf("got %s", got)
	}
}
