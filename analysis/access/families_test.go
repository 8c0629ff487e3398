package access_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// A family is a kind of policy that can be made as long as one likes: its n-th member has n of what
// it is about. All but those named trust… are policies of the bucket acme-data.
type family struct {
	name string
	make func(n int) []any
}

type object = map[string]any

const familyBucket = "arn:aws:s3:::acme-data"

// statement is one of a bucket policy, with what differs from reading every object by anyone.
func statement(changes object) any {
	s := object{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": familyBucket + "/*"}
	for k, v := range changes {
		if s[k] = v; v == nil {
			delete(s, k)
		}
	}
	return s
}

func where(operator, key string, v any) object {
	return object{"Condition": object{operator: object{key: v}}}
}

func denied(changes object) object {
	changes["Effect"] = "Deny"
	return changes
}

func by(i int) object { return object{"AWS": fmt.Sprintf("%012d", 200_000_000_000+i)} }

// word is a random word of n letters, the same for the same i.
func word(i, n int) string {
	r := rand.New(rand.NewPCG(uint64(i), uint64(n)))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('a' + r.IntN(26))
	}
	return string(b)
}

func w(i int) string { return word(i, 4) }

// list makes n values.
func list[T any](n int, f func(i int) T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}

// each makes n statements.
func each(f func(i int) object) func(n int) []any {
	return func(n int) []any { return list(n, func(i int) any { return statement(f(i)) }) }
}

// unless is a statement for everyone and n that deny.
func unless(f func(i int) object) func(n int) []any {
	return func(n int) []any {
		return append([]any{statement(nil)}, list(n, func(i int) any { return statement(denied(f(i))) })...)
	}
}

// random makes n statements by one source of random numbers.
func random(f func(r *rand.Rand, i, n int) object) func(n int) []any {
	return func(n int) []any {
		r := rand.New(rand.NewPCG(uint64(n), 1))
		return list(n, func(i int) any { return statement(f(r, i, n)) })
	}
}

func one(f func(n int) object) func(n int) []any {
	return func(n int) []any { return []any{statement(f(n))} }
}

func tag(i int) string { return fmt.Sprintf("aws:PrincipalTag/k%d", i) }

const alphabet = "abcdefghijklmnopqrstuvwxyz"

var letters = strings.Repeat(alphabet, 10)

var families = []family{
	{"fse", func(n int) []any {
		return list(n, func(i int) any {
			return statement(object{"Action": "s3:ListBucket", "Resource": familyBucket, "Condition": object{
				"StringLike": object{"aws:PrincipalArn": "arn:aws:iam::444455556666:user/" + letters[:i] + "*" + letters[min(i+1, n):n]},
				"ArnLike":    object{"aws:SourceArn": fmt.Sprintf("arn:aws:sns:eu-west-1:444455556666:abc%d", i)},
				"IpAddress":  object{"aws:SourceIp": fmt.Sprintf("200.10.0.0/%d", 8+i%25)}}})
		})
	}},
	{"stmts-literal", each(func(i int) object {
		return object{"Principal": by(i), "Resource": fmt.Sprintf("%s/p%d/*", familyBucket, i)}
	})},
	{"stmts-globs-res", each(func(i int) object {
		return object{"Principal": by(i), "Resource": familyBucket + "/*" + w(i) + "*" + w(i+1000) + "*" + w(i+2000) + "*"}
	})},
	{"globs-res-one", one(func(n int) object {
		return object{"Resource": list(n, func(i int) string { return familyBucket + "/*" + w(i) + "*" })}
	})},
	{"globs-res-sep", each(func(i int) object {
		return object{"Principal": by(i), "Resource": familyBucket + "/*" + w(i) + "*"}
	})},
	{"suffixes-one", one(func(n int) object {
		return object{"Resource": list(n, func(i int) string { return familyBucket + "/*/" + w(i) + ".json" })}
	})},
	{"not-resource", unless(func(i int) object {
		return object{"Resource": nil, "NotResource": []string{familyBucket + "/*" + w(i) + "*", familyBucket + "/" + w(i+500) + "/*"}}
	})},
	{"nested-abc", random(func(r *rand.Rand, i, n int) object {
		return object{"Principal": by(i), "Resource": familyBucket + "/*" + strings.Join(list(8, func(int) string { return string("ab"[r.IntN(2)]) }), "*") + "*"}
	})},
	{"globs-parn", each(func(i int) object {
		return where("StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*"+w(i)+"*"+w(i+500)+"*")
	})},
	{"globs-parn-list", one(func(n int) object {
		return where("ArnLike", "aws:PrincipalArn", list(n, func(i int) string { return "arn:aws:iam::444455556666:role/*" + w(i) + "*" }))
	})},
	{"deny-notlike-parn", unless(func(i int) object {
		return where("StringNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*"+w(i)+"*")
	})},
	{"deny-notlike-diff", unless(func(i int) object { return where("StringNotLike", tag(i), "*"+w(i)+"*") })},
	{"deny-notlike-pairs", func(n int) []any {
		r := rand.New(rand.NewPCG(uint64(n), 1))
		return unless(func(i int) object {
			p := r.Perm(max(3, n/3))
			return object{"Condition": object{"StringNotLike": object{tag(p[0]): w(p[0]) + "*", tag(p[1]): w(p[1]) + "*"}}}
		})(n)
	}},
	{"sat3", func(n int) []any {
		r := rand.New(rand.NewPCG(uint64(n), 1))
		return unless(func(i int) object {
			c := object{}
			for _, k := range r.Perm(max(3, n*10/42))[:3] {
				o := []string{"StringEquals", "StringNotEquals"}[r.IntN(2)]
				if c[o] == nil {
					c[o] = object{}
				}
				c[o].(object)[tag(k)] = "t"
			}
			return object{"Action": "s3:*", "Resource": "*", "Condition": c}
		})(n)
	}},
	{"allow-pairs", random(func(_ *rand.Rand, i, n int) object {
		return object{"Condition": object{"StringEquals": object{fmt.Sprintf("aws:PrincipalTag/a%03d", i): "t", fmt.Sprintf("aws:PrincipalTag/b%03d", n-i): "t"}}}
	})},
	{"allow-pairs-crossed", random(func(_ *rand.Rand, i, n int) object {
		return object{"Condition": object{"StringEquals": object{fmt.Sprintf("aws:PrincipalTag/a%03d", i): "t", fmt.Sprintf("aws:PrincipalTag/b%03d", i*37%n): "t"}}}
	})},
	{"deny-pairs", unless(func(i int) object {
		return object{"Condition": object{"StringEquals": object{fmt.Sprintf("aws:PrincipalTag/a%03d", i): "t", fmt.Sprintf("aws:PrincipalTag/b%03d", i): "t"}}}
	})},
	{"principals", one(func(n int) object {
		return object{"Principal": object{"AWS": list(n, func(i int) string { return fmt.Sprintf("arn:aws:iam::%012d:role/some-role-%d", 200_000_000_000+i, i) })}}
	})},
	{"principals-acct", one(func(n int) object {
		return object{"Principal": object{"AWS": list(n, func(i int) string { return fmt.Sprintf("%012d", 200_000_000_000+i) })}}
	})},
	{"principals-stmt", each(func(i int) object {
		return object{"Principal": by(i), "Action": "s3:Get*", "Resource": familyBucket}
	})},
	{"keys-one", one(func(n int) object {
		c := object{}
		for i := range n {
			c[tag(i)] = fmt.Sprint("v", i)
		}
		return object{"Condition": object{"StringEquals": c}}
	})},
	{"keys-each", each(func(i int) object { return where("StringEquals", tag(i), fmt.Sprint("v", i)) })},
	{"keys-like-each", each(func(i int) object {
		return where("StringLike", fmt.Sprintf("s3:ExistingObjectTag/k%d", i), fmt.Sprintf("*v%d*", i))
	})},
	{"forall-values", one(func(n int) object {
		return where("ForAllValues:StringEquals", "aws:TagKeys", list(n, func(i int) string { return fmt.Sprint("k", i) }))
	})},
	{"forall-overlap", random(func(r *rand.Rand, i, n int) object {
		n = min(n, 60)
		return where("ForAllValues:StringEquals", "aws:TagKeys", list(max(1, n/2), func(int) string { return fmt.Sprint("k", r.IntN(n)) }))
	})},
	{"forany-pairs", random(func(_ *rand.Rand, i, n int) object {
		return object{"Condition": object{"ForAnyValue:StringEquals": object{"aws:TagKeys": fmt.Sprint("k", i)},
			"ForAllValues:StringLike": object{"aws:TagKeys": []string{fmt.Sprintf("k%d*", i), fmt.Sprint("*", n-i)}}}}
	})},
	{"forany-deny", unless(func(i int) object {
		return object{"Condition": object{"ForAnyValue:StringLike": object{"aws:TagKeys": "*" + w(i) + "*"}, "ForAllValues:StringNotLike": object{"aws:TagKeys": "*" + w(i+1) + "*"}}}
	})},
	{"polvars", each(func(i int) object { return object{"Resource": fmt.Sprintf("%s/${%s}/*", familyBucket, tag(i))} })},
	{"polvars-cond", each(func(i int) object {
		return where("StringEquals", fmt.Sprintf("aws:ResourceTag/k%d", i), "${"+tag(i)+"}")
	})},
	{"polvars-cross", each(func(i int) object {
		return where("StringLike", fmt.Sprintf("aws:RequestTag/r%d", i%7), fmt.Sprintf("${%s}*${aws:username}", tag(i%11)))
	})},
	{"polvars-deny", unless(func(i int) object {
		return where("StringNotEquals", fmt.Sprintf("aws:ResourceTag/k%d", i), "${"+tag(i)+"}")
	})},
	{"qmarks", one(func(n int) object { return object{"Resource": familyBucket + "/*a" + strings.Repeat("?", n)} })},
	{"qmarks-two", func(n int) []any {
		q := strings.Repeat("?", n)
		return []any{statement(object{"Principal": by(0), "Resource": []string{familyBucket + "/*a" + q, familyBucket + "/*b" + q + "*"}}),
			statement(denied(object{"Resource": familyBucket + "/*c" + q}))}
	}},
	{"qmarks-key", one(func(n int) object { return where("StringLike", "aws:UserAgent", "*a"+strings.Repeat("?", n)) })},
	{"qmarks-parn", one(func(n int) object {
		return where("StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*a"+strings.Repeat("?", n))
	})},
	{"stars-long", one(func(n int) object { return object{"Resource": familyBucket + "/" + strings.Repeat("*a", n)} })},
	{"stars-long-two", func(n int) []any {
		return []any{statement(object{"Resource": familyBucket + "/" + strings.Repeat("*ab", n)}), statement(denied(object{"Resource": familyBucket + "/" + strings.Repeat("*ba", n)}))}
	}},
	{"substrings-key", each(func(i int) object {
		o := where("StringLike", "aws:UserAgent", "*"+w(i)+"*")
		o["Principal"] = by(i)
		return o
	})},
	{"substrings-list", one(func(n int) object {
		return where("StringLike", "aws:UserAgent", list(n, func(i int) string { return "*" + w(i) + "*" }))
	})},
	{"substrings-deny-list", one(func(n int) object {
		return where("StringNotLike", "aws:UserAgent", list(n, func(i int) string { return "*" + w(i) + "*" }))
	})},
	{"ips", func(n int) []any {
		r := rand.New(rand.NewPCG(uint64(n), 1))
		return []any{statement(where("IpAddress", "aws:SourceIp", list(n, func(int) string {
			return fmt.Sprintf("%d.%d.%d.0/%d", 1+r.IntN(222), r.IntN(256), r.IntN(256), 16+r.IntN(9))
		})))}
	}},
	{"ips-stmt", random(func(r *rand.Rand, i, n int) object {
		o := where("IpAddress", "aws:SourceIp", fmt.Sprintf("%d.%d.0.0/%d", 1+r.IntN(222), r.IntN(256), 6+r.IntN(11)))
		o["Principal"] = by(i)
		return o
	})},
	{"multi-dims", random(func(r *rand.Rand, i, n int) object {
		return object{"Action": []string{"s3:Get*", "s3:Put*", "s3:List*", "s3:Delete*"}[r.IntN(4)], "Condition": object{
			"IpAddress":       object{"aws:SourceIp": fmt.Sprintf("%d.0.0.0/%d", 1+r.IntN(222), 4+r.IntN(5))},
			"NumericLessThan": object{"aws:MultiFactorAuthAge": fmt.Sprint(r.IntN(10000))},
			"DateLessThan":    object{"aws:CurrentTime": fmt.Sprintf("20%02d-01-01T00:00:00Z", 20+r.IntN(79))},
			"StringLike":      object{"aws:PrincipalArn": "arn:aws:iam::*:role/" + word(i, 3) + "*", "s3:prefix": word(i, 2) + "*"}}}
	})},
	{"multi-dims-notin", func(n int) []any {
		r := rand.New(rand.NewPCG(uint64(n), 1))
		return unless(func(i int) object {
			return object{"Action": []string{"s3:Get*", "s3:Put*", "s3:List*", "s3:Delete*"}[r.IntN(4)], "Condition": object{
				"NotIpAddress":    object{"aws:SourceIp": fmt.Sprintf("%d.0.0.0/%d", 1+r.IntN(222), 4+r.IntN(5))},
				"NumericLessThan": object{"aws:MultiFactorAuthAge": fmt.Sprint(r.IntN(10000))},
				"DateLessThan":    object{"aws:CurrentTime": fmt.Sprintf("20%02d-01-01T00:00:00Z", 20+r.IntN(79))},
				"StringNotLike":   object{"aws:PrincipalArn": "arn:aws:iam::*:role/" + word(i, 3) + "*"}}}
		})(n)
	}},
	{"notaction", random(func(r *rand.Rand, i, n int) object {
		arn := object{"AWS": fmt.Sprintf("arn:aws:iam::%012d:role/r%d", 200_000_000_000+i, i)}
		o := object{"Effect": []string{"Allow", "Deny"}[r.IntN(2)], "Principal": arn, "Action": nil, "Resource": nil,
			"NotAction": "s3:*" + []string{"Object", "Bucket", "Acl", "Tag", "Policy", "Version"}[r.IntN(6)] + "*", "NotResource": familyBucket + "/*" + word(i, 2) + "*"}
		if i%3 == 2 {
			o["Principal"], o["NotPrincipal"], o["Effect"] = nil, arn, "Deny"
		}
		return o
	})},
	{"actions-glob", random(func(r *rand.Rand, i, n int) object {
		return object{"Principal": by(i), "Action": fmt.Sprintf("s3:*%c*%c*", "abcdeglmnoprst"[r.IntN(14)], "ABCGLOPTV"[r.IntN(9)])}
	})},
	{"hidden-bits", random(func(r *rand.Rand, i, n int) object {
		c := object{}
		for _, k := range r.Perm(40)[:6] {
			c[tag(k)] = fmt.Sprint("v", r.IntN(3))
		}
		return object{"Effect": []string{"Deny", "Allow"}[i%2], "Condition": object{"StringEquals": c}}
	})},
	{"trust-oidc", trust(func(n int) []any {
		return []any{githubTrust(list(n, func(i int) string { return "repo:acme/" + w(i) + "*:*" + w(i+9) + "*" }))}
	})},
	{"trust-oidc-refs", trust(func(n int) []any {
		return []any{githubTrust(list(n, func(i int) string { return "repo:acme/" + w(i) + ":ref:refs/heads/*" }))}
	})},
	{"trust-oidc-stmts", trust(func(n int) []any {
		return list(n, func(i int) any { return githubTrust("repo:acme/" + w(i) + "*:*" + w(i+9) + "*") })
	})},
	{"trust-accounts", trust(func(n int) []any {
		return list(n, func(i int) any {
			return object{"Effect": "Allow", "Principal": by(i), "Action": "sts:AssumeRole", "Condition": object{"StringEquals": object{"sts:ExternalId": w(i)}}}
		})
	})},
	{"trust-arn-globs", trust(func(n int) []any {
		return list(n, func(i int) any {
			return object{"Effect": "Allow", "Principal": object{"AWS": "*"}, "Action": "sts:AssumeRole", "Condition": object{"ArnLike": object{"aws:PrincipalArn": "arn:aws:iam::*:role/" + w(i) + "*" + w(i+50)}}}
		})
	})},
}

