// Package escape makes text of the input safe to print. A file name, a resource's
// name or a value of a configuration may come from an attacker's pull request: what
// is written for people to a terminal or a build log holds no control,
// bidirectional or invisible character of it, and no command of a build server.
package escape

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Joiners are format characters, but scripts and emoji are spelt with them.
const (
	ZeroWidthNonJoiner = '\u200c'
	ZeroWidthJoiner    = '\u200d'
)

// Harmless reports whether a character may be written as it is: it is graphic,
// so neither a control character (C0, DEL, C1), nor one that reorders or hides
// its neighbours (bidirectional controls, tags, zero-width space), nor a line
// or paragraph separator. See https://www.unicode.org/reports/tr36/ and
// https://trojansource.codes.
func Harmless(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= ' ' && r < 0x7f
	}
	return unicode.IsGraphic(r) || r == ZeroWidthJoiner || r == ZeroWidthNonJoiner
}

// Plain reports whether s is printable ASCII, as nearly all input is.
func Plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// Text returns s on one line, with everything that is not harmless spelt
// out as in a Go string: \n, \x1b, \u202e. Backslashes stay single: the result
// is for reading, not for parsing.
func Text(s string) string {
	if Plain(s) && !strings.Contains(s, "[") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == '[' && Command(s[:i]) {
			b.WriteByte('\\')
		}
		b.WriteString(Spell(r, s[i:i+size]))
		i += size
	}
	return b.String()
}

// Command reports whether a bracket after this text would start a command of a
// build server: GitHub's runner obeys ##[...], Azure's agent ##vso[...], wherever
// in a line of output they stand.
//
// https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands
func Command(before string) bool {
	return strings.HasSuffix(before, "##") || len(before) >= 5 && strings.EqualFold(before[len(before)-5:], "##vso")
}

// Calm returns a line of output that does not start like a workflow command of
// GitHub, which may be indented by any space of Unicode.
//
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func Calm(line string) string {
	if rest := strings.TrimLeftFunc(line, unicode.IsSpace); strings.HasPrefix(rest, "::") {
		return line[:len(line)-len(rest)] + `\` + rest
	}
	return line
}

// Spell returns a character as it is written; raw is its bytes.
func Spell(r rune, raw string) string {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		return fmt.Sprintf(`\x%02x`, raw[0])
	case Harmless(r):
		return raw
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// Line returns a whole line as it may be printed: Text that does not start like a
// Command of a workflow. Tabs stay.
func Line(s string) string {
	if Plain(s) && !strings.Contains(s, "[") && !strings.Contains(s, "::") {
		return s
	}
	parts := strings.Split(s, "\t")
	for i, part := range parts {
		parts[i] = Text(part)
	}
	return Calm(strings.Join(parts, "\t"))
}

// Writer passes whole lines on as Line has them. What is written for people goes
// through one, so that nothing reaches a stream that was not looked at.
type Writer struct {
	to   io.Writer
	rest []byte // of a line that has not ended
}

// NewWriter returns a Writer to a stream.
func NewWriter(to io.Writer) *Writer { return &Writer{to: to} }

// Write passes the lines on that end in p.
func (w *Writer) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	end := bytes.LastIndexByte(w.rest, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	var out strings.Builder
	for line := range strings.Lines(string(w.rest[:end])) {
		out.WriteString(Line(strings.TrimSuffix(line, "\n")))
		out.WriteByte('\n')
	}
	w.rest = append(w.rest[:0], w.rest[end:]...)
	if _, err := io.WriteString(w.to, out.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush passes on what is left of a line that does not end.
func (w *Writer) Flush() error {
	_, err := io.WriteString(w.to, Line(string(w.rest)))
	w.rest = nil
	return err
}

// JSON returns a JSON text with the same value, in whose strings every character
// that is not harmless is written as an escape.
func JSON(text []byte) []byte {
	if bytes.IndexFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && (!Harmless(r) || r == utf8.RuneError) }) < 0 && !bytes.Contains(text, []byte("##")) {
		return text
	}
	var out []byte
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r == '[' && Command(string(text[max(0, i-5):i])):
			out = append(out, `\u005b`...)
		case r == '\n' || r == '\t' || r == '\r' || Harmless(r) && !(r == utf8.RuneError && size == 1):
			out = append(out, text[i:i+size]...)
		case r > 0xffff:
			a, b := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, a, b)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
	}
	return out
}

// mostSaid is how many bytes a message has at most.
const mostSaid = 1000

// Brief returns a message that may quote its input, which may be megabytes: of a
// longer one the beginning and the end, which say what is wrong with what.
func Brief(message string) string {
	if len(message) <= mostSaid {
		return message
	}
	const tail = mostSaid / 3
	head := strings.ToValidUTF8(message[:mostSaid-tail-len("…")], "")
	return head + "…" + strings.ToValidUTF8(message[len(message)-tail:], "")
}
