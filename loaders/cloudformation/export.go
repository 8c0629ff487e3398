package cloudformation

import (
	"bytes"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Export is an output that other stacks of the same account and Region can
// import.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
type Export struct {
	Path  string // of the template
	Name  value.Text
	Value value.Value
}

// Exports returns what a template exports. It costs next to nothing for one that
// exports nothing.
func Exports(f *source.File, o Options) []Export {
	if !bytes.Contains(f.Content, []byte("Export")) || !Match(f) {
		return nil
	}
	root, _ := parse(f)
	if root.Kind != value.Map {
		return nil
	}
	e := newEvaluator(f, o)
	return e.exports(e.scope(f, root, nil))
}

// exports returns what the outputs of a template export in the world without
// facts.
func (e *evaluator) exports(s *scope) []Export {
	var exports []Export
	e.enter(nil)
	for _, f := range s.section("Outputs").Fields {
		export := f.Value.Get("Export")
		if export.Kind != value.Map {
			continue
		}
		if name, ok := e.text(e.argument(s, export.Get("Name"))); ok {
			exports = append(exports, Export{Path: s.file.Name, Name: name, Value: e.argument(s, f.Value.Get("Value"))})
		}
	}
	return exports
}

// importValue evaluates Fn::ImportValue: what another stack exports. That is
// known if one template exports the name, whatever it stands for: a name that is
// not settled may be exported by a stack that is not here.
func (e *evaluator) importValue(s *scope, v, arg value.Value) value.Value {
	got := e.argument(s, arg)
	if !got.IsScalar() {
		return e.fault(arg.Span, "expected the name of an export for \"Fn::ImportValue\", found %s", got.Kind)
	}
	open := unknown(v.Span, "Fn::ImportValue "+got.Text.String())
	name, known := e.literal(got)
	if !known {
		return open
	}
	var found []Export
	for _, x := range e.options.Exports {
		if literal, known := e.resolved(x.Name).Known(); known && literal == name && x.Path != s.file.Name {
			found = append(found, x)
		}
	}
	if len(found) != 1 || !found[0].Value.IsScalar() || found[0].Value.Kind == value.Unknown {
		return open
	}
	out := found[0].Value
	out.Span, out.Text = v.Span, foreign(out.Text, found[0].Path)
	return out
}

// foreign returns a text of another template: what that does not know keeps its
// name, with the template's before it.
func foreign(t value.Text, path string) value.Text {
	texts := []value.Text{value.Lit(t.Literal)}
	for _, p := range t.Parts {
		text := value.Lit(p.Literal)
		if p.Ref != nil {
			r := *p.Ref
			if r.Is == value.OwnName || r.Is == value.Anything {
				r.Name = path + ": " + r.Name
			}
			text = value.Ref(r)
		}
		texts = append(texts, text)
	}
	return value.Join(texts...)
}
