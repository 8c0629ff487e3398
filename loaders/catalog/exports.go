package catalog

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// Links are what the stacks of one account and Region give each other: values
// that one exports and another imports, and policies for resources of another.
type Links struct {
	linked []linked // by stack
}

// linked is what one stack has to do with others.
type linked struct {
	imports map[string][]value.Text // by the key of a name
	from    []int                   // stacks that it imports from, through others too
	// abroad are what names of this stack are called in the stacks that import
	// them: names that AWS gives, and parameters, are called alike in many.
	abroad map[string]string
}

// Link finds what stacks import from each other. It does not change them.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
func Link(stacks []resource.Stack) *Links {
	l := &linking{stacks: stacks, exports: map[string][]position{}, origins: map[string]origin{}, out: make([]linked, len(stacks))}
	l.index()
	for i := range stacks {
		l.stack(i)
	}
	return &Links{l.out}
}

// Imports returns what tells a stack the values that others export under a name;
// nil if it imports nothing that any of them exports.
func (l *Links) Imports(stack int) func(name value.Text) []value.Text {
	imports := l.linked[stack].imports
	if len(imports) == 0 {
		return nil
	}
	return func(name value.Text) []value.Text { return imports[exportKey(name, stack)] }
}

// linking finds links. A position is that of an export here.
type linking struct {
	stacks  []resource.Stack
	labels  []string              // of stacks: what their names get abroad
	exports map[string][]position // by the key of the name
	origins map[string]origin     // of names as they are called abroad
	out     []linked

	// Of the stack that imports:
	stackOf int
	values  map[position]value.Text
	busy    map[position]bool
}

// origin of a name: the stack that has it, and what it is called there.
type origin struct {
	stack int
	name  string
}

// exportKey is the same for names that are the same: a parameter is taken to
// have one value in all stacks, what CloudFormation makes up differs.
func exportKey(name value.Text, stack int) string {
	own, _ := replaced(name, func(r value.Reference, _ bool) (value.Text, bool) {
		if r.Is != value.OwnName {
			return value.Text{}, false
		}
		r.Name = fmt.Sprintf("%d\x00%s", stack, r.Name)
		return value.Ref(r), true
	})
	return key(own)
}

// index notes who exports what. A template that is nested in another is what
// that one makes of it, rather than what it is by itself.
func (l *linking) index() {
	paths := map[string]int{}
	nested := map[[2]string]bool{} // path and name
	for i, s := range l.stacks {
		label := s.Path
		if paths[s.Path]++; paths[s.Path] > 1 {
			label = fmt.Sprintf("%s (%d)", s.Path, paths[s.Path])
		}
		l.labels = append(l.labels, label)
		for _, x := range s.Exports {
			if x.Path != s.Path {
				nested[[2]string{x.Path, exportKey(x.Name, i)}] = true
			}
		}
	}
	for i, s := range l.stacks {
		for k, x := range s.Exports {
			name := exportKey(x.Name, i)
			if x.Path == s.Path && nested[[2]string{x.Path, name}] {
				continue
			}
			l.exports[name] = append(l.exports[name], position{i, k})
		}
	}
}

// stack finds what one stack imports.
func (l *linking) stack(i int) {
	l.stackOf, l.values, l.busy = i, map[position]value.Text{}, map[position]bool{}
	for _, x := range l.stacks[i].Imports {
		values := l.named(x.Name, i)
		if len(values) > 0 {
			if l.out[i].imports == nil {
				l.out[i].imports = map[string][]value.Text{}
			}
			l.out[i].imports[exportKey(x.Name, i)] = values
		}
		if len(values) == 1 {
			l.cross(values[0])
		}
	}
}

// cross notes the names that a value brings along.
func (l *linking) cross(v value.Text) {
	for _, p := range v.Parts {
		if p.Ref == nil {
			continue
		}
		if at, ok := l.origins[p.Ref.Name]; ok {
			if l.out[at.stack].abroad == nil {
				l.out[at.stack].abroad = map[string]string{}
			}
			l.out[at.stack].abroad[at.name] = p.Ref.Name
		}
	}
}

// maxExporters bounds how many exports of one name are told apart.
const maxExporters = 64

