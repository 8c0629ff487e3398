package rego

import (
	"errors"
	"fmt"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/policy"
)

// deciding are the functions that answer for one request.
func deciding() []Function {
	arguments := []Argument{
		{"policy", "a document of the input, a policy as an object, or as JSON in a text", aPolicy},
		{"request", "an object with `principal` (an ARN, an account id, a service, or `\"*\"` for somebody unknown), `action`, `resource`, and `context` if the request carries condition keys", anObject},
	}
	return []Function{
		{
			Name: prefix + "allows", Arguments: arguments, Returns: "`true` or `false`",
			Doc:    "whether the policy allows the request, or may: `false` is proven",
			result: types.B,
			call: func(r *run, args []*ast.Term) (any, error) {
				d, err := r.decide(args)
				return d.decision == allow || d.decision == undetermined, err
			},
		},
		{
			Name: prefix + "decide", Arguments: arguments, Returns: "an object with `decision`, which is `\"allow\"`, `\"explicit deny\"`, `\"implicit deny\"` or `\"undetermined\"`, and `statements`, the indexes of those that decided",
			Doc:    "what the policy decides about the request",
			result: types.NewObject(static("decision", types.S, "statements", types.NewArray(nil, types.N)), nil),
			call: func(r *run, args []*ast.Term) (any, error) {
				d, err := r.decide(args)
				indexes := []any{}
				for _, i := range d.statements {
					indexes = append(indexes, i)
				}
				return object{"decision": d.decision, "statements": indexes}, err
			},
		},
	}
}

const (
	allow        = "allow"
	explicitDeny = "explicit deny"
	implicitDeny = "implicit deny"
	undetermined = "undetermined"
)

type decision struct {
	decision   string
	statements []int
}

func (r *run) decide(args []*ast.Term) (decision, error) {
	d, n, err := r.policyOf(args[0])
	if err != nil {
		return decision{}, err
	}
	request, err := requestOf(args[1])
	if errors.Is(err, errUnknown) {
		return decision{undetermined, nil}, nil
	}
	if err != nil {
		return decision{}, err
	}
	return decideBoth(r.grounded(d, n), request), nil
}

// errUnknown is about a request of which a part is not known: the input says
// "${name}", or nothing, where an ARN only a deployment would tell.
var errUnknown = errors.New("a part of the request is not known")

// decideBoth evaluates a request with what is not known resolved against access
// and in its favour: where both say the same, that is it.
func decideBoth(d *policy.Document, request evaluate.Request) decision {
	least, most := evaluate.Evaluate(d, request, evaluate.Strict), evaluate.Evaluate(d, request, evaluate.Permissive)
	switch {
	case least.Allowed:
		return decision{allow, least.Statements}
	case most.Allowed:
		return decision{undetermined, most.Statements}
	case most.Denied:
		return decision{explicitDeny, most.Statements}
	}
	return decision{implicitDeny, nil}
}

// requestOf reads a request.
func requestOf(t *ast.Term) (out evaluate.Request, err error) {
	o, ok := t.Value.(ast.Object)
	if !ok {
		return out, fmt.Errorf("a request is an object, not %s", shown(t))
	}
	var unknown []string
	o.Foreach(func(k, _ *ast.Term) {
		switch s, _ := k.Value.(ast.String); s {
		case "principal", "action", "resource", "context":
		default:
			unknown = append(unknown, shown(k))
		}
	})
	if unknown != nil {
		return out, fmt.Errorf("a request has no %s; it has principal, action, resource and context", strings.Join(unknown, ", "))
	}
	text := func(name string) string {
		v := o.Get(ast.StringTerm(name))
		if v == nil {
			if err == nil {
				err = fmt.Errorf("a request has no %s", name)
			}
			return ""
		}
		s, ok := v.Value.(ast.String)
		if !ok && err == nil {
			err = fmt.Errorf("%s of a request is %s; a text is expected", name, shown(v))
		}
		return string(s)
	}
	principal := text("principal")
	out.Action, out.Resource = text("action"), text("resource")
	if err != nil {
		return out, err
	}
	for _, s := range []string{principal, out.Action, out.Resource} {
		if s == "" || strings.Contains(s, "${") || s == hidden {
			return out, errUnknown
		}
	}
	if strings.ContainsAny(out.Action, "*?") {
		return out, inputErrorf("action %q of a request has a wildcard; ask iaclint.grants about several", out.Action)
	}
	if out.Principal, err = caller(principal); err != nil {
		return out, err
	}
	if out.Context, err = contextOf(o.Get(ast.StringTerm("context"))); err != nil {
		return out, err
	}
	implied(&out)
	if err := evaluate.WellFormed(out); err != nil {
		return out, inputErrorf("nobody can make the request: %s", err)
	}
	return out, nil
}

