package access

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/value"
)

// piece of a text of a policy: literal characters, a policy variable, or a
// value that is not known.
type piece struct {
	literal  string
	exact    bool // the literal's '*' and '?' are not wildcards
	variable string
	fallback *string // the variable's default
	unknown  string  // name of the reference
}

// pieces reads a text. Policy variables are there only in version 2012-10-17;
// ${*}, ${?} and ${$} are the characters themselves. A variable that AWS could
// not read stays as it is written.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func pieces(t value.Text, variables bool) []piece {
	if s, ok := t.Known(); ok {
		return literalPieces(nil, s, variables)
	}
	var out []piece
	for _, p := range t.Parts {
		if p.Ref != nil {
			out = append(out, piece{unknown: p.Ref.Name})
		} else {
			out = literalPieces(out, p.Literal, variables)
		}
	}
	return out
}

func literalPieces(out []piece, s string, variables bool) []piece {
	for variables {
		before, rest, ok := strings.Cut(s, "${")
		if !ok {
			break
		}
		inner, after, ok := strings.Cut(rest, "}")
		p, valid := variablePiece(inner)
		if !ok || !valid {
			// Not a variable: what AWS would refuse is read as it stands.
			out = append(out, piece{literal: before + "${"})
			s = rest
			continue
		}
		if before != "" {
			out = append(out, piece{literal: before})
		}
		out = append(out, p)
		s = after
	}
	if s != "" || len(out) == 0 {
		out = append(out, piece{literal: s})
	}
	return out
}

// variablePiece reads what stands between ${ and }.
func variablePiece(inner string) (piece, bool) {
	if inner == "*" || inner == "?" || inner == "$" {
		return piece{literal: inner, exact: true}, true
	}
	name, fallback, ok := strings.Cut(inner, ",")
	name = strings.TrimSpace(name)
	if name == "" || strings.ContainsAny(name, " '\"{}$") {
		return piece{}, false
	}
	if !ok {
		return piece{variable: name}, true
	}
	fallback = strings.TrimSpace(fallback)
	if len(fallback) < 2 || fallback[0] != '\'' || fallback[len(fallback)-1] != '\'' {
		return piece{}, false
	}
	fallback = fallback[1 : len(fallback)-1]
	return piece{variable: name, fallback: &fallback}, true
}

// segments splits pieces at the first n-1 separators that stand in literals; it
// reports false when there are fewer.
func segments(ps []piece, sep byte, n int) ([][]piece, bool) {
	out := [][]piece{nil}
	for _, p := range ps {
		for p.literal != "" && len(out) < n {
			i := strings.IndexByte(p.literal, sep)
			if i < 0 {
				break
			}
			if i > 0 {
				out[len(out)-1] = append(out[len(out)-1], piece{literal: p.literal[:i], exact: p.exact})
			}
			out = append(out, nil)
			p.literal = p.literal[i+1:]
		}
		if p.literal != "" || p.variable != "" || p.unknown != "" {
			out[len(out)-1] = append(out[len(out)-1], p)
		}
	}
	return out, len(out) == n
}

// compile turns pieces into a pattern; like says whether '*' and '?' are
// wildcards, fold whether letter case counts. Unknown values and variables that
// vary with the request stand in it as anything.
func (m *model) compile(ps []piece, class domain.Class, like, fold bool) domain.Pattern {
	parts := make([]domain.Pattern, 0, len(ps))
	for _, p := range ps {
		switch {
		case p.unknown != "":
			parts = append(parts, domain.Star(class))
		case p.variable != "":
			if v, ok := m.constant(p.variable); ok {
				parts = append(parts, literalText(v, fold))
			} else {
				parts = append(parts, domain.Star(class))
			}
		case like && !p.exact:
			parts = append(parts, domain.Glob(p.literal, class))
		default:
			parts = append(parts, literalText(p.literal, fold))
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return domain.Concat(parts...)
}

func literalText(s string, fold bool) domain.Pattern {
	if fold {
		return domain.Folded(s)
	}
	return domain.Literal(s)
}

// constant returns the value of a key that is the same in every request to the
// resource.
func (m *model) constant(variable string) (string, bool) {
	if m.logical {
		return "", false
	}
	for i, c := range constants {
		if strings.EqualFold(c, variable) {
			m.constants[i] = true
			return m.constantValue(i), true
		}
	}
	return "", false
}

// constants are the keys that have the same value in every request.
var constants = [...]string{"aws:ResourceAccount", "s3:ResourceAccount", "aws:ResourceOrgID"}

// isConstant reports whether a key is one of the constants.
func isConstant(key string) bool {
	return slices.ContainsFunc(constants[:], func(c string) bool { return strings.EqualFold(c, key) })
}

func (m *model) constantValue(i int) string {
	if constants[i] == "aws:ResourceOrgID" {
		return m.org
	}
	return m.owner
}