// named returns the values that are exported under a name, as the stack that
// imports sees them. Of too many nothing is known.
func (l *linking) named(name value.Text, stack int) []value.Text {
	exports := l.exports[exportKey(name, stack)]
	if len(exports) > maxExporters {
		one := "an export called " + name.String()
		return []value.Text{value.Ref(value.Reference{Name: one}), value.Ref(value.Reference{Name: one + ", or another"})}
	}
	var out []value.Text
	for _, at := range exports {
		if v := l.value(at); !slices.ContainsFunc(out, v.Equal) {
			out = append(out, v)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].String() < out[j].String() })
	return out
}

// maxValue bounds the length of an exported value: an output has at most a
// thousand characters, and a chain of exports could double it at every step.
const maxValue, maxValueParts = 4096, 64

// value returns the value of an export, with what that one imports itself in it.
func (l *linking) value(at position) value.Text {
	if v, ok := l.values[at]; ok {
		return v
	}
	x := l.stacks[at.stack].Exports[at.resource]
	l.busy[at] = true
	v, _ := replaced(x.Value, func(r value.Reference, _ bool) (value.Text, bool) {
		if name, ok := l.imported(r, at.stack); ok {
			return l.chained(r, name, at.stack), true
		}
		return l.abroad(r, at.stack)
	})
	delete(l.busy, at)
	if len(v.Parts) > maxValueParts || length(v) > maxValue {
		v = value.Ref(value.Reference{Name: "value of the export " + x.Name.String()})
	}
	l.values[at] = v
	if from := &l.out[l.stackOf].from; at.stack != l.stackOf && !slices.Contains(*from, at.stack) {
		*from = append(*from, at.stack)
	}
	return v
}

// imported returns the name of the export that a reference stands for.
func (l *linking) imported(r value.Reference, stack int) (value.Text, bool) {
	var found *value.Text
	for i, x := range l.stacks[stack].Imports {
		if x.Reference == r.Name && r.Is == value.Anything {
			if found != nil {
				return value.Text{}, false // names that are written alike
			}
			found = &l.stacks[stack].Imports[i].Name
		}
	}
	if found == nil {
		return value.Text{}, false
	}
	return *found, true
}

// chained is the value that an export has from another one. In a circle nothing
// has a value.
func (l *linking) chained(r value.Reference, name value.Text, stack int) value.Text {
	for _, at := range l.exports[exportKey(name, stack)] {
		if l.busy[at] {
			return value.Ref(r)
		}
	}
	values := l.named(name, stack)
	if len(values) == 1 {
		return values[0]
	}
	open := value.Reference{Name: r.Name}
	for _, v := range values {
		literal, known := v.Known()
		if !known {
			return value.Ref(r)
		}
		open.Values = append(open.Values, literal)
	}
	return value.Ref(open)
}

// abroad returns what a reference of one stack is in the one that imports it.
func (l *linking) abroad(r value.Reference, stack int) (value.Text, bool) {
	if everywhere(r) || stack == l.stackOf {
		return value.Text{}, false
	}
	name := r.Name + " of " + l.labels[stack]
	l.origins[name] = origin{stack, r.Name}
	r.Name = name
	return value.Ref(r), true
}

// length is the number of bytes of the literal pieces.
func length(t value.Text) int {
	n := len(t.Literal)
	for _, p := range t.Parts {
		n += len(p.Literal)
	}
	return n
}

// settled gives what crosses stacks one name in all of them: the one that it has
// in its own if no other stack has one like it. It returns these names.
func (l *Links) settled(stacks []resource.Stack) ([]resource.Stack, map[string]bool) {
	crossing := map[string]bool{}
	if !slices.ContainsFunc(l.linked, func(x linked) bool { return len(x.from) > 0 }) {
		return stacks, crossing
	}
	holders := map[string]int{} // stacks that have a name
	names := make([]map[string]bool, len(stacks))
	for i, s := range stacks {
		names[i] = namesIn(s)
		for name := range names[i] {
			holders[name]++
		}
	}
	here := make([]map[string]string, len(stacks))
	abroad := map[string]string{}
	for i, x := range l.linked {
		for name, there := range x.abroad {
			if holders[name] > 1 || holders[name] == 1 && !names[i][name] {
				if here[i] == nil {
					here[i] = map[string]string{}
				}
				here[i][name] = there
				crossing[there] = true
			} else {
				abroad[there] = name
				crossing[name] = true
			}
		}
	}
	out := slices.Clone(stacks)
	for i := range out {
		if here[i] == nil && len(l.linked[i].from) == 0 {
			continue
		}
		out[i].Resources = slices.Clone(out[i].Resources)
		for k, r := range out[i].Resources {
			out[i].Resources[k] = renamed(r, func(name string) string {
				if there, ok := here[i][name]; ok {
					return there
				}
				if short, ok := abroad[name]; ok {
					return short
				}
				return name
			})
		}
	}
	return l.owned(out), crossing
}

