package terraform

import (
	"math/big"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/loaders/existence"
)

// existing works out under which condition blocks are declared: it reads count,
// for_each and enabled as expressions, so that two that say the same in other
// words are one condition.
type existing struct {
	l     *loader
	depth int
}

// maxFollowed is how many expressions are followed through names.
const maxFollowed = 48

// quiet evaluates an expression that is evaluated, and reported, elsewhere.
func (x *existing) quiet(e hclsyntax.Expression, sc *scope) *val {
	l := x.l
	var v *val
	l.unreported(func() { v = l.eval(e, sc) })
	return v
}

// unreported drops the errors of an evaluation: what it is in may not be there.
func (l *loader) unreported(f func()) {
	diags, failures := len(l.diags), l.failures
	f()
	if !l.exhausted {
		l.diags, l.failures = l.diags[:diags], failures
	}
}

// atom names a condition after the value that decides it.
func atom(before string, v *val, after string) existence.Condition {
	name := derived("value", source.Span{}, v).ref().Name
	if v.kind == unknown {
		name = v.ref().Name
	}
	return existence.Atom(before + name + after)
}

// allOf, eitherOf and contrary return the operation, or other where it is too large.
func allOf(a, b, other existence.Condition) existence.Condition {
	if c, ok := existence.And(a, b); ok {
		return c
	}
	return other
}

func eitherOf(a, b, other existence.Condition) existence.Condition {
	if c, ok := existence.Or(a, b); ok {
		return c
	}
	return other
}

func contrary(a, other existence.Condition) existence.Condition {
	if c, ok := existence.Not(a); ok {
		return c
	}
	return other
}

// choose returns what a conditional expression makes of the conditions of its results.
func choose(c, a, b, other existence.Condition) existence.Condition {
	return eitherOf(allOf(c, a, other), allOf(contrary(c, other), b, other), other)
}

// question is what is asked of the expression that a name stands for, in the
// instance of the module that has the name.
type question struct {
	about string
	expr  hclsyntax.Expression
	of    *module
}

// once answers a question about the expression behind a name a single time: names
// that are made of names, each used twice, would double the work at every step.
func (x *existing) once(about string, expr hclsyntax.Expression, sc *scope, of *module, answer func(hclsyntax.Expression, *scope) existence.Condition) existence.Condition {
	q := question{about, expr, of}
	c, known := x.l.answers[q]
	if !known {
		c = answer(expr, sc)
		x.l.answers[q] = c
	}
	return c
}

// followed returns the expression that a name stands for, with its scope and the
// module whose name it is.
func (x *existing) followed(e *hclsyntax.ScopeTraversalExpr, sc *scope) (hclsyntax.Expression, *scope, *module) {
	name, root := attrName(e.Traversal, 1), e.Traversal.RootName()
	if len(e.Traversal) < 2 || sc.lookup(root) != nil || sc.isTemplate() {
		return nil, nil, nil
	}
	switch {
	case root == "local" && len(e.Traversal) == 2:
		if a := sc.m.cfg.locals[name]; a != nil {
			return a.Expr, sc.m.top(), sc.m
		}
	case root == "var" && len(e.Traversal) == 2 && sc.m.call != nil:
		if a := sc.m.call.Body.Attributes[name]; a != nil {
			return a.Expr, sc.m.scope, sc.m
		}
	case root == "module" && len(e.Traversal) == 3:
		b := sc.m.cfg.modules[name]
		if b == nil {
			return nil, nil, nil
		}
		if set := sc.m.called(name, b); set.mode == single && len(set.list) == 1 {
			if out := set.list[0].cfg.outputs[attrName(e.Traversal, 2)]; out != nil && out.Body.Attributes["value"] != nil {
				return out.Body.Attributes["value"].Expr, set.list[0].top(), set.list[0]
			}
		}
	}
	return nil, nil, nil
}

// enter counts a step; it reports false where there have been too many.
func (x *existing) enter() bool {
	x.depth++
	return x.depth <= maxFollowed
}

