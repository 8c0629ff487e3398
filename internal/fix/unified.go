package fix

import (
	"fmt"
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// around is how many equal lines stand around a change.
const around = 3

// edit is one line of a comparison: ' ', '-' or '+' and the line.
type edit struct {
	kind   byte
	line   string
	hidden bool // a secret stands in it, so that no change is shown with it
}

// Unified returns the difference of two texts as "diff -u" writes it, "" when
// they are equal.
func Unified(oldName, newName, before, after string) string {
	if before == after {
		return ""
	}
	return unified(oldName, newName, compareLines(before, after))
}

func unified(oldName, newName string, edits []edit) string {
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", oldName, newName)
	for _, h := range hunks(edits) {
		writeHunk(&b, edits, h[0], h[1])
	}
	return b.String()
}

func compareLines(before, after string) []edit {
	d := diffmatchpatch.New()
	d.DiffTimeout = 0 // the answer must not depend on the machine
	x, y, lines := d.DiffLinesToRunes(before, after)
	var out []edit
	for _, part := range d.DiffCharsToLines(d.DiffMainRunes(x, y, false), lines) {
		kind := map[diffmatchpatch.Operation]byte{diffmatchpatch.DiffEqual: ' ', diffmatchpatch.DiffDelete: '-', diffmatchpatch.DiffInsert: '+'}[part.Type]
		for _, line := range strings.SplitAfter(part.Text, "\n") {
			if line != "" {
				out = append(out, edit{kind: kind, line: line})
			}
		}
	}
	return out
}

// hunks returns the pieces of the comparison that are shown, as indexes.
func hunks(edits []edit) [][2]int {
	var out [][2]int
	for i, e := range edits {
		if e.kind == ' ' {
			continue
		}
		start, end := i, i+1
		for start > 0 && i-start < around && !edits[start-1].hidden {
			start--
		}
		for end < len(edits) && end-i-1 < around && !edits[end].hidden {
			end++
		}
		if last := len(out) - 1; last >= 0 && start <= out[last][1] {
			out[last][1] = end
			continue
		}
		out = append(out, [2]int{start, end})
	}
	return out
}

func writeHunk(b *strings.Builder, edits []edit, start, end int) {
	oldLine, newLine := 1, 1
	for _, e := range edits[:start] {
		if e.kind != '+' {
			oldLine++
		}
		if e.kind != '-' {
			newLine++
		}
	}
	oldCount, newCount := 0, 0
	for _, e := range edits[start:end] {
		if e.kind != '+' {
			oldCount++
		}
		if e.kind != '-' {
			newCount++
		}
	}
	fmt.Fprintf(b, "@@ -%s +%s @@\n", hunkRange(oldLine, oldCount), hunkRange(newLine, newCount))
	for _, e := range edits[start:end] {
		b.WriteByte(e.kind)
		b.WriteString(e.line)
		if !strings.HasSuffix(e.line, "\n") {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// hunkRange: one line needs no count, and no line stands behind the one before.
//
// https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
func hunkRange(line, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", line-1)
	case 1:
		return fmt.Sprint(line)
	}
	return fmt.Sprintf("%d,%d", line, count)
}
