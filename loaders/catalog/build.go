package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

// building is a resource while its blocks are read, one after the other: its
// own, then those of its parts.
type building struct {
	grants.Reader
	joiner *joiner
	row    *Row
	res    resource.Resource
	parent *Block   // nil: not in the stack
	inner  []choice // parts of the part that is being read
	// maybe is set while a part is read that may not be there: too many cases
	// to list each. What it takes away does not count.
	maybe bool
	// grantsOnly and unsure are addresses of documents: of grants beside the
	// policy, and of parts that may not be there.
	grantsOnly, unsure map[string]bool

	methods   methods             // of an API
	lists     []list              // access control lists
	ownership value.Value         // of objects
	vpc       string              // that an access point takes requests from
	noPublic  string              // what keeps the account's resources from being public
	sharing   string              // what decides whether something does, where that is not known
	declared  []resource.Document // before the row settled them
}

// emit adds a resource in every case that its blocks are declared in.
func (j *joiner) emit(o *object) {
	var cases []*building
	if o.blocks == nil {
		cases = j.cases(o, nil, nil)
	}
	for i := range o.blocks {
		cases = append(cases, j.cases(o, &o.blocks[i], o.blocks[i].When)...)
	}
	for _, b := range j.inDoubt(cases) {
		j.out.Resources = append(j.out.Resources, b.res)
	}
}

// cases builds a resource for each combination of the cases of its parts.
func (j *joiner) cases(o *object, parent *Block, given []string) (out []*building) {
	chosen, whens, ok := j.combinations(given, o.links)
	if !ok {
		return j.build(o, parent, everything(o.links), given, true)
	}
	for i := range chosen {
		if parent == nil && chosen[i][0].block == nil {
			continue
		}
		out = append(out, j.build(o, parent, chosen[i], whens[i], false)...)
	}
	return out
}

// build returns a resource in one of its cases, or nothing where that is none.
func (j *joiner) build(o *object, parent *Block, chosen []choice, when []string, many bool) []*building {
	b := &building{joiner: j, row: o.row, parent: parent, grantsOnly: map[string]bool{}, unsure: map[string]bool{}}
	b.res = resource.Resource{Type: o.row.kind().Type, When: when, Own: j.own[o.scope], IdentityPolicy: o.row.Kind == "AWS::IAM::Policy"}
	if many {
		b.res.Notes = append(b.res.Notes, "too many conditions decide what is there: what may be there is taken to be there, what may limit it is left out")
	}
	if parent != nil {
		b.describe(*parent)
		if !o.form.AnyARN {
			b.res.ARN = o.arn(*parent)
		}
		b.res.Attachments = append(b.res.Attachments, parent.Documents...)
		b.res.Related, b.res.Properties = parent.Related, parent.Properties
		b.visit(o.place, *parent)
	} else {
		block := *chosen[0].block
		b.describe(block)
		b.res.Detached = true
		if anything(o.missing) && !o.form.ByName {
			b.res.Notes = append(b.res.Notes, "which resource "+block.Address+" belongs to is not known")
		} else if o.missing.Literal != "" || o.missing.Parts != nil {
			t := o.missing
			if o.form.ByName {
				t = nameOf(t, block)
			}
			b.res.ARN = o.row.arnOf(t, block)
		}
	}
	for _, c := range chosen {
		if c.block == nil {
			continue
		}
		b.attachments(c)
		b.inner = c.inner
		b.maybe = many && len(c.block.When) > 0
		b.visit(c.part.place, *c.block)
	}
	b.inner, b.maybe = nil, false
	b.declared = slices.Clone(b.res.Documents)
	if o.row.Settle != nil {
		o.row.Settle(b)
	}
	b.res.Attachments = unique(b.res.Attachments)
	b.res.Notes = unique(b.res.Notes)
	for _, d := range b.Diagnostics {
		if !j.reported[d] {
			j.reported[d] = true
			j.out.Diagnostics = append(j.out.Diagnostics, d)
		}
	}
	if o.row.OnlyWithPolicy && len(b.res.Documents) == 0 {
		return nil
	}
	name := o.missing
	if parent != nil {
		name, _ = written(parent.Properties, o.form.Name)
	}
	b.refine(variable(name))
	b.owner()
	b.ownNames()
	b.itself(o.form)
	b.doubt(o.perhaps)
	return []*building{b}
}

// owner takes from the resource's ARN what it tells: the deployment of a policy
// need not be that of its resource.
func (b *building) owner() {
	arn := sections(b.res.ARN, 6)
	if len(arn) != 6 {
		return
	}
	for i, field := range map[int]*string{1: &b.res.Partition, 3: &b.res.Region, 4: &b.res.Account} {
		if s, known := arn[i].Known(); known && s != "" && !strings.ContainsAny(s, "*?") && (*field == "" || b.parent == nil) {
			*field = s
		}
	}
}

// describe takes from a block what it says of its resource.
func (b *building) describe(block Block) {
	b.Path = block.Path
	b.res.Path, b.res.Address, b.res.Name, b.res.Span = block.Path, block.Address, block.Name, block.Span
	b.res.Account, b.res.Region = block.Account, block.Region
	b.res.Elsewhere = block.Scope != "" && block.Account != ""
	b.res.Notes = append(b.res.Notes, block.Notes...)
}