// holds returns the condition that an expression is true.
func (x *existing) holds(e hclsyntax.Expression, sc *scope) existence.Condition {
	defer func() { x.depth-- }()
	v := x.quiet(e, sc)
	if t, ok := truthy(v); ok && t != perhaps {
		if t == yes {
			return existence.Always
		}
		return nil
	}
	other := atom("condition ", v, " holds")
	if !x.enter() {
		return other
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return x.holds(e.Expression, sc)
	case *hclsyntax.TemplateWrapExpr:
		return x.holds(e.Wrapped, sc)
	case *hclsyntax.ConditionalExpr:
		return choose(x.holds(e.Condition, sc), x.holds(e.TrueResult, sc), x.holds(e.FalseResult, sc), other)
	case *hclsyntax.UnaryOpExpr:
		if e.Op == hclsyntax.OpLogicalNot {
			return contrary(x.holds(e.Val, sc), other)
		}
	case *hclsyntax.BinaryOpExpr:
		switch e.Op {
		case hclsyntax.OpLogicalAnd:
			return allOf(x.holds(e.LHS, sc), x.holds(e.RHS, sc), other)
		case hclsyntax.OpLogicalOr:
			return eitherOf(x.holds(e.LHS, sc), x.holds(e.RHS, sc), other)
		}
		return x.compared(e, sc, other)
	case *hclsyntax.FunctionCallExpr:
		return x.function(e, sc, other)
	case *hclsyntax.ScopeTraversalExpr:
		if to, inner, of := x.followed(e, sc); to != nil {
			return x.once("holds", to, inner, of, x.holds)
		}
	}
	return other
}

// function reads a call that is a condition.
func (x *existing) function(e *hclsyntax.FunctionCallExpr, sc *scope, other existence.Condition) existence.Condition {
	if e.ExpandFinal || len(e.Args) == 0 {
		return other
	}
	list, _ := e.Args[0].(*hclsyntax.TupleConsExpr)
	switch e.Name {
	case "tobool", "sensitive", "nonsensitive":
		return x.holds(e.Args[0], sc)
	case "alltrue", "anytrue":
		if list == nil {
			return other
		}
		var out existence.Condition
		if e.Name == "alltrue" {
			out = existence.Always
		}
		for _, item := range list.Exprs {
			if e.Name == "alltrue" {
				out = allOf(out, x.holds(item, sc), other)
			} else {
				out = eitherOf(out, x.holds(item, sc), other)
			}
		}
		return out
	case "contains":
		values := x.quiet(e.Args[0], sc)
		if len(e.Args) != 2 || values.kind != sequence || !values.wholly() || len(values.items) > 8 {
			return other
		}
		what := x.quiet(e.Args[1], sc)
		var out existence.Condition
		for _, item := range values.items {
			out = eitherOf(out, equality(what, item), other)
		}
		return out
	}
	return other
}

// equality names the condition that two values are the same.
func equality(a, b *val) existence.Condition {
	switch equal(a, b) {
	case yes:
		return existence.Always
	case no:
		return nil
	}
	if a.wholly() || !b.wholly() && a.identity() > b.identity() {
		a, b = b, a
	}
	if literal, ok := b.known(); ok && b.secretFile() == nil && a.kind == unknown && a.maybe == nil {
		return existence.Equals(a.ref().Name, quoted(literal))
	}
	return atom("condition ", derived("==", source.Span{}, a, b), " holds")
}

