package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Files of different directories that have one name stay apart in the report.
func TestTellApart(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a/p.json", "b/p.json", "b/q.json"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("{}"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ args, want string }{
		{"a b", "a/p.json b/p.json b/q.json"},
		{"a b/q.json", "p.json q.json"},
		{"b/p.json a/p.json", "b/p.json a/p.json"},
	} {
		in := NewWalker(dir, nil, "", func(*Input) bool { return true }).Collect(strings.Fields(c.args))
		var got []string
		for _, f := range in.Files {
			got = append(got, f.Path)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.args, got, c.want)
		}
	}
}

// A walk goes down only so far, says where it stops, and goes on beside it.
func TestDeepDirectories(t *testing.T) {
	dir := t.TempDir()
	deep := strings.Repeat("d/", deepest+10)
	for _, name := range []string{deep + "p.json", "beside/p.json", strings.Repeat("e/", deepest-1) + "p.json"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte("{}"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	in := NewWalker(dir, nil, "", func(*Input) bool { return true }).Collect([]string{"."})
	if len(in.Files) != 2 {
		t.Errorf("found %d files, want those that are not too deep", len(in.Files))
	}
	if len(in.Problems) != 1 || !strings.Contains(in.Problems[0].Message, "levels deep") {
		t.Errorf("problems: %v", in.Problems)
	}
}

// Reading evidence tells how much of it is read, from the beginning to the end.
func TestReadingEvidence(t *testing.T) {
	dir := t.TempDir()
	text := `{"Records": [{"eventTime": "2027-01-05T10:00:00Z", "eventSource": "sqs.amazonaws.com", "eventName": "CreateQueue", "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/u"}}]}`
	if err := os.WriteFile(filepath.Join(dir, "trail.json"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var read func() int64
	ended := int64(-1)
	s := NewFinder(dir, FinderOptions{None: true, Evidence: EvidenceFlags{Paths: []string{dir}, Reading: func(r func() int64) func() {
		read = r
		return func() { ended = r() }
	}}})
	if s.Fixed.Unused == nil || len(s.Fixed.Unused.Entities) != 1 {
		t.Fatal("the evidence is not read")
	}
	if read == nil || ended != int64(len(text)) {
		t.Errorf("%d bytes are told, want %d", ended, len(text))
	}
}
