package reporters

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/knowledge"
)

// example says in one printable sentence what a witness does, or could do when
// the finding is not proven.
func example(f finding.Finding, limit int) string {
	w := f.Witness
	verb := "calls"
	if f.Certainty == finding.NotProven {
		verb = "could call"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s", caller(w.Principal), verb, printable(w.Action))
	if w.Resource != "" {
		fmt.Fprintf(&b, " on %s", printable(w.Resource))
	}
	var context []string
	for _, k := range slices.Sorted(maps.Keys(w.Context)) {
		context = append(context, printable(k)+"="+contextValue(w.Context[k], limit))
	}
	if len(context) > 0 {
		fmt.Fprintf(&b, " with %s", enumerate(context, limit))
	}
	return b.String()
}

// caller names who makes the request of a witness.
func caller(p finding.WitnessPrincipal) string {
	name := printable(p.ARN)
	switch p.Type {
	case "Anonymous":
		return "an anonymous caller"
	case "Federated":
		return strings.TrimSpace("a caller federated by " + name)
	case "CanonicalUser":
		return strings.TrimSpace("canonical user " + name)
	case "Service":
		return strings.TrimSpace("service " + name)
	}
	switch {
	case name != "" && p.Session != "":
		return name + " in the session " + printable(p.Session)
	case name != "":
		return name
	case p.Account != "":
		return "a principal of account " + printable(p.Account)
	}
	return "a principal"
}

// conditional reports whether a request must meet a condition.
func conditional(f finding.Finding) bool { return len(f.Condition) > 0 || terms(f, 1) != "" }

// terms lists the condition keys and values that a request must have although
// the finding's condition does not show them, because they keep nobody out:
// whoever knows the external id, or sends the right header, gets in. What the
// caller and the resource are already tells the values of some keys.
func terms(f finding.Finding, limit int) string {
	if f.Witness == nil {
		return ""
	}
	var out []string
	for _, k := range slices.Sorted(maps.Keys(f.Witness.Context)) {
		if row, ok := knowledge.KeyRow(k); ok && row.Implied {
			continue
		}
		out = append(out, printable(k)+" = "+contextValue(f.Witness.Context[k], limit))
	}
	return enumerate(out, limit)
}

// contextValue writes the values of a context key: one as it is, several in
// brackets.
func contextValue(values []string, limit int) string {
	var shown []string
	for _, v := range values {
		if v == "" || strings.ContainsAny(v, ` ,"[]`) {
			v = quoted(v)
		}
		shown = append(shown, printable(v))
	}
	if len(shown) == 1 {
		return shown[0]
	}
	return "[" + enumerate(shown, limit) + "]"
}

// cut returns at most limit items and how many it left out; one more than the
// limit is not worth leaving out.
func cut[T any](items []T, limit int) ([]T, int) {
	if len(items) <= limit+1 {
		return items, 0
	}
	return items[:limit], len(items) - limit
}

// enumerate joins items with commas, long lists cut.
func enumerate(items []string, limit int) string {
	items, more := cut(items, limit)
	s := strings.Join(items, ", ")
	if more > 0 {
		s += fmt.Sprintf(", and %d more", more)
	}
	return s
}