// compared reads a comparison.
func (x *existing) compared(e *hclsyntax.BinaryOpExpr, sc *scope, other existence.Condition) existence.Condition {
	left, right := e.LHS, e.RHS
	a, b := x.quiet(left, sc), x.quiet(right, sc)
	op := e.Op
	if a.wholly() {
		left, a, b = right, b, a
		op = map[*hclsyntax.Operation]*hclsyntax.Operation{
			hclsyntax.OpGreaterThan: hclsyntax.OpLessThan, hclsyntax.OpLessThan: hclsyntax.OpGreaterThan,
			hclsyntax.OpGreaterThanOrEqual: hclsyntax.OpLessThanOrEqual, hclsyntax.OpLessThanOrEqual: hclsyntax.OpGreaterThanOrEqual,
			hclsyntax.OpEqual: hclsyntax.OpEqual, hclsyntax.OpNotEqual: hclsyntax.OpNotEqual,
		}[op]
	}
	if n, ok := x.l.numberOf(b); ok && n != nil && b.kind == number {
		least, _, known := a.limits()
		natural := known && least != nil && least.Sign() >= 0
		one := big.NewFloat(1)
		switch {
		case op == hclsyntax.OpEqual && n.Sign() == 0, natural && op == hclsyntax.OpLessThan && n.Cmp(one) == 0, natural && op == hclsyntax.OpLessThanOrEqual && n.Sign() == 0:
			return contrary(x.nonzero(left, sc), other)
		case op == hclsyntax.OpNotEqual && n.Sign() == 0, natural && op == hclsyntax.OpGreaterThan && n.Sign() == 0, natural && op == hclsyntax.OpGreaterThanOrEqual && n.Cmp(one) == 0:
			return x.nonzero(left, sc)
		}
	}
	switch op {
	case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
		same := equality(a, b)
		if t, ok := truthy(b); ok && t != perhaps && b.kind == boolean {
			same = x.holds(left, sc)
			if t == no {
				same = contrary(same, other)
			}
		} else if c, ok := unwrapped(left).(*hclsyntax.ConditionalExpr); ok {
			p, q := equality(x.quiet(c.TrueResult, sc), b), equality(x.quiet(c.FalseResult, sc), b)
			same = choose(x.holds(c.Condition, sc), p, q, same)
		}
		if op == hclsyntax.OpNotEqual {
			return contrary(same, other)
		}
		return same
	}
	return other
}

func unwrapped(e hclsyntax.Expression) hclsyntax.Expression {
	if p, ok := e.(*hclsyntax.ParenthesesExpr); ok {
		return unwrapped(p.Expression)
	}
	return e
}

// nonzero returns the condition that a number is not 0.
func (x *existing) nonzero(e hclsyntax.Expression, sc *scope) existence.Condition {
	defer func() { x.depth-- }()
	v := x.quiet(e, sc)
	if n, ok := x.l.numberOf(v); ok && n != nil {
		if n.Sign() != 0 {
			return existence.Always
		}
		return nil
	}
	if least, _, ok := v.limits(); ok && least != nil && least.Sign() > 0 {
		return existence.Always
	}
	other := atom("count ", v, " is not 0")
	if !x.enter() {
		return other
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return x.nonzero(e.Expression, sc)
	case *hclsyntax.TemplateWrapExpr:
		return x.nonzero(e.Wrapped, sc)
	case *hclsyntax.ConditionalExpr:
		return choose(x.holds(e.Condition, sc), x.nonzero(e.TrueResult, sc), x.nonzero(e.FalseResult, sc), other)
	case *hclsyntax.BinaryOpExpr:
		if e.Op == hclsyntax.OpMultiply {
			return allOf(x.nonzero(e.LHS, sc), x.nonzero(e.RHS, sc), other)
		}
	case *hclsyntax.FunctionCallExpr:
		if len(e.Args) != 1 || e.ExpandFinal {
			return other
		}
		switch e.Name {
		case "length":
			return x.nonempty(e.Args[0], sc)
		case "tonumber", "signum", "abs", "sensitive", "nonsensitive":
			return x.nonzero(e.Args[0], sc)
		}
	case *hclsyntax.ScopeTraversalExpr:
		if to, inner, of := x.followed(e, sc); to != nil {
			return x.once("nonzero", to, inner, of, x.nonzero)
		}
	}
	return other
}

