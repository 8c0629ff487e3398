package terraform

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// largeArguments are values of every shape, of about n bytes or elements each.
func largeArguments(n int) map[string]*val {
	at := source.Span{}
	many := func(make func(i int) *val) *val {
		items := elementsOf(n, make)
		return seqVal(items, at)
	}
	open := func(i int) *val { return unknownVal(value.Reference{Name: fmt.Sprint("var.v", i)}, at) }
	nested := textVal("x", at)
	for range 200 {
		nested = seqVal([]*val{nested}, at)
	}
	fields := func(make func(i int) *val) *val {
		var list []field
		for i := range n {
			list = append(list, field{key: fmt.Sprint("key", i), val: make(i)})
		}
		return mapVal(list, at)
	}
	long := strings.Repeat("ab,c\n", n/5)
	return map[string]*val{
		"a long text":        textVal(long, at),
		"digits":             textVal(strings.Repeat("9", n), at),
		"commas":             textVal(strings.Repeat(",", n), at),
		"brackets":           textVal(strings.Repeat("[", n), at),
		"a list in JSON":     textVal("["+strings.Repeat("0,", n/2)+"0]", at),
		"a flow in YAML":     textVal("a: ["+strings.Repeat("{a: 1}, ", n/8)+"]", at),
		"quotes":             textVal(strings.Repeat(`"`, n), at),
		"a wide format":      textVal("%999999999d", at),
		"a precise format":   textVal("%.999999999f", at),
		"a format of many":   textVal(strings.Repeat("%[2]s", n/5), at),
		"a large pattern":    textVal("("+strings.Repeat("(a?)", 100)+"){1,9}"+strings.Repeat("a{100}", 5), at),
		"an empty pattern":   textVal("//", at),
		"a text":             textVal("a", at),
		"no text":            textVal("", at),
		"a large number":     numberVal(literalNumber("1e4000"), at),
		"a number":           intVal(1000, at),
		"one":                intVal(1, at),
		"null":               nullVal(at),
		"texts":              many(func(i int) *val { return textVal(fmt.Sprint("t", i), at) }),
		"equal texts":        many(func(int) *val { return textVal("t", at) }),
		"numbers":            many(func(i int) *val { return intVal(i, at) }),
		"lists":              many(func(i int) *val { return seqVal([]*val{intVal(i, at)}, at) }),
		"objects":            many(func(i int) *val { return mapVal([]field{{key: "k", val: intVal(i, at)}}, at) }),
		"unknown values":     many(open),
		"values in doubt":    many(func(i int) *val { return textVal(fmt.Sprint("t", i), at).doubted(open(0).ref()) }),
		"a nested list":      nested,
		"a map":              fields(func(i int) *val { return textVal("v", at) }),
		"a map of lists":     fields(func(i int) *val { return seqVal([]*val{textVal(fmt.Sprint(i%7), at)}, at) }),
		"a map of unknowns":  fields(open),
		"an unknown value":   open(0),
		"a text with a hole": textOf(value.Join(value.Lit(long), value.Ref(*open(0).ref()), value.Lit(long)), at),
	}
}

func elementsOf(n int, element func(i int) *val) []*val {
	items := make([]*val, n)
	for i := range items {
		items[i] = element(i)
	}
	return items
}

func literalNumber(s string) *big.Float {
	n, _ := parseNumber(s)
	return n
}

