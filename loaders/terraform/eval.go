package terraform

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// Limits on evaluation. A module that passes one is not read to its end, and a
// diagnostic says so.
const (
	maxSteps     = 10_000_000 // expressions evaluated and bytes of text made
	maxDepth     = 400        // expressions inside one another, through locals and modules
	fewSteps     = 5000       // that take no time to speak of
	stepsPerByte = 1          // which is more than ordinary modules take
	maxSize      = 4_000_000  // values and bytes in one value
	maxInstances = 4096       // of one resource or module
	maxModules   = 32         // modules inside one another

	// resourceSteps is what a resource takes beside its expressions: it is joined
	// with others, analysed and listed.
	resourceSteps = 400
)

// scope is where an expression stands.
type scope struct {
	m *module
	// count and each of the block that the expression is in; nil where there
	// are none.
	count    *val
	key, val *val
	self     *instance
	outer    *scope
	vars     map[string]*val // of for expressions, dynamic blocks and templates
	anon     *val            // element of a splat expression
	only     bool            // vars are all there is: a template
	open     *val            // of a template: variables that are not known by name
}

func (sc *scope) lookup(name string) *val {
	for s := sc; s != nil; s = s.outer {
		if v, ok := s.vars[name]; ok {
			return v
		}
		if s.only {
			return nil
		}
	}
	return nil
}

// openVars returns what further variables of a template come from.
func (sc *scope) openVars() *val {
	for s := sc; s != nil; s = s.outer {
		if s.only {
			return s.open
		}
	}
	return nil
}

// with returns a scope inside this one, with variables of its own.
func (sc *scope) with(vars map[string]*val) *scope {
	inner := *sc
	inner.outer, inner.vars, inner.only, inner.open = sc, vars, false, nil
	return &inner
}

func (sc *scope) element(v *val) *scope {
	inner := *sc
	inner.outer, inner.vars, inner.only, inner.open, inner.anon = sc, nil, false, nil, v
	return &inner
}

// isTemplate reports whether only the variables of a template are in scope.
func (sc *scope) isTemplate() bool {
	for s := sc; s != nil; s = s.outer {
		if s.only {
			return true
		}
	}
	return false
}

// spend takes steps from the budget, and reports whether there were enough.
func (l *loader) spend(n int, span source.Span) bool {
	if l.steps += n; l.steps <= l.o.Share.Of(maxSteps, fewSteps+stepsPerByte*l.bytes) {
		return true
	}
	if !l.exhausted {
		l.exhausted = true
		l.short = l.short || l.o.Share > 1
		l.unread = append(l.unread, resource.Unread{Kind: resource.Budget, Source: span.Path(), Path: span.Path(), Span: span,
			Why: "takes too much to evaluate for one run, so what is left of it is not known"})
	}
	return false
}

// failed is a value that cannot be evaluated.
func (l *loader) failed(span source.Span) *val {
	name := "value"
	if !span.IsZero() {
		start, _ := span.Range(source.Runes)
		name = fmt.Sprintf("value at %s:%d:%d", span.Path(), start.Line, start.Column)
	}
	return unknownVal(value.Reference{Name: name}, span)
}

// errorf reports an error and returns what stands for the value.
func (l *loader) errorf(span source.Span, format string, args ...any) *val {
	l.failures++
	if !l.exhausted {
		l.diags = append(l.diags, source.Diagnostic{Severity: source.Error, Path: span.Path(), Span: span, Message: escape.Brief(l.withoutSecrets(fmt.Sprintf(format, args...)))})
	}
	return l.failed(span)
}

// span returns the place of a range.
func (l *loader) span(r hcl.Range) source.Span {
	f := l.files[r.Filename]
	if f == nil {
		return l.aliases[r.Filename]
	}
	// At the end of a file the parser counts a newline that may not be there.
	start := min(r.Start.Byte, len(f.Content))
	return source.Span{File: f, Start: start, End: min(max(r.End.Byte, start), len(f.Content))}
}

// eval returns the value of an expression.
func (l *loader) eval(e hclsyntax.Expression, sc *scope) *val {
	span := l.span(e.Range())
	if !l.spend(1, span) {
		return l.failed(span)
	}
	if l.depth++; l.depth > maxDepth {
		l.depth--
		if !l.deep {
			l.deep = true
			l.errorf(span, "expressions are nested too deep, expected at most %d levels through locals and modules", maxDepth)
		}
		return l.failed(span)
	}
	v := l.stated(l.evalKind(e, sc, span), sc.m)
	l.depth--
	if v.weight() > maxSize {
		l.spend(maxSteps, span)
		return l.failed(span)
	}
	return v
}

