package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/analysis/archive"
)

// Edits are insertions and deletions of text: what the user wrote stays as it
// is, comments and alignment included.

// AddRules returns the content of a configuration file with more archive rules
// at its end.
func AddRules(name string, content []byte, rules []archive.Rule) ([]byte, error) {
	if strings.HasSuffix(name, ".json") {
		return addJSON(content, rules)
	}
	var b bytes.Buffer
	b.Write(content)
	if len(content) > 0 && !bytes.HasSuffix(content, []byte("\n")) {
		b.WriteByte('\n')
	}
	for i, r := range rules {
		if len(content) > 0 || i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(HCL(r))
	}
	return b.Bytes(), nil
}

// HCL writes a rule as a block. What has to be there and is not is a comment.
func HCL(r archive.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "archive_rule %s {\n", QuoteHCL(r.Name))
	type attribute struct{ name, value string }
	var list []attribute
	width := 0
	for _, a := range []attribute{{"reason", r.Reason}, {"owner", r.Owner}, {"ticket", r.Ticket}, {"expires", r.Expires}, {"max_access", r.MaxAccess}} {
		switch {
		case a.value != "":
			width = max(width, len(a.name))
			list = append(list, attribute{a.name, QuoteHCL(a.value)})
		case a.name == "reason":
			b.WriteString("  # reason = \"...\"  say why the access is intended\n")
		case a.name == "owner":
			b.WriteString("  # owner  = \"...\"  say who answers for it\n")
		}
	}
	for _, a := range list {
		fmt.Fprintf(&b, "  %-*s = %s\n", width, a.name, a.value)
	}
	b.WriteByte('\n')
	for _, c := range r.Filter {
		fmt.Fprintf(&b, "  filter %s {", QuoteHCL(c.Key))
		for _, o := range Operators(c) {
			fmt.Fprintf(&b, " %s = %s", o.Name, HCLValue(o.Value))
		}
		b.WriteString(" }\n")
	}
	b.WriteString("}\n")
	return b.String()
}

// Operator is one of a criterion with what it compares with.
type Operator struct {
	Name  string
	Value any // []string or bool
}

// Operators are those that a criterion has.
func Operators(c archive.Criterion) []Operator {
	var out []Operator
	for _, o := range []struct {
		name   string
		values []string
	}{{"eq", c.Eq}, {"neq", c.Neq}, {"contains", c.Contains}, {"matches", c.Matches}} {
		if len(o.values) > 0 {
			out = append(out, Operator{o.name, o.values})
		}
	}
	if c.Exists != nil {
		out = append(out, Operator{"exists", *c.Exists})
	}
	return out
}

