package rewrite

import (
	stdjson "encoding/json"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/repair"
	"github.com/iaclint/iaclint/analysis/value"
)

// tree is what is to be written: a value, a list, an object, or text as it is.
type tree struct {
	value  repair.Value
	bare   bool // the value is not a string
	fields []field
	items  []tree
	block  []field // of HCL
	raw    string  // an expression
	inline bool    // the object is on one line
	call   string  // the function that an object is an argument of
	entry  string  // a key with its value, as it is written elsewhere
}

type field struct {
	key string // "" is an empty line
	tree
}

func conditionTree(list []repair.Condition) tree {
	var out tree
	for _, c := range list {
		at := -1
		for i, f := range out.fields {
			if f.key == c.Operator {
				at = i
			}
		}
		if at < 0 {
			at = len(out.fields)
			out.fields = append(out.fields, field{c.Operator, tree{}})
		}
		out.fields[at].fields = append(out.fields[at].fields, field{c.Key, valuesTree(c.Values)})
	}
	return out
}

func valuesTree(values []repair.Value) tree {
	if len(values) == 1 {
		return tree{value: values[0]}
	}
	return listTree(values)
}

func listTree(values []repair.Value) tree {
	out := tree{items: []tree{}}
	for _, v := range values {
		out.items = append(out.items, tree{value: v})
	}
	return out
}

// copied is an entry as it is written.
func (w *writer) copied(n *node) tree {
	return tree{entry: string(w.content[n.from:n.end])}
}

// layout is how the entries of a node are written.
type layout struct {
	style        style
	multi        bool   // each on lines of its own
	indent, unit string // of the entries, and of what is in them besides
	separator    string // between key and value
	comma        string // between entries on one line
	quoted       bool   // keys are, also where that is not needed
	nl           string
}

func (w *writer) layout(n *node) layout {
	l := layout{style: n.style, unit: "  ", separator: ": ", comma: ", ", nl: w.newline()}
	switch n.style {
	case hclStyle, rootStyle:
		l.separator = " = "
	case json:
		l.quoted = true
	}
	if len(n.children) == 0 {
		l.indent = w.indent(n.start) + l.unit
		return l
	}
	first := n.children[0]
	if n.style == indented {
		l.multi, l.indent = true, strings.Repeat(" ", first.from-w.lineStart(first.from))
		l.unit = w.unitOfYAML()
		return l
	}
	l.multi = strings.Contains(string(w.content[n.start:first.from]), "\n")
	l.indent = w.indent(first.from)
	if outer := w.indent(n.start); l.multi && strings.HasPrefix(l.indent, outer) && len(l.indent) > len(outer) {
		l.unit = l.indent[len(outer):]
	}
	if n.kind == object && first.key != "" && first.start > first.from {
		key := string(w.content[first.from:first.start])
		switch colon := strings.LastIndexByte(key, ':'); {
		case n.style == hclStyle && colon > 0 && strings.TrimSpace(key[colon+1:]) == "":
			l.separator = ": "
		case n.style != hclStyle && strings.HasSuffix(key, ":"):
			l.separator = ":"
			l.comma = ","
		}
		l.quoted = key[0] == '"'
	}
	return l
}

func (w *writer) newline() string {
	if strings.Contains(string(w.content[:min(len(w.content), 1<<16)]), "\r\n") {
		return "\r\n"
	}
	return "\n"
}

func (w *writer) lineStart(at int) int {
	for at > 0 && w.content[at-1] != '\n' {
		at--
	}
	return at
}

// indent returns the white space that the line of a place begins with.
func (w *writer) indent(at int) string {
	start := w.lineStart(at)
	end := start
	for end < at && (w.content[end] == ' ' || w.content[end] == '\t') {
		end++
	}
	return string(w.content[start:end])
}

// unitOfYAML is what the first nested mapping of the file is indented by.
func (w *writer) unitOfYAML() string {
	for n := w.root; n != nil && len(n.children) > 0; n = n.children[0] {
		if n.kind != object || n.style != indented {
			continue
		}
		for _, c := range n.children {
			if c.kind == object && c.style == indented && len(c.children) > 0 {
				inner := c.children[0].from - w.lineStart(c.children[0].from)
				if outer := c.from - w.lineStart(c.from); inner > outer {
					return strings.Repeat(" ", inner-outer)
				}
			}
		}
	}
	return "  "
}

// scalar writes a value in a style.
func (w *writer) scalar(s style, v repair.Value) (string, error) {
	if v.Is != value.Anything {
		return w.reference(s, v.Is)
	}
	if s == indented && plainScalar().MatchString(v.Text) && !notPlain[strings.ToLower(v.Text)] {
		return v.Text, nil
	}
	return w.quote(s, v.Text), nil
}

// notPlain are words that YAML takes for something else than a text.
//
// https://yaml.org/type/bool.html
var notPlain = map[string]bool{"true": true, "false": true, "yes": true, "no": true, "on": true, "off": true, "y": true, "n": true, "null": true}