// What a call of any function takes, and what it makes, is bounded by the steps that
// were taken for it before: bytes that are allocated, the size of the result, and,
// where the system tells, the processor's time of this thread alone. A new function
// fails here until it has a row in costs, and one whose row says too little fails too.
func TestFunctionsAreCounted(t *testing.T) {
	for name := range costs {
		if _, ok := functions[name]; !ok {
			t.Errorf("costs has %q, which is not a function", name)
		}
	}
	const bytesPerStep, free = 400, 4 << 20
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	size := 1_000
	seconds := []string{"a long text", "objects", "unknown values"}
	if os.Getenv("IACLINT_LONG") != "" {
		size = 5_000
		seconds = []string{"a long text", "texts", "objects", "unknown values", "a map", "no text", "a number", "a large pattern"}
	}
	arguments := largeArguments(size)
	names := sortedKeys(arguments)
	fsys := fstest.MapFS{"main.tf": {Data: []byte("locals {}")}}
	for name, f := range functions {
		if _, ok := costs[name]; !ok {
			t.Errorf("function %s has no row in costs", name)
			continue
		}
		try := func(shape ...string) {
			args := make([]*val, len(shape))
			for i, s := range shape {
				args[i] = arguments[s]
			}
			l := newLoader(fsys, ".", Options{})
			c := &call{l: l, name: name, args: args, at: make([]source.Span, len(args))}
			v := c.affordable()
			if v != nil {
				return // refused
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := threadTime()
			made := 0
			if f.is == computed {
				result := f.call(c)
				result.string()
				made = result.weight() + len(result.text.Literal)
			}
			took := threadTime() - start
			runtime.ReadMemStats(&after)
			if shared := c.weight(); made > 8*(l.steps+shared)+free>>10 {
				t.Errorf("%s(%s) makes a value of %d for %d steps", name, strings.Join(shape, ", "), made, l.steps)
			}
			if size := int(after.TotalAlloc - before.TotalAlloc); size > free+bytesPerStep*l.steps {
				t.Errorf("%s(%s) allocates %d MiB for %d steps", name, strings.Join(shape, ", "), size>>20, l.steps)
			}
			if most := time.Second + time.Duration(l.steps)*2*time.Microsecond; took > most {
				t.Errorf("%s(%s) takes %s for %d steps", name, strings.Join(shape, ", "), took, l.steps)
			}
		}
		n := max(f.min, 1)
		if f.max < 0 {
			n = max(n, 2)
		}
		if f.max == 0 {
			continue
		}
		for _, first := range names {
			if n == 1 {
				try(first)
				continue
			}
			for _, second := range seconds {
				shape := []string{first, second}
				for len(shape) < n {
					shape = append(shape, second)
				}
				try(shape[:n]...)
			}
		}
	}
}

// Values that are known are compared by a key, so that as many as a module may
// have are compared, whatever their shape.
func TestKnownValuesAreCompared(t *testing.T) {
	t.Parallel()
	objects := `flatten([for i in range(8) : [for j in range(1000) : { a = j, b = ["x${j}", { c = null }], d = j == 1 }]])`
	for expression, want := range map[string]string{
		"length(distinct(" + objects + "))":                                                                      "1000",
		"length(setsubtract(" + objects + ", " + objects + "))":                                                  "0",
		"length(setintersection(" + objects + ", " + objects + "))":                                              "1000",
		"contains(" + objects + ", { a = 1, b = [], d = false })":                                                "false",
		`length(distinct(flatten([for i in range(3) : [for j in range(1000) : { a = i * 1000 + j, b = [] }]])))`: "3000",
	} {
		l := newLoader(fstest.MapFS{"main.tf": {Data: []byte("locals {\n  v = " + expression + "\n}\noutput \"o\" {\n  value = local.v\n}\nresource \"aws_sqs_queue\" \"q\" {\n  name = \"${local.v}\"\n}\n")}}, ".", Options{})
		blocks, diags := l.blocks()
		if len(diags) > 0 || len(blocks) != 1 {
			t.Errorf("%s: %v", expression, diags)
			continue
		}
		if got := blocks[0].Properties.Get("name").Text.String(); got != want {
			t.Errorf("%s is %s, want %s", expression, got, want)
		}
	}
}

// Two values have one key exactly where they are the same.
func TestKeysAreOfOneValue(t *testing.T) {
	at := source.Span{}
	seq := func(items ...*val) *val { return seqVal(items, at) }
	object := func(pairs ...any) *val {
		var fields []field
		for i := 0; i < len(pairs); i += 2 {
			fields = append(fields, field{key: pairs[i].(string), val: pairs[i+1].(*val)})
		}
		return mapVal(fields, at)
	}
	a, b, one := textVal("a", at), textVal("b", at), intVal(1, at)
	made := func() []*val {
		return []*val{
			a, b, one, textVal("1", at), intVal(0, at), nullVal(at), boolVal(true, at), textVal("true", at), textVal("", at), intVal(11, at),
			seq(), seq(seq()), seq(a), seq(b), seq(a, b), seq(seq(a), b), seq(seq(a, b)), seq(textVal("ab", at)), seq(one, one), seq(intVal(11, at)), seq(nullVal(at)),
			object(), object("a", a), object("a", b), object("b", a), object("a", a, "b", b), object("a", object("b", b)), object("ab", b), object("a", seq(a), "b", b),
		}
	}
	others := made() // what is one value in memory is equal to itself
	for i, v := range made() {
		for j, w := range others {
			k1, sure, ok1 := v.knownKey()
			k2, _, ok2 := w.knownKey()
			if !ok1 || !ok2 || (k1 == k2) != (i == j) {
				t.Errorf("keys of values %d and %d: %q, %q", i, j, k1, k2)
			}
			if want := equal(v, w); i != j && want != no || i == j && (want == yes) != sure {
				t.Errorf("values %d and %d: == says %d, the keys are sure: %v", i, j, want, sure)
			}
		}
	}
	if k1, _, _ := object("a", a, "b", b).knownKey(); true {
		if k2, _, _ := object("b", b, "a", a).knownKey(); k1 != k2 {
			t.Errorf("the order of keys counts: %q, %q", k1, k2)
		}
	}
	open := unknownVal(value.Reference{Name: "var.x"}, at)
	for i, v := range []*val{open, seq(open), object("a", open), a.doubted(open.ref()), seq(a.doubted(open.ref())), textOf(value.Join(value.Lit("a"), value.Ref(*open.ref())), at)} {
		if _, _, ok := v.knownKey(); ok || v.isKnown() {
			t.Errorf("value %d that is not known has a key", i)
		}
	}
}

// Two values have one identity exactly where they are the same, however large, and
// wherever they begin to differ.
func TestIdentity(t *testing.T) {
	at := source.Span{}
	seq := func(items ...*val) *val { return seqVal(items, at) }
	object := func(pairs ...any) *val {
		var fields []field
		for i := 0; i < len(pairs); i += 2 {
			fields = append(fields, field{key: pairs[i].(string), val: pairs[i+1].(*val)})
		}
		return mapVal(fields, at)
	}
	a, b := textVal("a", at), textVal("b", at)
	open := func(name string) *val { return unknownVal(value.Reference{Name: name}, at) }
	long := func(n, last int) *val {
		return seqVal(elementsOf(n, func(i int) *val {
			if i == n-1 {
				return intVal(last, at)
			}
			return intVal(i, at)
		}), at)
	}
	made := func() []*val {
		return []*val{
			a, b, textVal("", at), textVal("a\x00", at), textVal("x\x00d\x00y", at), seq(textVal("x", at), textVal("y", at)), nullVal(at), boolVal(true, at), textVal("true", at),
			seq(), seq(seq()), seq(a), seq(a, b), seq(seq(a), b), seq(seq(a, b)), seq(seq(a), seq(b)), seq(seq(), a), seq(a, seq()),
			object(), object("a", a), object("a", b), object("b", a), object("a", a, "b", b), object("a", object("b", b)), object("a", seq(a), "b", b), object("ab", b),
			intVal(111122223333, at), intVal(111122223334, at), numberVal(literalNumber("0.1"), at), numberVal(literalNumber("0.10000000001"), at), intVal(1, at), textVal("1", at),
			open("var.x"), open("var.y"), textVal("var.x", at), seq(open("var.x")), a.doubted(open("var.x").ref()), a.doubted(open("var.y").ref()),
			textOf(value.Join(value.Lit("a"), value.Ref(*open("var.x").ref())), at), textOf(value.Join(value.Ref(*open("var.x").ref()), value.Lit("a")), at),
			long(20_000, 1), long(20_000, 2), seq(long(20_000, 1), a), seq(long(20_000, 1), b), object("k", long(20_000, 3)), object("k", long(20_000, 4)),
		}
	}
	others := made()
	for i, v := range made() {
		for j, w := range others {
			if (v.identity() == w.identity()) != (i == j) {
				t.Errorf("values %d and %d: %s, %s", i, j, v.identity(), w.identity())
			}
		}
	}
	if object("a", a, "b", b).identity() != object("b", b, "a", a).identity() {
		t.Error("the order of keys counts")
	}
}

// A choice is counted wherever it is made: only functions, which have a row in costs,
// and either.go call the function that does not count.
func TestChoicesAreCounted(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	uncounted := regexp.MustCompile(`[^.\w]either\(`)
	for _, name := range files {
		if name == "either.go" || strings.HasPrefix(name, "functions_") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(content), "\n") {
			if uncounted.MatchString(line) {
				t.Errorf("%s:%d: a choice that is not counted: %s", name, i+1, strings.TrimSpace(line))
			}
		}
	}
}