func (l *loader) evalKind(e hclsyntax.Expression, sc *scope, span source.Span) *val {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		if !e.Val.IsKnown() {
			return l.failed(span) // a syntax error, already reported
		}
		return literal(e.Val, span)
	case *hclsyntax.TemplateExpr:
		return l.template(e, sc, span)
	case *hclsyntax.TemplateWrapExpr:
		return l.eval(e.Wrapped, sc)
	case *hclsyntax.TemplateJoinExpr:
		return l.templateJoin(e, sc)
	case *hclsyntax.ParenthesesExpr:
		return l.eval(e.Expression, sc)
	case *hclsyntax.ScopeTraversalExpr:
		return l.reference(e.Traversal, sc, span)
	case *hclsyntax.RelativeTraversalExpr:
		return l.traverse(l.eval(e.Source, sc), e.Traversal, span)
	case *hclsyntax.FunctionCallExpr:
		return l.call(e, sc, span)
	case *hclsyntax.ConditionalExpr:
		return l.conditional(e, sc, span)
	case *hclsyntax.IndexExpr:
		return l.indexed(l.eval(e.Collection, sc), l.eval(e.Key, sc), span)
	case *hclsyntax.TupleConsExpr:
		if !l.spend(valueSteps*len(e.Exprs), span) {
			return l.failed(span)
		}
		items := make([]*val, len(e.Exprs))
		for i, x := range e.Exprs {
			items[i] = l.eval(x, sc)
		}
		return seqVal(items, span)
	case *hclsyntax.ObjectConsExpr:
		return l.object(e, sc, span)
	case *hclsyntax.ObjectConsKeyExpr:
		return l.objectKey(e, sc)
	case *hclsyntax.ForExpr:
		return l.forExpr(e, sc, span)
	case *hclsyntax.SplatExpr:
		return l.splat(e, sc, span)
	case *hclsyntax.AnonSymbolExpr:
		return sc.anon
	case *hclsyntax.BinaryOpExpr:
		return l.binary(e, sc, span)
	case *hclsyntax.UnaryOpExpr:
		return l.unary(e, sc, span)
	}
	return l.failed(span) // a syntax error, already reported
}

func literal(v cty.Value, span source.Span) *val {
	if v.IsNull() {
		return nullVal(span)
	}
	switch v.Type() {
	case cty.Bool:
		return boolVal(v.True(), span)
	case cty.Number:
		return numberVal(v.AsBigFloat(), span)
	case cty.String:
		return textVal(v.AsString(), span)
	}
	return nullVal(span)
}

func (l *loader) objectKey(e *hclsyntax.ObjectConsKeyExpr, sc *scope) *val {
	if !e.ForceNonLiteral {
		if t, ok := e.Wrapped.(*hclsyntax.ScopeTraversalExpr); ok && len(t.Traversal) == 1 {
			return textVal(t.Traversal.RootName(), l.span(t.SrcRange))
		}
		if t, ok := e.Wrapped.(*hclsyntax.LiteralValueExpr); ok && !t.Val.IsNull() && t.Val.Type() != cty.String {
			v := l.eval(t, sc)
			if s, ok := v.scalarText(); ok {
				return &val{kind: text, text: s, span: v.span}
			}
		}
	}
	return l.eval(e.Wrapped, sc)
}

func (l *loader) object(e *hclsyntax.ObjectConsExpr, sc *scope, span source.Span) *val {
	if !l.spend(valueSteps*len(e.Items), span) {
		return l.failed(span)
	}
	fields := make([]field, 0, len(e.Items))
	var open []*val
	for _, item := range e.Items {
		key, v := l.eval(item.KeyExpr, sc), l.eval(item.ValueExpr, sc)
		name, ok := l.keyText(key)
		if !ok {
			// The key may be one of those before it, whose value it then replaces.
			open = append(open, key)
			continue
		}
		fields = append(fields, field{key: name, span: key.span, val: v})
	}
	v := mapVal(unique(fields), span)
	if open != nil {
		v.open = derived("object", span, open...)
		shadow(v)
	}
	return v
}

// shadow puts what the unknown keys of a mapping may put in the place of its
// known ones.
func shadow(v *val) {
	for i, f := range v.fields {
		v.fields[i].val = derived("key", f.val.span, v.open, f.val)
	}
}

