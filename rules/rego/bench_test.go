package rego

import (
	"fmt"
	"testing"
	"time"

	"github.com/iaclint/iaclint/analysis/source"
)

// conditions are those of rules as people write them: text, access, both.
var conditions = []string{
	`r.verdict == "public"`,
	`some s in r.documents[_].policy.Statement; s.Effect == "Allow"; some a in s.Action; contains(a, "*")`,
	`some s in r.documents[_].policy.Statement; not s.Sid; s.Effect == "Deny"; s.NotAction`,
	`some a in iaclint.external(r); a.isPublic`,
	`some a in iaclint.external(r); a.principal.AWS == "999988887777"`,
	`count([t | some t in r.properties.Tags; t.Key == "owner"]) > 1`,
	`some f in r.findings; f.severity == "critical"`,
	`some s in r.documents[_].policy.Statement; some p in s.Principal.AWS; startswith(p, "arn:aws:iam::9999")`,
	`r.resourceType == "AWS::S3::Bucket"; some a in iaclint.external(r); "Write" in a.accessLevels`,
	`some s in r.documents[_].policy.Statement; s.Condition.StringEquals["aws:PrincipalOrgID"]; not r.region`,
}

func benchRules(n int) []*source.File {
	var files []*source.File
	for i := range n {
		id := fmt.Sprintf("rule-%d", i)
		files = append(files, source.NewFile(id+".rego", []byte(rule(id, conditions[i%len(conditions)]))))
	}
	return files
}

func benchInput(b *testing.B, n int) Input {
	one := input(b, "t.json", bucket)
	in := Input{Zones: one.Zones}
	for i := range n {
		r := one.Resources[0]
		r.Output.Resource.Address = fmt.Sprintf("Bucket%d", i)
		in.Resources = append(in.Resources, r)
	}
	return in
}

func BenchmarkCompile(b *testing.B) {
	for _, n := range []int{1, 10, 50} {
		b.Run(fmt.Sprintf("%d rules", n), func(b *testing.B) {
			files := benchRules(n)
			for b.Loop() {
				if set, wrong := Compile(files, Options{}); set == nil {
					b.Fatal(wrong)
				}
			}
		})
	}
}

func BenchmarkRun(b *testing.B) {
	for _, tt := range []struct{ rules, resources int }{{1, 1000}, {10, 1000}, {50, 100}, {50, 1000}} {
		b.Run(fmt.Sprintf("%d rules, %d resources", tt.rules, tt.resources), func(b *testing.B) {
			set, wrong := Compile(benchRules(tt.rules), Options{})
			if set == nil {
				b.Fatal(wrong)
			}
			in := benchInput(b, tt.resources)
			for b.Loop() {
				if out := set.Run(in, time.Minute); len(out.Wrong)+len(out.Unfinished) > 0 {
					b.Fatal(out.Wrong, out.Unfinished)
				}
			}
		})
	}
}

// Each resource is asked about: nothing is known of the other answers.
func BenchmarkWho(b *testing.B) {
	set, wrong := Compile([]*source.File{file(rule("x", `some a in iaclint.who(r, "s3:GetObject"); a.isPublic`))}, Options{})
	if set == nil {
		b.Fatal(wrong)
	}
	in := benchInput(b, 1000)
	for b.Loop() {
		set.Run(in, time.Minute)
	}
}

func BenchmarkInput(b *testing.B) {
	in := benchInput(b, 1000)
	for b.Loop() {
		d := newDocument(in)
		if err := d.terms(); err != nil {
			b.Fatal(err)
		}
	}
}
