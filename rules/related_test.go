package rules_test

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/loaders/policyjson"
	"github.com/iaclint/iaclint/rules"
)

// A finding leads from what a loader knows of the resource, over its declaration,
// to what it knows of the documents that grant.
func TestRelated(t *testing.T) {
	file := source.NewFile("p.json", []byte(`{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"},
		{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*"}]}`))
	stack := policyjson.Load(file, policyjson.Options{})
	if len(stack.Resources) != 1 || len(stack.Resources[0].Documents) != 1 {
		t.Fatalf("%+v", stack)
	}
	main := source.NewFile("main.tf", []byte("module\nresource\nvariable\n"))
	at := func(word string) source.Span {
		i := strings.Index(string(main.Content), word)
		return source.Span{File: main, Start: i, End: i + len(word)}
	}
	r := stack.Resources[0]
	r.Span, r.Attachments = at("resource"), []string{"aws_s3_bucket_policy.logs"}
	r.Related = []resource.Related{{Span: at("module"), Message: "module called here"}, {Message: "nowhere"}}
	r.Documents[0].Related = []resource.Related{{Span: at("variable"), Message: "value of var.who"}, {Span: at("variable"), Message: "value of var.who"}}
	out := rules.Run(r, &zone.Zone{Type: zone.Account, Account: "111122223333"}, rules.Options{})
	if len(out.Findings) == 0 {
		t.Fatal("no findings")
	}
	for _, f := range out.Findings {
		var got []string
		for _, rel := range f.Related {
			got = append(got, rel.Span.Text()+": "+rel.Message)
		}
		if s, want := strings.Join(got, "; "), "module: module called here; resource: resource declared here; variable: value of var.who"; s != want {
			t.Errorf("%s: %s, want %s", f.Message, s, want)
		}
		for _, st := range f.Statements {
			if st.Span.IsZero() {
				t.Errorf("%s: a statement without a span", f.Message)
			}
		}
	}
}

func TestPagesAreRead(t *testing.T) {
	for _, r := range rules.All {
		p := rules.PageOf(r)
		for _, e := range p.Examples {
			if len(e.Files) == 0 || e.Bad && e.Want == "" {
				t.Errorf("%s: %s has no files, or nothing is wanted of it", r.ID, e.Name)
			}
		}
		if text := p.Plain() + p.Markdown(); strings.Contains(text, "\n-- ") {
			t.Errorf("%s: the archive was not read to its end", r.ID)
		}
	}
}
