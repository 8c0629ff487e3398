// Package directive reads what comments of infrastructure code say to iaclint:
// that the access which a statement, a resource or a module grants is intended.
//
//	# iaclint:ignore=external-account [key=prod] [exp=2027-01-31] -- reason
//
// It works on the text of one file, whichever loader reads it: comments of HCL
// and YAML, "//" in Terraform's JSON, Metadata of CloudFormation resources.
package directive

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/spelling"
)

// Directive is one comment.
type Directive struct {
	Rules     []string
	Key       string // index of the for_each or count that it is about; "" is all
	Reason    string
	Owner     string
	Expires   string // last day on which it applies, 2006-01-02
	MaxAccess string // strongest access level that it was made for
	Span      source.Span
	Cover     source.Span // what it stands at
	Problem   string      // why it cannot be followed, "" if it can
}

// Marker begins a directive.
const Marker = "iaclint:ignore"

// Find returns the directives of a file, in its order.
func Find(f *source.File) []Directive {
	if !mayHave(f.Content) || len(f.Content) > largest {
		return nil
	}
	var out []Directive
	switch languageOf(f) {
	case hclLanguage:
		out = ofHCL(f)
	case yamlLanguage:
		out = ofYAML(f)
	case terraformJSON:
		out = ofTerraformJSON(f)
	case jsonLanguage:
		out = ofTemplateJSON(f)
	}
	slices.SortStableFunc(out, func(a, b Directive) int { return a.Span.Start - b.Span.Start })
	return out
}

// largest file that is searched: source code that people comment is smaller.
const largest = 16 << 20

type language uint8

const (
	hclLanguage language = iota
	yamlLanguage
	jsonLanguage
	terraformJSON
)

// languageOf goes by the name, where it tells; templates may have any.
func languageOf(f *source.File) language {
	suffix := func(s ...string) bool {
		return slices.ContainsFunc(s, func(s string) bool { return strings.HasSuffix(f.Name, s) })
	}
	text := strings.TrimLeft(strings.TrimPrefix(string(f.Content[:min(len(f.Content), 64)]), "\ufeff"), " \t\r\n")
	switch {
	case suffix(".tf", ".tofu", ".hcl", ".tfvars"):
		return hclLanguage
	case suffix(".tf.json", ".tofu.json"):
		return terraformJSON
	case suffix(".json") || strings.HasPrefix(text, "{") && !suffix(".yaml", ".yml"):
		return jsonLanguage
	}
	return yamlLanguage
}

// read reads the text behind the marker.
func read(text string) (d Directive) {
	rest, separated := strings.CutPrefix(text, "=")
	if !separated && strings.TrimLeft(rest, " \t") == rest && rest != "" {
		d.Problem = `expected "iaclint:ignore=RULE -- reason"`
		return d
	}
	words := strings.Fields(rest)
	more := true
	for more && len(words) > 0 && words[0] != "--" {
		var list string
		list, words = words[0], words[1:]
		more = strings.HasSuffix(list, ",") || len(words) > 0 && strings.HasPrefix(words[0], ",")
		for _, rule := range strings.Split(list, ",") {
			if rule != "" {
				d.Rules = append(d.Rules, rule)
			}
		}
	}
	for len(words) > 0 && d.option(words[0]) {
		words = words[1:]
	}
	switch {
	case len(words) == 0:
	case words[0] == "--":
		words = words[1:]
	default:
		d.Problem = unknownWord(words[0])
		return d
	}
	d.Reason = strings.Join(words, " ")
	d.check()
	return d
}

// properties are the names that may stand before the reason.
var properties = []string{"key", "exp", "expires", "owner", "access", "max_access"}

// unknownWord is the problem of a word that is none of them: it could be one that is
// spelled wrong, which nobody means as a reason.
func unknownWord(word string) string {
	name, _, _ := strings.Cut(strings.Trim(word, "[]"), "=")
	hint := `; a reason stands behind "--"`
	if near := spelling.Nearest(name, properties); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return fmt.Sprintf("has the unknown word %q%s", word, hint)
}

// verbs are what other tools call it, beside "ignore".
var verbs = []string{"ignore", "ignored", "ignores", "disable", "skip", "suppress", "allow", "archive", "nolint", "exempt"}

var almost = once.Regexp(`^([A-Za-z]{5,9})([-_:. ]+)([A-Za-z]{4,12})(.?)`)

