package rewrite

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/repair"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Whatever the file and the place, an edit is refused or gives a file that can be
// read again.
func FuzzApply(f *testing.F) {
	for _, c := range cases {
		content, start, end := markedText(c.text)
		f.Add([]byte(content), c.file, start, end, uint8(c.edit.Kind))
	}
	f.Fuzz(func(t *testing.T, content []byte, name string, start, end int, kind uint8) {
		list := []repair.Value{literal, {Text: "a\"\n${b}"}}
		e := repair.Edit{
			Kind: repair.Kind(kind % uint8(repair.Grant+1)), At: source.Span{Start: start, End: end}, Value: reference, Bucket: "B",
			Conditions: []repair.Condition{{Operator: "StringLike", Key: "aws:SourceAccount", Values: list}, {Operator: "Bool", Key: "x", Values: list[:1]}},
			Statement:  &policy.Statement{Action: policy.Patterns{List: []policy.Pattern{{Text: value.Lit("s3:ListBucket")}}}},
		}
		got, err := Read(content, Code{Name: name, Account: "data.a.b.c"}).Apply([]repair.Edit{e, e})
		if err != nil {
			return
		}
		if _, err := parse(name, got); err != nil {
			t.Errorf("%q\nbecomes\n%q\n%v", content, got, err)
		}
	})
}