// unique leaves the last of fields with one key, in the place of the first.
func unique(fields []field) []field {
	if len(fields) < 2 {
		return fields
	}
	at := make(map[string]int, len(fields))
	out := fields[:0]
	for _, f := range fields {
		if i, ok := at[f.key]; ok {
			out[i] = f
			continue
		}
		at[f.key] = len(out)
		out = append(out, f)
	}
	return out
}

// keyText returns a key that is known.
func (l *loader) keyText(key *val) (string, bool) {
	if key.maybe != nil {
		return "", false
	}
	t, ok := key.scalarText()
	if !ok {
		l.errorf(key.span, "key of an object must be a string, found %s", key.kind)
		return "", false
	}
	if name, ok := claimKey(t); ok {
		return name, true
	}
	return t.Known()
}

func (l *loader) forExpr(e *hclsyntax.ForExpr, sc *scope, span source.Span) *val {
	coll := l.eval(e.CollExpr, sc)
	pairs, ok := l.elements(coll, l.span(e.CollExpr.Range()), span)
	if !ok {
		return l.errorf(l.span(e.CollExpr.Range()), "for needs a list, a set or a map to iterate over, found %s", coll.kind)
	}
	var items []*val
	var fields []field
	var open []*val
	groups := map[string][]*val{}
	for _, p := range pairs {
		vars := map[string]*val{e.ValVar: p.val.certain()}
		if e.KeyVar != "" {
			vars[e.KeyVar] = p.key
		}
		inner := sc.with(vars)
		why := p.val.maybe
		if e.CondExpr != nil {
			cond := l.eval(e.CondExpr, inner)
			t, ok := truthy(cond)
			if !ok {
				l.errorf(l.span(e.CondExpr.Range()), "condition must be true or false, found %s", cond.kind)
				t = perhaps
			}
			if t == no {
				continue
			}
			if t == perhaps && why == nil {
				why = cond.cause()
				if why == nil {
					why = l.failed(cond.span).ref()
				}
			}
		}
		v := l.eval(e.ValExpr, inner)
		if !l.spend(valueSteps, span) {
			return l.failed(span)
		}
		if e.KeyExpr == nil {
			if why != nil {
				v = v.doubted(why)
			}
			items = append(items, v)
			continue
		}
		key := l.eval(e.KeyExpr, inner)
		name, known := l.keyText(key)
		switch {
		case !known || why != nil:
			open = append(open, key, v)
			if why != nil {
				open = append(open, unknownVal(*why, span))
			}
			if known && why != nil && !e.Group {
				fields = append(fields, field{name, key.span, v.doubted(why)})
			}
		case e.Group:
			if _, ok := groups[name]; !ok {
				fields = append(fields, field{key: name, span: key.span})
			}
			groups[name] = append(groups[name], v)
		default:
			fields = append(fields, field{name, key.span, v})
		}
	}
	if e.KeyExpr == nil {
		return seqVal(items, span)
	}
	if e.Group {
		for i, f := range fields {
			fields[i].val = seqVal(groups[f.key], span)
		}
	}
	v := mapVal(unique(fields), span)
	if open != nil {
		v.open = derived("for", span, open...)
		if e.Group {
			shadow(v)
		}
		if len(pairs) == 1 && len(v.fields) == 0 && !e.Group {
			v.each = open[1].certain()
		}
	}
	return v
}

// pair is one step of an iteration.
type pair struct{ key, val *val }

// elements returns what iterating over a value gives. An element that stands
// for any number of them is in doubt, and so is its key. The element of an
// unknown collection is that of this iteration: another place of the code may
// select others.
func (l *loader) elements(v *val, place, iteration source.Span) ([]pair, bool) {
	if !l.spend(valueSteps*(len(v.items)+len(v.fields)), place) {
		return nil, true
	}
	many := func(u *val) pair {
		where := ""
		if !iteration.IsZero() {
			start, _ := iteration.Range(source.Runes)
			where = fmt.Sprintf(" at %s:%d:%d", iteration.Path(), start.Line, start.Column)
		}
		key := unknownVal(value.Reference{Name: "key of " + u.ref().Name + where}, place)
		element := unknownVal(value.Reference{Name: u.ref().Name + "[*]" + where}, place)
		return pair{key, element.doubted(u.ref())}
	}
	switch {
	case v.kind == unknown:
		return []pair{many(v)}, true
	case v.maybe != nil && (v.kind == sequence || v.kind == mapping):
		pairs, ok := l.elements(v.certain(), place, iteration)
		for i := range pairs {
			pairs[i].val = pairs[i].val.doubted(v.maybe)
		}
		return pairs, ok
	case v.kind == sequence:
		pairs := make([]pair, 0, len(v.items))
		sure := !v.loose
		index := "" // of elements whose place is not known
		for i, item := range v.items {
			sure = sure && item.maybe == nil
			var key *val
			switch {
			case v.isSet:
				key = item.certain()
			case sure:
				key = intVal(i, place)
			default:
				if index == "" {
					index = derived("index", place, v).ref().Name
				}
				key = unknownVal(value.Reference{Name: fmt.Sprintf("%s, element %d", index, i)}, place)
			}
			pairs = append(pairs, pair{key, item})
		}
		return pairs, true
	case v.kind == mapping && v.mod == nil && v.inst == nil:
		var pairs []pair
		for _, f := range v.sorted() {
			pairs = append(pairs, pair{textVal(f.key, f.span), f.val})
		}
		if v.open != nil {
			p := many(v.open)
			if v.each != nil {
				p.val = v.each.doubted(v.open.ref())
			}
			pairs = append(pairs, p)
		}
		return pairs, true
	case v.kind == mapping:
		return []pair{many(unknownVal(*v.cause(), v.span))}, true
	}
	return nil, false
}