// nearMiss is the problem of a comment that begins almost as a directive does; ""
// for any other one.
func nearMiss(text string) string {
	m := almost().FindStringSubmatch(text)
	if m == nil || strings.HasPrefix(text, Marker) || spelling.Nearest(m[1], []string{"iaclint"}) == "" || spelling.Nearest(m[3], verbs) == "" {
		return ""
	}
	if strings.TrimSpace(m[2]) == "" && m[4] != "=" && m[4] != ":" {
		return "" // prose: "iaclint ignores this"
	}
	return fmt.Sprintf("begins with %q; did you mean %q?", m[1]+m[2]+m[3], Marker)
}

// mayHave is whether a file may have a directive, or what is almost one.
func mayHave(content []byte) bool {
	return bytes.Contains(content, []byte("lint")) || bytes.Contains(content, []byte("LINT")) || bytes.Contains(content, []byte("Lint"))
}

// option reads one word NAME=VALUE, in brackets or not.
func (d *Directive) option(word string) bool {
	if inner, ok := strings.CutPrefix(word, "["); ok && strings.HasSuffix(inner, "]") {
		word = strings.TrimSuffix(inner, "]")
	}
	name, text, ok := strings.Cut(word, "=")
	if !ok {
		return false
	}
	return d.set(name, text)
}

// set sets a property by its name; ok is false when there is none.
func (d *Directive) set(name, text string) (ok bool) {
	text = strings.Trim(text, `"`)
	switch name {
	case "key":
		d.Key = text
	case "exp", "expires":
		d.Expires = text
		if text == "" {
			d.Problem = "exp is empty; a date such as 2027-01-31 is expected"
		}
	case "owner":
		d.Owner = text
	case "access", "max_access":
		d.MaxAccess = text
	default:
		return false
	}
	return true
}

// check completes Problem.
func (d *Directive) check() {
	switch {
	case d.Problem != "":
	case len(d.Rules) == 0:
		d.Problem = `names no rule; "iaclint:ignore=RULE -- reason" is expected`
	case slices.ContainsFunc(d.Rules, func(r string) bool { return strings.ContainsAny(r, "*?") || r == "all" }):
		d.Problem = "names all rules; what is intended has to be named"
	case d.Expires != "":
		if _, err := time.Parse(time.DateOnly, d.Expires); err != nil {
			d.Problem = "exp is not a date such as 2027-01-31"
		}
	}
	if d.Problem == "" && d.MaxAccess != "" && !slices.Contains(archive.Levels, d.MaxAccess) {
		if d.MaxAccess == "Permissions" {
			d.MaxAccess = "Permissions management"
			return
		}
		d.Problem = "access is not one of List, Read, Tagging, Write, Permissions"
	}
}

// Choose returns the directives that a finding of a resource is archived by:
// the nearest one to the resource, or to what led to it, else the nearest ones to
// each of the statements that grant. All of a finding has to be covered: one
// statement may be intended and the next one not.
func Choose(candidates []Directive, f finding.Finding, resource []source.Span) []Directive {
	if d, ok := nearest(candidates, resource...); ok {
		return []Directive{d}
	}
	if len(f.Statements) == 0 {
		if d, ok := nearest(candidates, f.Span); ok {
			return []Directive{d}
		}
		return nil
	}
	var out []Directive
	for _, s := range f.Statements {
		places := append([]source.Span{s.Span}, s.Related...)
		if contains(s.Span, f.Span) || len(f.Statements) == 1 { // its principal may be written elsewhere
			places = append(places, f.Span)
		}
		d, ok := nearest(candidates, places...)
		if !ok {
			return nil
		}
		out = append(out, d)
	}
	return out
}

// nearest returns the smallest construct's directive that covers one of the
// places.
func nearest(candidates []Directive, places ...source.Span) (Directive, bool) {
	var covering []Directive
	for _, d := range candidates {
		if slices.ContainsFunc(places, func(p source.Span) bool { return contains(d.Cover, p) }) {
			covering = append(covering, d)
		}
	}
	if len(covering) == 0 {
		return Directive{}, false
	}
	return slices.MinFunc(covering, bySize), true
}

func bySize(a, b Directive) int { return (a.Cover.End - a.Cover.Start) - (b.Cover.End - b.Cover.Start) }

// contains goes by the names of files: a file that two inputs share is read
// twice.
func contains(outer, inner source.Span) bool {
	return !inner.IsZero() && !outer.IsZero() && outer.Path() == inner.Path() && outer.Start <= inner.Start && inner.End <= outer.End
}

// AboutAddress reports whether the directive is about an address: one of its
// indexes must be the key.
func (d Directive) AboutAddress(address string) bool {
	if d.Key == "" {
		return true
	}
	for rest := address; ; {
		_, after, ok := strings.Cut(rest, "[")
		if !ok {
			return false
		}
		if strings.HasPrefix(after, d.Key+"]") || strings.HasPrefix(after, `"`+d.Key+`"]`) {
			return true
		}
		rest = after
	}
}
