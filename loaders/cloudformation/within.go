package cloudformation

import (
	"strconv"
	"strings"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// LoadWithin reads a template that is part of other code: as values, or as text, in
// either of which things may not be known. What is in it has its places in the code.
func LoadWithin(t catalog.Template, o Options) resource.Stack {
	f := t.File
	if f == nil {
		f = source.NewFile("", nil)
	}
	e := newEvaluator(f, o)
	e.values = t.Parameters
	root := t.Tree
	if root.Kind == value.Absent {
		root = e.ofPieces(t.Pieces)
	}
	stack := resource.Stack{Path: f.Name}
	if root.Kind == value.Map {
		e.deployment = t.Scope
		stack = e.stack(root)
	} else {
		if root.Kind != value.Absent {
			e.errorf(root.Span, "expected a template: an object with \"Resources\", found %s", root.Kind)
		}
		stack.Diagnostics = e.diags
	}
	stack.Path = "" // others cannot name it
	return stack
}

// ofPieces reads a template from its text. What is not known stays a reference in the
// strings that it is in.
func (e *evaluator) ofPieces(pieces []jsontree.Piece) value.Value {
	var text strings.Builder
	var starts []int
	refs := map[string]value.Reference{}
	for i, p := range pieces {
		starts = append(starts, text.Len())
		if p.Ref == nil {
			text.WriteString(p.Literal)
			continue
		}
		mark := "iaclintReference" + strconv.Itoa(i) + "x" // no syntax of YAML or JSON
		refs[mark] = *p.Ref
		text.WriteString(mark)
	}
	where := func(start, end int) source.Span {
		at := func(offset int) source.Span {
			i := len(starts) - 1
			for i > 0 && starts[i] > offset {
				i--
			}
			return pieces[i].Place(offset-starts[i], offset-starts[i]+1)
		}
		from, to := at(start), at(max(end-1, start))
		if from.File == to.File && to.End >= from.Start {
			from.End = to.End
		}
		return from
	}
	if len(pieces) == 1 && pieces[0].Ref == nil {
		where = pieces[0].Place
	}
	if len(refs) > 0 && isJSON([]byte(text.String())) {
		root, diags := jsontree.ParsePieces(pieces)
		e.diags = append(e.diags, diags...)
		return root
	}
	root, diags := parse(source.NewFile(e.input.Name, []byte(text.String())))
	for _, d := range diags {
		d.Span = where(d.Span.Start, d.Span.End)
		d.Path = d.Span.Path()
		if d.Path == "" {
			d.Path = e.input.Name
		}
		e.diags = append(e.diags, d)
	}
	return restored(moved(root, where), refs)
}

// restored puts references in the place of their marks.
func restored(v value.Value, refs map[string]value.Reference) value.Value {
	if len(refs) == 0 {
		return v
	}
	switch v.Kind {
	case value.String:
		v.Text = restoredText(v.Text.Literal, refs)
		if len(v.Text.Parts) == 1 {
			v.Kind = value.Unknown
		}
	case value.List:
		for i := range v.Items {
			v.Items[i] = restored(v.Items[i], refs)
		}
	case value.Map:
		for i, f := range v.Fields {
			v.Fields[i].Key = restoredText(f.Key, refs).String()
			v.Fields[i].Value = restored(f.Value, refs)
		}
	}
	return v
}

func restoredText(s string, refs map[string]value.Reference) value.Text {
	const mark = "iaclintReference"
	var texts []value.Text
	for {
		at := strings.Index(s, mark)
		if at < 0 {
			break
		}
		end := strings.IndexByte(s[at+len(mark):], 'x')
		if end < 0 {
			break
		}
		end += at + len(mark) + 1
		texts = append(texts, value.Lit(s[:at]))
		if r, ok := refs[s[at:end]]; ok {
			texts = append(texts, value.Ref(r))
		} else {
			texts = append(texts, value.Lit(s[at:end]))
		}
		s = s[end:]
	}
	return value.Join(append(texts, value.Lit(s))...)
}
