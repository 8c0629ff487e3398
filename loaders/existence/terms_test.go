package existence

import "testing"

// What names stand for decides what can hold together: comparisons of one subject
// exclude each other, and one of its values it has.
func TestTerms(t *testing.T) {
	terms := &Terms{Means: map[string]Condition{}, Values: map[string][]string{}}
	define := func(name string, c Condition, ok bool) {
		if !ok {
			t.Fatal(name)
		}
		terms.Means["condition "+name+" holds"] = c
	}
	prod, stage, dev := terms.Equals("Env", "prod", []string{"dev", "stage and more", "prod"}), terms.Equals("Env", "stage and more", nil), terms.Equals("Env", "dev", nil)
	define("Prod", prod, true)
	define("Stage", stage, true)
	define("Dev", dev, true)
	lower, ok := Or(dev, stage)
	define("Lower", lower, ok)
	other := terms.Equals("Region", "prod", nil)
	define("Other", other, true)
	for _, tt := range []struct {
		texts    []string
		possible bool
	}{
		{[]string{"condition Prod holds", "condition Dev holds"}, false},
		{[]string{"condition Prod holds", "condition Dev does not hold"}, true},
		{[]string{"condition Lower holds", "condition Prod holds"}, false},
		{[]string{"condition Lower does not hold", "condition Prod does not hold"}, false},
		{[]string{"condition Lower does not hold", "condition Prod holds"}, true},
		{[]string{"condition Prod holds", "condition Other does not hold"}, true},
		{[]string{"condition Unknown holds", "condition Other does not hold"}, true},
	} {
		if got := terms.Possible(tt.texts); got != tt.possible {
			t.Errorf("%q: %v", tt.texts, got)
		}
	}
	for _, tt := range []struct {
		given   string
		cases   [][]string
		covered bool
	}{
		{"condition Stage holds", [][]string{{"condition Lower holds"}}, true},
		{"condition Lower holds", [][]string{{"condition Stage holds"}}, false},
		{"condition Lower holds", [][]string{{"condition Stage holds"}, {"condition Dev holds"}}, true},
		{"condition Other holds", [][]string{{"condition Lower holds"}, {"condition Prod holds"}}, true},
		{"condition Other holds", [][]string{{"condition Lower holds"}}, false},
	} {
		if got := terms.Covered([]string{tt.given}, tt.cases); got != tt.covered {
			t.Errorf("%q covered by %q: %v", tt.given, tt.cases, got)
		}
	}
	texts, names, ok := Joined([]string{"condition A holds", "condition B holds"}, []string{"condition A holds", "condition B does not hold"})
	if !ok || len(texts) != 1 || texts[0] != "condition A holds" || len(names) != 1 || names[0] != "B" {
		t.Errorf("%q, %q", texts, names)
	}
}