func (l *loader) splat(e *hclsyntax.SplatExpr, sc *scope, span source.Span) *val {
	src := l.eval(e.Source, sc)
	l.doubt(src)
	switch {
	case src.kind == null:
		return seqVal(nil, span)
	case src.kind == unknown:
		// The value may be a list, or one element.
		pairs, _ := l.elements(src, src.span, span)
		v := l.eval(e.Each, sc.element(pairs[0].val.certain()))
		return seqVal([]*val{v.doubted(src.ref())}, span)
	case src.kind == sequence:
		items := make([]*val, 0, len(src.items))
		for _, item := range src.items {
			v := l.eval(e.Each, sc.element(item.certain()))
			if item.maybe != nil {
				v = v.doubted(item.maybe)
			}
			items = append(items, v)
		}
		v := seqVal(items, span)
		v.loose = src.loose
		return v
	}
	v := l.eval(e.Each, sc.element(src.certain()))
	if src.maybe != nil {
		v = v.doubted(src.maybe)
	}
	return seqVal([]*val{v}, span)
}

func (l *loader) conditional(e *hclsyntax.ConditionalExpr, sc *scope, span source.Span) *val {
	cond := l.eval(e.Condition, sc)
	t, ok := truthy(cond)
	if !ok {
		l.errorf(l.span(e.Condition.Range()), "condition must be true or false, found %s", cond.kind)
		t = perhaps
	}
	switch t {
	case yes:
		return l.eval(e.TrueResult, sc)
	case no:
		return l.eval(e.FalseResult, sc)
	}
	why := cond.cause()
	if why == nil {
		why = l.failed(cond.span).ref()
	}
	// The branch that is not taken may not even make sense: var.x == null ? … : var.x.y
	before := len(l.diags)
	a := l.eval(e.TrueResult, sc)
	b := l.eval(e.FalseResult, sc)
	if !l.exhausted {
		l.diags = l.diags[:before]
	}
	if !l.spend(a.weight()+b.weight(), span) {
		return l.failed(span)
	}
	return l.either([]*val{a, b}, why, func() string { return l.choiceName(e, cond) }, span)
}

// choiceName names the choice between two values: by its condition as it is
// written, in this instance of the module.
func (l *loader) choiceName(e *hclsyntax.ConditionalExpr, cond *val) string {
	shown := l.span(e.Condition.Range()).Shown()
	if len(shown) > 60 {
		shown = strings.ToValidUTF8(shown[:60], "") + "…"
	}
	return shown + " ? #" + tag("choice", cond, l.placeVal(e.SrcRange))
}

// placeVal is a value that is another for every place of the code.
func (l *loader) placeVal(r hcl.Range) *val {
	return textVal(fmt.Sprintf("%s:%d", r.Filename, r.Start.Byte), source.Span{})
}

func (l *loader) unary(e *hclsyntax.UnaryOpExpr, sc *scope, span source.Span) *val {
	v := l.eval(e.Val, sc)
	if e.Op == hclsyntax.OpLogicalNot {
		t, ok := truthy(v)
		if !ok {
			return l.errorf(span, "\"!\" needs a boolean, found %s", v.kind)
		}
		if t == perhaps {
			return derived("!", span, v)
		}
		return boolVal(t == no, span)
	}
	n, ok := l.numberOf(v)
	if !ok {
		return l.errorf(span, "\"-\" needs a number, found %s", v.kind)
	}
	if n == nil {
		return derived("-", span, v)
	}
	return numberVal(new(big.Float).Neg(n), span)
}

