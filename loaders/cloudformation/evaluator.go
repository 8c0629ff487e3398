package cloudformation

import (
	"fmt"
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/share"
)

// Limits on the work for one input. A template has at most 500 resources and
// a megabyte of text; aliases and loops can stand for far more.
const (
	maxSteps = 2 << 20 // values that are evaluated
	maxText  = 8 << 20 // bytes of text that functions make
	maxDepth = 2000    // values inside values, through references and conditions too
	maxSaid  = 1000    // diagnostics
	// A template has at most 500 resources, and stacks nest.
	maxResources = 5000
	// maxSought is how many bytes and variables the references of Fn::Sub are
	// looked for in: each has its place found from the beginning of its text.
	maxSought = 512 << 20
)

// What ordinary templates take for each of their bytes is less than these.
const (
	stepsPerByte  = 1
	textPerByte   = 1
	soughtPerByte = 16
	bytesPerEntry = 20 // of Resources
)

// What every template may take, because it costs nothing to speak of.
const (
	fewSteps     = 5000
	fewResources = 500 // which is as many as CloudFormation takes
)

// Work counts what the evaluation of templates takes.
type Work struct {
	Share               share.Part // of what one template may take
	steps, made, sought int
	declared            int  // resources
	short               bool // a larger share would have been used
}

// within reports whether work is within the share of a limit, or ordinary.
func (e *evaluator) within(done, limit, ordinary int) bool {
	if done <= e.work.Share.Of(limit, ordinary) {
		return true
	}
	e.work.short = e.work.short || e.work.Share > 1
	return false
}

func (e *evaluator) size() int { return len(e.input.Content) }

// countResource reports whether one more resource is analysed.
func (e *evaluator) countResource(span source.Span, list, why string) bool {
	few := fewResources + e.size()/bytesPerEntry
	if e.work.declared++; e.within(e.work.declared, maxResources, few) {
		return true
	}
	if e.work.Share > 1 {
		why = "beside the other inputs of the run"
	}
	if !e.full {
		e.full = true
		e.errorf(span, "%s more than %d resources, %s; the rest is not analysed", list, e.work.Share.Of(maxResources, few), why)
	}
	return false
}

// evaluator evaluates the templates of one input.
type evaluator struct {
	options Options
	// deployment is that of the template itself: see scope.
	deployment string
	input      *source.File
	given      map[string]given      // parameters, by name
	values     map[string]value.Text // parameters that may not be known, by name
	diags      []source.Diagnostic
	said       map[source.Diagnostic]bool
	work       *Work
	over       bool // that has no more steps
	depth      int

	suggestions int
	full        bool // that declares as many resources as are analysed

	world *world
	base  *world
	// need is the first thing that the world does not settle although what was
	// evaluated depends on it.
	need *atom
	// consulted are the conditions that what was evaluated depends on.
	consulted []consultation
	same      sameness
	// granting counts the policies and principals around what is evaluated, and
	// related are the places that the values of parameters in them come from.
	granting int
	related  []resource.Related
	// inside counts the functions whose arguments are being evaluated: a text is
	// read as a policy only where it is the value of a property.
	inside int
	files  map[string]loaded
	stacks int // nested ones

	imports  []resource.Import
	defaults []resource.Default
	unread   []resource.Unread
}

func newEvaluator(f *source.File, o Options) *evaluator {
	e := &evaluator{options: deployment(f, o), input: f, said: map[source.Diagnostic]bool{}, files: map[string]loaded{}, work: o.Work}
	if e.work == nil {
		e.work = &Work{}
	}
	e.base = &world{conditions: map[*condition]outcome{}}
	e.world = e.base
	e.given = e.readGiven()
	return e
}

func (e *evaluator) say(severity source.Severity, span source.Span, format string, args ...any) {
	d := source.Diagnostic{Severity: severity, Path: span.Path(), Span: span, Message: escape.Brief(fmt.Sprintf(format, args...))}
	if d.Path == "" {
		d.Path = e.input.Name
	}
	// A resource is evaluated in several worlds, and what it refers to as often.
	if e.said[d] || len(e.said) > maxSaid {
		return
	}
	if e.said[d] = true; len(e.said) > maxSaid {
		d.Severity, d.Message = source.Error, fmt.Sprintf("more than %d diagnostics; the rest is not listed", maxSaid)
	}
	e.diags = append(e.diags, d)
}