func (b *building) attachments(c choice) {
	if b.parent != nil || c.block.Address != b.res.Address {
		b.res.Attachments = append(b.res.Attachments, c.block.Address)
		b.res.Notes = append(b.res.Notes, c.block.Notes...)
	} else {
		b.res.Related = append(b.res.Related, c.block.Related...)
	}
	b.res.Attachments = append(b.res.Attachments, c.block.Documents...)
	for _, i := range c.inner {
		if i.block != nil {
			b.attachments(i)
		}
	}
}

func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// visit reads the policies of a block, and what else it grants or sets. A policy
// that lets nobody in is listed and not read: what is wrong with it changes no
// answer.
func (b *building) visit(p place, block Block) {
	for _, path := range p.form.Policy {
		for _, v := range at(block.Properties, path) {
			if doc := b.document(v, block); doc != nil {
				b.add(resource.Document{Policy: doc, Sole: !p.row.Several}, block)
			}
		}
	}
	if p.form.Read != nil {
		p.form.Read(b, block)
	}
}

// document reads a policy of a block.
func (b *building) document(v value.Value, block Block) *policy.Document {
	return b.Document(b.joiner.seen(b.Tree(v), block.Scope))
}

// add adds a document, with the place that it comes from.
func (b *building) add(d resource.Document, block Block) {
	if block.Address != b.res.Address {
		d.Address = block.Address
		d.Related = block.Related
	}
	if b.maybe {
		kept := *d.Policy
		kept.Statements = slices.DeleteFunc(slices.Clone(kept.Statements), func(s policy.Statement) bool { return s.Effect == policy.Deny })
		d.Policy = &kept
		b.unsure[block.Address] = true
	}
	b.res.Documents = append(b.res.Documents, d)
}

func (b *building) note(format string, args ...any) {
	b.res.Notes = append(b.res.Notes, fmt.Sprintf(format, args...))
}

// block that a default of the resource is written for.
func (b *building) from() Block {
	if b.parent != nil {
		return *b.parent
	}
	return Block{Address: b.res.Address, Path: b.res.Path, Span: b.res.Span, Account: b.res.Account, Region: b.res.Region}
}

// ownNames: a variable that an own resource's name comes from is a name in
// Resource elements too, and in the ARNs of own buckets. Whom a principal or a
// condition means, it does not tell: an account id may be a part of a name.
func (b *building) ownNames() {
	scope := b.from().Scope
	names := map[string]bool{}
	for _, p := range b.res.ARN.Parts {
		if p.Ref != nil && p.Ref.Is == value.OwnName {
			names[p.Ref.Name] = true
		}
	}
	named := func(t value.Text) (value.Text, bool) {
		return replaced(t, func(r value.Reference, _ bool) (value.Text, bool) {
			ok := r.Is == value.Anything && (names[r.Name] || b.joiner.names[scope][r.Name])
			return value.Ref(value.Reference{Name: r.Name, Is: value.OwnName, Scope: scope}), ok
		})
	}
	for i, d := range b.res.Documents {
		b.res.Documents[i].Policy = rewritten(d.Policy, func(in element, t value.Text) (value.Text, bool) {
			u, ok := named(t)
			ours := func(own value.Text) bool { return mayBe(own, u) || sameBucket(own, u) }
			return u, ok && (in == resources || in == conditions && slices.ContainsFunc(b.joiner.own[scope], ours))
		})
	}
}

// sameBucket reports whether a pattern, such as arn:aws:s3:*:*:name, has the name
// of the bucket that an ARN is of.
func sameBucket(arn, pattern value.Text) bool {
	p, q := sections(arn, 6), sections(pattern, 6)
	return len(p) == 6 && len(q) == 6 && same(p[2], q[2]) && same(p[5], q[5])
}

// element of a statement.
type element uint8

const (
	principals element = iota
	actions
	resources
	conditions
)

// rewritten returns the document with some texts replaced; itself if there is
// none.
func rewritten(d *policy.Document, f func(in element, t value.Text) (value.Text, bool)) *policy.Document {
	changed := false
	text := func(in element, t value.Text) value.Text {
		u, ok := f(in, t)
		if !ok {
			return t
		}
		changed = true
		return u
	}
	patterns := func(in element, list []policy.Pattern) []policy.Pattern {
		out := slices.Clone(list)
		for i := range out {
			out[i].Text = text(in, out[i].Text)
		}
		return out
	}
	out := *d
	out.Statements = slices.Clone(d.Statements)
	for i := range out.Statements {
		s := &out.Statements[i]
		s.Principal.List = slices.Clone(s.Principal.List)
		for k := range s.Principal.List {
			s.Principal.List[k].Text = text(principals, s.Principal.List[k].Text)
		}
		s.Action.List, s.Resource.List = patterns(actions, s.Action.List), patterns(resources, s.Resource.List)
		s.Condition = slices.Clone(s.Condition)
		for k := range s.Condition {
			s.Condition[k].Values = patterns(conditions, s.Condition[k].Values)
		}
	}
	if !changed {
		return d
	}
	return &out
}

// replaced returns the text with some references replaced; f is told whether a
// reference is all of a text.
func replaced(t value.Text, f func(r value.Reference, alone bool) (value.Text, bool)) (value.Text, bool) {
	return t.Replace(func(r value.Reference) (value.Text, bool) { return f(r, len(t.Parts) == 1) })
}
