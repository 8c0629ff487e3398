package rego

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/rules"
)

// Input is what rules look at: all resources of one configuration.
type Input struct {
	Zones     []finding.Zone
	Resources []Resource
}

// Resource is one resource as it was analysed. Change is what a plan makes of it:
// new, changed or unchanged; "" is not known.
type Resource struct {
	rules.State
	Change finding.ChangeKind
}

// marker is the key of the number by which the place of an object is found.
const marker = "_node"

// node is an object of the input document that has a place.
type node struct {
	resource int // index in Input.Resources
	first    int // number of the resource that it stands in
	last     int // of a resource: number of the last that stands in it
	state    *resource.Resource
	zone     *zone.Zone
	document *resource.Document
	policy   *policy.Document
	span     source.Span
	spans    map[string]source.Span // of what is in it, by its path
	value    object
	term     ast.Value // as rules see it
}

// object is a JSON object.
type object = map[string]any

// document is the input as rules see it, with what leads back from it.
type document struct {
	input  Input
	nodes  []node
	value  object
	term   *ast.Term
	texts  map[string]value.Text // texts with references, as they are shown
	hidden []bool                // of each resource, whether its policies are secret
	first  int                   // number of the resource that is being added
}

// Schema is the version of the document.
const schemaVersion = 1

// newDocument makes the document that rules see.
func newDocument(in Input) *document {
	d := &document{texts: map[string]value.Text{}}
	d.value = d.extend(in)
	return d
}

// extend makes a further document whose objects have places as well.
func (d *document) extend(in Input) object {
	before := len(d.input.Resources)
	d.input.Resources = append(d.input.Resources, in.Resources...)
	d.hidden = append(d.hidden, make([]bool, len(in.Resources))...)
	zones := []any{}
	for _, z := range in.Zones {
		zones = append(zones, object{
			"name": z.Name, "type": z.Type, "account": z.Account, "organization": z.Organization,
			"members": texts(z.Members), "trusted": texts(z.Trusted),
		})
	}
	resources := []any{}
	for i := range in.Resources {
		cases := in.Resources[i].Cases
		if len(cases) == 0 {
			resources = append(resources, d.resource(before+i, nil))
		}
		for k := range cases {
			resources = append(resources, d.resource(before+i, &cases[k]))
		}
	}
	return object{"schemaVersion": schemaVersion, "zones": zones, "resources": resources}
}

// terms makes values of the evaluator of the document.
func (d *document) terms() (err error) {
	d.term, err = d.asTerm(d.value)
	return err
}

func (d *document) asTerm(o object) (*ast.Term, error) {
	v, err := ast.InterfaceToValue(o)
	if err != nil {
		return nil, err
	}
	term := ast.NewTerm(v)
	ast.WalkTerms(term, func(t *ast.Term) bool {
		if o, ok := t.Value.(ast.Object); ok {
			if n := d.numbered(o); n != nil {
				n.term = o
			}
		}
		return false
	})
	return term, nil
}

// numbered is the node that an object claims to be.
func (d *document) numbered(o ast.Object) *node {
	t := o.Get(markerTerm)
	if t == nil {
		return nil
	}
	number, ok := t.Value.(ast.Number)
	if !ok {
		return nil
	}
	i, ok := number.Int()
	if !ok || i < 0 || i >= len(d.nodes) {
		return nil
	}
	return &d.nodes[i]
}

var markerTerm = ast.StringTerm(marker)

// JSON writes the document.
func (d *document) JSON() ([]byte, error) {
	return json.MarshalIndent(d.value, "", "  ")
}

// JSON is the document that rules see of an input.
func JSON(in Input) ([]byte, error) { return newDocument(in).JSON() }

// add makes a node of an object.
func (d *document) add(n node, o object) object {
	o[marker] = len(d.nodes)
	n.value, n.first = o, d.first
	d.nodes = append(d.nodes, n)
	return o
}

func texts(list []string) []any {
	out := make([]any, 0, len(list))
	for _, s := range list {
		out = append(out, s)
	}
	return out
}