// caller is who a text names.
func caller(s string) (evaluate.Principal, error) {
	name, isARN := arn.Parse(s)
	switch {
	case s == "*" || s == "anonymous":
		return evaluate.Principal{Type: evaluate.Anonymous}, nil
	case isAccountID(s):
		return evaluate.Principal{Type: evaluate.AWS, ARN: "arn:aws:iam::" + s + ":root", Account: s}, nil
	case isARN && (strings.HasPrefix(name.Resource, "saml-provider/") || strings.HasPrefix(name.Resource, "oidc-provider/")):
		return evaluate.Principal{Type: evaluate.Federated, ARN: s}, nil
	case isARN && strings.HasPrefix(name.Resource, "assumed-role/"):
		role, session, _ := strings.Cut(strings.TrimPrefix(name.Resource, "assumed-role/"), "/")
		return evaluate.Principal{Type: evaluate.AWS, ARN: arn.ARN{Partition: name.Partition, Service: "iam", Account: name.Account, Resource: "role/" + role}.String(), Account: name.Account, Session: session}, nil
	case isARN && strings.ContainsAny(s, "*?"), uniqueID().MatchString(s):
		return evaluate.Principal{}, errUnknown // one of several, or one whose ARN is not known
	case isARN:
		return evaluate.Principal{Type: evaluate.AWS, ARN: s, Account: name.Account}, nil
	case strings.HasSuffix(s, ".amazonaws.com") && s != "cognito-identity.amazonaws.com" || strings.HasSuffix(s, ".amazonaws.com.cn"):
		return evaluate.Principal{Type: evaluate.Service, ARN: s}, nil
	case len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "":
		return evaluate.Principal{Type: evaluate.CanonicalUser, ARN: s}, nil
	case strings.Contains(s, "."):
		return evaluate.Principal{Type: evaluate.Federated, ARN: s}, nil
	}
	return evaluate.Principal{}, inputErrorf("principal %q of a request: an ARN, an account id, a service, an identity provider or \"*\" is expected", s)
}

// uniqueID is what AWS writes for a principal that is there no more.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
var uniqueID = once.Regexp(`^A[A-Z0-9]{15,}$`)

// hidden stands for a text that is a secret.
const hidden = "(sensitive)"

// contextOf reads the condition keys of a request.
func contextOf(t *ast.Term) (map[string][]string, error) {
	out := map[string][]string{}
	if t == nil {
		return out, nil
	}
	o, ok := t.Value.(ast.Object)
	if !ok {
		return nil, fmt.Errorf("context of a request is %s; an object is expected", shown(t))
	}
	var err error
	o.Foreach(func(k, v *ast.Term) {
		key, ok := k.Value.(ast.String)
		if !ok {
			err = fmt.Errorf("a condition key is a text, not %s", shown(k))
			return
		}
		switch v.Value.(type) {
		case ast.Boolean, ast.Number:
			out[string(key)] = []string{v.String()}
			return
		}
		values, e := listed(v)
		if e != nil {
			err = fmt.Errorf("condition key %s: %w", key, e)
			return
		}
		out[string(key)] = values
	})
	return out, err
}

// implied adds the keys that a caller has whatever else the request carries.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
func implied(q *evaluate.Request) {
	have := map[string]bool{}
	for k := range q.Context {
		have[strings.ToLower(k)] = true
	}
	set := func(key, v string) {
		if !have[strings.ToLower(key)] && v != "" {
			q.Context[key] = []string{v}
		}
	}
	p := q.Principal
	if p.Type == evaluate.AWS {
		set("aws:PrincipalArn", p.ARN)
		set("aws:PrincipalAccount", p.Account)
		if strings.HasPrefix(strings.ToLower(q.Action), "kms:") {
			set("kms:CallerAccount", p.Account)
		}
	}
	switch p.Type {
	case evaluate.Service:
		set("aws:PrincipalIsAWSService", "true")
		set("aws:PrincipalServiceName", p.ARN)
	case evaluate.AWS:
		set("aws:PrincipalIsAWSService", "false")
	}
}
