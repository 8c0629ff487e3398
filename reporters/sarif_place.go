package reporters

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// sarifPlace is a place as code scanning wants it: one line of a file of the
// repository. An alert is shown on a pull request only if all of its lines are
// part of the change, so a region never reaches over its first line.
type sarifPlace struct {
	path      string
	region    sarifRegion
	span      source.Span // zero when the file is not at hand
	message   string
	statement string // the words that link to a statement
}

// location writes the place.
func (p sarifPlace) location(message string) sarifLocation {
	l := sarifLocation{Physical: &sarifPhysical{Artifact: artifact(p.path), Region: &p.region}}
	if message != "" {
		l.Message = &sarifMessage{unlinked(message)}
	}
	return l
}

func artifact(path string) sarifArtifact { return sarifArtifact{relativeURI(path), sourceRoot} }

func placeOfSpan(s source.Span) sarifPlace {
	start, end := s.Range(source.UTF16)
	if end.Line != start.Line {
		end = source.Position{Line: start.Line, Column: units(s.File.Line(start.Line)) + 1}
	}
	return sarifPlace{path: s.Path(), span: s, region: sarifRegion{start.Line, start.Column, start.Line, max(end.Column, start.Column)}}
}

// units counts the UTF-16 code units of a text.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// placeOfLocation keeps columns that count characters: without the file nothing
// tells which of them are two code units.
func placeOfLocation(l finding.Location) sarifPlace {
	if l.StartLine < 1 {
		return sarifPlace{path: l.Path, region: firstCharacter}
	}
	start, end := max(l.StartColumn, 1), l.EndColumn
	if l.EndLine != l.StartLine || end <= start {
		end = start + 1
	}
	return sarifPlace{path: l.Path, region: sarifRegion{l.StartLine, start, l.StartLine, end}}
}

// firstCharacter is the region where no line is known.
var firstCharacter = sarifRegion{1, 1, 1, 2}

// home is the place of a finding: where access is granted, if that is in the
// repository, else the nearest place that led to it, such as the call of a module
// that was fetched, else the resource's file.
func home(f finding.Finding) sarifPlace {
	var places []sarifPlace
	if !f.Span.IsZero() {
		places = append(places, placeOfSpan(f.Span))
	}
	if f.Location != nil {
		places = append(places, placeOfLocation(*f.Location))
	}
	for i := len(f.Related) - 1; i >= 0; i-- {
		if s := f.Related[i].Span; !s.IsZero() {
			places = append(places, placeOfSpan(s))
		}
	}
	places = append(places, sarifPlace{path: f.Path, region: firstCharacter})
	for _, p := range places {
		if inRepository(p.path) {
			return p
		}
	}
	return places[0]
}

// alsoAt returns where the other resources of a finding's cause are declared.
func alsoAt(f finding.Finding) []sarifPlace {
	var out []sarifPlace
	for _, g := range f.Also {
		p := sarifPlace{path: g.Path, region: firstCharacter}
		if i := slices.IndexFunc(g.Related, func(r finding.Related) bool { return !r.Span.IsZero() }); i >= 0 {
			p = placeOfSpan(g.Related[i].Span)
		}
		p.message = "also " + printable(cmp.Or(g.Address, g.Path))
		out = append(out, p)
	}
	return out
}

// explained returns the places beside its own that explain a finding, from the
// resource towards the grant.
func explained(f finding.Finding, at sarifPlace) []sarifPlace {
	var out []sarifPlace
	seen := map[string]bool{}
	add := func(p sarifPlace) {
		key := p.path + "\x00" + strconv.Itoa(p.region.StartLine) + "\x00" + p.message
		if !seen[key] {
			seen[key] = true
			out = append(out, p)
		}
	}
	for _, r := range f.Related {
		if r.Span.IsZero() {
			continue
		}
		p := placeOfSpan(r.Span)
		p.message = printable(r.Message)
		add(p)
	}
	for _, s := range f.Statements {
		var p sarifPlace
		switch {
		case !s.Span.IsZero():
			p = placeOfSpan(s.Span)
		case s.Location != nil:
			p = placeOfLocation(*s.Location)
		default:
			continue
		}
		p.statement = "statement " + strconv.Itoa(s.Index+1)
		if s.Sid != "" {
			p.statement = "statement '" + printable(s.Sid) + "'"
		}
		p.message = p.statement
		add(p)
	}
	if s := f.Span; !s.IsZero() && (at.span != s) {
		p := placeOfSpan(s)
		p.message = "access is granted here, in a file that is not part of the repository"
		add(p)
	}
	if len(out) == 1 && out[0].path == at.path && out[0].region.StartLine == at.region.StartLine && strings.HasPrefix(out[0].message, "statement") {
		return nil // a link to the line that is shown already
	}
	return out
}