// declared returns the instances of the resource or module that an expression
// names, nil where it is none.
func (x *existing) declared(e hclsyntax.Expression, sc *scope) (*expansion, hclsyntax.Expression, *scope) {
	t, ok := e.(*hclsyntax.ScopeTraversalExpr)
	if !ok || sc.isTemplate() || sc.lookup(t.Traversal.RootName()) != nil {
		return nil, nil, nil
	}
	root, first, m := t.Traversal.RootName(), attrName(t.Traversal, 1), sc.m
	var set *expansion
	block := m.cfg.modules[first]
	switch {
	case root == "module" && len(t.Traversal) == 2 && block != nil:
		set = &m.called(first, block).expansion
	case root == "data" && len(t.Traversal) == 3 && m.cfg.resources["data."+first+"."+attrName(t.Traversal, 2)] != nil:
		key := "data." + first + "." + attrName(t.Traversal, 2)
		set, block = &m.expanded(key).expansion, m.cfg.resources[key]
	case len(t.Traversal) == 2 && m.cfg.resources[root+"."+first] != nil:
		key := root + "." + first
		set, block = &m.expanded(key).expansion, m.cfg.resources[key]
	default:
		return nil, nil, nil
	}
	for _, name := range []string{"count", "for_each"} {
		if a := block.Body.Attributes[name]; a != nil {
			return set, a.Expr, m.top()
		}
	}
	return nil, nil, nil
}

// nonempty returns the condition that a collection has elements.
func (x *existing) nonempty(e hclsyntax.Expression, sc *scope) existence.Condition {
	defer func() { x.depth-- }()
	v := x.quiet(e, sc)
	size := length(&call{l: x.l, name: "length", args: []*val{v}, at: []source.Span{v.span}, span: v.span})
	if v.kind == null {
		return nil
	}
	if least, most, ok := size.limits(); ok && least != nil {
		switch {
		case least.Sign() > 0:
			return existence.Always
		case most != nil && most.Sign() == 0:
			return nil
		}
	}
	other := atom("count ", size, " is not 0")
	if !x.enter() {
		return other
	}
	if set, of, inner := x.declared(e, sc); set != nil {
		if set.mode == counted {
			return x.nonzero(of, inner)
		}
		return x.nonempty(of, inner)
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return x.nonempty(e.Expression, sc)
	case *hclsyntax.ConditionalExpr:
		return choose(x.holds(e.Condition, sc), x.nonempty(e.TrueResult, sc), x.nonempty(e.FalseResult, sc), other)
	case *hclsyntax.SplatExpr:
		return x.nonempty(e.Source, sc)
	case *hclsyntax.FunctionCallExpr:
		if e.ExpandFinal {
			return other
		}
		switch e.Name {
		case "toset", "tolist", "tomap", "keys", "values", "sensitive", "nonsensitive", "reverse", "sort", "distinct":
			if len(e.Args) == 1 {
				return x.nonempty(e.Args[0], sc)
			}
		case "concat", "merge", "setunion":
			var out existence.Condition
			for _, a := range e.Args {
				out = eitherOf(out, x.nonempty(a, sc), other)
			}
			return out
		}
	case *hclsyntax.ScopeTraversalExpr:
		if to, inner, of := x.followed(e, sc); to != nil {
			return x.once("nonempty", to, inner, of, x.nonempty)
		}
	}
	return other
}

