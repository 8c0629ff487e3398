package catalog

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/iaclint/iaclint/analysis/value"
)

// at returns the values at a path of properties. In a list the path goes on in
// every item; below a value that is not known every value is that one.
func at(v value.Value, path string) []value.Value {
	head, rest, more := strings.Cut(path, ".")
	var out []value.Value
	switch v.Kind {
	case value.Unknown:
		return []value.Value{v}
	case value.List:
		for _, item := range v.Items {
			out = append(out, at(item, path)...)
		}
	case value.Map:
		switch next := v.Get(head); {
		case next.Kind == value.Absent || next.Kind == value.Null:
		case more:
			out = at(next, rest)
		default:
			out = []value.Value{next}
		}
	}
	return out
}

// one returns the first value at a path, Absent if there is none.
func one(v value.Value, path string) value.Value {
	if all := at(v, path); len(all) > 0 {
		return all[0]
	}
	return value.Value{}
}

// written returns the text of a property that names something, and whether
// there is one.
func written(v value.Value, path string) (value.Text, bool) {
	p := one(v, path)
	switch p.Kind {
	case value.String, value.Number:
		return p.Text, p.Text.Literal != "" || p.Text.Parts != nil
	case value.Unknown:
		if p.Text.Parts == nil {
			return value.Ref(value.Reference{Name: path}), true
		}
		return p.Text, true
	}
	return value.Text{}, false
}

// own returns a reference to what all of a deployment has in common, or its
// value where the block tells.
func own(b Block, is value.Meaning) value.Text {
	switch {
	case is == value.OwnAccount && b.Account != "":
		return value.Lit(b.Account)
	case is == value.OwnRegion && b.Region != "":
		return value.Lit(b.Region)
	}
	return value.Ref(value.Reference{Name: is.String(), Is: is, Scope: b.Scope})
}

// generated returns the reference to a name that AWS will give to a block, or the
// name if it is known.
func generated(b Block, attribute string) value.Text {
	if name := b.Given[attribute]; name != "" {
		return value.Lit(name)
	}
	name := cmp.Or(b.ID, b.Address)
	if attribute != "" {
		name += "." + attribute
	}
	return value.Ref(value.Reference{Name: name, Is: value.OwnName, Scope: b.Scope, Declared: true})
}

// name returns the name of a block.
func (f *Form) name(b Block) value.Text {
	if t, ok := written(b.Properties, f.Name); ok && f.Name != "" {
		return nameOf(t, b)
	}
	if languageOf(b.Type) == CloudFormation {
		return generated(b, "") // what Ref gives
	}
	return generated(b, cmp.Or(f.Name, "id"))
}

// property returns the text of a property, or else what AWS will make of it.
func (f *Form) property(b Block, path string) value.Text {
	if t, ok := written(b.Properties, path); ok {
		return nameOf(t, b)
	}
	return generated(b, path)
}

// nameOf makes a text the name of a block. Of a variable that names an own
// resource it is known that it holds an own name: no name has a colon or a
// wildcard in it.
func nameOf(t value.Text, b Block) value.Text {
	t, _ = t.Replace(func(r value.Reference) (value.Text, bool) {
		return value.Ref(value.Reference{Name: r.Name, Is: value.OwnName, Scope: b.Scope}), r.Is == value.Anything
	})
	return t
}

// fill expands a template for a block.
func (p place) fill(template string, b Block) value.Text {
	var texts []value.Text
	for template != "" {
		lit, rest, found := strings.Cut(template, "{")
		texts = append(texts, value.Lit(lit))
		if !found {
			break
		}
		word, after, _ := strings.Cut(rest, "}")
		texts = append(texts, p.word(word, b))
		template = after
	}
	return value.Join(texts...)
}

func (p place) word(word string, b Block) value.Text {
	switch word {
	case "partition":
		return own(b, value.OwnPartition)
	case "region":
		return own(b, value.OwnRegion)
	case "account":
		return own(b, value.OwnAccount)
	case "suffix":
		return own(b, value.OwnSuffix)
	case "arn":
		return p.arn(b)
	case "name":
		return p.form.name(b)
	}
	if path, ok := strings.CutPrefix(word, "path:"); ok { // of IAM: it begins and ends with a slash
		if t, ok := written(b.Properties, path); ok {
			return nameOf(t, b)
		}
		return value.Lit("/")
	}
	if length, ok := strings.CutPrefix(word, "random:"); ok {
		// By the name, so that it is the same wherever the name is.
		n, _ := strconv.Atoi(length)
		return value.Ref(value.Reference{Name: suffixOf + p.form.name(b).String(), Is: value.OwnName, Scope: b.Scope, Length: n})
	}
	if path, ok := strings.CutPrefix(word, "function:"); ok {
		if t, ok := written(b.Properties, path); ok {
			return p.row.arnOf(t, b)
		}
	}
	if path, ok := strings.CutPrefix(word, "issuer:"); ok {
		return withoutScheme(p.form.property(b, path))
	}
	if path, ok := strings.CutSuffix(word, "|"); ok { // what Ref gives
		if t, ok := written(b.Properties, path); ok {
			return nameOf(t, b)
		}
		return generated(b, "")
	}
	return p.form.property(b, word)
}

