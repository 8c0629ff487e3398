package cli

import (
	"io"
	"os"

	"golang.org/x/term"
)

// terminal returns the stream's width in columns, and whether it is a terminal.
func terminal(w io.Writer) (width int, ok bool) {
	f, isFile := w.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		width = 0
	}
	return width, true
}

// colored decides whether to colour a stream.
//
// https://no-color.org/, https://force-color.org/, https://bixense.com/clicolors/
func colored(mode string, env func(string) string, isTerminal bool) bool {
	switch {
	case mode == "always":
		return true
	case mode == "never":
		return false
	case env("NO_COLOR") != "":
		return false
	case env("FORCE_COLOR") != "":
		return true
	case env("CLICOLOR_FORCE") != "" && env("CLICOLOR_FORCE") != "0":
		return true
	case env("CLICOLOR") == "0", env("TERM") == "dumb":
		return false
	}
	return isTerminal
}
