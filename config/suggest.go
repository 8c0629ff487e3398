package config

import (
	"fmt"
	"strings"

	"github.com/iaclint/iaclint/analysis/spelling"
)

// Hint is a clause that follows the message about an unknown name: the name
// that was probably meant, else the valid ones.
func Hint(s string, candidates []string) string {
	if near := spelling.Nearest(s, candidates); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	if len(candidates) == 0 || len(candidates) > 30 {
		return ""
	}
	return "; valid are " + strings.Join(candidates, ", ")
}