// withoutScheme returns the URL of an issuer as the ARN of its provider has it.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
func withoutScheme(url value.Text) value.Text {
	if url.Parts == nil {
		return value.Lit(strings.TrimSuffix(strings.TrimPrefix(url.Literal, "https://"), "/"))
	}
	parts := slices.Clone(url.Parts)
	parts[0].Literal = strings.TrimPrefix(parts[0].Literal, "https://")
	return value.Join(value.Text{Parts: parts})
}

// suffixOf begins the name of what AWS puts behind a name.
const suffixOf = "suffix of "

// arn returns the ARN of a block.
func (p place) arn(b Block) value.Text {
	if p.form.ARN != "" {
		return p.fill(p.form.ARN, b)
	}
	return p.fill(p.row.ARN, b)
}

// mark is the first of the characters that stand for references, of Unicode's
// second private plane: the text's first reference is the first of them.
const mark = '\U00100000'

func marked(t value.Text) string {
	var b strings.Builder
	b.WriteString(t.Literal)
	for i, p := range t.Parts {
		if p.Ref != nil {
			b.WriteRune(mark + rune(i))
		} else {
			b.WriteString(p.Literal)
		}
	}
	return b.String()
}

// unmarked puts the references of a text into one that was made of it.
func unmarked(s string, of value.Text) value.Text {
	var texts []value.Text
	for s != "" {
		i := strings.IndexFunc(s, func(r rune) bool { return r >= mark && int(r-mark) < len(of.Parts) })
		if i < 0 {
			texts = append(texts, value.Lit(s))
			break
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		texts = append(texts, value.Lit(s[:i]), value.Text{Parts: of.Parts[r-mark : r-mark+1]})
		s = s[i+n:]
	}
	return value.Join(texts...)
}

// arnOf returns the ARN of a resource of the row that is named by a text: its
// name, its ARN already, or its URL.
func (r *Row) arnOf(t value.Text, b Block) value.Text {
	first := t.Literal
	if t.Parts != nil && t.Parts[0].Ref == nil {
		first = t.Parts[0].Literal
	}
	if strings.HasPrefix(first, "arn:") {
		return t
	}
	if r.FromURL != nil {
		if arn, ok := r.FromURL(marked(t)); ok {
			return unmarked(arn, t)
		}
	}
	if anything(t) {
		return value.Text{} // a name, an ARN or a URL
	}
	if r.FromParts != nil {
		if arn, ok := r.FromParts(t, b); ok {
			return arn
		}
	}
	f := Form{Name: "name"}
	named := b
	named.Properties = value.Value{Kind: value.Map, Fields: []value.Field{{Key: "name", Value: value.Value{Kind: value.String, Text: t}}}}
	return place{r, &f, false}.fill(r.ARN, named)
}

// same reports whether two texts are the same value: what a deployment has in
// common is the same whatever the user calls it.
func same(t, u value.Text) bool {
	if t.Parts == nil || u.Parts == nil {
		return t.Parts == nil && u.Parts == nil && t.Literal == u.Literal
	}
	if len(t.Parts) != len(u.Parts) {
		return false
	}
	for i, p := range t.Parts {
		q := u.Parts[i]
		if p.Literal != q.Literal || (p.Ref == nil) != (q.Ref == nil) {
			return false
		}
		if p.Ref != nil && !sameReference(*p.Ref, *q.Ref) {
			return false
		}
	}
	return true
}

func sameReference(p, q value.Reference) bool {
	if p.Is == value.Anything || q.Is == value.Anything {
		return p.Name == q.Name // a variable has no scope
	}
	return p.Scope == q.Scope && (p.Name == q.Name || ofDeployment(p.Is) && p.Is == q.Is)
}

// ofDeployment: one value for all resources of a deployment.
func ofDeployment(is value.Meaning) bool {
	return is != value.Anything && is != value.OwnName
}

// sections splits a text at colons into at most n pieces.
func sections(t value.Text, n int) []value.Text { return split(t, ":", n) }

func split(t value.Text, separator string, n int) []value.Text {
	parts := t.Parts
	if parts == nil {
		parts = []value.Part{{Literal: t.Literal}}
	}
	out := []value.Text{{}}
	add := func(u value.Text) { out[len(out)-1] = value.Join(out[len(out)-1], u) }
	for _, p := range parts {
		if p.Ref != nil {
			add(value.Ref(*p.Ref))
			continue
		}
		pieces := strings.SplitN(p.Literal, separator, n-len(out)+1)
		for i, piece := range pieces {
			if i > 0 {
				out = append(out, value.Text{})
			}
			add(value.Lit(piece))
		}
	}
	return out
}

// mayBe reports whether two ARNs can be the same where a Region, an account or a
// partition is written in one and left to the deployment in the other.
func mayBe(t, u value.Text) bool {
	if same(t, u) {
		return true
	}
	p, q := sections(t, 6), sections(u, 6)
	if len(p) != 6 || len(q) != 6 {
		return false
	}
	for i := range p {
		if !same(p[i], q[i]) && !fitsDeployment(p[i], q[i]) && !fitsDeployment(q[i], p[i]) {
			return false
		}
	}
	return true
}

func fitsDeployment(ref, literal value.Text) bool {
	_, known := literal.Known()
	return known && len(ref.Parts) == 1 && ref.Parts[0].Ref != nil && ofDeployment(ref.Parts[0].Ref.Is)
}

// anything reports whether nothing at all is known of a text.
func anything(t value.Text) bool {
	return len(t.Parts) == 1 && t.Parts[0].Ref != nil && t.Parts[0].Ref.Is == value.Anything
}
