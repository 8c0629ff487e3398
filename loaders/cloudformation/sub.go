package cloudformation

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// sub evaluates Fn::Sub: a string, or a list of one and the values of its
// variables.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
func (e *evaluator) sub(s *scope, v, arg value.Value) value.Value {
	template, variables := arg, value.Value{}
	if arg.Kind == value.List {
		if len(arg.Items) != 2 {
			return e.fault(arg.Span, "expected a string, or a list of a string and an object, for \"Fn::Sub\", found %s", described(arg))
		}
		template, variables = arg.Items[0], arg.Items[1]
		if variables.Kind != value.Map {
			return e.fault(variables.Span, "expected the variables of \"Fn::Sub\" as an object, found %s", variables.Kind)
		}
	}
	if template.Kind == value.Map { // not allowed, but some write it
		template = e.argument(s, template)
	}
	if !template.IsScalar() {
		return e.fault(template.Span, "expected a string for \"Fn::Sub\", found %s", template.Kind)
	}
	b := subbing{e: e, s: s, span: v.Span, variables: variables}
	if template.Text.Parts == nil {
		b.literal(template.Text.Literal, place(template))
	}
	for _, p := range template.Text.Parts { // of other code that the template is part of
		if p.Ref != nil {
			b.texts = append(b.texts, value.Ref(*p.Ref))
			b.pieces = append(b.pieces, jsontree.Piece{Ref: p.Ref, Place: jsontree.At(template.Span)})
			continue
		}
		b.literal(p.Literal, jsontree.At(template.Span))
	}
	if b.failed != nil {
		return *b.failed
	}
	out := value.Value{Kind: value.String, Span: v.Span, Text: value.Join(b.texts...)}
	if !e.spend(v.Span, length(out.Text)) {
		return unknown(v.Span, "too much text")
	}
	if e.inside == 0 && mayBePolicyText(out.Text) {
		out, _ = readPolicy(out, b.pieces)
		return out
	}
	out.Text = resolveDynamic(out.Text)
	return out
}

// subbing is one evaluation of Fn::Sub.
type subbing struct {
	e         *evaluator
	s         *scope
	span      source.Span
	variables value.Value
	texts     []value.Text
	pieces    []jsontree.Piece
	failed    *value.Value
}

func (b *subbing) fail(v value.Value) { b.failed = &v }

// literal adds a text as it is written, with its variables evaluated.
func (b *subbing) literal(text string, where jsontree.Place) {
	e, s := b.e, b.s
	literal := func(start, end int) {
		more, places := s.unmarked(text[start:end], shifted(where, start))
		b.texts, b.pieces = append(b.texts, more...), append(b.pieces, places...)
	}
	from := 0
	for b.failed == nil {
		at := strings.Index(text[from:], "${")
		if at < 0 {
			break
		}
		at += from
		n := strings.IndexByte(text[at:], '}')
		if n < 0 {
			break
		}
		end := at + n + 1
		literal(from, at)
		if !e.seek(b.span, len(text)+16*len(b.variables.Fields)) {
			b.fail(unknown(b.span, "too much text"))
			return
		}
		name := strings.TrimSpace(text[at+2 : end-1])
		from = end
		if strings.HasPrefix(name, "!") {
			// ${!Literal} is ${Literal}.
			b.texts = append(b.texts, value.Lit("${"+name[1:]+"}"))
			b.pieces = append(b.pieces, jsontree.Piece{Literal: "${" + name[1:] + "}", Place: jsontree.At(where(at, end))})
			continue
		}
		got := e.variable(s, b.variables, name, where(at, end))
		if !got.IsScalar() {
			if got.Kind != value.Absent {
				b.fail(e.fault(where(at, end), "expected a string for %q in \"Fn::Sub\", found %s", "${"+name+"}", got.Kind))
				return
			}
			continue
		}
		b.texts = append(b.texts, got.Text)
		b.pieces = append(b.pieces, jsontree.Pieces(got.Text, jsontree.At(where(at, end)))...)
	}
	literal(from, len(text))
}

// shifted is the Place of the rest of a text.
func shifted(where jsontree.Place, by int) jsontree.Place {
	return func(start, end int) source.Span { return where(start+by, end+by) }
}

// variable returns the value of ${name}.
func (e *evaluator) variable(s *scope, variables value.Value, name string, span source.Span) value.Value {
	if v := variables.Get(name); v.Kind != value.Absent {
		return e.argument(s, v)
	}
	switch {
	case name == "":
		return e.fault(span, "expected a name in \"${}\" of \"Fn::Sub\"")
	case pseudoOrOwn(s, name):
		return e.named2(s, name, span, span)
	case strings.HasPrefix(name, "aws:"), strings.Contains(name, ":") && !strings.HasPrefix(name, "AWS::"):
		return e.fault(span, "%q is not a variable of the template; to leave a policy variable in the text, write %q", "${"+name+"}", "${!"+name+"}")
	}
	if id, attribute, dotted := strings.Cut(name, "."); dotted {
		return e.attributeOf(s, id, attribute, span, span)
	}
	return e.named2(s, name, span, span)
}

func pseudoOrOwn(s *scope, name string) bool {
	_, ok := pseudo[name]
	return ok || s.parameters[name] != nil || s.resources[name] != nil
}