func trust(f func(n int) []any) func(n int) []any { return f }

func githubTrust(subjects any) any {
	return object{"Effect": "Allow", "Principal": object{"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
		"Action": "sts:AssumeRoleWithWebIdentity", "Condition": object{
			"StringEquals": object{"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}, "StringLike": object{"token.actions.githubusercontent.com:sub": subjects}}}
}

// ofSize returns the largest policy of the family that is no longer than size.
func (f family) ofSize(size int) (text []byte, n int) {
	write := func(n int) []byte {
		b, err := json.Marshal(object{"Version": "2012-10-17", "Statement": f.make(n)})
		if err != nil {
			panic(err)
		}
		return b
	}
	low, high := 1, size
	if f.name == "fse" {
		high = min(high, 250)
	}
	for low < high {
		if mid := (low + high + 1) / 2; len(write(mid)) <= size {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return write(low), low
}

func (f family) analyze(tb testing.TB, text []byte) access.Result {
	r := resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit(familyBucket), Documents: []resource.Document{{Policy: decode(tb, text)}}}
	if strings.HasPrefix(f.name, "trust-") {
		r.Type, r.ARN = "AWS::IAM::Role", value.Lit("arn:aws:iam::111122223333:role/app")
	}
	return access.Analyze(r, &zone.Zone{Account: "111122223333"}, false)
}

// exactly reports whether nothing was given up.
func exactly(r access.Result) bool { return len(r.Notes) == 0 }

// BenchmarkFamilies measures each family at the size that AWS allows and below; "exact" is 1 where
// nothing was given up.
func BenchmarkFamilies(b *testing.B) {
	for _, f := range families {
		for _, size := range []int{1 << 10, 5 << 10, 10 << 10, 20 << 10} {
			if strings.HasPrefix(f.name, "trust-") && size > 10<<10 {
				continue
			}
			text, n := f.ofSize(size)
			b.Run(fmt.Sprintf("%s/%dKB", f.name, size>>10), func(b *testing.B) {
				b.ReportAllocs()
				exact := 0.0
				for b.Loop() {
					res := f.analyze(b, text)
					if len(res.Problems) > 0 {
						b.Fatal(res.Problems)
					}
					if exact = 0; exactly(res) {
						exact = 1
					}
				}
				b.ReportMetric(exact, "exact")
				b.ReportMetric(float64(n), "n")
			})
		}
	}
}

// TestFamilyTable prints what each family costs, in processor time of the user: IACLINT_FAMILIES is
// the sizes in KB, separated by commas, or a name, a colon and sizes.
func TestFamilyTable(t *testing.T) {
	which := os.Getenv("IACLINT_FAMILIES")
	if which == "" {
		t.Skip("IACLINT_FAMILIES is not set")
	}
	name, sizes, ok := strings.Cut(which, ":")
	if !ok {
		name, sizes = "", which
	}
	for _, f := range families {
		if name != "" && !strings.Contains(f.name, name) {
			continue
		}
		for _, s := range strings.Split(sizes, ",") {
			var kb int
			_, _ = fmt.Sscan(s, &kb)
			text, n := f.ofSize(kb << 10)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := userTime()
			res := f.analyze(t, text)
			took := userTime() - start
			runtime.ReadMemStats(&after)
			proven := 0
			for _, g := range res.Grants {
				if g.Proven {
					proven++
				}
			}
			fmt.Printf("%-22s %3d KB n=%-5d %8.1f ms %8.1f MB  exact=%-5v proven %d/%d %.150s %.120v\n", f.name, kb, n, took*1000, float64(after.TotalAlloc-before.TotalAlloc)/1e6, exactly(res), proven, len(res.Grants), strings.Join(res.Notes, "; "), res.Problems)
		}
	}
}

func userTime() float64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Sec) + float64(u.Utime.Usec)/1e6
}
