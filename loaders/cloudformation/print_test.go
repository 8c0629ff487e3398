package cloudformation

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// show prints a value in one line: strings bare if they are plain, references
// as ${name}, with what they mean where that is more than anything, and unknown
// values behind a question mark.
func show(v value.Value) string {
	switch v.Kind {
	case value.Absent:
		return "absent"
	case value.Null:
		return "null"
	case value.Bool, value.Number:
		return v.Text.Literal
	case value.String:
		return strconv.Quote(showText(v.Text))
	case value.Unknown:
		return "?" + showText(v.Text)
	case value.List:
		items := make([]string, len(v.Items))
		for i, item := range v.Items {
			items[i] = show(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	fields := make([]string, len(v.Fields))
	for i, f := range v.Fields {
		fields[i] = f.Key + ": " + show(f.Value)
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

func showText(t value.Text) string {
	if t.Parts == nil {
		return t.Literal
	}
	var b strings.Builder
	for _, p := range t.Parts {
		if p.Ref == nil {
			b.WriteString(p.Literal)
			continue
		}
		b.WriteString("${" + p.Ref.Name)
		if p.Ref.Scope != "" {
			b.WriteString("@" + p.Ref.Scope)
		}
		if p.Ref.Is != value.Anything {
			b.WriteString(" is " + p.Ref.Is.String())
		}
		if p.Ref.Values != nil {
			fmt.Fprintf(&b, " of %s", strings.Join(p.Ref.Values, "|"))
		}
		b.WriteString("}")
	}
	return b.String()
}