func (e *evaluator) errorf(span source.Span, format string, args ...any) {
	e.say(source.Error, span, format, args...)
}

func (e *evaluator) warnf(span source.Span, format string, args ...any) {
	e.say(source.Warning, span, format, args...)
}

// fault reports what is wrong with a value and returns one that is not known.
func (e *evaluator) fault(span source.Span, format string, args ...any) value.Value {
	e.errorf(span, format, args...)
	return unknown(span, "unreadable value")
}

func unknown(span source.Span, name string) value.Value {
	return refer(span, value.Reference{Name: name})
}

func refer(span source.Span, r value.Reference) value.Value {
	return value.Value{Kind: value.Unknown, Span: span, Text: value.Ref(r)}
}

// maxSuggestions bounds the search for what may have been meant.
const maxSuggestions = 50

func (e *evaluator) suggest(name string, known func() []string) string {
	if e.suggestions++; e.suggestions > maxSuggestions {
		return ""
	}
	if near := spelling.Nearest(name, known()); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// step bounds the work.
func (e *evaluator) step(span source.Span) bool {
	if e.work.steps++; e.within(e.work.steps, maxSteps, fewSteps+stepsPerByte*e.size()) {
		return true
	}
	if !e.over {
		e.over = true
		e.unread = append(e.unread, resource.Unread{Kind: resource.Budget, Source: span.Path(), Path: span.Path(), Span: span,
			Why: "stands for more values than a run evaluates, so the rest of it is not evaluated"})
	}
	return false
}

// property evaluates the value of a property: what comes out is what AWS gets,
// and a policy written as text is read.
func (e *evaluator) property(s *scope, v value.Value) value.Value {
	inside := e.inside
	e.inside = 0
	v, _ = e.value(s, v)
	e.inside = inside
	return v
}

// argument evaluates an argument of a function.
func (e *evaluator) argument(s *scope, v value.Value) value.Value {
	e.inside++
	v, _ = e.value(s, v)
	e.inside--
	return v
}

// value evaluates a value and tells whether it is another one now. An Absent
// one is what AWS::NoValue leaves.
func (e *evaluator) value(s *scope, v value.Value) (value.Value, bool) {
	v, changed := e.compute(s, v)
	if e.options.Stated == nil || v.Text.Parts == nil {
		return v, changed
	}
	text, stated := v.Text.Replace(func(r value.Reference) (value.Text, bool) {
		text, ok := e.options.Stated.Of(r.Name)
		return value.Lit(text), ok && r.Is == value.Anything
	})
	if v.Text = text; stated && v.Kind == value.Unknown && text.Parts == nil {
		v.Kind, v.Items = value.String, nil
	}
	return v, changed || stated
}

func (e *evaluator) compute(s *scope, v value.Value) (value.Value, bool) {
	if !e.step(v.Span) {
		return unknown(v.Span, "too much to evaluate"), true
	}
	if v.Kind == value.String {
		return e.str(s, v)
	}
	if v.Kind != value.List && v.Kind != value.Map {
		return v, false
	}
	if e.depth++; e.depth > maxDepth {
		e.depth--
		return e.fault(v.Span, "expected references and functions at most %d levels deep", maxDepth), true
	}
	var changed bool
	if v.Kind == value.List {
		v, changed = e.list(s, v)
	} else {
		v, changed = e.object(s, v)
	}
	e.depth--
	return v, changed
}

// str evaluates a literal string.
func (e *evaluator) str(s *scope, v value.Value) (value.Value, bool) {
	if v.Text.Parts != nil {
		return v, false
	}
	if s.marked(v.Text.Literal) {
		texts, pieces := s.unmarked(v.Text.Literal, place(v))
		v.Text = value.Join(texts...)
		if e.inside == 0 && mayBePolicyText(v.Text) {
			return readPolicy(v, pieces)
		}
		v.Text = resolveDynamic(v.Text)
		return v, true
	}
	if strings.Contains(v.Text.Literal, "{{resolve:") {
		v.Text = resolveDynamic(v.Text)
		return v, true
	}
	if e.inside == 0 && mayBePolicy(v.Text.Literal) {
		return readPolicy(v, piecesOf(v))
	}
	return v, false
}

func (e *evaluator) list(s *scope, v value.Value) (value.Value, bool) {
	var items []value.Value // set once one is another
	for i, item := range v.Items {
		got, changed := e.value(s, item)
		if changed && items == nil {
			items = append(make([]value.Value, 0, len(v.Items)), v.Items[:i]...)
		}
		if items != nil && got.Kind != value.Absent {
			items = append(items, got)
		}
	}
	if items == nil {
		return v, false
	}
	v.Items = items
	return v, true
}

func (e *evaluator) object(s *scope, v value.Value) (value.Value, bool) {
	special := false
	for i := range v.Fields {
		key := v.Fields[i].Key
		switch {
		case key == "Ref" && len(v.Fields) == 1:
			return e.ref(s, v), true
		case !strings.HasPrefix(key, "Fn::"):
		case strings.HasPrefix(key, forEach) || key == "Fn::Transform" && len(v.Fields) > 1:
			special = true
		case len(v.Fields) == 1:
			return e.call(s, v), true
		default:
			return e.fault(v.Fields[i].KeySpan, "expected %q to be the only key of its object, found %d keys", key, len(v.Fields)), true
		}
	}
	fields := v.Fields
	if special {
		var open []string
		if fields, open = e.expand(s, fields, ""); open != nil {
			return unknown(v.Span, strings.Join(value.Settling(open), ", ")), true
		}
	}
	for _, f := range fields {
		if s.marked(f.Key) {
			return unknown(v.Span, strings.Join(s.unmarkedText(f.Key).References(), ", ")), true
		}
	}
	changedAny := special
	var out []value.Field
	if special {
		out = make([]value.Field, 0, len(fields))
	}
	for i, f := range fields {
		grants := grantingKey(f.Key)
		if grants {
			e.granting++
		}
		got, changed := e.value(s, f.Value)
		if grants {
			e.granting--
		}
		if changed && !changedAny {
			out = append(make([]value.Field, 0, len(fields)), fields[:i]...)
			changedAny = true
		}
		if changedAny && got.Kind != value.Absent {
			f.Value = got
			out = append(out, f)
		}
	}
	if changedAny {
		v.Fields = out
	}
	return v, changedAny
}

// grantingKey reports whether the value of a key says who may do something.
func grantingKey(key string) bool {
	return strings.HasSuffix(key, "Principal") || key == "Statement" || key == "PrincipalOrgID"
}

// text returns the text of a scalar.
func (e *evaluator) text(v value.Value) (value.Text, bool) {
	return v.Text, v.IsScalar()
}

// literal returns the text of a scalar that is known, with what is declared of
// the deployment in place of its pseudo parameters.
func (e *evaluator) literal(v value.Value) (string, bool) {
	if !v.IsScalar() {
		return "", false
	}
	return e.resolved(v.Text).Known()
}

// resolved puts what is declared of the deployment into a text.
func (e *evaluator) resolved(t value.Text) value.Text {
	if t.Parts == nil {
		return t
	}
	texts := make([]value.Text, 0, len(t.Parts))
	for _, p := range t.Parts {
		text := value.Lit(p.Literal)
		if p.Ref != nil {
			text = value.Ref(*p.Ref)
			if known := e.declaredValue(p.Ref.Is); known != "" && p.Ref.Scope == "" {
				text = value.Lit(known)
			}
		}
		texts = append(texts, text)
	}
	return value.Join(texts...)
}

func (e *evaluator) declaredValue(m value.Meaning) string {
	partition := e.options.Partition
	if partition == "" && e.options.Region != "" {
		partition = knowledge.PartitionOf(e.options.Region)
	}
	switch m {
	case value.OwnAccount:
		return e.options.Account
	case value.OwnRegion:
		return e.options.Region
	case value.OwnPartition:
		return partition
	case value.OwnSuffix:
		return knowledge.SuffixOf(partition)
	}
	return ""
}

// seek bounds the work on the references of texts.
func (e *evaluator) seek(span source.Span, n int) bool {
	if e.work.sought += n; e.within(e.work.sought, maxSought, fewSteps+soughtPerByte*e.size()) {
		return true
	}
	e.errorf(source.Span{File: span.File}, "the texts of \"Fn::Sub\" are too long for the number of their references; the rest is not evaluated")
	return false
}

// spend bounds the text that is made.
func (e *evaluator) spend(span source.Span, bytes int) bool {
	if e.work.made += bytes; e.within(e.work.made, maxText, fewSteps+textPerByte*e.size()) {
		return true
	}
	e.errorf(source.Span{File: span.File}, "functions make more text than a run evaluates; the rest is not evaluated")
	return false
}