func (d *document) resource(i int, c *resource.Resource) object {
	x := d.input.Resources[i]
	r := x.Output.Resource
	out := object{
		"path": r.Path, "address": r.Address, "attachments": texts(r.Attachments), "resourceType": r.ResourceType, "arn": r.ARN,
		"account": r.Account, "region": r.Region, "zone": r.Zone, "target": r.Target, "verdict": string(r.Verdict), "blockedBy": texts(r.BlockedBy),
		"change": nullable(string(x.Change)), "when": []any{}, "hidden": false, "settings": settings(nil), "properties": object{}, "documents": []any{},
	}
	n := node{resource: i, state: c, zone: x.Zone, spans: map[string]source.Span{}}
	if c != nil {
		n.span = c.Span
		d.hidden[i] = d.hidden[i] || rules.IsSensitive(*c)
		out["when"], out["hidden"], out["settings"] = texts(c.When), d.hidden[i], settings(c)
		if c.Properties.Kind == value.Map {
			out["properties"] = d.properties(&n, c.Properties, d.hidden[i])
		}
	}
	d.first = len(d.nodes)
	out = d.add(n, out)
	if c != nil {
		documents := []any{}
		for k := range c.Documents {
			documents = append(documents, d.document(i, c, &c.Documents[k], x.Zone))
		}
		out["documents"] = documents
	}
	found := []any{}
	for _, f := range x.Findings {
		found = append(found, d.finding(i, c, x.Zone, f))
	}
	out["findings"] = found
	d.nodes[d.first].last = len(d.nodes) - 1
	return out
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// settings are what limits access and is not a policy.
func settings(c *resource.Resource) object {
	if c == nil {
		c = &resource.Resource{}
	}
	return object{
		"blockPublicAccess": blockPublic(c.Block), "identityPolicy": c.IdentityPolicy, "awsManagedKey": c.AWSManagedKey,
		"encrypted": c.Encrypted, "keyNotInCode": c.KeyNotInCode, "key": c.KeyAddress, "keyArn": c.KeyARN.String(), "detached": c.Detached,
	}
}

func blockPublic(b *resource.PublicAccessBlock) any {
	if b == nil {
		return nil
	}
	return object{"ignorePublicAcls": b.IgnorePublicACLs, "restrictPublicBuckets": b.RestrictPublicBuckets, "address": b.Address}
}

func (d *document) document(i int, c *resource.Resource, doc *resource.Document, z *zone.Zone) object {
	kind := doc.Source
	if kind == "" {
		kind = resource.Policy
	}
	out := object{
		"source": string(kind), "address": doc.Address, "implied": doc.Implied, "accessPointArn": doc.AccessPointARN.String(), "vpc": doc.VPC,
	}
	n := node{resource: i, state: c, zone: z, document: doc, policy: doc.Policy, span: c.Span}
	if doc.Policy != nil && !doc.Policy.Span.IsZero() {
		n.span = doc.Policy.Span
	}
	if d.hidden[i] {
		n.span = c.Span
		return d.add(n, out)
	}
	out = d.add(n, out)
	if doc.Policy != nil {
		out["policy"] = d.policy(n, doc.Policy)
	}
	return out
}

// policy is a policy in AWS's own shape, with lists wherever there may be one.
func (d *document) policy(n node, p *policy.Document) object {
	out := object{"Version": p.Version}
	if p.ID != "" {
		out["Id"] = p.ID
	}
	out = d.add(n, out)
	statements := []any{}
	for k := range p.Statements {
		statements = append(statements, d.statement(n, &p.Statements[k]))
	}
	out["Statement"] = statements
	return out
}

func (d *document) statement(n node, s *policy.Statement) object {
	n.policy, n.spans = nil, map[string]source.Span{}
	if !s.Span.IsZero() {
		n.span = s.Span
	}
	unknown := []string{}
	note := func(t value.Text, maybe string) {
		for _, p := range t.Parts {
			if p.Ref != nil && p.Ref.Is == value.Anything && !slices.Contains(unknown, p.Ref.Name) {
				unknown = append(unknown, p.Ref.Name)
			}
		}
		if maybe != "" && !slices.Contains(unknown, maybe) {
			unknown = append(unknown, maybe)
		}
		d.remember(t)
	}
	out := object{"Effect": s.Effect.String()}
	if s.Sid != "" {
		out["Sid"] = s.Sid
	}
	patterns := func(name string, list []policy.Pattern) []any {
		items := []any{}
		for k, p := range list {
			n.spans[join(name, strconv.Itoa(k))] = p.Span
			note(p.Text, p.Maybe)
			items = append(items, p.Text.String())
		}
		return items
	}
	element := func(name string, p policy.Patterns) {
		if !p.Present {
			return
		}
		if p.Not {
			name = "Not" + name
		}
		n.spans[name] = p.Span
		out[name] = patterns(name, p.List)
	}
	element("Action", s.Action)
	element("Resource", s.Resource)
	if s.Principal.Present {
		name := "Principal"
		if s.Principal.Not {
			name = "NotPrincipal"
		}
		n.spans[name] = s.Principal.Span
		byKey := object{}
		for _, p := range s.Principal.List {
			key := p.Kind.Key()
			list, _ := byKey[key].([]any)
			n.spans[join(name, key, strconv.Itoa(len(list)))] = p.Span
			note(p.Text, p.Maybe)
			byKey[key] = append(list, p.Text.String())
		}
		out[name] = byKey
	}
	if len(s.Condition) > 0 {
		operators := object{}
		for _, c := range s.Condition {
			keys, _ := operators[c.Operator.Text].(object)
			if keys == nil {
				keys = object{}
				operators[c.Operator.Text] = keys
			}
			name := join("Condition", c.Operator.Text, c.Key)
			n.spans[name] = c.Span
			earlier, _ := keys[c.Key].([]any)
			keys[c.Key] = append(earlier, patterns(name, c.Values)...)
		}
		out["Condition"] = operators
	}
	out["unknown"], out["refused"] = texts(unknown), s.Refused
	return d.add(n, out)
}

// remember keeps what a text with references stands for. What is shown alike and
// is not the same could be anything.
func (d *document) remember(t value.Text) {
	if t.Parts == nil {
		return
	}
	s := t.String()
	if other, ok := d.texts[s]; ok && !other.Equal(t) {
		t = value.Ref(value.Reference{Name: s})
	}
	d.texts[s] = t
}

// join writes a path into an object.
func join(parts ...string) string { return strings.Join(parts, "\x00") }

func (d *document) finding(i int, c *resource.Resource, z *zone.Zone, f finding.Finding) object {
	n := node{resource: i, state: c, zone: z, span: f.Span}
	if n.span.IsZero() && c != nil {
		n.span = c.Span
	}
	out := findingObject(f)
	return d.add(n, out)
}

func findingObject(f finding.Finding) object {
	out := object{
		"id": f.ID, "rule": f.Rule, "severity": string(f.Severity), "certainty": string(f.Certainty), "isPublic": f.IsPublic,
		"change": nil, "principal": pairs(f.Principal), "condition": pairs(f.Condition), "action": texts(f.Action),
		"accessLevels": texts(f.AccessLevels), "needs": texts(f.Needs), "message": f.Message,
	}
	if f.Change != nil {
		out["change"] = string(*f.Change)
	}
	statements := []any{}
	for _, s := range f.Statements {
		statements = append(statements, object{"sid": s.Sid, "index": s.Index})
	}
	out["statements"] = statements
	return out
}

func pairs(m map[string]string) object {
	out := object{}
	for k, v := range m {
		out[k] = v
	}
	return out
}

// properties are what the declaring block says; of a resource with a secret policy
// only how it is tagged, as any of them may hold a policy.
func (d *document) properties(n *node, v value.Value, hidden bool) any {
	if hidden {
		v.Fields = slices.DeleteFunc(slices.Clone(v.Fields), func(f value.Field) bool {
			return !slices.Contains([]string{"tags", "tags_all", "Tags"}, f.Key)
		})
	}
	return d.property(n, "properties", v)
}

// property is a value of the declaring block. What is not known is an object that
// says what would settle it.
func (d *document) property(n *node, path string, v value.Value) any {
	if len(n.spans) < mostPlaces {
		n.spans[path] = v.Span
	}
	if v.Span.File != nil && v.Span.File.Sensitive {
		return object{"unknown": []any{hidden}}
	}
	switch v.Kind {
	case value.Bool:
		return v.Text.Literal == "true"
	case value.Number:
		if number := json.Number(v.Text.Literal); json.Valid([]byte(number)) && !hugeExponent(v.Text.Literal) {
			return number
		}
		return v.Text.Literal
	case value.String, value.Unknown:
		if s, known := v.Text.Known(); known && v.Kind == value.String {
			return s
		}
		names := v.Text.References()
		d.remember(v.Text)
		out := object{"unknown": texts(names)}
		if v.Kind == value.String {
			out["text"] = v.Text.String()
		}
		return out
	case value.List:
		items := []any{}
		for k, item := range v.Items {
			items = append(items, d.property(n, join(path, strconv.Itoa(k)), item))
		}
		return items
	case value.Map:
		out := object{}
		for _, f := range v.Fields {
			if f.Value.Kind != value.Absent {
				out[f.Key] = d.property(n, join(path, f.Key), f.Value)
			}
		}
		return out
	}
	return nil
}

// mostPlaces of one resource are kept.
const mostPlaces = 10_000
