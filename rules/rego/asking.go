package rego

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/rules"
)

var aResource = Argument{"resource", "a resource of the input, or an object in one", anObject}

// asking are the functions that answer for all requests of a kind.
func asking() []Function {
	return []Function{
		{
			Name: prefix + "external", Arguments: []Argument{aResource}, Returns: "a list of objects with `who`, `principal`, `action`, `condition`, `accessLevels`, `isPublic`, `certainty`, `needs` and `statements`, as in findings",
			Doc:    "the access from outside the zone of trust as the findings have it, one item for each principal and condition; `certainty` is `\"proven\"` or `\"undetermined\"`",
			result: types.NewArray(nil, accessType),
			call: func(r *run, args []*ast.Term) (any, error) {
				n, err := r.resourceOf(args[0])
				if err != nil {
					return nil, err
				}
				out := []any{}
				for _, f := range r.document.input.Resources[n.resource].Findings {
					if f.Principal["Service"] == "" {
						out = append(out, r.accessOf(f, r.document.nodeOf(n, f)))
					}
				}
				return out, nil
			},
		},
		{
			Name: prefix + "who", Arguments: []Argument{aResource, someActions}, Returns: "a list of objects, as of `iaclint.external`",
			Doc:    "who may do one of the actions, in the zone of trust or not, services too; what identity-based policies of the owner account allow is not part of it",
			result: types.NewArray(nil, accessType),
			call: func(r *run, args []*ast.Term) (any, error) {
				n, err := r.resourceOf(args[0])
				if err != nil {
					return nil, err
				}
				actions, err := actionsOf(args[1])
				if err != nil {
					return nil, err
				}
				return r.access(*n.state, n.zone, n, access.Question{Actions: actions, Inside: true})
			},
		},
		{
			Name: prefix + "grants", Arguments: []Argument{aPolicyArgument, someActions, someResources}, Returns: "`true` or `false`",
			Doc:    "whether the policy grants anyone one of the actions on one of the resources, or may: `false` is proven",
			result: types.B,
			call: func(r *run, args []*ast.Term) (any, error) {
				list, err := r.granted(args)
				return len(list) > 0, err
			},
		},
		{
			Name: prefix + "granted", Arguments: []Argument{aPolicyArgument, someActions, someResources}, Returns: "a list of objects, as of `iaclint.external`",
			Doc:    "what of the actions on the resources the policy grants, and whom",
			result: types.NewArray(nil, accessType),
			call:   func(r *run, args []*ast.Term) (any, error) { return r.granted(args) },
		},
		{
			Name: prefix + "implies", Arguments: twoPolicies, Returns: "`true` or `false`",
			Doc:    "whether all that the first policy allows, the second allows too: `true` is proven",
			result: types.B,
			call: func(r *run, args []*ast.Term) (any, error) {
				i, err := r.implication(args)
				return i.Answer == access.Yes, err
			},
		},
		{
			Name: prefix + "beyond", Arguments: twoPolicies,
			Returns: "an object with `answer`, which is `\"yes\"`, `\"no\"` or `\"undetermined\"`, `actions`, and `request`, which is null or what shows it",
			Doc:     "what the first policy allows and the second does not",
			result:  types.NewObject(static("answer", types.S, "actions", textList, "request", types.A), nil),
			call: func(r *run, args []*ast.Term) (any, error) {
				i, err := r.implication(args)
				out := object{"answer": string(beyond[i.Answer]), "actions": texts(i.Actions), "request": nil}
				if q := i.Beyond; q != nil {
					keys := object{}
					for k, v := range q.Context {
						keys[k] = texts(v)
					}
					who := q.Principal.ARN
					if who == "" {
						who = "*"
					}
					out["request"] = object{"principal": who, "action": q.Action, "resource": q.Resource, "context": keys}
				}
				return out, err
			},
		},
		{
			Name: prefix + "in_zone", Arguments: []Argument{aPrincipal}, Returns: "`true` or `false`",
			Doc:    "whether every zone of trust of the run trusts whom the text names; what is not declared is not trusted",
			result: types.B,
			call: func(r *run, args []*ast.Term) (any, error) {
				who, err := textArgument(args[0])
				trusted := len(r.document.input.Resources) > 0
				for _, x := range r.document.input.Resources {
					trusted = trusted && x.Zone != nil && access.Trusts(x.Zone, who)
				}
				return trusted, err
			},
		},
		{
			Name: prefix + "in_zone_of", Arguments: []Argument{aPrincipal, aResource}, Returns: "`true` or `false`",
			Doc:    "whether the zone of trust of the resource trusts whom the text names, or that is the account that owns it",
			result: types.B,
			call: func(r *run, args []*ast.Term) (any, error) {
				who, err := textArgument(args[0])
				if err != nil {
					return nil, err
				}
				n, err := r.resourceOf(args[1])
				if err != nil {
					return nil, err
				}
				owner := r.document.input.Resources[n.resource].Output.Resource.Account
				return owner != "" && accountOf(who) == owner || access.Trusts(n.zone, who), nil
			},
		},
	}
}

var (
	aPolicyArgument = Argument{"policy", "a document of the input, a policy as an object, or as JSON in a text", aPolicy}
	someActions     = Argument{"actions", "an action such as `s3:GetObject`, or a list of them; `*` and `?` are wildcards", anyTexts}
	someResources   = Argument{"resources", "the ARN of a resource, or a list of them; `*` and `?` are wildcards", anyTexts}
	aPrincipal      = Argument{"principal", "an account id, the ARN of a principal, an organization or a path in it, a VPC, an endpoint, an identity provider or a canonical user id", types.S}
	twoPolicies     = []Argument{
		{"first", aPolicyArgument.Doc, aPolicy},
		{"second", aPolicyArgument.Doc, aPolicy},
	}
)

