package catalog

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/existence"
)

// object is a resource of a row, in each of the cases that it is declared in.
// One that is not in the stack has no blocks, but parts that name it.
type object struct {
	place
	address string
	scope   string
	blocks  []Block
	order   int          // of declaration
	names   []value.Text // what names it
	arns    []value.Text
	links   []link
	missing value.Text // what its parts call it, if it is not in the stack
	perhaps []perhaps  // settings that may be its own
}

// part is what attaches to a resource, in each of its cases.
type part struct {
	place
	address  string
	blocks   []Block
	inner    []link               // parts of this part, as the policy of an access point
	attached []bool               // by block: to all that it names
	left     map[int][]value.Text // what a block names and no resource is
}

// link is a part for one resource.
type link struct {
	part  *part
	cases []int // of the part's blocks: those that attach to the resource
}

// all is what Form.Of says of a part that holds for the whole account.
const all = "*"

type joiner struct {
	*table
	language Language
	accounts map[string]string // of scopes
	objects  []*object
	named    map[[3]string][]*object // by kind, scope and key
	parts    []*part
	own      map[string][]value.Text // by scope
	owned    map[[2]string]bool      // scope and key of each of them
	// names are the variables that names of resources are made of, by scope.
	names    map[string]map[string]bool
	terms    *existence.Terms // what conditions stand for
	several  bool             // scopes, of blocks or of what they refer to
	out      resource.Stack
	reported map[source.Diagnostic]bool
}

// Resources joins the blocks of one template or root module into resources.
func Resources(l Language, blocks []Block) resource.Stack {
	j := &joiner{
		table: index(), language: l, accounts: map[string]string{}, own: map[string][]value.Text{}, owned: map[[2]string]bool{},
		named: map[[3]string][]*object{}, names: map[string]map[string]bool{}, reported: map[source.Diagnostic]bool{},
	}
	for _, b := range blocks {
		if b.Account != "" {
			j.accounts[b.Scope] = b.Account
		}
		if b.Terms != nil {
			j.terms = b.Terms
		}
		j.several = j.several || b.Scope != blocks[0].Scope || namesOther(b.Properties, b.Scope)
		j.owns(b)
	}
	j.declare(blocks)
	for _, p := range j.parts {
		j.attach(p)
	}
	j.absorb()
	j.leave()
	j.everywhere()
	j.settlePerhaps()
	for _, o := range j.objects {
		j.emit(o)
	}
	for _, b := range blocks {
		if languageOf(b.Type) == l && !Relevant(l, b.Type) {
			j.carried(b)
		}
	}
	j.out.Attachments, j.out.Users = attachments(blocks), users(blocks)
	return j.out
}

// declare sorts blocks into resources and parts. Blocks with one address that
// exclude each other are the cases of one declaration.
func (j *joiner) declare(blocks []Block) {
	objects := map[[4]string][]*object{}
	parts := map[[4]string][]*part{}
	for _, b := range blocks {
		if languageOf(b.Type) != j.language {
			continue
		}
		for _, p := range j.types[b.Type] {
			if p.form.Has != nil && !slices.ContainsFunc(p.form.Has, func(path string) bool { return len(at(b.Properties, path)) > 0 }) {
				continue
			}
			key := [4]string{p.row.Kind, b.Type, b.Address, b.ID}
			if p.part {
				i := slices.IndexFunc(parts[key], func(x *part) bool { return j.excluded(x.blocks, b) })
				if i < 0 {
					i = len(parts[key])
					parts[key] = append(parts[key], &part{place: p, address: b.Address, left: map[int][]value.Text{}})
					j.parts = append(j.parts, parts[key][i])
				}
				x := parts[key][i]
				x.blocks = append(x.blocks, b)
				x.attached = append(x.attached, false)
				continue
			}
			i := slices.IndexFunc(objects[key], func(x *object) bool { return j.excluded(x.blocks, b) })
			if i < 0 {
				i = len(objects[key])
				objects[key] = append(objects[key], &object{place: p, address: b.Address, scope: b.Scope, order: len(j.objects)})
				j.objects = append(j.objects, objects[key][i])
			}
			o := objects[key][i]
			o.blocks = append(o.blocks, b)
			j.name(o, b)
			j.variables(p, b)
		}
	}
	j.aliases(blocks)
}

