package catalog

import "github.com/iaclint/iaclint/analysis/value"

func otherAttribute(l Language, b Block, name string) (value.Text, bool) {
	return value.Text{}, false
}
