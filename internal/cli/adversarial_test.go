package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/iaclint/iaclint/analysis/finding"
)

// Limits for one hostile policy. It takes a fraction of two seconds on an idle
// core; tests share theirs.
const (
	hostileTime   = 20 * time.Second
	hostileMemory = 500 << 20
)

type object = map[string]any

// hostileStatement lets everyone get objects, but for what more says.
func hostileStatement(more object) object {
	s := object{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bkt/*"}
	for k, v := range more {
		s[k] = v
	}
	return s
}

func repeat[T any](n int, f func(i int) T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}

func letter(i int) string { return string(rune('a' + i%26)) }

// hostilePolicies are made to be too much for whoever tells all patterns, values
// and callers apart.
func hostilePolicies() map[string][]object {
	r := rand.New(rand.NewSource(7))
	word := func(n int) string {
		return strings.Join(repeat(n, func(int) string { return letter(r.Intn(26)) }), "*")
	}
	deny := func(more object) object {
		s := hostileStatement(object{"Effect": "Deny", "Action": "s3:*", "Resource": []string{"arn:aws:s3:::bkt", "arn:aws:s3:::bkt/*"}})
		for k, v := range more {
			s[k] = v
		}
		return s
	}
	resources := func(n int, f func(i int) string) object {
		return object{"Resource": repeat(n, func(i int) string { return "arn:aws:s3:::bkt/" + f(i) })}
	}
	when := func(operator, key string, values any) object {
		return object{"Condition": object{operator: object{key: values}}}
	}
	two := func(a, b int) func(int) string {
		return func(i int) string { return "*" + letter(i*a+1) + "*" + letter(i*b+3) + "*" }
	}
	policies := map[string][]object{
		"overlapping resources": {hostileStatement(resources(120, func(i int) string { return two(1, 7)(i) + letter(i*3) + "*" })), deny(resources(120, two(5, 11)))},
		"question marks":        {hostileStatement(resources(60, func(i int) string { return "*" + letter(i) + strings.Repeat("?", i%40) })), deny(resources(60, func(i int) string { return "*" + letter(i+3) + strings.Repeat("?", i%30) + "*" }))},
		"overlapping values":    {hostileStatement(when("StringLike", "aws:UserAgent", repeat(60, two(1, 3)))), deny(when("StringNotLike", "aws:UserAgent", repeat(60, two(5, 7))))},
		"20 KB of stars":        {hostileStatement(resources(25, func(int) string { return word(400) }))},
		"one pattern of 20 KB":  {hostileStatement(resources(1, func(int) string { return strings.Repeat("*a", 10_000) }))},
		"many stars": append(repeat(200, func(int) object { return hostileStatement(when("StringLike", "aws:UserAgent", "*"+word(40)+"*")) }),
			deny(when("StringLike", "aws:UserAgent", repeat(144, func(i int) string { return "*" + letter(i/12) + "*" + letter(i%12) + "*" })))),
		"statements": repeat(500, func(i int) object {
			return hostileStatement(object{"Principal": object{"AWS": fmt.Sprintf("%012d", i+1)}, "Resource": fmt.Sprintf("arn:aws:s3:::bkt/p%d/*", i),
				"Condition": object{"IpAddress": object{"aws:SourceIp": fmt.Sprintf("%d.%d.0.0/16", i%100+20, i%250)}}})
		}),
		"statements that alternate": repeat(300, func(i int) object {
			s := hostileStatement(resources(1, func(int) string { return "*" + letter(i) + "*" }))
			if i%3 == 0 {
				s["Effect"] = "Deny"
			}
			s["Condition"] = object{[]string{"StringLike", "StringNotLike"}[i%2]: object{[]string{"aws:UserAgent", "aws:PrincipalTag/a", "aws:PrincipalTag/b", "aws:referer", "aws:PrincipalArn"}[i%5]: two(1, 3)(i)}}
			return s
		}),
		"accounts, actions, resources and callers": repeat(300, func(i int) object {
			return hostileStatement(object{"Principal": object{"AWS": fmt.Sprintf("arn:aws:iam::%012d:root", 100000000000+i)}, "Action": fmt.Sprintf("s3:Get*%d*", i),
				"Resource": fmt.Sprintf("arn:aws:s3:::bkt/*x%d*y%d*", i, i), "Condition": object{"StringLike": object{"aws:PrincipalArn": fmt.Sprintf("*a%d*b%d*", i, i)}}})
		}),
		"variables": repeat(60, func(i int) object {
			return hostileStatement(object{"Resource": fmt.Sprintf("arn:aws:s3:::bkt/${aws:username}/%d/${aws:PrincipalTag/t%d}/*", i, i%20),
				"Condition": object{"StringLike": object{fmt.Sprintf("aws:PrincipalTag/t%d", i): fmt.Sprintf("${aws:RequestTag/r%d}", i)}}})
		}),
		"variables that overlap": append(repeat(30, func(i int) object {
			return hostileStatement(resources(1, func(int) string {
				return fmt.Sprintf("${aws:PrincipalTag/a}*${aws:PrincipalTag/b}*${aws:username}/*x%d*", i)
			}))
		}), repeat(30, func(i int) object {
			return deny(resources(1, func(int) string { return fmt.Sprintf("*${aws:PrincipalTag/a}*%d", i) }))
		})...),
		"principals": {hostileStatement(object{"Principal": object{"AWS": repeat(5_000, func(i int) string { return fmt.Sprintf("arn:aws:iam::%012d:role/r%d", i%700+1, i) })}})},
		"address blocks": {hostileStatement(object{"Condition": object{
			"IpAddress": object{"aws:SourceIp": repeat(5_000, func(int) string {
				return fmt.Sprintf("%d.%d.%d.0/24", r.Intn(200)+11, r.Intn(256), r.Intn(256))
			})},
			"NotIpAddress": object{"aws:SourceIp": repeat(2_000, func(int) string { return fmt.Sprintf("%d.%d.0.0/%d", r.Intn(200)+11, r.Intn(256), r.Intn(20)+10) })},
		}})},
		"keys": {hostileStatement(object{"Condition": object{"StringEquals": pairsOf(500, func(i int) (string, any) { return fmt.Sprintf("aws:PrincipalTag/k%d", i), fmt.Sprintf("v%d", i) })}}),
			deny(object{"Condition": object{"StringNotLike": pairsOf(250, func(i int) (string, any) { return fmt.Sprintf("aws:PrincipalTag/k%d", 2*i), "v*" })}})},
		"keys in statements": append(repeat(500, func(i int) object {
			return hostileStatement(object{"Condition": object{"StringEquals": object{fmt.Sprintf("aws:PrincipalTag/k%d", i): "v", fmt.Sprintf("aws:PrincipalTag/j%d", i*7%500): "w"}}})
		}), repeat(160, func(i int) object {
			return deny(when("StringLike", fmt.Sprintf("aws:PrincipalTag/k%d", 3*i), "v*"))
		})...),
		"sets of patterns": {hostileStatement(object{"Condition": object{
			"ForAnyValue:StringLike":  object{"aws:TagKeys": repeat(196, func(i int) string { return "*" + letter(i/14) + "*" + letter(i%14) + "*" })},
			"ForAllValues:StringLike": object{"aws:TagKeys": repeat(26, func(i int) string { return "*" + letter(i) + "*" })}}}),
			deny(when("ForAnyValue:StringNotLike", "aws:TagKeys", repeat(26, func(i int) string { return letter(i) + "*" })))},
		"sets of values": repeat(40, func(i int) object {
			return hostileStatement(object{"Condition": object{
				"ForAllValues:StringEquals": object{"aws:TagKeys": repeat(300, func(j int) string { return fmt.Sprintf("k%d", 50*i+j) })},
				"ForAnyValue:StringEquals":  object{"aws:TagKeys": repeat(300, func(j int) string { return fmt.Sprintf("k%d", 50*i+100+j) })}}})
		}),
		"pairs of keys far apart": append(repeat(60, func(i int) object {
			return deny(object{"Condition": object{"StringEquals": object{fmt.Sprintf("aws:PrincipalTag/a%02d", i): "1", fmt.Sprintf("aws:PrincipalTag/z%02d", i*17%60): "1"}}})
		}), hostileStatement(nil)),
		"keys, each with patterns of many accounts": repeat(600, func(i int) object {
			return hostileStatement(object{"Principal": object{"AWS": fmt.Sprintf("%012d", 444400000000+i)}, "Action": []string{"s3:GetObject", "s3:PutObject"}, "Resource": fmt.Sprintf("arn:aws:s3:::bkt/%d/*", i),
				"Condition": object{"StringLike": object{fmt.Sprintf("aws:PrincipalTag/t%d", i%40): []string{fmt.Sprintf("*a%d*b*", i), fmt.Sprintf("*c%d*", i)}}}})
		}),
		"organization paths": append(repeat(100, func(i int) object {
			return hostileStatement(when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-"+letter(i)+"*/r-*/ou-*"+letter(i*3)+"*/*"))
		}), deny(when("ForAllValues:StringNotLike", "aws:PrincipalOrgPaths", repeat(60, func(i int) string { return "*" + letter(i) + "*/ou-" + letter(i*7) + "*" })))),
	}
	return policies
}

