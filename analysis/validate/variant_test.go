package validate_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/validate"
)

// The findings of a policy do not depend on how its JSON is written: white space,
// line ends and escapes move places and change nothing else; a statement, or a
// text, that stands alone is the same as a list with it.
func TestVariants(t *testing.T) {
	for i := range validate.Checks {
		c := &validate.Checks[i]
		for _, e := range c.Page().Examples {
			if !json.Valid([]byte(e.Content)) || strings.HasPrefix(c.Code, "POLICY_SIZE") {
				continue
			}
			o := validate.OptionsFor(e.File)
			want := told(t, e.Content, o, keepPaths)
			var compact bytes.Buffer
			if err := json.Compact(&compact, []byte(e.Content)); err != nil {
				t.Fatal(err)
			}
			for name, variant := range map[string]string{
				"compact": compact.String(),
				"CRLF":    strings.ReplaceAll(e.Content, "\n", "\r\n"),
				"tabs":    strings.ReplaceAll(e.Content, "  ", "\t"),
				"escapes": strings.ReplaceAll(e.Content, "aws", `\u0061w\u0073`),
			} {
				if got := told(t, variant, o, keepPaths); !slices.Equal(got, want) {
					t.Errorf("%s, %s:\n%q\n%q", c.Code, name, got, want)
				}
			}
			want = told(t, e.Content, o, withoutItems)
			for name, change := range map[string]func(any) any{"lists": listed, "alone": alone} {
				var tree any
				decoder := json.NewDecoder(strings.NewReader(e.Content))
				decoder.UseNumber()
				if err := decoder.Decode(&tree); err != nil {
					t.Fatal(err)
				}
				if twice(e.Content) {
					continue // keys that only differ in letter case have an order
				}
				variant, _ := json.MarshalIndent(change(tree), "", " ")
				if got := told(t, string(variant), o, withoutItems); !slices.Equal(sorted(got), sorted(want)) {
					t.Errorf("%s, %s:\n%q\n%q\n%s", c.Code, name, got, want, variant)
				}
			}
		}
	}
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

// twice reports whether a document relies on what a map of keys loses.
func twice(document string) bool { return strings.Contains(document, "Aws:") }

func keepPaths(s validate.Step) string { return fmt.Sprint(s.Kind, s.Name, s.Index) }

func withoutItems(s validate.Step) string {
	if s.Kind == validate.ToItem {
		return ""
	}
	return keepPaths(s)
}

// told returns the findings of a document with their paths. It also checks what
// every finding owes: places in the document, in order, and none told twice.
func told(t *testing.T, document string, o validate.Options, step func(validate.Step) string) []string {
	t.Helper()
	var out []string
	last := 0
	for _, f := range validated(t, document, o) {
		if len(f.Locations) == 0 {
			t.Fatalf("%s has no place", f.Code)
		}
		if f.Locations[0].Span.Start < last {
			t.Errorf("%s out of order", f.Code)
		}
		last = f.Locations[0].Span.Start
		text := f.Code + " " + f.Details
		for _, l := range f.Locations {
			if l.Span.Start < 0 || l.Span.End > len(document) || l.Span.Start >= l.Span.End {
				t.Fatalf("%s: place %d to %d of %d", f.Code, l.Span.Start, l.Span.End, len(document))
			}
			if n := len(l.Path); n > 0 && l.Path[n-1].Kind == validate.ToKey {
				var key string
				if err := json.Unmarshal([]byte(document[l.Span.Start:l.Span.End]), &key); err != nil || key != l.Path[n-1].Name {
					t.Errorf("%s: key %s at %s", f.Code, l.Path[n-1].Name, document[l.Span.Start:l.Span.End])
				}
			} else if !json.Valid([]byte(document[l.Span.Start:l.Span.End])) {
				t.Errorf("%s: at %s", f.Code, document[l.Span.Start:l.Span.End])
			}
			text += " "
			for _, s := range l.Path {
				text += step(s) + "/"
			}
			if step(validate.Step{Kind: validate.ToItem}) == "" {
				text = strings.ReplaceAll(text, "//", "/")
			}
		}
		if slices.Contains(out, text) && step(validate.Step{Kind: validate.ToItem}) != "" {
			t.Errorf("twice: %s", text)
		}
		out = append(out, text)
	}
	return out
}

// listed puts statements, and texts where lists of them can be, into lists.
func listed(tree any) any {
	return eachElement(tree, func(v any) any {
		switch v.(type) {
		case string, map[string]any:
			return []any{v}
		}
		return v
	})
}

// alone takes them out of lists that have one.
func alone(tree any) any {
	return eachElement(tree, func(v any) any {
		if list, ok := v.([]any); ok && len(list) == 1 {
			return list[0]
		}
		return v
	})
}

// eachElement changes the values of a document that can be alone or in a list.
func eachElement(tree any, change func(any) any) any {
	doc, ok := tree.(map[string]any)
	if !ok || doc["Statement"] == nil {
		return tree
	}
	visit := func(s map[string]any) {
		for _, name := range []string{"Action", "NotAction", "Resource", "NotResource"} {
			if text, is := s[name]; is {
				if _, object := text.(map[string]any); !object {
					s[name] = change(text)
				}
			}
		}
		for _, name := range []string{"Principal", "NotPrincipal", "Condition"} {
			blocks, _ := s[name].(map[string]any)
			for key, v := range blocks {
				if values, is := v.(map[string]any); is && name == "Condition" {
					for k, x := range values {
						if _, object := x.(map[string]any); !object {
							values[k] = change(x)
						}
					}
				} else if _, object := v.(map[string]any); !object && name != "Condition" {
					blocks[key] = change(v)
				}
			}
		}
	}
	switch list := doc["Statement"].(type) {
	case []any:
		for _, s := range list {
			if m, ok := s.(map[string]any); ok {
				visit(m)
			}
		}
	case map[string]any:
		visit(list)
	}
	doc["Statement"] = change(doc["Statement"])
	return doc
}

// Whatever a policy is said to be, its findings have places and an order, and a
// policy of another type gets no check of a type that it has not.
func TestOtherTypes(t *testing.T) {
	for i := range validate.Checks {
		for _, e := range validate.Checks[i].Page().Examples {
			if !json.Valid([]byte(e.Content)) {
				continue
			}
			for _, kind := range validate.PolicyTypes {
				told(t, e.Content, validate.Options{Type: kind}, keepPaths)
				for _, f := range validated(t, e.Content, validate.Options{Type: kind}) {
					role := kind == validate.Resource && slices.Contains(f.On, validate.Trust) && !strings.Contains(e.Content, `Resource": "`)
					if len(f.On) > 0 && !role || f.For != nil && !slices.Contains(f.For, kind) {
						t.Errorf("%s of a %s", f.Code, kind)
					}
				}
			}
			for _, kind := range validate.ResourceTypes {
				told(t, e.Content, validate.Options{Type: validate.Resource, ResourceType: kind}, keepPaths)
			}
		}
	}
}