// excluded reports whether a block cannot be there together with any of others.
func (j *joiner) excluded(others []Block, b Block) bool {
	return !slices.ContainsFunc(others, func(o Block) bool {
		_, together := j.both(o.When, b.When)
		return together
	})
}

// variables notes what the name of a resource is made of.
func (j *joiner) variables(p place, b Block) {
	t, ok := written(b.Properties, p.form.Name)
	if !ok || p.form.Name == "" || len(b.When) > 0 {
		return
	}
	for _, part := range t.Parts {
		if part.Ref != nil && part.Ref.Is == value.Anything {
			if j.names[b.Scope] == nil {
				j.names[b.Scope] = map[string]bool{}
			}
			j.names[b.Scope][part.Ref.Name] = true
		}
	}
}

// name adds what a block is called.
func (j *joiner) name(o *object, b Block) {
	arn := o.arn(b)
	j.addName(o, o.form.name(b))
	j.addName(o, arn)
	if arn.Literal != "" || arn.Parts != nil {
		o.arns = append(o.arns, arn)
		j.note(o, arnKey(arn))
	}
	for _, attribute := range []string{"Ref", "QueueUrl", "id", "url", "layer_arn"} {
		if template := o.form.Attr[attribute]; template != "" {
			j.addName(o, o.fill(template, b))
		}
	}
}

func (j *joiner) addName(o *object, t value.Text) {
	if t.Literal != "" || t.Parts != nil {
		o.names = append(o.names, t)
		j.note(o, key(t))
	}
}

// note adds an object to those that a key may mean.
func (j *joiner) note(o *object, key string) {
	k := [3]string{o.row.Kind, o.scope, key}
	if list := j.named[k]; len(list) == 0 || list[len(list)-1] != o {
		j.named[k] = append(list, o)
	}
}

// find returns the resources of a kind that a text in a block names, in the
// order in which they are declared.
func (j *joiner) find(row *Row, t value.Text, b Block) []*object {
	arn := row.arnOf(t, b)
	keys := []string{key(t), arnKey(arn)}
	if row.Qualified {
		keys = append(keys, key(unqualified(t)), arnKey(unqualified(arn)))
	}
	var out []*object
	for _, k := range keys {
		for _, o := range j.named[[3]string{row.Kind, b.Scope, k}] {
			if !slices.Contains(out, o) && o.called(t, arn) {
				out = append(out, o)
			}
		}
	}
	slices.SortFunc(out, func(o, p *object) int { return o.order - p.order })
	return out
}

// key is the same for texts that are the same.
func key(t value.Text) string {
	return t.Write(func(r value.Reference) string {
		if ofDeployment(r.Is) {
			return "\x00" + r.Is.String() + "\x00"
		}
		return "\x00" + r.Name + "\x00"
	})
}

// arnKey is the same for ARNs that may be the same.
func arnKey(t value.Text) string {
	parts := sections(t, 6)
	if len(parts) != 6 {
		return "\x00"
	}
	return "\x00arn\x00" + key(parts[2]) + "\x00" + key(parts[5])
}

// unqualified cuts a version or an alias off.
func unqualified(t value.Text) value.Text {
	parts := sections(t, 1<<10)
	return joined(parts[:len(parts)-1])
}

// called reports whether a text, and the ARN that it stands for, name the resource.
func (o *object) called(t, arn value.Text) bool {
	for _, n := range o.names {
		if same(n, t) || o.row.Qualified && qualifies(n, t) {
			return true
		}
	}
	if arn.Literal == "" && arn.Parts == nil {
		return false
	}
	for _, a := range o.arns {
		if mayBe(a, arn) || o.row.Qualified && qualifies(a, arn) {
			return true
		}
	}
	return false
}

