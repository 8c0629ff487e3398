package value

import (
	"regexp"
	"strings"
)

// operandTag ends the name of what an operation on unknown values gives. It tells
// the operation from the same one on other operands, and means nothing to people.
var operandTag = regexp.MustCompile(`( \?)? #[0-9a-v]{20}\b`)

// Settling returns the names of what would settle a value, as people know them:
// without tags, stand-ins written out, each name once.
func Settling(names []string) []string {
	var out []string
	known := map[string]bool{}
	for _, name := range names {
		if strings.Contains(name, " #") {
			name = operandTag.ReplaceAllString(name, "")
		}
		if name = Shown(name); !known[name] {
			known[name] = true
			out = append(out, name)
		}
	}
	return out
}
