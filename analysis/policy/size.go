package policy

import (
	"fmt"

	"github.com/iaclint/iaclint/analysis/value"
)

// Limits on one document. AWS takes no policy larger than 100 KiB, that of an
// OpenSearch domain; most services take 20 KiB and less. What reads a document
// compares its parts with each other, so these limits bound all of that work.
//
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html
const (
	MaxStatements = 2_000
	MaxValues     = 12_000
	MaxText       = 512 << 10 // bytes, those of keys included
)

// tooLarge says which limit a document passes, "" when it passes none.
func tooLarge(v value.Value) string {
	statements := 0
	for _, f := range v.Fields {
		if f.Key == "Statement" {
			statements += len(entries(f.Value))
		}
	}
	if statements > MaxStatements {
		return fmt.Sprintf("%d statements, more than the %d that are analysed", statements, MaxStatements)
	}
	m := measure{values: MaxValues, text: MaxText}
	m.take(v)
	switch {
	case m.values < 0:
		return fmt.Sprintf("more than the %d values that are analysed", MaxValues)
	case m.text < 0:
		return fmt.Sprintf("more than the %d bytes of text that are analysed", MaxText)
	}
	return ""
}

// measure is what is left of the limits.
type measure struct{ values, text int }

// take measures a value, until a limit is passed.
func (m *measure) take(v value.Value) {
	m.values--
	m.text -= len(v.Text.Literal)
	for _, p := range v.Text.Parts {
		m.text -= len(p.Literal)
	}
	for _, item := range v.Items {
		if m.over() {
			return
		}
		m.take(item)
	}
	for _, f := range v.Fields {
		if m.over() {
			return
		}
		m.text -= len(f.Key)
		m.take(f.Value)
	}
}

func (m *measure) over() bool { return m.values < 0 || m.text < 0 }