// beyond turns the answer whether one policy implies another into whether it
// allows something else.
var beyond = map[access.Answer]access.Answer{access.Yes: access.No, access.No: access.Yes, access.NotKnown: access.NotKnown}

func textArgument(t *ast.Term) (string, error) {
	s, ok := t.Value.(ast.String)
	if !ok {
		return "", fmt.Errorf("a text is expected, not %s", shown(t))
	}
	return string(s), nil
}

func accountOf(who string) string {
	if name, ok := arn.Parse(who); ok {
		return name.Account
	}
	return who
}

// some are the texts of an argument, of which one at least is needed: an empty
// list would be taken for all or for nothing, and neither may be meant.
func some(t *ast.Term, what string) ([]string, error) {
	list, err := listed(t)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("the list of %s is empty; \"*\" is any", what)
	}
	return list, err
}

// actionsOf are the patterns of an argument. One that no action matches would be
// answered as nobody had meant it.
func actionsOf(t *ast.Term) ([]string, error) {
	list, err := some(t, "actions")
	if err != nil {
		return nil, err
	}
	return list, known(list)
}

// known demands that there are actions of these names.
func known(list []string) error {
	for _, pattern := range list {
		service, name, ok := strings.Cut(pattern, ":")
		if pattern == "*" {
			continue
		}
		if !ok || name == "" {
			return inputErrorf("action %q: service:Name is expected, or \"*\"", pattern)
		}
		if known, ok := knowledge.ServiceOf(service); ok && !strings.ContainsAny(name, "*?") && !hasAction(known, name) {
			return inputErrorf("action %q is unknown%s", pattern, nearAction(known, service, name))
		}
	}
	return nil
}

func hasAction(s *knowledge.Service, name string) bool {
	return slices.ContainsFunc(s.Actions, func(a knowledge.Action) bool { return strings.EqualFold(a.Name, name) })
}

func nearAction(s *knowledge.Service, service, name string) string {
	var names []string
	for _, a := range s.Actions {
		names = append(names, a.Name)
	}
	if near := spelling.Nearest(name, names); near != "" {
		return fmt.Sprintf("; did you mean %q?", service+":"+near)
	}
	return ""
}

// access answers a question about a resource. What was left out because it was
// too large is told in the certainty of what is returned.
func (r *run) access(of resource.Resource, z *zone.Zone, n *node, q access.Question) ([]any, error) {
	out := []any{}
	answer := rules.Ask(of, z, q, rules.Options{})
	for _, d := range answer.Diagnostics {
		if d.Severity == source.Error {
			return nil, errors.New(d.Message)
		}
	}
	for _, f := range answer.Findings {
		number := -1
		if n != nil {
			number = r.document.granting(n, f)
		}
		out = append(out, r.accessOf(f, number))
	}
	return out, nil
}

// granted answers for one policy, at its resource where it has one.
func (r *run) granted(args []*ast.Term) ([]any, error) {
	d, n, err := r.policyOf(args[0])
	if err != nil {
		return nil, err
	}
	q := access.Question{Inside: true}
	if q.Actions, err = actionsOf(args[1]); err != nil {
		return nil, err
	}
	if q.Resources, err = some(args[2], "resources"); err != nil {
		return nil, err
	}
	of, z := resource.Resource{Documents: []resource.Document{{Policy: d}}}, &zone.Zone{}
	if n != nil && n.state != nil {
		of, z = *n.state, n.zone
		of.Documents = []resource.Document{*n.document}
	}
	return r.access(of, z, n, q)
}

// implication compares two policies, as of the type of the resource of one.
func (r *run) implication(args []*ast.Term) (access.Implication, error) {
	p, n, err := r.policyOf(args[0])
	if err != nil {
		return access.Implication{}, err
	}
	q, m, err := r.policyOf(args[1])
	if err != nil {
		return access.Implication{}, err
	}
	if p == q {
		return access.Implication{Answer: access.Yes}, nil
	}
	kind := ""
	for _, x := range []*node{n, m} {
		if x != nil && x.state != nil && kind == "" {
			kind = x.state.Type
		}
	}
	return access.Implies(p, q, kind), nil
}

// nameOf is the name of who gets in, whatever kind of caller that is.
func nameOf(principal map[string]string) string {
	for _, name := range principal {
		return name
	}
	return ""
}

// nodeOf is the number of a finding of a resource.
func (d *document) nodeOf(of *node, f finding.Finding) int {
	for i := of.first; i <= d.nodes[of.first].last; i++ {
		if d.nodes[i].value["id"] == f.ID {
			return i
		}
	}
	return of.first
}

// accessOf is access as functions return it, at the place of a node.
func (r *run) accessOf(f finding.Finding, number int) object {
	all := findingObject(f)
	out := object{marker: number, "who": nameOf(f.Principal)}
	for _, key := range []string{"principal", "action", "condition", "certainty", "isPublic", "needs", "accessLevels", "statements"} {
		out[key] = all[key]
	}
	return out
}

// granting is the number of the first statement of a resource that a finding
// names, or of the resource.
func (d *document) granting(of *node, f finding.Finding) int {
	for i := of.first; i <= d.nodes[of.first].last; i++ {
		n := &d.nodes[i]
		if n.value["Effect"] == nil {
			continue
		}
		for _, s := range f.Statements {
			if !s.Span.IsZero() && s.Span == n.span {
				return i
			}
		}
	}
	return of.first
}
