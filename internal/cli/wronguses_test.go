package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/txtar"
)

// goisms are what a Go program writes when nobody has thought about a message.
var goisms = regexp.MustCompile(`%!|<nil>|\b(open|stat|lstat|readlink|openat|read|readdirent) [^ ]*: (no such|permission|is a directory|not a directory)|panic|runtime error|goroutine|strconv\.|(^|[^.])json: (cannot|unknown|unsupported)|yaml: |looking for beginning|0x[0-9a-f]{6}|map\[`)

// Every wrong use has its exit status and a message that says what is wrong, where a
// flag or a file is at fault by its name. The lines of testdata/wronguses.txtar are
// status, arguments and a part of the message; the files are those that they name.
func TestWrongUses(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/wronguses.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	utf16le := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(`{"Statement":[]}`)) {
		utf16le = append(utf16le, byte(u), byte(u>>8))
	}
	if err := os.WriteFile(filepath.Join(dir, "bom16.json"), utf16le, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"empty", "dir"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	t.Setenv("IACLINT_CONFIG", "")
	n := 0
	for line := range strings.Lines(string(archive.Comment)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) < 3 {
			continue
		}
		n++
		want, _ := strconv.Atoi(fields[0])
		var out, errw bytes.Buffer
		status := Run(strings.Fields(fields[1]), strings.NewReader(""), &out, &errw)
		said := out.String() + errw.String()
		if status != want {
			t.Errorf("%s: status %d, want %d: %.300s", fields[1], status, want, said)
		}
		if !strings.Contains(strings.Join(strings.Fields(said), " "), strings.Join(strings.Fields(fields[2]), " ")) {
			t.Errorf("%s: %q is not in %.600q", fields[1], fields[2], said)
		}
		if bad := goisms.FindString(said); bad != "" {
			t.Errorf("%s: %q is in %.400q", fields[1], bad, said)
		}
		if status == statusUsage && out.Len() > 0 {
			t.Errorf("%s: a usage error writes a result: %.200q", fields[1], out.String())
		}
		if strings.Contains(out.String(), `"result": "PASS"`) {
			t.Errorf("%s: what cannot be read passes", fields[1])
		}
	}
	if n < 190 {
		t.Errorf("%d wrong uses, want them all", n)
	}
}