// reference writes what stands for something of the deployment.
func (w *writer) reference(s style, is value.Meaning) (string, error) {
	if is != value.OwnAccount {
		return "", unwritable("there is no expression for it")
	}
	const account = "AWS::AccountId"
	switch {
	case (w.env == module || w.env == template) && w.code.Account == "":
		return "", unwritable("the module has no aws_caller_identity")
	case w.env == module:
		return w.code.Account, nil
	case w.env == template:
		return `"${` + w.code.Account + `}"`, nil
	case w.env == stack && s == json:
		return `{"Ref": "` + account + `"}`, nil
	case w.env == stack:
		return "!Ref " + account, nil
	case w.env == sub:
		return `"${` + account + `}"`, nil
	}
	return "", unwritable("nothing here stands for your account")
}

// quote writes a text as a string in double quotes.
func (w *writer) quote(s style, text string) string {
	raw, err := stdjson.Marshal(text)
	if err != nil {
		panic(err) // any string can be
	}
	out := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(raw))
	switch w.env {
	case module, template:
		out = strings.NewReplacer("${", "$${", "%{", "%%{").Replace(out)
	case sub:
		out = strings.ReplaceAll(out, "${", "${!")
	}
	return out
}

var plainScalar = once.Regexp(`^[A-Za-z]([A-Za-z0-9:/._-]*[A-Za-z0-9/_-])?$`)

// like writes a text as another one is written: without quotes if that has none.
func (w *writer) like(n *node, v repair.Value) (string, error) {
	if raw := w.content[n.start:n.end]; v.Is == value.Anything && (n.style == indented || n.style == flow) && len(raw) > 0 && plainScalar().MatchString(v.Text) {
		switch raw[0] {
		case '\'':
			return "'" + v.Text + "'", nil
		case '"':
		default:
			return v.Text, nil
		}
	}
	return w.scalar(n.style, v)
}

var identifier = once.Regexp(`^[A-Za-z_][A-Za-z0-9_-]*$`)

func (w *writer) key(key string, l layout) string {
	switch {
	case l.style == hclStyle && !l.quoted && identifier().MatchString(key):
		return key
	case (l.style == indented || l.style == flow) && plainScalar().MatchString(key) && !l.quoted:
		return key
	}
	return w.quote(l.style, key)
}

// entry writes a key and its value.
func (w *writer) entry(f field, l layout) (string, error) {
	if f.entry != "" {
		return f.entry, nil
	}
	nested := l.style == indented && (len(f.fields) > 0 || f.items != nil)
	text, err := w.tree(f.tree, l)
	if nested {
		return w.key(f.key, l) + ":" + l.nl + l.indent + l.unit + text, err
	}
	return w.key(f.key, l) + l.separator + text, err
}

// tree writes a value as that of an entry of a layout. A mapping of YAML begins
// behind its indentation.
func (w *writer) tree(t tree, l layout) (string, error) {
	inner := l
	inner.indent += l.unit
	switch {
	case t.raw != "":
		return t.raw, nil
	case t.entry != "":
		return t.entry, nil
	case len(t.fields) > 0:
		if t.inline && l.style != indented {
			l.multi, inner.multi = false, false
		}
		var parts []string
		for _, f := range t.fields {
			part, err := w.entry(f, inner)
			if err != nil {
				return "", err
			}
			parts = append(parts, part)
		}
		if l.style == hclStyle && l.multi && l.separator == " = " {
			parts = alignedParts(parts)
		}
		if t.call != "" {
			return t.call + "(" + enclose(parts, "{", "}", l, inner) + ")", nil
		}
		return enclose(parts, "{", "}", l, inner), nil
	case t.items != nil:
		var parts []string
		for _, item := range t.items {
			of := inner
			if l.style == indented {
				of.unit = "  "
			}
			part, err := w.tree(item, of)
			if err != nil {
				return "", err
			}
			if l.style == indented {
				part = "- " + part
			}
			parts = append(parts, part)
		}
		l.multi = l.multi && (l.style == indented || len(t.items) > 0 && len(t.items[0].fields) > 0)
		return enclose(parts, "[", "]", l, inner), nil
	case t.bare:
		return t.value.Text, nil
	}
	return w.scalar(l.style, t.value)
}

// alignedParts puts the equals signs of entries that stand together below each
// other, as "terraform fmt" does: those of one line each.
func alignedParts(parts []string) []string {
	out := slices.Clone(parts)
	for from := 0; from < len(out); {
		to, width := from, 0
		for ; to < len(out) && !strings.Contains(out[to], "\n"); to++ {
			key, _, found := strings.Cut(out[to], "=")
			if !found {
				break
			}
			width = max(width, len(strings.TrimRight(key, " ")))
		}
		for i := from; i < to; i++ {
			key, value, _ := strings.Cut(out[i], "=")
			key = strings.TrimRight(key, " ")
			out[i] = key + strings.Repeat(" ", width-len(key)) + " = " + strings.TrimLeft(value, " ")
		}
		from = to + 1
	}
	return out
}

func enclose(parts []string, opening, closing string, l, inner layout) string {
	switch {
	case l.style == indented:
		return strings.Join(parts, l.nl+inner.indent)
	case l.multi && l.style == hclStyle:
		return opening + l.nl + inner.indent + strings.Join(parts, l.nl+inner.indent) + l.nl + l.indent + closing
	case l.multi:
		return opening + l.nl + inner.indent + strings.Join(parts, ","+l.nl+inner.indent) + l.nl + l.indent + closing
	case l.style == hclStyle && opening == "{":
		return "{ " + strings.Join(parts, l.comma) + " }"
	}
	return opening + strings.Join(parts, l.comma) + closing
}
