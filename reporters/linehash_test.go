package reporters

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

// The values are those of the upload action's own tests.
//
// https://github.com/github/codeql-action/blob/main/src/fingerprints.test.ts
func TestLineHashes(t *testing.T) {
	for _, c := range []struct {
		content string
		want    string
	}{
		{"", "c129715d7a2bc9a3:1"},
		{" a\nb\n  \t\tc\n d", "271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1"},
		{" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
			"e9496ae3ebfced30:1 fb7c023a8b9ccb3f:1 ce8ba1a563dcdaca:1 e20e36e16fcb0cc8:1 b3edc88f2938467e:1 c8e28b0b4002a3a0:1 c129715d7a2bc9a3:1"},
		{strings.Repeat("Lorem ipsum dolor sit amet.\n", 10),
			"a7f2ff13bc495cf2:1 a7f2ff13bc495cf2:2 a7f2ff13bc495cf2:3 a7f2ff13bc495cf2:4 a7f2ff13bc495cf2:5 a7f2ff13bc495cf2:6 " +
				"a7f2ff1481e87703:1 a9cf91f7bbf1862b:1 55ec222b86bcae53:1 cc97dc7b1d7d8f7b:1 c129715d7a2bc9a3:1"},
		{"x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n",
			"e54938cc54b302f1:1 bb609acbe9138d60:1 1131fd5871777f34:1 5c482a0f8b35ea28:1 54517377da7028d2:1 2c644846cb18d53e:1 f1b89f20de0d133:1 c129715d7a2bc9a3:1"},
	} {
		if got := strings.Trim(fmt.Sprint(lineHashes([]byte(c.content))), "[]"); got != c.want {
			t.Errorf("%q:\n got %v\nwant %v", c.content, got, c.want)
		}
	}
}

// A line that a finding can have has a hash.
func TestEveryLineHasAHash(t *testing.T) {
	for _, content := range []string{"", "a", "a\n", "a\r\nb", "\n\n\n", "\r\r\n\n", "🪣\n\xff\n"} {
		f := source.NewFile("x", []byte(content))
		last := f.Position(len(content), source.Bytes).Line
		for n := 1; n <= last; n++ {
			if (hasher{}).line(f, n) == "" {
				t.Errorf("%q: line %d has none", content, n)
			}
		}
		if got := (hasher{}).line(f, 0) + (hasher{}).line(f, 1000); got != "" {
			t.Errorf("%q: a line that is not there has %s", content, got)
		}
	}
}

// Bytes that are not UTF-8 are replaced as the action's decoder does: what could
// have begun a character is one replacement.
func TestLineHashesOfMalformedText(t *testing.T) {
	for _, c := range []struct{ bytes, text string }{
		{"\xe2\x82A", "\ufffdA"}, {"\xe2A", "\ufffdA"}, {"\xf0\x9f\xaa", "\ufffd"}, {"\xff\xfe", "\ufffd\ufffd"}, {"\xe0\x80\x80", "\ufffd\ufffd\ufffd"},
		{"\xed\xa0\x80", "\ufffd\ufffd\ufffd"}, {"\xf4\x90\x80", "\ufffd\ufffd\ufffd"}, {"\xc2", "\ufffd"}, {"\xc0\xaf", "\ufffd\ufffd"}, {"\xf1\x80\x80\xe1\x80\xc2", "\ufffd\ufffd\ufffd"},
	} {
		if got, want := fmt.Sprint(lineHashes([]byte(c.bytes))), fmt.Sprint(lineHashes([]byte(c.text))); got != want {
			t.Errorf("%q: %s, want %s as of %q", c.bytes, got, want, c.text)
		}
	}
}
