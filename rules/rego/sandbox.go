package rego

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Rules are part of what is analysed, and so may be a stranger's. What they can
// do is bounded by these.
const (
	largestFile   = 1 << 20
	deepest       = 1000             // brackets in a file
	longestText   = 4 << 20          // of a text that a built-in function is given
	most          = 512 << 20        // bytes that a run may keep on the heap
	compileTime   = 10 * time.Second // for all files
	compileMemory = 512 << 20
	grace         = time.Second // for a function that does not look whether it is over
	mostFindings  = 100_000     // of one rule
	mostText      = 16 << 20    // bytes of all messages of one rule
	mostParts     = 5_000_000   // of a value that is written out
	longestFormat = 1 << 12     // of sprintf
)

// DefaultTimeout is how long the rules of one configuration may take.
const DefaultTimeout = 10 * time.Second

// removedFunction is a function, or all whose names begin so.
type removedFunction struct{ prefix, why string }

// removed are functions that rules have not, and why.
var removed = []removedFunction{
	{"http.", "rules have no network"},
	{"net.lookup_ip_addr", "rules have no network"},
	{"opa.", "rules see nothing of the environment"},
	{"time.now_ns", "a rule says the same at any time: there is no clock"},
	{"rand.", "a rule says the same in every run: there is nothing random"},
	{"uuid.rfc4122", "a rule says the same in every run: there is nothing random"},
	{"io.jwt.", "rules neither sign nor verify"},
	{"crypto.x509.", "rules neither sign nor verify"},
	{"crypto.parse_private_keys", "rules neither sign nor verify"},
	{"providers.", "rules neither sign nor verify"},
	{"graphql.", "policies have no GraphQL"},
	{"json.match_schema", "schemas may be elsewhere, and rules have no network"},
	{"json.verify_schema", "schemas may be elsewhere, and rules have no network"},
	{"rego.parse_module", "rules read no rules"},
	{"strings.render_template", "how much it writes has no bound; use sprintf"},
	{"regex.globs_match", "how long it takes has no bound"},
	{"regex.template_match", "how long it takes has no bound"},
	{"graph.reachable_paths", "how much it returns has no bound; use graph.reachable"},
	{"bits.lsh", "how much it returns has no bound"},
	{"trace", "use print in tests"},
}

// removal says why a function is not there.
func removal(name string) (why string, ok bool) {
	for _, r := range removed {
		if name == r.prefix || strings.HasSuffix(r.prefix, ".") && strings.HasPrefix(name, r.prefix) {
			return r.why, true
		}
	}
	return "", false
}

// undefined words the use of a function that is not there.
func undefined(name string) string {
	if why, ok := removal(name); ok {
		return fmt.Sprintf("function %s is not available: %s", name, why)
	}
	if strings.HasPrefix(name, prefix) {
		return fmt.Sprintf("function %s is unknown%s", name, hint(name, ownNames()))
	}
	return fmt.Sprintf("function %s is unknown", name)
}

// capabilities are what rules may use. A function that is left out is unknown to
// the compiler wherever its name stands, behind "with" as well; a list of unsafe
// functions has had holes there.
//
// https://github.com/open-policy-agent/opa/security/advisories/GHSA-f524-rf33-2jjr
var capabilities = sync.OnceValue(func() *ast.Capabilities {
	c := ast.CapabilitiesForThisVersion()
	c.Builtins = slices.DeleteFunc(c.Builtins, func(b *ast.Builtin) bool {
		_, gone := removal(b.Name)
		return gone || b.Nondeterministic
	})
	for _, f := range functions() {
		c.Builtins = append(c.Builtins, f.declaration())
	}
	slices.SortFunc(c.Builtins, func(a, b *ast.Builtin) int { return strings.Compare(a.Name, b.Name) })
	c.AllowNet = []string{} // empty is nothing; absent would be everything
	guardAll(c)
	return c
})

// guardAll makes every function refuse texts of a size that one call could turn
// into something that does not fit in memory: between calls the evaluator looks
// whether it is over, within most of them it does not.
func guardAll(c *ast.Capabilities) {
	for _, b := range c.Builtins {
		if f := topdown.GetBuiltin(b.Name); f != nil {
			topdown.RegisterBuiltinFunc(b.Name, guarded(b.Name, f))
		}
	}
}

