package value

import (
	"reflect"
	"testing"
)

func TestReplace(t *testing.T) {
	a, b := Ref(Reference{Name: "a"}), Ref(Reference{Name: "b"})
	text := Join(Lit("x-"), a, Lit("-"), b, Lit("-z"))
	for _, c := range []struct {
		name string
		by   map[string]Text
		want Text
	}{
		{"none", nil, text},
		{"all", map[string]Text{"a": Lit("1"), "b": Lit("2")}, Lit("x-1-2-z")},
		{"the second", map[string]Text{"b": Lit("2")}, Join(Lit("x-"), a, Lit("-2-z"))},
		{"by a reference", map[string]Text{"a": b}, Join(Lit("x-"), b, Lit("-"), b, Lit("-z"))},
		{"by nothing", map[string]Text{"a": {}, "b": {}}, Lit("x---z")},
	} {
		got, changed := text.Replace(func(r Reference) (Text, bool) { u, ok := c.by[r.Name]; return u, ok })
		if !reflect.DeepEqual(got, c.want) || changed != (c.by != nil) {
			t.Errorf("%s: %+v, %v", c.name, got, changed)
		}
	}
	if text.String() != "x-${a}-${b}-z" {
		t.Errorf("the text itself became %s", text)
	}
	if got := text.Write(func(r Reference) string { return "<" + r.Name + ">" }); got != "x-<a>-<b>-z" {
		t.Errorf("written: %s", got)
	}
	if got, changed := Lit("x").Replace(nil); got.Literal != "x" || changed {
		t.Errorf("a literal became %+v", got)
	}
}