// qualifies reports whether a text is a name with a version or an alias behind it.
func qualifies(name, t value.Text) bool {
	p, q := sections(name, 1<<10), sections(t, 1<<10)
	if len(q) != len(p)+1 {
		return false
	}
	for i := range p {
		if !same(p[i], q[i]) && !fitsDeployment(p[i], q[i]) && !fitsDeployment(q[i], p[i]) {
			return false
		}
	}
	return true
}

// aliases gives keys the names that aliases in the stack point to them.
func (j *joiner) aliases(blocks []Block) {
	for _, b := range blocks {
		alias := map[string][2]string{
			"AWS::KMS::Alias": {"TargetKeyId", "AliasName"},
			"aws_kms_alias":   {"target_key_id", "name"},
		}[b.Type]
		if alias[0] == "" {
			continue
		}
		target, ok := written(b.Properties, alias[0])
		if !ok {
			continue
		}
		f := Form{Name: alias[1]}
		name := f.name(b)
		arn := value.Join(value.Lit("arn:"), own(b, value.OwnPartition), value.Lit(":kms:"), own(b, value.OwnRegion), value.Lit(":"), own(b, value.OwnAccount), value.Lit(":"), name)
		for _, o := range j.find(j.kinds[keyKind], target, b) {
			j.addName(o, name)
			j.addName(o, arn)
		}
	}
}

// attach finds the resources of a part.
func (j *joiner) attach(p *part) {
	for i, b := range p.blocks {
		texts := p.parents(b)
		if texts == nil && p.form.Of[0] != all {
			texts = []value.Text{value.Ref(value.Reference{Name: "what " + b.Address + " belongs to"})}
		}
		for _, t := range texts {
			if !j.attachTo(p, i, t) {
				p.left[i] = append(p.left[i], t)
			}
		}
		p.attached[i] = texts != nil && p.left[i] == nil
	}
}