func guarded(name string, f topdown.BuiltinFunc) topdown.BuiltinFunc {
	return func(ctx topdown.BuiltinContext, operands []*ast.Term, iter func(*ast.Term) error) error {
		size := 0
		for _, o := range operands {
			switch v := o.Value.(type) {
			case ast.String:
				size += len(v)
			case ast.Number:
				size += len(v)
				if hugeExponent(string(v)) {
					return limit(ctx, name+": the number is too large")
				}
			}
			if slices.Contains(writing, name) && !fits(o, new(int)) {
				return limit(ctx, name+": the value is too large")
			}
		}
		if name == "sprintf" && len(operands) > 1 {
			size = formatted(operands)
		}
		if size > longestText {
			return limit(ctx, fmt.Sprintf("%s: the text is longer than %d MiB", name, longestText>>20))
		}
		return f(ctx, operands, iter)
	}
}

// hugeExponent reports whether writing a number out takes more than a page.
func hugeExponent(n string) bool {
	i := strings.IndexAny(n, "eE")
	return i >= 0 && len(strings.TrimLeft(n[i+1:], "+-0")) > 4
}

// writing are functions that write out all that is in a value. Values share what
// they are made of, so that what a few lines build may be endless when it is
// written out.
var writing = []string{
	"sprintf", "json.marshal", "json.marshal_with_options", "yaml.marshal", "urlquery.encode_object", "internal.print",
	"object.union", "object.union_n", "json.patch", "json.filter", "json.remove", "object.remove", "internal.template_string",
}

// fits reports whether a value has no more parts than anyone writes.
func fits(t *ast.Term, count *int) bool {
	if *count++; *count > mostParts {
		return false
	}
	each := func(t *ast.Term) bool { return !fits(t, count) } // until
	switch v := t.Value.(type) {
	case ast.String:
		*count += len(v) / 32
	case *ast.Array:
		return !v.Until(each)
	case ast.Set:
		return !v.Until(each)
	case ast.Object:
		return !v.Until(func(k, v *ast.Term) bool { return each(k) || each(v) })
	}
	return true
}

// formatted bounds what sprintf writes: a verb of five bytes may write a whole
// operand, one of eight a million blanks.
func formatted(operands []*ast.Term) int {
	format, _ := operands[0].Value.(ast.String)
	if len(format) > longestFormat {
		return longestText + 1
	}
	longest := 0
	if list, ok := operands[1].Value.(*ast.Array); ok {
		list.Foreach(func(t *ast.Term) {
			if s, ok := t.Value.(ast.String); ok {
				longest = max(longest, len(s))
			}
		})
	}
	return len(format) + len(format)/5*longest
}

// halt ends the rule. An ordinary error of a function only makes its result
// undefined, and a rule that finds nothing would look as if nothing were there.
func halt(ctx topdown.BuiltinContext, message string) error {
	return topdown.Halt{Err: &topdown.Error{Code: topdown.BuiltinErr, Message: message, Location: ctx.Location}}
}

// limit ends the rule because of what it takes, not of what it says.
func limit(ctx topdown.BuiltinContext, message string) error {
	return topdown.Halt{Err: &topdown.Error{Code: limitCode, Message: message, Location: ctx.Location}}
}

const limitCode = "iaclint_limit"

// isLimit reports whether a limit ended a rule, and which.
func isLimit(err error) (why string, ok bool) {
	var e *topdown.Error
	switch {
	case errors.Is(err, errTime), errors.Is(err, errMemory):
		return err.Error(), true
	case errors.As(err, &e) && e.Code == limitCode:
		return e.Message, true
	}
	return "", false
}

var (
	errTime   = errors.New("it takes too long")
	errMemory = errors.New("it takes too much memory")
)

// within runs f and says whether it ended within a time and an amount of memory.
// What does not end is left to itself: its process has not long to live.
func within(limit time.Duration, memory uint64, f func()) error {
	done := make(chan any, 1)
	go func() {
		defer func() { done <- recover() }()
		f()
	}()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	look := time.NewTicker(watchEvery)
	defer look.Stop()
	before := heap()
	for {
		select {
		case bug := <-done:
			if bug != nil {
				return fmt.Errorf("internal error: %v", bug)
			}
			return nil
		case <-deadline.C:
			return errTime
		case <-look.C:
			if heap() <= before+memory {
				continue
			}
			runtime.GC() // what is garbage does not count
			if heap() > before+memory {
				return errMemory
			}
		}
	}
}

// watchEvery is often enough for what allocates a gigabyte a second.
const watchEvery = 5 * time.Millisecond

// heap is the size of what is allocated and not known to be garbage.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
