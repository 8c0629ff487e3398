package reporters

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/iaclint/iaclint/analysis/finding"
)

// writeCSV writes a row for every finding, archived ones too. Lines end in a line
// feed alone, as in all other formats.
//
// https://www.rfc-editor.org/rfc/rfc4180
func writeCSV(w io.Writer, r finding.Report, o Options) error {
	o.sayHidden("csv", r)
	out := bufio.NewWriter(w)
	row := func(fields ...string) {
		for i, f := range fields {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString(csvField(f))
		}
		out.WriteByte('\n')
	}
	row("severity", "rule", "status", "certainty", "public", "principal", "access", "actions", "condition", "type", "resource", "account", "address", "path", "line", "message", "id")
	for _, f := range r.Findings {
		if removed(f) {
			continue
		}
		at, line := placeOf(f), ""
		if at.line > 0 {
			line = strconv.Itoa(at.line)
		}
		row(string(f.Severity), f.Rule, string(f.Status), string(f.Certainty), strconv.FormatBool(f.IsPublic), strings.Join(pairs(f.Principal, " "), ", "),
			strings.Join(f.AccessLevels, " "), strings.Join(f.Action, " "), strings.Join(pairs(f.Condition, "="), " "), f.ResourceType, f.Resource,
			f.ResourceOwnerAccount, f.Address, at.path, line, f.Message, f.ID)
	}
	return out.Flush()
}

// csvField quotes a value. One that a spreadsheet would take for a formula starts
// with an apostrophe.
//
// https://owasp.org/www-community/attacks/CSV_Injection
func csvField(s string) string {
	s = printable(s)
	if trimmed := strings.TrimLeftFunc(s, unicode.IsSpace); trimmed != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(trimmed)[0]) {
		s = "'" + s
	}
	s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	return s
}
