// Package evidence reads what people export of an account: findings of Access
// Analyzer, last-accessed data, credential reports, recorded events. What a file
// is its content decides. Exports hold personal data, so nothing of a file is kept
// or quoted but what a finding needs.
package evidence

import (
	"fmt"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// reader collects what is wrong with one file.
type reader struct {
	file  *source.File
	diags []source.Diagnostic
}

func (r *reader) errorf(at source.Span, format string, args ...any) {
	r.diags = append(r.diags, source.Diagnostic{Severity: source.Error, Path: r.file.Name, Span: at, Message: fmt.Sprintf(format, args...)})
}

func (r *reader) warnf(at source.Span, format string, args ...any) {
	r.diags = append(r.diags, source.Diagnostic{Severity: source.Warning, Path: r.file.Name, Span: at, Message: fmt.Sprintf(format, args...)})
}

// longest text of a field that is kept: an ARN has 2,048 characters at most.
const longest = 4096

// text returns a field that is a string; "" for anything else.
func text(v value.Value) string {
	if v.Kind != value.String || v.Text.Parts != nil || len(v.Text.Literal) > longest {
		return ""
	}
	return v.Text.Literal
}

// flag returns a field that is true or false, nil for anything else.
func flag(v value.Value) *bool {
	if v.Kind != value.Bool {
		return nil
	}
	is := v.Text.Literal == "true"
	return &is
}

// pairs returns an object of strings.
func pairs(v value.Value) map[string]string {
	out := map[string]string{}
	for _, f := range v.Fields {
		if s := text(f.Value); s != "" {
			out[f.Key] = s
		}
	}
	return out
}

// texts returns a list of strings, or the one that stands alone.
func texts(v value.Value) []string {
	if v.Kind == value.String {
		return []string{text(v)}
	}
	out := []string{}
	for _, item := range v.Items {
		if s := text(item); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// place is where a value begins: the whole of it is of no use to a reader.
func place(v value.Value) *finding.Location { return finding.Place(v.Span) }

// splitList splits a list that is written as one text.
func splitList(s string) []string {
	out := []string{}
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
