package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
	"github.com/iaclint/iaclint/loaders/yamltree"
)

// methods are the methods or routes of an API by what lets a caller in. An API
// key alone lets everyone in who has one: it meters calls.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
type methods struct {
	open    []string     // take any caller
	signed  bool         // one takes callers that IAM knows
	guards  []string     // authorizers of the API that decide
	unknown []value.Text // what would tell of the others
	ignored bool         // routes that nobody reaches before another let him in
}

func (m *methods) any() bool { return m.signed || len(m.open)+len(m.guards)+len(m.unknown) > 0 }

// add takes in one method: the type of its authorization, as either language and
// the definitions of APIs spell it, and what authorizes.
func (m *methods) add(typ value.Value, authorizer string, of string) {
	text, known := typ.Text.Known()
	switch {
	case authorizes(typ.Text):
		m.guards = append(m.guards, typ.Text.References()[0])
	case typ.Kind == value.Unknown || typ.Kind == value.String && !known:
		t := typ.Text
		if t.Parts == nil {
			t = grants.Anything("authorization of " + of)
		}
		m.unknown = append(m.unknown, t)
	case typ.Kind == value.Absent || typ.Kind == value.Null || text == "" || strings.EqualFold(text, "NONE"):
		m.open = append(m.open, of)
	case strings.EqualFold(text, "AWS_IAM"), strings.EqualFold(text, "awsSigv4"):
		m.signed = true
	default:
		if authorizer == "" {
			authorizer = text
		}
		m.guards = append(m.guards, "authorizer "+authorizer)
	}
}

// authorizes reports whether a text is one of several known ones, and each of
// them names what authorizes.
func authorizes(t value.Text) bool {
	if len(t.Parts) != 1 || t.Parts[0].Ref == nil || len(t.Parts[0].Ref.Values) == 0 {
		return false
	}
	for _, v := range t.Parts[0].Ref.Values {
		if v == "" || strings.EqualFold(v, "NONE") {
			return false
		}
	}
	return true
}

// method reads a method or a route that has a block of its own.
func method(b *building, block Block) {
	get := getter(block)
	if b.parent != nil && isWebSocket(*b.parent) {
		if key, _ := get("RouteKey", "route_key").Text.Known(); key != "$connect" {
			b.methods.ignored = true // of a connection that is open
			return
		}
	}
	typ := get("AuthorizationType", "authorization", "authorization_type")
	var alone methods
	if alone.add(typ, "", ""); b.maybe && len(alone.open) > 0 {
		typ = value.Value{Kind: value.Unknown, Text: grants.Anything("whether there is " + block.Address)}
	}
	b.methods.add(typ, nameIn(get("AuthorizerId", "authorizer_id")), calledBy(get, block.Address))
}

// calledBy names a method or a route by what calls it.
func calledBy(get func(...string) value.Value, address string) string {
	if key, known := get("RouteKey", "route_key", "HttpMethod", "http_method").Text.Known(); known && key != "" {
		return key + " of " + address
	}
	return address
}

// nameIn returns what a value refers to, or is.
func nameIn(v value.Value) string {
	if names := v.Text.References(); len(names) > 0 {
		return names[0]
	}
	text, _ := v.Text.Known()
	return text
}

func isWebSocket(api Block) bool {
	text, _ := getter(api)("ProtocolType", "protocol_type").Text.Known()
	return text == "WEBSOCKET"
}

// definedMethods reads the methods in the definition of an API.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
func definedMethods(b *building, block Block) {
	get := getter(block)
	if v := get("BodyS3Location"); v.Kind != value.Absent {
		b.methods.unknown = append(b.methods.unknown, grants.Anything("definition of "+block.Address))
	}
	body := get("Body", "body")
	if body.Kind == value.Absent || body.Kind == value.Null {
		return
	}
	if tree := definition(body); tree.Kind == value.Map && tree.Get("paths").Kind != value.Unknown {
		d := openAPI{tree, one(block.Properties, "Auth.DefaultAuthorizer"), block.Address}
		for _, path := range tree.Get("paths").Fields {
			d.path(&b.methods, path)
		}
		return
	}
	b.methods.unknown = append(b.methods.unknown, grants.Anything("definition of "+block.Address))
}

// definition returns a definition of an API as a tree: it may be text, JSON or YAML.
func definition(v value.Value) value.Value {
	if v.Kind != value.String {
		return v
	}
	quiet := grants.Reader{}
	if tree := quiet.Tree(v); tree.Kind == value.Map {
		return tree
	}
	documents, diags := yamltree.Parse(source.NewFile("definition", []byte(v.Text.String())), yamltree.Tags{})
	if len(documents) != 1 || len(diags) > 0 {
		return value.Value{Kind: value.Unknown}
	}
	return documents[0]
}

// openAPI is a definition of an API in OpenAPI 2 or 3.
type openAPI struct {
	tree    value.Value
	preset  value.Value // SAM's authorizer for what names none
	address string
}

