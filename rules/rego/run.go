package rego

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// Output is what rules found.
type Output struct {
	Findings [][]finding.Finding // of each resource of the input
	// Wrong are mistakes in rules: the run cannot go on.
	Wrong []source.Diagnostic
	// Doubts are calls that had no result, so that a rule may have found less than
	// was meant.
	Doubts []source.Diagnostic
	// Unfinished are rules that a limit ended.
	Unfinished []source.Diagnostic
}

// Run evaluates all rules over an input, within a time for all of them together.
// They run at the same time, so that one without an end keeps no other from its.
func (s *Set) Run(in Input, limit time.Duration) Output { return s.within(in, limit, most) }

// within evaluates all rules within a time and bytes of memory.
func (s *Set) within(in Input, limit time.Duration, memory uint64) Output {
	out := Output{Findings: make([][]finding.Finding, len(in.Resources))}
	d := newDocument(in)
	if err := d.terms(); err != nil {
		out.Wrong = append(out.Wrong, source.Diagnostic{Severity: source.Error, Message: "internal error: " + err.Error()})
		return out
	}
	r := s.newRun(d)
	results := make([]evaluated, len(s.Rules))
	r.all(len(s.Rules), limit, memory, func(i int) evaluated { return r.rule(s.Rules[i]) }, results)
	type place struct {
		resource int
		id       string
	}
	seen := map[place]bool{}
	for i, x := range results {
		rule := s.Rules[i]
		why, limited := isLimit(x.err)
		switch {
		case x.err == nil:
			out.Wrong = append(out.Wrong, x.wrong...)
			out.Doubts = append(out.Doubts, x.doubts...)
			for _, f := range x.findings {
				if at := (place{f.resource, f.ID}); !seen[at] {
					seen[at] = true
					out.Findings[f.resource] = append(out.Findings[f.resource], f.Finding)
				}
			}
		case limited:
			message := fmt.Sprintf("rule %s (package %s) was ended: %s; what it would have found is not known", rule.ID, rule.Package, why)
			out.Unfinished = append(out.Unfinished, source.Diagnostic{Severity: source.Error, Span: s.evaluationError(rule, x.err).Span, Message: message})
		default:
			out.Wrong = append(out.Wrong, s.evaluationError(rule, x.err))
		}
	}
	slices.SortStableFunc(out.Wrong, compareDiagnostics)
	return out
}

// run is one evaluation of rules over a document.
type run struct {
	set       *Set
	document  *document
	cancel    topdown.Cancel
	functions map[string]*topdown.Builtin
	memo      memo
	load      Load // of tests; nil: there is none
}

// Load analyses files as a run would, by their names.
type Load func(files map[string]string) (Input, error)

func (s *Set) newRun(d *document) *run {
	r := &run{set: s, document: d, cancel: topdown.NewCancel()}
	r.functions = r.builtins()
	return r
}

// evaluated is what one rule gave.
type evaluated struct {
	findings []located
	wrong    []source.Diagnostic
	doubts   []source.Diagnostic
	err      error
}

// located is a finding with the index of its resource.
type located struct {
	finding.Finding
	resource int
}

// all runs f for every index at once. Those that are not done when the time is
// over, or the memory is used, are given up.
func (r *run) all(n int, limit time.Duration, memory uint64, f func(int) evaluated, results []evaluated) {
	var mutex sync.Mutex
	var wait sync.WaitGroup
	done, over := make([]bool, n), false
	err := within(limit, memory, func() {
		for i := range n {
			wait.Go(func() {
				var x evaluated
				defer func() {
					if bug := recover(); bug != nil {
						x = evaluated{err: fmt.Errorf("internal error: %v", bug)}
					}
					mutex.Lock()
					defer mutex.Unlock()
					if !over {
						results[i], done[i] = x, true
					}
				}()
				x = f(i)
			})
		}
		wait.Wait()
	})
	if err == nil {
		return
	}
	r.cancel.Cancel()
	_ = within(grace, memory, wait.Wait) // most notice
	mutex.Lock()
	defer mutex.Unlock()
	for i := range results {
		if !done[i] || topdown.IsCancel(results[i].err) {
			results[i] = evaluated{err: err}
		}
	}
	over = true
}

