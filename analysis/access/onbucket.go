package access

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// onBucket rewrites the resources of an access point's policy to those of its
// bucket: accesspoint/name/object/key is key. What a pattern matches of the
// access point is what the rewritten ones match of the bucket, no less and no
// more, for a Deny or a NotResource may have wildcards as well.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
func onBucket(d *policy.Document, point, bucket string) *policy.Document {
	if bucket == "" {
		bucket = "arn:*:s3:::*"
	}
	out := *d
	out.Statements = append([]policy.Statement{}, d.Statements...)
	for i := range out.Statements {
		s := &out.Statements[i]
		var list []policy.Pattern
		for _, p := range s.Resource.List {
			text, known := p.Text.Known()
			if !known {
				p.Text = value.Ref(value.Reference{Name: p.Text.String()})
				list = append(list, p)
				continue
			}
			for _, t := range bucketPatterns(text, point, bucket) {
				q := p
				q.Text = value.Lit(t)
				list = append(list, q)
			}
		}
		s.Resource.List = list
	}
	return &out
}

// bucketPatterns returns the patterns for what one of an access point matches.
func bucketPatterns(text, point, bucket string) []string {
	parts, own := arn.Fields(text), arn.Fields(point)
	if text == "*" || !globMatch(parts[0], "arn") || len(parts) < 6 && !strings.ContainsAny(text, "*?") {
		return []string{text}
	}
	for len(parts) < 6 {
		parts = append(parts, "*")
	}
	for i := range own[:5] {
		if !globMatch(parts[i], own[i]) {
			return nil
		}
	}
	var out []string
	if globMatch(parts[5], own[5]) {
		out = append(out, bucket)
	}
	for _, key := range after(parts[5], own[5]+"/object/") {
		out = append(out, bucket+"/"+key)
	}
	return out
}

// after returns what a glob still asks for behind a text that is matched by its
// beginning: one glob for each way to match it.
func after(glob, text string) []string {
	at := map[int]bool{0: true}
	skip := func() { // a star may match nothing more
		for i := range glob {
			if at[i] && glob[i] == '*' {
				at[i+1] = true
			}
		}
	}
	for j := range len(text) {
		skip()
		next := map[int]bool{}
		for i := range len(glob) {
			switch {
			case !at[i]:
			case glob[i] == '*':
				next[i] = true
			case glob[i] == '?' || glob[i] == text[j]:
				next[i+1] = true
			}
		}
		at = next
	}
	var out []string
	for i := 0; i <= len(glob); i++ {
		if at[i] {
			out = append(out, glob[i:])
		}
	}
	return out
}
