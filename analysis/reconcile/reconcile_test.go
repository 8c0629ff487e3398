package reconcile

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// code is a finding on a bucket: who, and what they may do.
func code(n int, who string, status finding.Status, action ...string) finding.Finding {
	return finding.Finding{
		ID: fmt.Sprint("ours-", n, who), Status: status, Certainty: finding.Proven, Path: "main.tf", Address: fmt.Sprint("aws_s3_bucket.b", n), ResourceType: "AWS::S3::Bucket",
		Resource: fmt.Sprint("arn:aws:s3:::b", n), Principal: map[string]string{"AWS": who}, Condition: map[string]string{}, Action: action, Location: &finding.Location{Path: "main.tf", StartLine: n},
	}
}

// live is the same in an account.
func live(n int, who string, status finding.Status, action ...string) finding.Live {
	public := false
	return finding.Live{
		IDs: []string{fmt.Sprint("theirs-", n, who)}, Status: status, Resource: fmt.Sprint("arn:aws:s3:::b", n), ResourceType: "AWS::S3::Bucket", Detailed: true,
		Principal: map[string]string{"AWS": who}, Condition: map[string]string{}, Action: action, IsPublic: &public,
	}
}

func summary(n int, status finding.Status) finding.Live {
	l := live(n, "", status)
	l.Detailed, l.Principal, l.IsPublic = false, nil, nil
	return l
}

func whole(n int, status finding.Status) finding.Live {
	l := summary(n, status)
	l.Whole = true
	return l
}