// rule evaluates one rule and reads what it found.
func (r *run) rule(rule Rule) (out evaluated) {
	query, err := ast.ParseBody("data." + rule.Package + "." + findings + "[x]")
	if err != nil {
		return evaluated{err: err}
	}
	var failed []topdown.Error
	text := 0
	err = r.query(query, r.document.term, nil, &failed, func(result topdown.QueryResult) error {
		if len(out.findings) >= mostFindings {
			return fmt.Errorf("more than %d findings", mostFindings)
		}
		f, err := r.finding(rule, result[ast.Var("x")])
		if err != nil {
			out.wrong = append(out.wrong, source.Diagnostic{Severity: source.Error, Span: rule.Finding, Message: fmt.Sprintf("rule %s: %s", rule.ID, err)})
			return nil
		}
		if text += len(f.Message); text > mostText {
			return &topdown.Error{Code: limitCode, Message: fmt.Sprintf("its messages are longer than %d MiB together", mostText>>20)}
		}
		out.findings = append(out.findings, f)
		return nil
	})
	out.err = err
	out.doubts = r.set.doubts(rule, failed)
	out.wrong = out.wrong[:min(len(out.wrong), 3)]
	slices.SortStableFunc(out.findings, func(a, b located) int {
		return cmp.Or(cmp.Compare(a.resource, b.resource), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Message, b.Message))
	})
	return out
}

// query evaluates a query over an input; nil is not an input.
func (r *run) query(q ast.Body, input *ast.Term, printed printer, failed *[]topdown.Error, each func(topdown.QueryResult) error) error {
	compiled, err := r.set.compiler.QueryCompiler().Compile(q)
	if err != nil {
		return err
	}
	t := topdown.NewQuery(compiled).WithCompiler(r.set.compiler).WithCancel(r.cancel).WithBuiltins(r.functions).
		WithStore(noData{}).WithStrictObjects(false)
	if failed != nil {
		t = t.WithBuiltinErrorList(failed)
	}
	if printed != nil {
		t = t.WithPrintHook(printed)
	}
	if input != nil {
		t = t.WithInput(input)
	}
	return t.Iter(context.Background(), each)
}

// finding reads a finding: where it is, and what is said.
func (r *run) finding(rule Rule, t *ast.Term) (located, error) {
	o, ok := t.Value.(ast.Object)
	if !ok {
		return located{}, fmt.Errorf("a finding is an object {\"at\": …, \"message\": …}, and not %s", shown(t))
	}
	var unknown []string
	o.Foreach(func(k, _ *ast.Term) {
		if s, _ := k.Value.(ast.String); !slices.Contains(findingKeys, string(s)) {
			unknown = append(unknown, shown(k))
		}
	})
	if unknown != nil {
		return located{}, fmt.Errorf("a finding has no %s; it has %s", strings.Join(unknown, ", "), strings.Join(findingKeys, ", "))
	}
	text, err := textOf(o, "message")
	if err != nil {
		return located{}, err
	}
	key, err := textOf(o, "key")
	if o.Get(ast.StringTerm("key")) == nil {
		key, err = text, nil
	}
	if err != nil {
		return located{}, err
	}
	at := o.Get(ast.StringTerm("at"))
	if at == nil {
		return located{}, fmt.Errorf("a finding has no \"at\": an object of the input is expected, such as a resource or a statement")
	}
	n, span, err := r.document.place(at)
	if err != nil {
		return located{}, err
	}
	return r.document.found(rule, n, span, text, key), nil
}

var findingKeys = []string{"at", "message", "key"}

