package cloudformation

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// functions are the intrinsic functions that give a value. The first value is
// the whole call, the second its argument, as written.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
var functions map[string]func(e *evaluator, s *scope, call, arg value.Value) value.Value

func init() { // the functions call each other through the table
	functions = map[string]func(e *evaluator, s *scope, call, arg value.Value) value.Value{
		"Fn::Base64":       (*evaluator).base64,
		"Fn::Cidr":         (*evaluator).cidr,
		"Fn::FindInMap":    (*evaluator).findInMap,
		"Fn::GetAZs":       (*evaluator).getAZs,
		"Fn::GetAtt":       (*evaluator).getAtt,
		"Fn::If":           (*evaluator).fnIf,
		"Fn::ImportValue":  (*evaluator).importValue,
		"Fn::Join":         (*evaluator).join,
		"Fn::Length":       (*evaluator).length,
		"Fn::Select":       (*evaluator).selectItem,
		"Fn::Split":        (*evaluator).split,
		"Fn::Sub":          (*evaluator).sub,
		"Fn::ToJsonString": (*evaluator).toJSONString,
		"Fn::Transform":    (*evaluator).transform,
	}
}

// elsewhere are functions that have a meaning in other places of a template.
var elsewhere = []string{
	"Fn::And", "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::Equals", "Fn::Not", "Fn::Or",
	"Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll",
}

// call evaluates an object whose only key is a function.
func (e *evaluator) call(s *scope, v value.Value) value.Value {
	f := v.Fields[0]
	fn := functions[f.Key]
	switch {
	case fn != nil:
		return fn(e, s, v, f.Value)
	case contains(elsewhere, f.Key):
		return e.fault(f.KeySpan, "%q gives no value: it may only stand in a condition or rule", f.Key)
	}
	return e.fault(f.KeySpan, "function %q is unknown%s", f.Key, e.suggest(f.Key, func() []string { return keys(functions) }))
}

// fnIf evaluates Fn::If to the branch that holds. What it gives is as if the
// branch stood in its place.
func (e *evaluator) fnIf(s *scope, v, arg value.Value) value.Value {
	if arg.Kind != value.List || len(arg.Items) != 3 {
		return e.fault(arg.Span, "expected a list of a condition and two values for \"Fn::If\", found %s", described(arg))
	}
	var t truth
	switch c := arg.Items[0]; {
	case c.Kind == value.String && c.Text.Parts == nil:
		t = e.consult(s, c.Text.Literal, c.Span)
	case c.Kind == value.Map:
		o := e.condition(s, c)
		if t = o.truth; t == undecided && e.need == nil {
			e.need = o.atom
		}
	default:
		return e.fault(c.Span, "expected the name of a condition for \"Fn::If\", found %s", c.Kind)
	}
	switch t {
	case holds:
		branch, _ := e.value(s, arg.Items[1])
		return branch
	case fails:
		branch, _ := e.value(s, arg.Items[2])
		return branch
	}
	return unknown(v.Span, "condition "+s.prefix+arg.Items[0].Text.String())
}

// join evaluates Fn::Join.
func (e *evaluator) join(s *scope, v, arg value.Value) value.Value {
	if arg.Kind != value.List || len(arg.Items) != 2 {
		return e.fault(arg.Span, "expected a delimiter and a list of values for \"Fn::Join\", found %s", described(arg))
	}
	delimiter := e.argument(s, arg.Items[0])
	if !delimiter.IsScalar() {
		return e.fault(arg.Items[0].Span, "expected a string as delimiter of \"Fn::Join\", found %s", delimiter.Kind)
	}
	list := e.argument(s, arg.Items[1])
	switch list.Kind {
	case value.List:
	case value.Unknown:
		name := list.Text.References()
		return value.Value{Kind: value.String, Span: v.Span, Text: value.Ref(value.Reference{Name: strings.Join(name, ", ")})}
	default:
		return e.fault(arg.Items[1].Span, "expected a list of values for \"Fn::Join\", found %s", list.Kind)
	}
	for _, item := range list.Items {
		if !item.IsScalar() {
			return e.fault(item.Span, "expected a string in the list of \"Fn::Join\", found %s", item.Kind)
		}
	}
	out := joined(list.Items, delimiter.Text, v.Span)
	if !e.spend(v.Span, length(out.Text)) {
		return unknown(v.Span, "too much text")
	}
	if e.inside == 0 && mayBePolicyText(out.Text) {
		var pieces []jsontree.Piece
		for i, item := range list.Items {
			if i > 0 {
				pieces = append(pieces, jsontree.Pieces(delimiter.Text, jsontree.At(item.Span))...)
			}
			pieces = append(pieces, piecesOf(item)...)
		}
		out, _ = readPolicy(out, pieces)
		return out
	}
	out.Text = resolveDynamic(out.Text)
	return out
}

// joined returns the texts of scalars with a delimiter between them.
func joined(items []value.Value, delimiter value.Text, span source.Span) value.Value {
	texts := make([]value.Text, 0, 2*len(items))
	for i, item := range items {
		if i > 0 {
			texts = append(texts, delimiter)
		}
		texts = append(texts, item.Text)
	}
	return value.Value{Kind: value.String, Span: span, Text: value.Join(texts...)}
}

func length(t value.Text) int {
	n := len(t.Literal)
	for _, p := range t.Parts {
		n += len(p.Literal)
	}
	return n
}

