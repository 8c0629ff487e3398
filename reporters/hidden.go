package reporters

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
)

// hider splits a sentence about what is hidden: the configuration that hides it,
// and what that is.
func hider(sentence string) (file, what string) {
	file, what, _ = strings.Cut(sentence, ": ")
	return file, what
}

// sayHidden tells the user what is hidden where a format has no place for it.
func (o Options) sayHidden(format string, r finding.Report) {
	for _, h := range r.Hidden {
		o.say("%s has no place for what is hidden by %s", format, printable(h))
	}
}