func pairsOf(n int, f func(i int) (string, any)) object {
	out := object{}
	for i := range n {
		k, v := f(i)
		out[k] = v
	}
	return out
}

// nobody are the hostile policies that let nobody in. The values that "many
// stars" allows have 40 letters in a row of stars, of which two at least are
// among a to l, and the Deny is for every pair of these.
var nobody = map[string]bool{"many stars": true}

// Every hostile policy ends in time with a finding: all but a few let someone in
// from outside. What could not be told apart is said.
func TestHostilePolicies(t *testing.T) {
	long(t)
	policies := hostilePolicies()
	names := make([]string, 0, len(policies))
	for name := range policies {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			text, err := json.Marshal(object{"Version": "2012-10-17", "Statement": policies[name]})
			if err != nil {
				t.Fatal(err)
			}
			report := runHostile(t, text, "--resource-type", "AWS::S3::Bucket")
			if len(report.Resources) != 1 || (report.Resources[0].Verdict == "none") != nobody[name] {
				t.Errorf("%v %v; want access: %t", report.Resources, report.Diagnostics, !nobody[name])
			}
			for _, d := range report.Diagnostics {
				if strings.Contains(d.Message, "internal error") {
					t.Error(d.Message)
				}
			}
			// What AWS refuses is a finding of its own, and the warning is part of it.
			said := len(report.Diagnostics) > 0 || slices.ContainsFunc(report.Findings, func(f finding.Finding) bool { return f.IssueCode != "" })
			for _, f := range report.Findings {
				if f.Certainty == "undetermined" && len(f.Needs) == 0 && !said {
					t.Errorf("undetermined, and nothing said why: %s", f.Message)
				}
			}
		})
	}
}