// textOf is a text of a finding, in one line.
func textOf(o ast.Object, name string) (string, error) {
	t := o.Get(ast.StringTerm(name))
	if t == nil {
		return "", fmt.Errorf("a finding has no %q; a text is expected", name)
	}
	s, ok := t.Value.(ast.String)
	if line := strings.Join(strings.Fields(string(s)), " "); ok && line != "" {
		if len(line) > longestMessage {
			line = strings.ToValidUTF8(line[:longestMessage], "") + " …"
		}
		return line, nil
	}
	return "", fmt.Errorf("%q of a finding is %s; a text is expected", name, shown(t))
}

// place is where "at" points: an object of the input, or a list of one and the
// way into it.
func (d *document) place(at *ast.Term) (*node, source.Span, error) {
	path := ""
	if list, ok := at.Value.(*ast.Array); ok && list.Len() > 0 {
		var parts []string
		for i := 1; i < list.Len(); i++ {
			switch v := list.Elem(i).Value.(type) {
			case ast.String:
				parts = append(parts, string(v))
			case ast.Number:
				parts = append(parts, string(v))
			default:
				return nil, source.Span{}, fmt.Errorf("\"at\" of a finding goes on with %s; names and numbers are expected after the object", shown(list.Elem(i)))
			}
		}
		at, path = list.Elem(0), join(parts...)
	}
	o, ok := at.Value.(ast.Object)
	if !ok {
		return nil, source.Span{}, fmt.Errorf("\"at\" of a finding is %s; an object of the input is expected, such as a resource or a statement", shown(at))
	}
	n := d.numbered(o)
	if n == nil {
		return nil, source.Span{}, fmt.Errorf("\"at\" of a finding is not an object of the input: it has no %s", marker)
	}
	span := n.span
	for p := path; p != ""; {
		if s, ok := n.spans[p]; ok && !s.IsZero() && !s.File.Sensitive {
			span = s
			break
		}
		i := strings.LastIndexByte(p, 0)
		p = p[:max(i, 0)]
	}
	if span.IsZero() && n.state != nil {
		span = n.state.Span
	}
	if d.hidden[n.resource] && n.state != nil {
		span = n.state.Span
	}
	return n, span, nil
}

// found is a finding of a rule at a node.
func (d *document) found(rule Rule, n *node, span source.Span, text, key string) located {
	x := d.input.Resources[n.resource]
	r := x.Output.Resource
	f := finding.Finding{
		Rule: rule.ID, Severity: rule.Severity, Status: finding.Active, Certainty: finding.Proven,
		Path: r.Path, Address: r.Address, ResourceType: r.ResourceType, Resource: r.ARN, ResourceOwnerAccount: r.Account,
		Principal: map[string]string{}, Action: []string{}, Condition: map[string]string{}, AccessLevels: []string{}, Sources: []finding.Source{},
		Needs: []string{}, Statements: []finding.Statement{}, Message: text, Help: rule.Help, Span: span, Location: finding.Place(span), Subject: "",
	}
	if n.state != nil {
		f.Notes = append(f.Notes, n.state.Notes...)
		for _, rel := range n.state.Related {
			f.Related = append(f.Related, finding.Related{Span: rel.Span, Message: rel.Message})
		}
		if !n.state.Span.IsZero() && n.state.Span != span {
			f.Related = append(f.Related, finding.Related{Span: n.state.Span, Message: finding.DeclaredHere})
		}
	}
	h := sha256.New()
	for _, s := range []string{"iaclint/rego/1", r.Path, r.Address, r.ResourceType, rule.ID, key} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	f.ID = hex.EncodeToString(h.Sum(nil))[:32]
	return located{f, n.resource}
}

// shown is a value for a message, not too long.
func shown(t *ast.Term) string {
	switch v := t.Value.(type) {
	case ast.Object:
		return "an object"
	case *ast.Array:
		return "a list"
	case ast.Set:
		return "a set"
	case ast.String:
		if len(v) > 60 {
			v = ast.String(strings.ToValidUTF8(string(v[:60]), "")) + "…"
		}
		return strconv.Quote(string(v))
	}
	return t.String()
}
