package grants

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// text reads "<x>" as references to anything, "<=x>" to names that AWS will give.
func text(s string) value.Value {
	var texts []value.Text
	for _, piece := range strings.SplitAfter(s, ">") {
		head, name, found := strings.Cut(strings.TrimSuffix(piece, ">"), "<")
		texts = append(texts, value.Lit(head))
		if found {
			r := value.Reference{Name: name}
			if own, ok := strings.CutPrefix(name, "="); ok {
				r.Name, r.Is = own, value.OwnName
			}
			texts = append(texts, value.Ref(r))
		}
	}
	return value.Value{Kind: value.String, Text: value.Join(texts...)}
}

// shown writes a tree on one line.
func shown(v value.Value) string {
	var list []string
	switch v.Kind {
	case value.Map:
		for _, f := range v.Fields {
			list = append(list, f.Key+":"+shown(f.Value))
		}
		return "{" + strings.Join(list, " ") + "}"
	case value.List:
		for _, item := range v.Items {
			list = append(list, shown(item))
		}
		return "[" + strings.Join(list, " ") + "]"
	case value.String:
		return v.Text.String()
	case value.Unknown:
		return "?" + v.Text.String()
	case value.Absent:
		return "nothing"
	}
	return v.Text.String()
}

// Policies are often texts with references in them.
func TestTree(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`{"a":"b"}`, "{a:b}"},
		{" \n", "nothing"},
		{`{"a":"arn:aws:s3:::<=b>/*"}`, "{a:arn:aws:s3:::${b}/*}"},
		{`{"a":"<b>"}`, "{a:?${b}}"},
		{`{"a":"<=b>"}`, "{a:${b}}"},
		{`{"a":<b>}`, "{a:?${b}}"},
		{`{"a":[<b>,"c"]}`, "{a:[?${b} c]}"},
		{`{"a":"\"<b>\\"}`, `{a:"${b}\}`},
		{`{"<b>:sub":"c"}`, "{${b}:sub:c}"},
		{`{"a":"b"<c>}`, "?${c}"},
		{`<a>`, "?${a}"},
		{`<a>{}`, "?${a}{}"},
		{`{<a>}`, "?${a}"},
		{`%7B%22a%22%3A%22b%22%7D`, "{a:b}"},
		{`{\"a\":\"b\"}`, "{a:b}"},
		{`{"a":`, "?${valid JSON}"},
		{`{"a":"<b>","c":}`, "?${valid JSON}"}, // whatever b is
	} {
		r := Reader{Path: "x"}
		got := shown(r.Tree(text(tt.text)))
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
		if broken := strings.Contains(tt.want, "valid JSON"); (len(r.Diagnostics) > 0) != broken {
			t.Errorf("%s: %v", tt.text, r.Diagnostics)
		}
	}
}

func TestCanned(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"private", ""},
		{"PublicRead", "Anyone s3:ListBucket"},
		{"public-read-write", "Anyone s3:ListBucket, Anyone s3:PutObject"},
		{"authenticated-read", "Authenticated s3:ListBucket"},
		{"LogDeliveryWrite", "Service s3:PutObject, Service s3:GetBucketAcl"},
		{"aws-exec-read", "CanonicalUser s3:ListBucket"},
		{"bucket-owner-full-control", ""},
		{"<x>", "AWS s3:GetBucketAcl"},
		{"public", "AWS s3:GetBucketAcl"},
	} {
		r := Reader{}
		var got []string
		for _, s := range r.BucketACL(r.Canned(text(tt.name)), source.Span{}, value.Text{}).Statements {
			kind := map[policy.PrincipalKind]string{policy.Anyone: "Anyone", policy.AWS: "AWS", policy.Service: "Service", policy.CanonicalUser: "CanonicalUser", policy.Authenticated: "Authenticated"}[s.Principal.List[0].Kind]
			got = append(got, kind+" "+s.Action.List[0].Text.Literal)
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, s, tt.want)
		}
		if (len(r.Diagnostics) > 0) != (tt.name == "public") {
			t.Errorf("%s: %v", tt.name, r.Diagnostics)
		}
	}
}

func TestShare(t *testing.T) {
	for _, tt := range []struct{ entry, want string }{
		{"all", "*"},
		{"444455556666", "444455556666"},
		{"arn:aws:iam::444455556666:role/r", "arn:aws:iam::444455556666:role/r"},
		{"arn:aws:organizations::111122223333:organization/o-a", "* StringEquals aws:PrincipalOrgID o-a"},
		{"arn:aws:organizations::111122223333:ou/o-a/ou-b", "* ForAnyValue:StringLike aws:PrincipalOrgPaths o-a/*/ou-b/*"},
		{"arn:aws:organizations::111122223333:organization/<id>", "* StringEquals aws:PrincipalOrgID ${id}"},
		{"<x>", "${x}"},
	} {
		r := Reader{}
		s := r.Share(0, text(tt.entry), []string{"a:B"}, value.Lit("*"))
		got := s.Principal.List[0].Text.String()
		for _, c := range s.Condition {
			got += " " + c.Operator.Text + " " + c.Key + " " + c.Values[0].Text.String()
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.entry, got, tt.want)
		}
	}
}

func TestNamed(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"*", "AWS"},
		{"444455556666", "AWS"},
		{"arn:aws:iam::444455556666:role/a.b", "AWS"},
		{"s3.amazonaws.com", "Service"},
		{"logs.<region>.amazonaws.com", "Service"},
		{"<x>", "AWS Service"},
		{"arn:aws:iam::<x>:root", "AWS"},
	} {
		var got []string
		for _, p := range Named(text(tt.name).Text, source.Span{}) {
			got = append(got, p.Kind.Key())
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, s, tt.want)
		}
	}
}

// Any text with references is read without a panic.
func FuzzTree(f *testing.F) {
	for _, s := range []string{`{"a":"<b>"}`, `{"a":<b>}`, `{"\\<b>":["<c>",1]}`, "<a>", "\U00100000<a>", `{"a":"\ud83d<b>"}`} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) {
		r := Reader{}
		r.Document(text(s))
	})
}
