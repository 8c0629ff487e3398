package reporters

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/analysis/finding"
)

// schemaVersion is the version of docs/schema/report-v1.json.
const schemaVersion = 1

// writeJSON writes the report as docs/schema/report-v1.json describes it: every
// key there, no array or map null, the same bytes for the same report. Paths are
// those of the report, whatever the working directory.
func writeJSON(w io.Writer, r finding.Report, o Options) error {
	if o.InputsOnly {
		return encode(w, map[string][]finding.Input{"inputs": list(r.Inputs)})
	}
	return encode(w, complete(r))
}

// encode writes a value as indented JSON that is harmless in a terminal and in
// the log of a build server.
func encode(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encoding the report: %w", err)
	}
	_, err := w.Write(escape.JSON(b.Bytes()))
	return err
}

// complete returns the report with empty arrays and maps for absent ones.
func complete(r finding.Report) finding.Report {
	r.SchemaVersion = schemaVersion
	r.Zones = each(r.Zones, func(z *finding.Zone) {
		z.Members, z.Trusted = list(z.Members), list(z.Trusted)
	})
	r.Resources = each(r.Resources, func(s *finding.Resource) {
		s.Attachments, s.BlockedBy = list(s.Attachments), list(s.BlockedBy)
	})
	r.Findings = each(r.Findings, completeFinding)
	r.Inputs = list(r.Inputs)
	r.Diagnostics, r.Assumptions, r.Hidden = list(r.Diagnostics), list(r.Assumptions), list(r.Hidden)
	return r
}

func completeFinding(f *finding.Finding) {
	f.Principal = validKeys(f.Principal, joinText)
	f.Condition = validKeys(f.Condition, joinText)
	f.Action, f.AccessLevels, f.Needs = list(f.Action), list(f.AccessLevels), list(f.Needs)
	f.Sources, f.Statements = list(f.Sources), list(f.Statements)
	f.Related = slices.DeleteFunc(each(f.Related, func(r *finding.Related) {
		if at := finding.Place(r.Span); at != nil {
			r.Location = *at
		}
	}), func(r finding.Related) bool { return r.StartLine == 0 })
	f.Group = cmp.Or(f.Group, finding.Cause(*f))
	if f.Witness == nil {
		return
	}
	w := *f.Witness
	w.Context = maps.Clone(validKeys(w.Context, slices.Concat))
	for k, v := range w.Context {
		w.Context[k] = list(v)
	}
	f.Witness = &w
}

// each returns a copy of s, not nil, with every element completed.
func each[T any](s []T, fill func(*T)) []T {
	out := append([]T{}, s...)
	for i := range out {
		fill(&out[i])
	}
	return out
}

// list returns s, empty instead of nil.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// validKeys returns m, empty instead of nil, with keys that are valid UTF-8: two
// keys that differ in their invalid bytes only would be written as one key
// twice, so their values are joined.
func validKeys[T any](m map[string]T, join func(...T) T) map[string]T {
	out := make(map[string]T, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		valid := strings.ToValidUTF8(k, string(utf8.RuneError))
		if old, ok := out[valid]; ok {
			out[valid] = join(old, m[k])
			continue
		}
		out[valid] = m[k]
	}
	return out
}

func joinText(s ...string) string { return strings.Join(s, ",") }