// parents are the texts that name what a part belongs to.
func (p *part) parents(b Block) []value.Text {
	for _, path := range p.form.Of {
		var out []value.Text
		for _, v := range at(b.Properties, path) {
			for _, item := range items(v) {
				switch item.Kind {
				case value.String, value.Number:
					out = append(out, item.Text)
				case value.Unknown:
					t := item.Text
					if t.Parts == nil {
						t = value.Ref(value.Reference{Name: b.Address + "." + path})
					}
					out = append(out, t)
				}
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	if p.form.Default != "" {
		return []value.Text{value.Lit(p.form.Default)}
	}
	return nil
}

func items(v value.Value) []value.Value {
	if v.Kind == value.List {
		return v.Items
	}
	return []value.Value{v}
}

func (j *joiner) attachTo(p *part, i int, t value.Text) bool {
	found := p.referred(j.find(p.row, t, p.blocks[i]), p.blocks[i])
	for _, o := range found {
		o.link(p, i)
	}
	return len(found) > 0
}

// referred returns, of several resources with one name, the one that a block
// refers to by its address, if it is among them.
func (p *part) referred(found []*object, b Block) []*object {
	if len(found) < 2 {
		return found
	}
	for _, path := range p.form.Of {
		if one(b.Properties, path).Kind == value.Absent {
			continue
		}
		meant := slices.DeleteFunc(slices.Clone(found), func(o *object) bool { return o.address != b.Refers[path] })
		if len(meant) > 0 {
			return meant
		}
		break
	}
	return found
}

// link adds a case of a part.
func (o *object) link(p *part, i int) {
	for k := range o.links {
		if o.links[k].part == p {
			if !slices.Contains(o.links[k].cases, i) {
				o.links[k].cases = append(o.links[k].cases, i)
			}
			return
		}
	}
	o.links = append(o.links, link{part: p, cases: []int{i}})
}

// absorb makes the access points of a bucket parts of it, with their own parts.
func (j *joiner) absorb() {
	type identity struct{ kind, typ, address, id string }
	objects := map[identity]*object{}
	for _, o := range j.objects {
		objects[identity{o.row.Kind, o.form.Type, o.address, o.blocks[0].ID}] = o
	}
	gone := map[*object]bool{}
	for _, p := range j.parts {
		if o := objects[identity{p.form.Inside, p.form.Type, p.address, p.blocks[0].ID}]; o != nil {
			p.inner = o.links
			gone[o] = !slices.Contains(p.attached, false)
		}
	}
	j.objects = slices.DeleteFunc(j.objects, func(o *object) bool { return gone[o] })
}

// leave makes resources of the parts whose resource is not in the stack. What
// only sets something goes with the others that name the same resource.
func (j *joiner) leave() {
	var left []*object
	together := map[[3]string][]*part{} // parts that are one block
	for _, p := range j.parts {
		block := [3]string{p.form.Type, p.address, p.blocks[0].ID}
		together[block] = append(together[block], p)
	}
	for _, settings := range []bool{false, true} {
		for _, p := range j.parts {
			if p.form.Inside != "" || p.form.Setting != settings || len(p.form.Of) > 0 && p.form.Of[0] == all {
				continue
			}
			for i := range p.blocks {
				if p.attached[i] || p.elsewhere(together[[3]string{p.form.Type, p.address, p.blocks[0].ID}], i) {
					continue
				}
				for _, t := range p.left[i] {
					left = j.leaveOne(left, p, i, t)
				}
			}
		}
	}
	j.objects = append(j.objects, left...)
}

func (j *joiner) leaveOne(left []*object, p *part, i int, t value.Text) []*object {
	found := false
	name := [3]string{p.row.Kind, p.blocks[i].Scope, "\x00left\x00" + key(t)}
	for _, o := range j.named[name] {
		if same(o.missing, t) && (o.links[0].part == p || p.form.Setting) {
			o.link(p, i)
			found = true
		}
	}
	if found || p.form.Aside {
		return left
	}
	o := &object{place: p.place, address: p.address, scope: p.blocks[i].Scope, missing: t}
	if row := rowOf(p, t); row != nil {
		o.row = row
	}
	o.link(p, i)
	j.named[name] = append(j.named[name], o)
	return append(left, o)
}

// elsewhere reports whether a case of a block, which may be a part of several
// kinds of resources, attaches to one of another kind; or whether another kind
// is the first to take it.
func (p *part) elsewhere(together []*part, i int) bool {
	before := true
	for _, q := range together {
		if q.row == p.row {
			before = before && q != p
			continue
		}
		if before || i < len(q.attached) && q.attached[i] {
			return true
		}
	}
	return false
}

// rowOf is the row that an ARN is of, among those that a type of part is of.
func rowOf(p *part, t value.Text) *Row {
	var found *Row
	longest, text := 0, t.String()
	for _, other := range index().types[p.form.Type] {
		for _, shape := range other.row.kind().Shapes[:min(1, len(other.row.kind().Shapes))] {
			if other.part && len(shape.Pattern) > longest && matches(shape.Pattern, text) {
				found, longest = other.row, len(shape.Pattern)
			}
		}
	}
	return found
}

// matches reports whether a glob, of stars alone, matches a text.
func matches(glob, s string) bool {
	head, tail, star := strings.Cut(glob, "*")
	rest, ok := strings.CutPrefix(s, head)
	if !star || !ok {
		return ok && rest == ""
	}
	for i := range len(rest) + 1 {
		if matches(tail, rest[i:]) {
			return true
		}
	}
	return false
}

// everywhere attaches what is set for an account to all its resources.
func (j *joiner) everywhere() {
	for _, p := range j.parts {
		if len(p.form.Of) == 0 || p.form.Of[0] != all {
			continue
		}
		for i, b := range p.blocks {
			for _, o := range j.objects {
				if o.row == p.row && o.scope == b.Scope && (p.form.Global || o.regionMayBe(b.Region)) {
					o.link(p, i)
					p.attached[i] = true
				}
			}
		}
		if slices.Contains(p.attached, false) {
			o := &object{place: p.place, address: p.address, scope: p.blocks[0].Scope}
			for i := range p.blocks {
				if !p.attached[i] {
					o.link(p, i)
				}
			}
			defer func() { j.objects = append(j.objects, o) }()
		}
	}
}

func (o *object) regionMayBe(region string) bool {
	for _, b := range o.blocks {
		if b.Region != "" && region != "" && b.Region != region {
			return false
		}
	}
	return true
}
