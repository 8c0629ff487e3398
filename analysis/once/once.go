// Package once makes what few runs need when it is first used, so that starting the
// program does not pay for it.
package once

import (
	"regexp"
	"sync"
)

// Regexp returns a function that compiles an expression at its first call. As with
// regexp.MustCompile, an expression that is not one is a bug.
func Regexp(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
