package jsontree

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Piece is a part of a JSON text that is put together from several: a literal
// or a reference to what is not known yet, and where it is written.
type Piece struct {
	Literal string
	Ref     *value.Reference
	Place   Place // of the bytes of Literal; of a reference, for any bytes
}

// Unreadable is what stands for a text in which JSON was expected and that has the
// fault that a diagnostic of ParseText or ParsePieces says: nothing is known of it,
// and its place is the fault's.
func Unreadable(fault source.Diagnostic) value.Value {
	name := "valid JSON"
	if path, at := fault.Where(); at.Line > 0 {
		name = fmt.Sprintf("valid JSON at %s:%d:%d", path, at.Line, at.Column)
	}
	return value.Value{Kind: value.Unknown, Span: fault.Span, Text: value.Ref(value.Reference{Name: name, Fault: fault.Message})}
}

// InStrings reports whether all references of a JSON text stand within strings: they
// decide nothing about its syntax then.
func InStrings(t value.Text) bool {
	quoted := false
	for _, p := range t.Parts {
		if p.Ref != nil && !quoted {
			return false
		}
		for i := 0; i < len(p.Literal); i++ {
			switch {
			case quoted && p.Literal[i] == '\\':
				i++
			case p.Literal[i] == '"':
				quoted = !quoted
			}
		}
	}
	return true
}

// Pieces returns the pieces of a text that is all written at one place.
func Pieces(t value.Text, place Place) []Piece {
	if t.Parts == nil {
		return []Piece{{Literal: t.Literal, Place: place}}
	}
	pieces := make([]Piece, 0, len(t.Parts))
	for _, p := range t.Parts {
		pieces = append(pieces, Piece{Literal: p.Literal, Ref: p.Ref, Place: place})
	}
	return pieces
}

// Marks around the number of a reference in the text that is parsed: inside a
// string, and in place of a whole value.
const (
	markOpen  = '\uE002'
	markClose = '\uE003'
	markWhole = '\uE004'
)

// ParsePieces reads one JSON value. References in it stay: in strings as parts
// of their text, elsewhere as unknown values. In keys they become their names.
func ParsePieces(pieces []Piece) (value.Value, []source.Diagnostic) {
	p := assembled{pieces: pieces}
	var text strings.Builder
	inString, escaped := false, false
	for i, piece := range pieces {
		p.starts = append(p.starts, text.Len())
		if piece.Ref != nil {
			if inString {
				fmt.Fprintf(&text, "%c%d%c", markOpen, i, markClose)
			} else {
				fmt.Fprintf(&text, "\"%c%d%c\"", markWhole, i, markClose)
			}
			continue
		}
		if at := strings.IndexAny(piece.Literal, string(markOpen)+string(markWhole)); at >= 0 {
			return value.Value{}, fail(piece.Place(at, at+3), "expected no character of Unicode's private use area")
		}
		text.WriteString(piece.Literal)
		for _, c := range []byte(piece.Literal) {
			switch {
			case escaped:
				escaped = false
			case c == '\\' && inString:
				escaped = true
			case c == '"':
				inString = !inString
			}
		}
	}
	v, diags := ParseText(text.String(), p.place)
	if len(diags) > 0 {
		return value.Value{}, diags
	}
	return p.restore(v), nil
}

type assembled struct {
	pieces []Piece
	starts []int // where each piece begins in the text
}

func (p *assembled) piece(offset int) int {
	return max(sort.SearchInts(p.starts, offset+1)-1, 0)
}

// place joins the places of the pieces in which a range begins and ends.
func (p *assembled) place(start, end int) source.Span {
	if len(p.pieces) == 0 {
		return source.Span{}
	}
	first := p.piece(start)
	if end <= start {
		return p.pieces[first].Place(start-p.starts[first], start-p.starts[first])
	}
	last := p.piece(end - 1)
	if first == last {
		return p.pieces[first].Place(start-p.starts[first], end-p.starts[first])
	}
	from := p.pieces[first].Place(start-p.starts[first], start-p.starts[first]+1)
	to := p.pieces[last].Place(end-1-p.starts[last], end-p.starts[last])
	if to.File == from.File && to.End >= from.Start {
		from.End = to.End
	}
	return from
}

func (p *assembled) restore(v value.Value) value.Value {
	switch v.Kind {
	case value.String:
		return p.text(v)
	case value.List:
		for i, item := range v.Items {
			v.Items[i] = p.restore(item)
		}
	case value.Map:
		for i, f := range v.Fields {
			if strings.ContainsAny(f.Key, string(markOpen)+string(markWhole)) {
				v.Fields[i].Key = p.text(value.Value{Kind: value.String, Text: value.Lit(f.Key)}).Text.String()
			}
			v.Fields[i].Value = p.restore(f.Value)
		}
	}
	return v
}

func (p *assembled) text(v value.Value) value.Value {
	rest := v.Text.Literal
	if !strings.ContainsAny(rest, string(markOpen)+string(markWhole)) {
		return v
	}
	var texts []value.Text
	for {
		at := strings.IndexAny(rest, string(markOpen)+string(markWhole))
		if at < 0 {
			break
		}
		number, after, _ := strings.Cut(rest[at+len(string(markOpen)):], string(markClose))
		i, err := strconv.Atoi(number)
		if err != nil || i < 0 || i >= len(p.pieces) || p.pieces[i].Ref == nil {
			break // written as an escape sequence: not a mark of ours
		}
		if strings.HasPrefix(rest[at:], string(markWhole)) {
			v.Kind = value.Unknown
		}
		texts = append(texts, value.Lit(rest[:at]), value.Ref(*p.pieces[i].Ref))
		rest = after
	}
	v.Text = value.Join(append(texts, value.Lit(rest))...)
	return v
}
