package reporters

import (
	"strconv"

	"github.com/iaclint/iaclint/analysis/escape"
)

// printable returns text of the input on one line, safe to print.
func printable(s string) string { return escape.Text(s) }

// calm returns a line of output that is not a command of a workflow.
func calm(line string) string { return escape.Calm(line) }

// harmless reports whether a character may be written as it is.
func harmless(r rune) bool { return escape.Harmless(r) }

// quoted returns s in quotes, as in a Go string.
func quoted(s string) string { return printable(strconv.QuoteToGraphic(s)) }
