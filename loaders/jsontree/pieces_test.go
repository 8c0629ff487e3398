package jsontree

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

func TestParsePieces(t *testing.T) {
	file := source.NewFile("a", []byte(`{"Statement": {"a": "x${P}y", "${P}:sub": 1, "n": ${P}}}`))
	lit := func(start, end int) Piece {
		return Piece{Literal: string(file.Content[start:end]), Place: Within(file, start)}
	}
	ref := func(start, end int) Piece {
		return Piece{Ref: &value.Reference{Name: "P"}, Place: At(source.Span{File: file, Start: start, End: end})}
	}
	v, diags := ParsePieces([]Piece{lit(0, 22), ref(22, 26), lit(26, 31), ref(31, 35), lit(35, 50), ref(50, 54), lit(54, 56)})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	s := v.Get("Statement")
	if got := s.Get("a"); got.Kind != value.String || got.Text.String() != "x${P}y" || got.Span.Text() != `"x${P}y"` {
		t.Errorf("a is %v %q at %q", got.Kind, got.Text, got.Span.Text())
	}
	if got := s.Fields[1]; got.Key != "${P}:sub" || got.KeySpan.Text() != `"${P}:sub"` {
		t.Errorf("key %q at %q", got.Key, got.KeySpan.Text())
	}
	if got := s.Get("n"); got.Kind != value.Unknown || got.Text.String() != "${P}" || got.Span.Text() != `${P}` {
		t.Errorf("n is %v %q at %q", got.Kind, got.Text, got.Span.Text())
	}
	if v.Span.Text() != string(file.Content) {
		t.Errorf("all of it is at %q", v.Span.Text())
	}
}

// A text cannot pass for a reference.
func TestForgedMarks(t *testing.T) {
	for _, in := range []string{`{"a": "` + "\uE0020\uE003" + `"}`, `{"a": "\ue0020\ue003"}`, `{"a": "\ue0040\ue003", "b": "\ue002"}`} {
		file := source.NewFile("a", []byte(in))
		v, diags := ParsePieces([]Piece{{Literal: in, Place: Within(file, 0)}})
		if len(diags) == 0 && v.Get("a").Text.Parts != nil {
			t.Errorf("%q has references", in)
		}
	}
}

func FuzzParsePieces(f *testing.F) {
	f.Add(`{"a": "`, `", "b": 1}`)
	f.Add(`{"a": `, `}`)
	f.Add(`{"\ue0021\ue003`, `": "\\"}`)
	f.Fuzz(func(t *testing.T, before, after string) {
		file := source.NewFile("a", []byte(before+"$"+after))
		at := len(before)
		v, diags := ParsePieces([]Piece{
			{Literal: before, Place: Within(file, 0)},
			{Ref: &value.Reference{Name: "P"}, Place: At(source.Span{File: file, Start: at, End: at + 1})},
			{Literal: after, Place: Within(file, at+1)},
		})
		for _, d := range diags {
			checkSpan(t, d.Span)
		}
		if len(diags) == 0 {
			spans(t, v)
		}
	})
}

func spans(t *testing.T, v value.Value) {
	checkSpan(t, v.Span)
	for _, i := range v.Items {
		spans(t, i)
	}
	for _, f := range v.Fields {
		checkSpan(t, f.KeySpan)
		spans(t, f.Value)
	}
}