// owned adds to resources what belongs to the stacks that theirs imports from.
func (l *Links) owned(stacks []resource.Stack) []resource.Stack {
	own := make([][]value.Text, len(stacks))
	for i, s := range stacks {
		for _, r := range s.Resources {
			own[i] = union(own[i], slices.DeleteFunc(slices.Clone(r.Own), ofScope))
		}
	}
	for i := range stacks {
		if len(l.linked[i].from) == 0 {
			continue
		}
		for k, r := range stacks[i].Resources {
			for _, from := range l.linked[i].from {
				if !ofScope(r.ARN) {
					r.Own = union(r.Own, own[from])
				}
			}
			stacks[i].Resources[k] = r
		}
	}
	return stacks
}

// ofScope reports whether a text belongs to a deployment of its own.
func ofScope(t value.Text) bool {
	return slices.ContainsFunc(t.Parts, func(p value.Part) bool { return p.Ref != nil && p.Ref.Scope != "" })
}

// union adds to a list of texts those that are not in it. It changes neither.
func union(list, more []value.Text) []value.Text {
	seen := make(map[string]bool, len(list))
	for _, t := range list {
		seen[key(t)] = true
	}
	out := list[:len(list):len(list)]
	for _, t := range more {
		if k := key(t); !seen[k] {
			seen[k] = true
			out = append(out, t)
		}
	}
	return out
}

// namesIn returns what the references of a stack that are its own are called.
func namesIn(s resource.Stack) map[string]bool {
	names := map[string]bool{}
	for _, r := range s.Resources {
		eachName(r, names)
	}
	return names
}

func eachName(r resource.Resource, names map[string]bool) {
	renamed(r, func(name string) string {
		names[name] = true
		return name
	})
}

// renamed returns the resource with other names for the references that are not
// the same in all stacks.
func renamed(r resource.Resource, name func(string) string) resource.Resource {
	f := func(ref value.Reference, _ bool) (value.Text, bool) {
		if everywhere(ref) {
			return value.Text{}, false
		}
		other := name(ref.Name)
		if other == ref.Name {
			return value.Text{}, false
		}
		ref.Name = other
		return value.Ref(ref), true
	}
	r.ARN, _ = replaced(r.ARN, f)
	r.KeyARN, _ = replaced(r.KeyARN, f)
	r.Own = slices.Clone(r.Own)
	for i := range r.Own {
		r.Own[i], _ = replaced(r.Own[i], f)
	}
	r.Documents = slices.Clone(r.Documents)
	for i := range r.Documents {
		d := &r.Documents[i]
		d.AccessPointARN, _ = replaced(d.AccessPointARN, f)
		if d.Policy != nil {
			d.Policy = rewritten(d.Policy, func(_ element, t value.Text) (value.Text, bool) { return replaced(t, f) })
		}
	}
	return r
}

// apart gives the references of a detached policy names that the resource it
// attaches to does not have for others.
func apart(d, r resource.Resource, crossing map[string]bool) resource.Resource {
	taken := map[string]bool{}
	eachName(r, taken)
	return renamed(d, func(name string) string {
		if crossing[name] || !taken[name] {
			return name
		}
		return name + " of " + d.Path
	})
}

// everywhere reports whether a reference is the same in all stacks of an account
// and Region: what is the deployment's, and what AWS puts behind a literal name.
func everywhere(r value.Reference) bool {
	name, ok := strings.CutPrefix(r.Name, suffixOf)
	return ofDeployment(r.Is) || ok && !strings.Contains(name, "${")
}
