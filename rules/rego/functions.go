package rego

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/types"
)

// prefix of the names of own functions.
const prefix = "iaclint."

// Function is a function that rules have beside those of the language.
type Function struct {
	Name      string // iaclint.who
	Arguments []Argument
	Returns   string // for people
	Doc       string

	result types.Type
	call   func(r *run, args []*ast.Term) (any, error)
}

// Argument of a function.
type Argument struct {
	Name string
	Doc  string
	of   types.Type
}

func (f Function) declaration() *ast.Builtin {
	var args []types.Type
	for _, a := range f.Arguments {
		args = append(args, types.Named(a.Name, a.of).Description(a.Doc))
	}
	return &ast.Builtin{Name: f.Name, Description: f.Doc, Decl: types.NewFunction(args, types.Named("result", f.result).Description(f.Returns))}
}

// Types of arguments and results.
var (
	anObject   = types.NewObject(nil, types.NewDynamicProperty(types.A, types.A))
	aPolicy    = types.NewAny(types.S, anObject)
	anyTexts   = types.NewAny(types.S, types.NewArray(nil, types.S), types.NewSet(types.S))
	textList   = types.NewArray(nil, types.S)
	textByText = types.NewObject(nil, types.NewDynamicProperty(types.S, types.S))
)

func static(keys ...any) []*types.StaticProperty {
	var out []*types.StaticProperty
	for i := 0; i < len(keys); i += 2 {
		out = append(out, types.NewStaticProperty(keys[i], keys[i+1].(types.Type)))
	}
	return out
}

// accessType is one way of access, in the words of findings.
var accessType = types.NewObject(static(
	"principal", textByText, "action", textList, "condition", textByText, "certainty", types.S, "isPublic", types.B, "needs", textList,
	"accessLevels", textList, "statements", types.NewArray(nil, types.NewObject(static("sid", types.S, "index", types.N), nil)),
	"who", types.S, marker, types.N,
), nil)

// functions are all of them, in the order of the documentation.
func functions() []Function { return slices.Concat(asking(), deciding(), loading()) }

// Functions are the functions that rules have beside those of the language, for
// documentation.
func Functions() []Function { return functions() }

func ownNames() []string {
	var names []string
	for _, f := range functions() {
		names = append(names, f.Name)
	}
	return names
}

// withOurs returns capabilities with the functions that rules can call beside those
// of the language.
func withOurs(c *ast.Capabilities) *ast.Capabilities {
	out := *c
	out.Builtins = slices.Clone(c.Builtins)
	for _, f := range functions() {
		out.Builtins = append(out.Builtins, f.declaration())
	}
	return &out
}

// builtins are the own functions as the evaluator calls them.
func (r *run) builtins() map[string]*topdown.Builtin {
	out := map[string]*topdown.Builtin{}
	for _, f := range functions() {
		out[f.Name] = &topdown.Builtin{Decl: f.declaration(), Func: func(ctx topdown.BuiltinContext, args []*ast.Term, iter func(*ast.Term) error) error {
			result, err := r.memo.of(f.Name, args, func() (*ast.Term, error) {
				if r.cancel.Cancelled() {
					return nil, errTime
				}
				result, err := f.call(r, args)
				if err != nil {
					return nil, err
				}
				if t, ok := result.(*ast.Term); ok {
					return t, nil
				}
				v, err := ast.InterfaceToValue(result)
				return ast.NewTerm(v), err
			})
			var given inputError
			switch {
			case errors.As(err, &given):
				return &topdown.Error{Code: topdown.BuiltinErr, Message: f.Name + ": " + err.Error(), Location: ctx.Location}
			case err != nil:
				return halt(ctx, f.Name+": "+err.Error())
			}
			return iter(result)
		}}
	}
	return out
}

// inputError is about an argument that the input may have given: no result, and a
// warning, but no reason to end the rule. What only the author of a rule can
// have got wrong ends it.
type inputError struct{ string }

func (e inputError) Error() string { return e.string }

func inputErrorf(format string, args ...any) error {
	return inputError{fmt.Sprintf(format, args...)}
}

// memo keeps what calls returned: rules ask the same of the same resources.
type memo struct {
	mutex sync.Mutex
	kept  map[int][]*call // by hash
	count int
}

type call struct {
	name   string
	args   []*ast.Term
	once   sync.Once
	result *ast.Term
	err    error
}

// mostCalls are kept; further ones are computed each time.
const mostCalls = 200_000

func (m *memo) of(name string, args []*ast.Term, compute func() (*ast.Term, error)) (*ast.Term, error) {
	c := m.find(name, args)
	if c == nil {
		return compute()
	}
	c.once.Do(func() {
		c.err = fmt.Errorf("internal error") // if it panics
		c.result, c.err = compute()
	})
	return c.result, c.err
}

func (m *memo) find(name string, args []*ast.Term) *call {
	hash := 0
	for _, b := range []byte(name) {
		hash = hash*31 + int(b)
	}
	for _, a := range args {
		hash = hash*31 + a.Hash()
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.kept == nil {
		m.kept = map[int][]*call{}
	}
	for _, c := range m.kept[hash] {
		if c.name == name && equalTerms(c.args, args) {
			return c
		}
	}
	if m.count >= mostCalls {
		return nil
	}
	m.count++
	c := &call{name: name, args: append([]*ast.Term{}, args...)}
	m.kept[hash] = append(m.kept[hash], c)
	return c
}

func equalTerms(a, b []*ast.Term) bool {
	for i := range a {
		if a[i] != b[i] && a[i].Value.Compare(b[i].Value) != 0 {
			return false
		}
	}
	return len(a) == len(b)
}

// resourceOf is the resource that an argument is, or stands in.
func (r *run) resourceOf(t *ast.Term) (*node, error) {
	if o, ok := t.Value.(ast.Object); ok {
		if n := r.document.numbered(o); n != nil && n.state != nil {
			return n, nil
		}
	}
	return nil, fmt.Errorf("a resource of the input is expected, not %s", shown(t))
}

// listed are the texts of an argument.
func listed(t *ast.Term) ([]string, error) {
	var out []string
	var bad *ast.Term
	each := func(t *ast.Term) {
		if s, ok := t.Value.(ast.String); ok {
			out = append(out, string(s))
		} else {
			bad = t
		}
	}
	switch v := t.Value.(type) {
	case ast.String:
		return []string{string(v)}, nil
	case *ast.Array:
		v.Foreach(each)
	case ast.Set:
		v.Foreach(each)
	default:
		bad = t
	}
	if bad != nil {
		return nil, fmt.Errorf("a list of texts is expected, not %s", shown(bad))
	}
	return out, nil
}

func isAccountID(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }
