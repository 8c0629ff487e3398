package catalog

import "github.com/iaclint/iaclint/analysis/value"

var (
	sharing    []Row
	endpoints  []Row
	operations []Row
)

func otherAttribute(l Language, b Block, name string) (value.Text, bool) {
	return value.Text{}, false
}