// selectItem evaluates Fn::Select.
func (e *evaluator) selectItem(s *scope, v, arg value.Value) value.Value {
	if arg.Kind != value.List || len(arg.Items) != 2 {
		return e.fault(arg.Span, "expected an index and a list for \"Fn::Select\", found %s", described(arg))
	}
	index := e.argument(s, arg.Items[0])
	list := e.argument(s, arg.Items[1])
	if !index.IsScalar() {
		return e.fault(arg.Items[0].Span, "expected a number as index of \"Fn::Select\", found %s", index.Kind)
	}
	text, known := e.literal(index)
	if list.Kind == value.Unknown || !known {
		return unknown(v.Span, fmt.Sprintf("item %s of %s", index.Text, describedList(list)))
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return e.fault(arg.Items[0].Span, "expected a number as index of \"Fn::Select\", found %q", text)
	}
	if list.Kind != value.List {
		return e.fault(arg.Items[1].Span, "expected a list for \"Fn::Select\", found %s", list.Kind)
	}
	if n < 0 || n >= len(list.Items) {
		return e.fault(arg.Items[0].Span, "\"Fn::Select\" asks for item %d of a list of %d, counted from 0", n, len(list.Items))
	}
	item := list.Items[n]
	if item.Kind == value.String || item.Kind == value.Unknown {
		item.Span = v.Span
	}
	return item
}

func describedList(v value.Value) string {
	if names := v.Text.References(); len(names) > 0 {
		return strings.Join(names, ", ")
	}
	return "a list"
}

// split evaluates Fn::Split.
func (e *evaluator) split(s *scope, v, arg value.Value) value.Value {
	if arg.Kind != value.List || len(arg.Items) != 2 {
		return e.fault(arg.Span, "expected a delimiter and a string for \"Fn::Split\", found %s", described(arg))
	}
	delimiter, text := e.argument(s, arg.Items[0]), e.argument(s, arg.Items[1])
	if !delimiter.IsScalar() {
		return e.fault(arg.Items[0].Span, "expected a string as delimiter of \"Fn::Split\", found %s", delimiter.Kind)
	}
	if !text.IsScalar() {
		return e.fault(arg.Items[1].Span, "expected a string for \"Fn::Split\", found %s", text.Kind)
	}
	by, known := e.literal(delimiter)
	if known && by == "" {
		return e.fault(arg.Items[0].Span, "expected a delimiter for \"Fn::Split\" that is not empty")
	}
	parts, ok := splitText(text.Text, by)
	if !known || !ok {
		return unknown(v.Span, "parts of "+describedList(text))
	}
	if !e.spend(v.Span, 16*len(parts)) {
		return unknown(v.Span, "too much text")
	}
	list := value.Value{Kind: value.List, Span: v.Span, Items: make([]value.Value, 0, len(parts))}
	for _, t := range parts {
		list.Items = append(list.Items, value.Value{Kind: value.String, Span: text.Span, Text: t})
	}
	return list
}

// splitText splits a text at a delimiter. It fails if a reference may have the
// delimiter in it.
func splitText(t value.Text, by string) ([]value.Text, bool) {
	if t.Parts == nil {
		var out []value.Text
		for _, s := range strings.Split(t.Literal, by) {
			out = append(out, value.Lit(s))
		}
		return out, true
	}
	out := []value.Text{{}}
	last := func(t value.Text) { out[len(out)-1] = value.Join(out[len(out)-1], t) }
	for _, p := range t.Parts {
		if p.Ref != nil {
			if mayContain(p.Ref, by) {
				return nil, false
			}
			last(value.Ref(*p.Ref))
			continue
		}
		for i, s := range strings.Split(p.Literal, by) {
			if i > 0 {
				out = append(out, value.Text{})
			}
			last(value.Lit(s))
		}
	}
	// A delimiter of several characters could begin in one part and end in the next.
	return out, len(by) == 1
}

// mayContain reports whether a value that is not known may have a text in it.
func mayContain(r *value.Reference, s string) bool {
	switch r.Is {
	case value.OwnName:
		return !strings.ContainsAny(s, ":/*,| ")
	case value.OwnAccount:
		return strings.Trim(s, "0123456789") == ""
	case value.OwnRegion, value.OwnPartition, value.OwnOrganization:
		return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
	case value.OwnSuffix:
		return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-.") == ""
	}
	if r.Values == nil {
		return true
	}
	for _, v := range r.Values {
		if strings.Contains(v, s) {
			return true
		}
	}
	return false
}

// base64 evaluates Fn::Base64.
func (e *evaluator) base64(s *scope, v, arg value.Value) value.Value {
	got := e.argument(s, arg)
	if !got.IsScalar() {
		return e.fault(arg.Span, "expected a string for \"Fn::Base64\", found %s", got.Kind)
	}
	text, known := got.Text.Known()
	if !known || !e.spend(v.Span, len(text)) {
		return unknown(v.Span, "Fn::Base64 of "+describedList(got))
	}
	return value.Value{Kind: value.String, Span: v.Span, Text: value.Lit(base64.StdEncoding.EncodeToString([]byte(text)))}
}

// getAZs evaluates Fn::GetAZs: which zones an account has only AWS knows.
func (e *evaluator) getAZs(s *scope, v, arg value.Value) value.Value {
	if got := e.argument(s, arg); !got.IsScalar() && got.Kind != value.Null {
		return e.fault(arg.Span, "expected a region for \"Fn::GetAZs\", found %s", got.Kind)
	}
	return unknown(v.Span, "Fn::GetAZs")
}

// length evaluates Fn::Length.
func (e *evaluator) length(s *scope, v, arg value.Value) value.Value {
	got := e.argument(s, arg)
	switch got.Kind {
	case value.List:
		return value.Value{Kind: value.Number, Span: v.Span, Text: value.Lit(strconv.Itoa(len(got.Items)))}
	case value.Unknown:
		return unknown(v.Span, "length of "+describedList(got))
	}
	return e.fault(arg.Span, "expected a list for \"Fn::Length\", found %s", got.Kind)
}