// numberOf returns a number; nil with ok when it is not known.
func (l *loader) numberOf(v *val) (n *big.Float, ok bool) {
	if v.maybe != nil {
		return nil, true
	}
	switch v.kind {
	case number:
		return v.num, true
	case unknown:
		return nil, true
	case text:
		s, known := v.known()
		if !known {
			return nil, true
		}
		return parseNumber(s)
	}
	return nil, false
}

func parseNumber(s string) (*big.Float, bool) {
	if len(s) > 100 {
		return nil, false
	}
	c, err := cty.ParseNumberVal(s)
	if err != nil {
		return nil, false
	}
	return c.AsBigFloat(), true
}

func (l *loader) binary(e *hclsyntax.BinaryOpExpr, sc *scope, span source.Span) *val {
	a := l.eval(e.LHS, sc)
	switch e.Op {
	case hclsyntax.OpLogicalAnd, hclsyntax.OpLogicalOr:
		return l.logical(e, a, sc, span)
	}
	b := l.eval(e.RHS, sc)
	if !l.spend(min(a.weight(), b.weight()), span) {
		return l.failed(span)
	}
	switch e.Op {
	case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
		t := equal(a, b)
		if t == perhaps {
			t = ordered(hclsyntax.OpEqual, a, b)
		}
		if e.Op == hclsyntax.OpNotEqual {
			t = t.not()
		}
		if t == perhaps {
			if !l.spend(a.weight()+b.weight(), span) {
				return l.failed(span)
			}
			return derived(operatorNames[e.Op], span, a, b)
		}
		return boolVal(t == yes, span)
	}
	x, ok := l.numberOf(a)
	y, alsoOK := l.numberOf(b)
	if !ok || !alsoOK {
		wrong := a
		if ok {
			wrong = b
		}
		return l.errorf(span, "operator needs two numbers, found %s", wrong.kind)
	}
	if x == nil || y == nil {
		if t := ordered(e.Op, a, b); t != perhaps {
			return boolVal(t == yes, span)
		}
		return derived(operatorNames[e.Op], span, a, b)
	}
	return l.arithmetic(e.Op, x, y, span)
}

var operatorNames = map[*hclsyntax.Operation]string{
	hclsyntax.OpAdd: "+", hclsyntax.OpSubtract: "-", hclsyntax.OpMultiply: "*", hclsyntax.OpDivide: "/", hclsyntax.OpModulo: "%",
	hclsyntax.OpEqual: "==", hclsyntax.OpNotEqual: "!=", hclsyntax.OpLogicalAnd: "&&", hclsyntax.OpLogicalOr: "||",
	hclsyntax.OpGreaterThan: ">", hclsyntax.OpGreaterThanOrEqual: ">=", hclsyntax.OpLessThan: "<", hclsyntax.OpLessThanOrEqual: "<=",
}

func (l *loader) arithmetic(op *hclsyntax.Operation, x, y *big.Float, span source.Span) *val {
	result, err := op.Impl.Call([]cty.Value{cty.NumberVal(x), cty.NumberVal(y)})
	if err != nil {
		return l.errorf(span, "%s", err)
	}
	return literal(result, span)
}

// logical evaluates && and ||. The right side counts only where the left leaves
// the answer open, so that it may rely on it.
func (l *loader) logical(e *hclsyntax.BinaryOpExpr, a *val, sc *scope, span source.Span) *val {
	decides := yes // for ||
	if e.Op == hclsyntax.OpLogicalAnd {
		decides = no
	}
	t, ok := truthy(a)
	if !ok {
		return l.errorf(l.span(e.LHS.Range()), "expected true or false, found %s", a.kind)
	}
	if t == decides {
		return boolVal(t == yes, span)
	}
	before := len(l.diags)
	b := l.eval(e.RHS, sc)
	if t == perhaps && !l.exhausted {
		l.diags = l.diags[:before]
	}
	u, ok := truthy(b)
	if !ok {
		if t == perhaps {
			u = perhaps
		} else {
			return l.errorf(l.span(e.RHS.Range()), "expected true or false, found %s", b.kind)
		}
	}
	switch {
	case u == decides:
		return boolVal(u == yes, span)
	case t == perhaps || u == perhaps:
		return derived(operatorNames[e.Op], span, a, b)
	}
	return boolVal(decides == no, span)
}
