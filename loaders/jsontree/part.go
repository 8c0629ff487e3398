package jsontree

import (
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// ParsePart reads the one JSON value that is the content of a file from start up
// to but without end.
func ParsePart(file *source.File, start, end int) (value.Value, []source.Diagnostic) {
	values, diags := collect(parse(file.Content[start:end], Within(file, start)))
	switch {
	case len(diags) > 0:
		return value.Value{}, diags
	case len(values) > 1:
		return value.Value{}, fail(values[1].Span, "expected the end of the JSON value, found another one")
	}
	return values[0], nil
}
