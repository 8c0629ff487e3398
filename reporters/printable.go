package reporters

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Joiners are format characters, but scripts and emoji are spelt with them.
const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
)

// harmless reports whether a character may be written as it is: it is graphic,
// so neither a control character (C0, DEL, C1), nor one that reorders or hides
// its neighbours (bidirectional controls, tags, zero-width space), nor a line
// or paragraph separator. See https://www.unicode.org/reports/tr36/ and
// https://trojansource.codes.
func harmless(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= ' ' && r < 0x7f
	}
	return unicode.IsGraphic(r) || r == zeroWidthJoiner || r == zeroWidthNonJoiner
}

// plain reports whether s is printable ASCII, as nearly all input is.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// printable returns s on one line, with everything that is not harmless spelt
// out as in a Go string: \n, \x1b, \u202e. Backslashes stay single: the result
// is for reading, not for parsing.
func printable(s string) string {
	if plain(s) && !strings.Contains(s, "[") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == '[' && command(s[:i]) {
			b.WriteByte('\\')
		}
		b.WriteString(spell(r, s[i:i+size]))
		i += size
	}
	return b.String()
}

// command reports whether a bracket after this text would start a command of a
// build server: GitHub's runner obeys ##[...], Azure's agent ##vso[...], wherever
// in a line of output they stand.
//
// https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands
func command(before string) bool {
	return strings.HasSuffix(before, "##") || len(before) >= 5 && strings.EqualFold(before[len(before)-5:], "##vso")
}

// calm returns a line of output that does not start like a workflow command of
// GitHub, which may be indented by any space of Unicode.
//
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func calm(line string) string {
	if rest := strings.TrimLeftFunc(line, unicode.IsSpace); strings.HasPrefix(rest, "::") {
		return line[:len(line)-len(rest)] + `\` + rest
	}
	return line
}

// spell returns a character as it is written; raw is its bytes.
func spell(r rune, raw string) string {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		return fmt.Sprintf(`\x%02x`, raw[0])
	case harmless(r):
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

// quoted returns s in quotes, as in a Go string.
func quoted(s string) string { return printable(strconv.QuoteToGraphic(s)) }