// HCLValue writes the value of an operator in HCL.
func HCLValue(v any) string {
	list, ok := v.([]string)
	if !ok {
		return fmt.Sprint(v)
	}
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = QuoteHCL(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// QuoteHCL writes a string as a template without sequences.
//
// https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#template-expressions
func QuoteHCL(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case (r == '$' || r == '%') && strings.HasPrefix(s[i+1:], "{"):
			b.WriteRune(r)
			b.WriteRune(r)
		case Printable(string(r)) == string(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// RemoveRules returns the content without the archive rules of these names,
// nor the comments directly above them.
func RemoveRules(name string, content []byte, rules []string) ([]byte, error) {
	if strings.HasSuffix(name, ".json") {
		return removeJSON(content, rules)
	}
	file, ds := hclsyntax.ParseConfig(content, name, hcl.InitialPos)
	if ds.HasErrors() {
		return nil, ds
	}
	var cuts [][2]int
	for _, b := range file.Body.(*hclsyntax.Body).Blocks {
		if b.Type == "archive_rule" && len(b.Labels) == 1 && slices.Contains(rules, b.Labels[0]) {
			cuts = append(cuts, wholeLines(content, b.TypeRange.Start.Byte, b.CloseBraceRange.End.Byte))
		}
	}
	if len(cuts) != len(rules) {
		return nil, errors.New("an archive rule is not where it was")
	}
	return cut(content, cuts), nil
}

// cut removes pieces.
func cut(content []byte, cuts [][2]int) []byte {
	slices.SortFunc(cuts, func(a, b [2]int) int { return a[0] - b[0] })
	var out []byte
	at := 0
	for _, c := range cuts {
		out = append(out, content[at:max(at, c[0])]...)
		at = max(at, c[1])
	}
	return append(out, content[at:]...)
}

// wholeLines widens a piece to whole lines, the comment above it and one of the
// empty lines around it.
func wholeLines(content []byte, start, end int) [2]int {
	lineStart := func(i int) int { return bytes.LastIndexByte(content[:i], '\n') + 1 }
	if s := lineStart(start); len(bytes.TrimSpace(content[s:start])) == 0 {
		start = s
	}
	if n := bytes.IndexByte(content[end:], '\n'); n >= 0 && len(bytes.TrimSpace(content[end:end+n])) == 0 {
		end += n + 1
	}
	for start > 0 {
		above := lineStart(start - 1)
		line := bytes.TrimSpace(content[above:start])
		if !bytes.HasPrefix(line, []byte("#")) && !bytes.HasPrefix(line, []byte("//")) {
			break
		}
		start = above
	}
	if start == 0 {
		if n := bytes.IndexByte(content[end:], '\n'); n >= 0 && len(bytes.TrimSpace(content[end:end+n])) == 0 {
			return [2]int{start, end + n + 1}
		}
		return [2]int{start, end}
	}
	if above := lineStart(start - 1); len(bytes.TrimSpace(content[above:start])) == 0 {
		start = above
	}
	return [2]int{start, end}
}

// member is one name of a JSON object with its value.
type member struct {
	name              string
	start, value, end int // of the name, of the value, of both
}

// members returns what the object at an offset holds, and where it ends.
func members(content []byte, offset int) (list []member, end int, err error) {
	d := json.NewDecoder(bytes.NewReader(content[offset:]))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, 0, errors.New("an object is expected")
	}
	at := func() int { return offset + int(d.InputOffset()) }
	skip := func(i int) int {
		for i < len(content) && strings.IndexByte(" \t\r\n,:", content[i]) >= 0 {
			i++
		}
		return i
	}
	for d.More() {
		m := member{start: skip(at())}
		t, err := d.Token()
		if err != nil {
			return nil, 0, err
		}
		m.name, _ = t.(string)
		m.value = skip(at())
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, 0, err
		}
		m.end = at()
		list = append(list, m)
	}
	if _, err := d.Token(); err != nil {
		return nil, 0, err
	}
	return list, at(), nil
}

// addJSON adds rules to the last object of rules that the file has.
func addJSON(content []byte, rules []archive.Rule) ([]byte, error) {
	if len(bytes.TrimSpace(content)) == 0 {
		content = []byte("{}\n")
	}
	start := bytes.IndexByte(content, '{')
	if start < 0 {
		return nil, errors.New("an object is expected")
	}
	list, end, err := members(content, start)
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(rules))
	for i, r := range rules {
		texts[i] = QuoteJSON(r.Name) + ": " + ruleJSON(r)
	}
	for _, m := range slices.Backward(list) {
		if m.name != "archive_rule" {
			continue
		}
		inner, innerEnd, err := members(content, m.value)
		if err != nil {
			return nil, errors.New("archive_rule is a list; rules can only be added to an object")
		}
		return insertJSON(content, inner, innerEnd, texts), nil
	}
	whole := "\"archive_rule\": {\n  " + strings.ReplaceAll(strings.Join(texts, ",\n"), "\n", "\n  ") + "\n}"
	return insertJSON(content, list, end, []string{whole}), nil
}

// insertJSON inserts members before the closing brace of an object, indented
// by two more than it.
func insertJSON(content []byte, list []member, end int, texts []string) []byte {
	closing := end - 1
	line := content[bytes.LastIndexByte(content[:closing], '\n')+1 : closing]
	indent := string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
	at, before := closing, ""
	if len(list) > 0 {
		at, before = list[len(list)-1].end, ","
	}
	var b bytes.Buffer
	b.Write(content[:at])
	for _, t := range texts {
		b.WriteString(before + "\n" + indent + "  " + strings.ReplaceAll(t, "\n", "\n"+indent+"  "))
		before = ","
	}
	b.WriteString("\n" + indent)
	b.Write(content[closing:])
	return b.Bytes()
}

// QuoteJSON writes a JSON string.
func QuoteJSON(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // a string
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// ruleJSON writes what a rule holds. JSON has no comments for what is missing:
// the reader says so.
func ruleJSON(r archive.Rule) string {
	var lines []string
	for _, a := range [][2]string{{"reason", r.Reason}, {"owner", r.Owner}, {"ticket", r.Ticket}, {"expires", r.Expires}, {"max_access", r.MaxAccess}} {
		if a[1] != "" {
			lines = append(lines, "  "+QuoteJSON(a[0])+": "+QuoteJSON(a[1]))
		}
	}
	var filters []string
	for _, c := range r.Filter {
		var parts []string
		for _, o := range Operators(c) {
			parts = append(parts, QuoteJSON(o.Name)+": "+JSONValue(o.Value))
		}
		filters = append(filters, "    "+QuoteJSON(c.Key)+": {"+strings.Join(parts, ", ")+"}")
	}
	lines = append(lines, "  \"filter\": {\n"+strings.Join(filters, ",\n")+"\n  }")
	return "{\n" + strings.Join(lines, ",\n") + "\n}"
}

// JSONValue writes the value of an operator in JSON.
func JSONValue(v any) string {
	list, ok := v.([]string)
	if !ok {
		return fmt.Sprint(v)
	}
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = QuoteJSON(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// removeJSON removes members of the objects of rules, with a comma each.
func removeJSON(content []byte, rules []string) ([]byte, error) {
	start := bytes.IndexByte(content, '{')
	if start < 0 {
		return nil, errors.New("an object is expected")
	}
	list, _, err := members(content, start)
	if err != nil {
		return nil, err
	}
	var cuts [][2]int
	found := 0
	emptied := map[int]bool{} // an object without rules is not allowed
	for i, m := range list {
		if m.name != "archive_rule" {
			continue
		}
		inner, _, err := members(content, m.value)
		if err != nil {
			return nil, errors.New("archive_rule is a list; rules can only be removed from an object")
		}
		gone := map[int]bool{}
		for j, rule := range inner {
			gone[j] = slices.Contains(rules, rule.name)
			if gone[j] {
				found++
			}
		}
		emptied[i] = !slices.ContainsFunc(inner, func(m member) bool { return !slices.Contains(rules, m.name) })
		if !emptied[i] {
			cuts = append(cuts, without(inner, gone)...)
		}
	}
	if found != len(rules) {
		return nil, errors.New("an archive rule is not where it was")
	}
	return cut(content, append(cuts, without(list, emptied)...)), nil
}

// without returns the pieces that hold members, with a comma each.
func without(list []member, gone map[int]bool) [][2]int {
	var cuts [][2]int
	kept := -1 // end of the last member that stays
	for i, m := range list {
		switch {
		case !gone[i]:
			kept = m.end
		case kept >= 0:
			cuts = append(cuts, [2]int{kept, m.end})
		case i+1 < len(list):
			cuts = append(cuts, [2]int{m.start, list[i+1].start})
		default:
			cuts = append(cuts, [2]int{m.start, m.end})
		}
	}
	return cuts
}