// verbs of a path, in OpenAPI's words and API Gateway's.
var verbs = p("get", "put", "post", "delete", "options", "head", "patch", "trace", "x-amazon-apigateway-any-method")

func (d openAPI) path(m *methods, path value.Field) {
	if path.Value.Kind != value.Map {
		m.add(value.Value{Kind: value.Unknown}, "", path.Key+" of "+d.address)
		return
	}
	for _, f := range path.Value.Fields {
		switch {
		case slices.Contains(verbs, strings.ToLower(f.Key)):
			d.operation(m, f.Value, f.Key+" "+path.Key+" of "+d.address)
		case f.Key == "$ref" || strings.HasPrefix(f.Key, "Fn::"):
			m.add(value.Value{Kind: value.Unknown}, "", path.Key+" of "+d.address)
		}
	}
}

// operation reads who may call one method. Whether API Gateway obeys the security
// of the definition as a whole depends on the kind of API.
func (d openAPI) operation(m *methods, op value.Value, name string) {
	unknown := value.Value{Kind: value.Unknown, Text: grants.Anything("authorization of " + name)}
	security := op.Get("security")
	switch auth := one(op, "x-amazon-apigateway-auth.type"); {
	case op.Kind == value.Unknown:
		m.add(unknown, "", name)
	case auth.Kind != value.Absent:
		m.add(auth, "", name)
	case security.Kind == value.Unknown:
		m.add(security, "", name)
	case security.Kind == value.List:
		d.required(m, security, name)
	case len(items(d.tree.Get("security"))) > 0 && d.tree.Get("security").Kind == value.List, d.tree.Get("security").Kind == value.Unknown:
		m.add(unknown, "", name)
	default:
		preset, _ := d.preset.Text.Known()
		m.add(d.preset, preset, name)
	}
}

// required reads a list of security requirements: the authorizer that one of
// them names decides, whatever else it asks for.
func (d openAPI) required(m *methods, list value.Value, name string) {
	for _, requirement := range list.Items {
		if requirement.Kind == value.Unknown {
			m.add(requirement, "", name)
			return
		}
		for _, f := range requirement.Fields {
			scheme := d.tree.Get("securityDefinitions").Get(f.Key)
			if scheme.Kind == value.Absent {
				scheme = d.tree.Get("components").Get("securitySchemes").Get(f.Key)
			}
			typ := scheme.Get("x-amazon-apigateway-authtype")
			_, isKnown := typ.Text.Known()
			switch {
			case scheme.Kind != value.Map: // of another part of the definition, or SAM's
				m.add(value.Value{Kind: value.Unknown}, "", name)
				return
			case typ.Kind == value.String && !isKnown:
				m.add(typ, "", name)
				return
			case typ.Text.Literal == "awsSigv4":
				m.signed = true
				return
			case typ.Kind != value.Absent || scheme.Get("x-amazon-apigateway-authorizer").Kind != value.Absent:
				m.guards = append(m.guards, "authorizer "+f.Key)
				return
			}
		}
	}
	m.open = append(m.open, name) // an API key at most
}

// withMethods takes into account who may call the methods of an API. Where one is
// open, its resource policy alone decides. A call that IAM authorizes is signed,
// and from another account it needs a policy. Whom an authorizer of the API lets
// in, nobody can tell from the code.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func (b *building) withMethods() {
	m := b.methods
	if !m.any() {
		return
	}
	if len(m.open) > 0 {
		if m.signed || len(m.guards)+len(m.unknown) > 0 {
			b.note("some of its methods take any caller: %s", few(m.open))
		}
		return
	}
	open := m.unknown
	for _, name := range unique(m.guards) {
		open = append(open, grants.Anything(name))
	}
	implied := func(d resource.Document) bool { return d.Implied }
	b.res.Signed = m.signed && len(m.unknown) == 0 && (len(open) == 0 || !slices.ContainsFunc(b.res.Documents, implied))
	if len(open) == 0 {
		b.res.Documents = slices.DeleteFunc(b.res.Documents, implied)
	}
	for i, d := range b.res.Documents {
		if m.signed && !d.Implied {
			continue // granted to callers that sign, at least
		}
		limited := *d.Policy
		limited.Statements = slices.Clone(d.Policy.Statements)
		for k := range limited.Statements {
			s := &limited.Statements[k]
			if s.Effect != policy.Allow {
				continue
			}
			s.Condition = slices.Clip(s.Condition)
			for _, t := range open {
				s.Condition = append(s.Condition, unsettled(t, s.Span))
			}
		}
		b.res.Documents[i].Policy = &limited
		b.res.Documents[i].Guarded = len(m.unknown) == 0
	}
}

// few lists names, and of many only how many more there are.
func few(names []string) string {
	const most = 5
	names = unique(names)
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