// member returns the condition that a collection, given to for_each, has a key;
// nil is one that stands for all that are not known.
func (x *existing) member(e hclsyntax.Expression, sc *scope, key *string) existence.Condition {
	defer func() { x.depth-- }()
	v := x.quiet(e, sc)
	other := atom("condition a key of ", v, " holds")
	if key != nil {
		other = atom("condition key "+quoted(*key)+" of ", v, " holds")
	}
	if c, ok := x.keyOf(v, key); ok {
		return c
	}
	if !x.enter() {
		return other
	}
	if set, of, inner := x.declared(e, sc); set != nil && set.mode == keyed {
		return x.member(of, inner, key)
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return x.member(e.Expression, sc, key)
	case *hclsyntax.ConditionalExpr:
		return choose(x.holds(e.Condition, sc), x.member(e.TrueResult, sc, key), x.member(e.FalseResult, sc, key), other)
	case *hclsyntax.ForExpr:
		return x.memberOfFor(e, sc, key, other)
	case *hclsyntax.FunctionCallExpr:
		if e.ExpandFinal {
			return other
		}
		switch e.Name {
		case "toset", "tolist", "tomap", "keys", "sensitive", "nonsensitive", "distinct", "sort", "reverse":
			if len(e.Args) == 1 {
				return x.member(e.Args[0], sc, key)
			}
		case "concat", "merge", "setunion", "setintersection", "setsubtract":
			out := x.member(e.Args[0], sc, key)
			for _, a := range e.Args[1:] {
				c := x.member(a, sc, key)
				switch e.Name {
				case "setintersection":
					out = allOf(out, c, other)
				case "setsubtract":
					out = allOf(out, contrary(c, other), other)
				default:
					out = eitherOf(out, c, other)
				}
			}
			return out
		}
	case *hclsyntax.ScopeTraversalExpr:
		if to, inner, of := x.followed(e, sc); to != nil {
			about := "member"
			if key != nil {
				about += " " + *key
			}
			return x.once(about, to, inner, of, func(e hclsyntax.Expression, sc *scope) existence.Condition { return x.member(e, sc, key) })
		}
	}
	return other
}

// keyOf answers where the keys of a collection are known.
func (x *existing) keyOf(v *val, key *string) (existence.Condition, bool) {
	if v.kind == null {
		return nil, true
	}
	known := (v.kind == mapping && v.open == nil && v.inst == nil && v.mod == nil || v.kind == sequence && v.fixed()) && v.maybe == nil
	if !known {
		return nil, false
	}
	for _, f := range v.fields {
		if f.val.maybe != nil {
			return nil, false
		}
		if key != nil && f.key == *key {
			return existence.Always, true
		}
	}
	for _, item := range v.items {
		s, ok := item.known()
		if !ok {
			return nil, false
		}
		if key != nil && s == *key {
			return existence.Always, true
		}
	}
	return nil, true
}

// memberOfFor reads a for expression whose keys are those of what it goes
// through, some of them left out.
func (x *existing) memberOfFor(e *hclsyntax.ForExpr, sc *scope, key *string, other existence.Condition) existence.Condition {
	keys := e.KeyExpr
	if keys == nil {
		keys = e.ValExpr
	}
	coll := x.quiet(e.CollExpr, sc)
	pairs, ok := x.l.elements(coll, source.Span{}, source.Span{})
	t, plain := keys.(*hclsyntax.ScopeTraversalExpr)
	if !ok || !plain || len(t.Traversal) != 1 || e.Group {
		return other
	}
	isKey := t.Traversal.RootName() == e.KeyVar && e.KeyVar != ""
	if !isKey && (t.Traversal.RootName() != e.ValVar || coll.kind == mapping) {
		return other
	}
	out := x.member(e.CollExpr, sc, key)
	if e.CondExpr == nil {
		return out
	}
	for _, p := range pairs {
		s, known := p.key.certain().known()
		if coll.kind == sequence && !isKey {
			s, known = p.val.certain().known()
		}
		if key == nil == known || known && s != *key {
			continue
		}
		vars := map[string]*val{e.ValVar: p.val.certain()}
		if e.KeyVar != "" {
			vars[e.KeyVar] = p.key.certain()
		}
		return allOf(out, x.holds(e.CondExpr, sc.with(vars)), other)
	}
	return other
}

// said returns the words for a condition, "" for one that always holds. One that
// takes too many words is called otherwise.
func said(c existence.Condition, otherwise string) string {
	if c.IsAlways() {
		return ""
	}
	text := c.String()
	if c == nil || len(text) > 400 {
		return otherwise
	}
	return strings.Join(strings.Fields(text), " ")
}