// Text that is hostile to whoever parses it: it is refused in time.
func TestHostileText(t *testing.T) {
	long(t)
	allow := `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/*"}`
	for _, tt := range []struct {
		name, text, want string
	}{
		{"lists in lists", `{"Version":"2012-10-17","Statement":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}", "nested"},
		{"objects in objects", `{"Version":"2012-10-17","Statement":{"Condition":` + strings.Repeat(`{"a":`, 50_000) + "1" + strings.Repeat("}", 50_001) + "}", "nested"},
		{"never closed", `{"Version":"2012-10-17","Statement":` + strings.Repeat(`[{"a":`, 200_000), "nested"},
		{"one string of 100 MB", `{"Version":"2012-10-17","Statement":[{"Sid":"` + strings.Repeat("x", 100_000_000) + `","Effect":"Allow"}]}`, "too large"},
		{"a million statements", `{"Version":"2012-10-17","Statement":[` + strings.Repeat(allow+",", 1_100_000) + allow + "]}", "too large"},
		{"white space", strings.Repeat(" ", 100_000_000) + `{"Version":"2012-10-17","Statement":[` + allow + "]}", "too large"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			report := runHostile(t, []byte(tt.text))
			if !slices.ContainsFunc(report.Diagnostics, func(d finding.Diagnostic) bool {
				return d.Severity == "error" && strings.Contains(d.Message, tt.want)
			}) {
				t.Errorf("%v, want an error with %q", report.Diagnostics, tt.want)
			}
		})
	}
}

// runHostile runs the program on a text within the limits. The memory is what
// the text is analysed in, beside the text.
func runHostile(t *testing.T, text []byte, args ...string) finding.Report {
	t.Helper()
	file := filepath.Join(t.TempDir(), "hostile.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	peak := make(chan uint64)
	stop := make(chan struct{})
	go func() {
		most := uint64(0)
		for {
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(10 * time.Millisecond):
				runtime.ReadMemStats(&after)
				most = max(most, after.HeapAlloc)
			}
		}
	}()
	start := time.Now()
	var out, errw bytes.Buffer
	code := Run(append([]string{"check", "--no-config", "--policy-checks", "off", "--account", "111122223333", "--format", "json", file}, args...), strings.NewReader(""), &out, &errw)
	took := time.Since(start)
	close(stop)
	most := <-peak
	if took > hostileTime {
		t.Errorf("took %v", took)
	}
	if most > before.HeapAlloc && most-before.HeapAlloc > hostileMemory {
		t.Errorf("took %d MB", (most-before.HeapAlloc)>>20)
	}
	var report finding.Report
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("exit status %d, report: %v\nstderr: %s", code, err, errw.String())
	}
	return report
}
