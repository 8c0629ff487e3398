package tfplan

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

func FuzzLoad(f *testing.F) {
	doc := change("data.aws_iam_policy_document.d", `"read"`, `"after":{"statement":[{"resources":[null],"principals":[{"type":"*"}]}],"override_json":"{}"},"after_unknown":{"json":true,"statement":[{"resources":[true]}]}`)
	f.Add([]byte(written(array(change("aws_s3_bucket.b", `"create"`, bucket), change("aws_s3_bucket_policy.p", `"create"`, newPolicy), doc),
		root(declared("aws_s3_bucket.b", ``), declared("aws_s3_bucket_policy.p", toBucket+","+viaDoc), declared("data.aws_iam_policy_document.d", `"statement":[{"resources":{"references":["aws_s3_bucket.b.arn"]}}]`)))))
	f.Add([]byte(written(array(change(`module.m["a"].aws_sns_topic.t[0]`, `"forget"`, `"before":{"policy":"{}"},"before_sensitive":{"policy":true}`)),
		`{"root_module":{"module_calls":{"m":{"expressions":{"x":{"references":["var.x"]}},"module":{"variables":{"x":{"default":1}}}}}}}`, `,"errored":true,"deferred_changes":[{}]`)))
	f.Add([]byte(`{"format_version":"0.1","planned_values":{"root_module":{"resources":[{"type":"aws_sns_topic","name":"t","values":{"a":[{}]}}],"child_modules":[{}]}},"prior_state":{"values":{"root_module":{}}}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		file := source.NewFile("plan.json", content)
		Match(file)
		stack := Load(file, Options{})
		check := func(s source.Span) {
			if s.File != nil && (s.Start < 0 || s.Start > s.End || s.End > len(s.File.Content)) {
				t.Fatalf("span %d-%d is not in the file", s.Start, s.End)
			}
		}
		for _, r := range stack.Resources {
			check(r.Span)
		}
		for _, d := range stack.Diagnostics {
			check(d.Span)
			d.Where()
		}
		if kindOf(content) != other && kindOf(content) != planJSON {
			return
		}
		l := loaded(string(content))
		var walk func(v value.Value)
		walk = func(v value.Value) {
			check(v.Span)
			for _, i := range v.Items {
				walk(i)
			}
			for _, f := range v.Fields {
				check(f.KeySpan)
				walk(f.Value)
			}
		}
		for _, o := range l.objects {
			walk(o.block.Properties)
		}
	})
}