func show(ps []finding.Pair) string {
	var out []string
	for _, p := range ps {
		s := string(p.Kind)
		if p.Live != nil {
			s += " " + p.Live.IDs[0]
		}
		if p.Code != nil {
			s += " " + p.Code.ID
		}
		for _, d := range p.Differs {
			s += fmt.Sprintf(" %s:%s/%s", d.Field, d.Live, d.Code)
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func TestJoin(t *testing.T) {
	const a, b = "444455556666", "777788889999"
	unnamed := code(1, a, "ACTIVE", "s3:GetObject")
	unnamed.Resource = ""
	unproven := code(1, a, "ACTIVE", "s3:GetObject")
	unproven.Certainty = finding.NotProven
	service := code(1, a, "ACTIVE", "s3:GetObject")
	service.Principal = map[string]string{"Service": "sns.amazonaws.com"}
	limited := live(1, a, "ACTIVE", "s3:GetObject")
	limited.Condition = map[string]string{"aws:SourceVpc": "vpc-1"}
	tests := []struct {
		name     string
		live     []finding.Live
		code     []finding.Finding
		patterns Patterns
		want     string
	}{
		{"one on both sides", []finding.Live{live(1, a, "ACTIVE", "s3:GetObject")}, []finding.Finding{code(1, a, "ACTIVE", "s3:GetObject")}, nil, "both theirs-1444455556666 ours-1444455556666"},
		{"the root user is the account", []finding.Live{live(1, "arn:aws:iam::"+a+":root", "ACTIVE", "s3:GetObject")}, []finding.Finding{code(1, a, "ACTIVE", "s3:GetObject")}, nil, "both theirs-1arn:aws:iam::444455556666:root ours-1444455556666"},
		{"actions differ", []finding.Live{live(1, a, "ACTIVE", "s3:GetObject", "s3:PutObject")}, []finding.Finding{code(1, a, "ACTIVE", "s3:GetObject")}, nil, "both theirs-1444455556666 ours-1444455556666 action:s3:PutObject/"},
		{"archived on one side", []finding.Live{live(1, a, "ARCHIVED", "s3:GetObject")}, []finding.Finding{code(1, a, "ACTIVE", "s3:GetObject")}, nil, "both theirs-1444455556666 ours-1444455556666 status:ARCHIVED/ACTIVE"},
		{"a condition more", []finding.Live{limited}, []finding.Finding{code(1, a, "ACTIVE", "s3:GetObject")}, nil, "both theirs-1444455556666 ours-1444455556666 condition:aws:SourceVpc = vpc-1/"},
		{"the closest is joined", []finding.Live{limited, live(1, a, "ACTIVE", "s3:GetObject")}, []finding.Finding{code(1, a, "ACTIVE", "s3:GetObject")}, nil, "only-live theirs-1444455556666\nboth theirs-1444455556666 ours-1444455556666"},
		{"another principal is another access", []finding.Live{live(1, b, "ACTIVE", "s3:GetObject")}, []finding.Finding{code(1, a, "ACTIVE", "s3:GetObject")}, nil, "only-live theirs-1777788889999\nonly-in-code ours-1444455556666"},
		{"another resource", []finding.Live{live(2, a, "ACTIVE", "s3:GetObject")}, []finding.Finding{code(1, a, "ACTIVE", "s3:GetObject")}, nil, "only-live theirs-2444455556666\nonly-in-code ours-1444455556666"},
		{"resolved is not live", []finding.Live{live(1, a, "RESOLVED", "s3:GetObject")}, []finding.Finding{code(1, a, "ACTIVE", "s3:GetObject")}, nil, "only-in-code ours-1444455556666"},
		{"a summary", []finding.Live{summary(1, "ACTIVE")}, []finding.Finding{code(1, a, "ACTIVE", "s3:GetObject"), code(1, b, "ACTIVE", "s3:GetObject")}, nil, "only-in-code ours-1777788889999\nboth theirs-1 ours-1444455556666"},
		{"one for the whole resource", []finding.Live{whole(1, "ACTIVE")}, []finding.Finding{code(1, a, "ACTIVE", "s3:GetObject"), code(1, b, "ACTIVE", "s3:GetObject")}, nil, "both theirs-1 ours-1444455556666\nboth theirs-1 ours-1777788889999"},
		{"not proven", []finding.Live{live(1, a, "ACTIVE", "s3:GetObject")}, []finding.Finding{unproven}, nil, "both theirs-1444455556666 ours-1444455556666 certainty:proven/undetermined"},
		{"services are not reported there", nil, []finding.Finding{service}, nil, ""},
		{"a name that is not known", []finding.Live{live(1, a, "ACTIVE", "s3:GetObject")}, []finding.Finding{unnamed}, nil, "only-live theirs-1444455556666\nonly-in-code ours-1444455556666"},
		{"a part of the name", []finding.Live{live(1, a, "ACTIVE", "s3:GetObject")}, []finding.Finding{unnamed}, Patterns{{"main.tf", "aws_s3_bucket.b1"}: "arn:*:s3:::b*"}, "both theirs-1444455556666 ours-1444455556666"},
		{"a part of several names", []finding.Live{live(1, a, "ACTIVE", "s3:GetObject"), live(2, a, "ACTIVE", "s3:GetObject")}, []finding.Finding{unnamed}, Patterns{{"main.tf", "aws_s3_bucket.b1"}: "arn:*:s3:::b*"}, "only-live theirs-1444455556666\nonly-live theirs-2444455556666\nonly-in-code ours-1444455556666"},
	}
	for _, tt := range tests {
		if got := show(Join(tt.live, tt.code, tt.patterns)); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// An estate of 2,000 buckets and 500 exported findings, of which it is known where
// each belongs, is parted exactly.
func TestEstate(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var lives []finding.Live
	var codes []finding.Finding
	want := map[finding.PairKind]int{}
	differing := 0
	for n := range 2000 {
		who := fmt.Sprintf("%012d", 100000000000+random.IntN(40))
		switch random.IntN(16) {
		case 0, 1: // the same
			lives, codes = append(lives, live(n, who, "ACTIVE", "s3:GetObject")), append(codes, code(n, who, "ACTIVE", "s3:GetObject"))
			want[finding.Both]++
		case 2: // drift
			lives = append(lives, live(n, who, "ACTIVE", "s3:PutObject"))
			want[finding.OnlyLive]++
		case 3: // more there
			lives, codes = append(lives, live(n, who, "ACTIVE", "s3:GetObject", "s3:PutObject")), append(codes, code(n, who, "ACTIVE", "s3:GetObject"))
			want[finding.Both]++
			differing++
		case 4: // not deployed
			codes = append(codes, code(n, who, "ACTIVE", "s3:GetObject"))
			want[finding.OnlyCode]++
		}
	}
	if len(lives) < 400 {
		t.Fatalf("only %d exported findings", len(lives))
	}
	random.Shuffle(len(lives), func(i, j int) { lives[i], lives[j] = lives[j], lives[i] })
	pairs := Join(Merge(append(lives, lives...)), codes, nil) // exported twice
	r := finding.Reconciliation{Pairs: pairs}
	for _, k := range []finding.PairKind{finding.Both, finding.OnlyLive, finding.OnlyCode} {
		if r.Count(k) != want[k] {
			t.Errorf("%s: %d pairs, want %d", k, r.Count(k), want[k])
		}
	}
	if r.Differing() != differing {
		t.Errorf("%d differ, want %d", r.Differing(), differing)
	}
	for _, p := range pairs {
		if p.Kind == finding.Both && p.Live.Resource != p.Code.Resource {
			t.Errorf("%s is joined with %s", p.Live.Resource, p.Code.Resource)
		}
	}
}

func TestMerge(t *testing.T) {
	again := live(1, "444455556666", "ACTIVE", "s3:GetObject")
	again.IDs = []string{"of-another-region"}
	newer := live(2, "444455556666", "RESOLVED", "s3:GetObject")
	older := live(2, "444455556666", "ACTIVE", "s3:GetObject")
	newer.Updated, older.Updated = "2027-01-02T00:00:00Z", "2027-01-01T00:00:00Z"
	got := Merge([]finding.Live{newer, live(1, "444455556666", "ACTIVE", "s3:GetObject"), again, older})
	var ids []string
	for _, l := range got {
		ids = append(ids, strings.Join(l.IDs, "+")+" "+string(l.Status))
	}
	if want := []string{"theirs-2444455556666 RESOLVED", "theirs-1444455556666+of-another-region ACTIVE"}; !slices.Equal(ids, want) {
		t.Errorf("got %q, want %q", ids, want)
	}
}
