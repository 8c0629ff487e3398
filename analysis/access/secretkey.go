package access

import (
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// Permissions on the key of a secret: to read its value, and to write one.
//
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
const (
	decrypt  = "kms:decrypt"
	generate = "kms:generatedatakey"
)

// written are the actions on a secret that need a new data key as well.
var written = map[string]bool{"secretsmanager:putsecretvalue": true}

// keyAccess is what the key of a secret lets callers from outside do: at most,
// as their conditions are left out.
type keyAccess struct {
	address            string
	decrypts, produces []policy.Principal
	who                []string // that may decrypt, for people
}

// keyOfSecret analyses the key that encrypts a secret, in all cases that there
// are of it; nil if its policy is not in the input.
func (a *analysis) keyOfSecret(k *knowledge.Kind) *keyAccess {
	if k.Type != "AWS::SecretsManager::Secret" || len(a.resource.Keys) == 0 {
		return nil
	}
	out := &keyAccess{address: a.resource.Keys[0].Address}
	for _, r := range a.resource.Keys {
		if r.Account == "" {
			r.Account = a.out.Owner
		}
		if r.Region == "" {
			r.Region = a.resource.Region
		}
		if r.Partition == "" {
			r.Partition = a.resource.Partition
		}
		if len(r.Documents) == 0 {
			return nil // nothing is known of it
		}
		documents := make([]resource.Document, len(r.Documents))
		for i, d := range r.Documents {
			d.Policy = throughSecrets(d.Policy)
			documents[i] = d
		}
		r.Documents = documents
		for _, g := range Analyze(r, a.zone, false).Grants {
			p := out.principal(g)
			if grantsAction(g, decrypt) {
				out.decrypts = append(out.decrypts, p)
				if who := inWords(g, p); !contains(out.who, who) {
					out.who = append(out.who, who)
				}
			}
			if grantsAction(g, generate) {
				out.produces = append(out.produces, p)
			}
		}
	}
	sort.Strings(out.who)
	return out
}

// principal is the caller of a grant without its conditions. Of one that no
// account can be read from it is not known who it is.
func (k *keyAccess) principal(g Grant) policy.Principal {
	p := policy.Principal{Kind: policy.AWS, Text: value.Lit(g.Principal)}
	if g.PrincipalKey != "AWS" || accountOf(p) == "" {
		p = policy.Principal{Kind: policy.Anyone, Text: value.Lit("*")}
	}
	if !g.Proven {
		p.Maybe = "the policy of the key " + k.address
		if p.Kind == policy.Anyone && !g.Public {
			p.Kind, p.Text = policy.AWS, value.Ref(value.Reference{Name: p.Maybe}) // someone in particular
		}
	}
	return p
}

// inWords names the principal of a grant of the key.
func inWords(g Grant, p policy.Principal) string {
	who := g.Principal
	switch {
	case who == "*" && len(g.Conditions) > 0:
		who = "callers under conditions"
	case who == "*":
		who = "anyone"
	}
	if p.Maybe != "" {
		who += " (not proven)"
	}
	return who
}

func grantsAction(g Grant, lower string) bool {
	for _, x := range g.Actions {
		if x.Lower == lower {
			return true
		}
	}
	return false
}

// throughSecrets leaves out the statements that allow the use of a key through
// other services only.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func throughSecrets(d *policy.Document) *policy.Document {
	if d == nil {
		return nil
	}
	kept := *d
	kept.Statements = nil
	for _, s := range d.Statements {
		if s.Effect != policy.Allow || !viaOthers(s) {
			kept.Statements = append(kept.Statements, s)
		}
	}
	return &kept
}

func viaOthers(s policy.Statement) bool {
	for _, c := range s.Condition {
		if !strings.EqualFold(c.Key, "kms:ViaService") || c.Operator.Negated || len(c.Values) == 0 {
			continue
		}
		switch c.Operator.Compare {
		case policy.StringEquals, policy.StringEqualsIgnoreCase, policy.StringLike:
		default:
			continue
		}
		others := true
		for _, v := range c.Values {
			name, known := v.Text.Known()
			head, _, _ := strings.Cut(name, ".")
			others = others && known && head != "" && !strings.ContainsAny(head, "*?$") && !strings.EqualFold(head, "secretsmanager")
		}
		if others {
			return true
		}
	}
	return false
}

// gates are the documents that let pass what the key does not stand against. A
// principal of the secret's policies that no account can be read from may be any
// of those that the key names.
func (k *keyAccess) gates(policies []resource.Document) []resource.Document {
	var any []policy.Principal
	for _, s := range allows(policies) {
		for _, p := range s.Principal.List {
			if _, known := p.Text.Known(); known && p.Kind != policy.Anyone && p.Kind != policy.Service && accountOf(p) == "" {
				p.Maybe = "the policy of the key " + k.address
				any = append(any, p)
			}
		}
	}
	callers := func(list []policy.Principal) []policy.Principal {
		if len(list) == 0 {
			return nil
		}
		return append(list[:len(list):len(list)], any...)
	}
	return []resource.Document{gate(secretValue, callers(k.decrypts)), gate(written, callers(k.produces))}
}

// gate lets some callers use actions, and everyone all others.
func gate(actions map[string]bool, callers []policy.Principal) resource.Document {
	var list []policy.Pattern
	for _, lower := range sortedNames(actions) {
		list = append(list, policy.Pattern{Text: value.Lit(lower)})
	}
	everyone := []policy.Principal{{Kind: policy.Anyone, Text: value.Lit("*")}}
	all := policy.Patterns{Present: true, List: []policy.Pattern{{Text: value.Lit("*")}}}
	statement := func(not bool, callers []policy.Principal) policy.Statement {
		return policy.Statement{
			Effect: policy.Allow, Principal: policy.Principals{Present: true, List: callers},
			Action: policy.Patterns{Present: true, Not: not, List: list}, Resource: all,
		}
	}
	d := &policy.Document{Version: "2012-10-17", Statements: []policy.Statement{statement(true, everyone)}}
	if len(callers) > 0 {
		d.Statements = append(d.Statements, statement(false, callers))
	}
	return resource.Document{Policy: d}
}

func sortedNames(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for name := range set {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// byKey is access to a secret whose key is in the input: a value needs what both
// policies allow.
//
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
func (a *analysis) byKey(s Subject, policies []resource.Document, k *keyAccess) {
	open, before := answer(a.question(s, policies, allOf(len(policies))), a.complete)
	if !anyValue(before) {
		a.report(open, before, policies, policies[0])
		a.services(open, policies, true)
		return
	}
	n := len(policies)
	documents := append(append([]resource.Document{}, policies...), k.gates(policies)...)
	sol, grants := answer(a.question(s, documents, [][]int{upTo(n), {n}, {n + 1}}), a.complete)
	if !anyValue(grants) {
		a.block(k.address)
	} else {
		a.out.Key, a.out.KeyUsers = k.address, k.who
	}
	for i := range grants {
		grants[i].statements = ofDocuments(sol, grants[i].statements, n)
	}
	a.report(sol, grants, documents, policies[0])
	a.services(open, policies, true)
}

// anyValue reports whether some grant is of an action that needs the key.
func anyValue(grants []grant) bool {
	for _, g := range grants {
		for _, x := range g.actions {
			if secretValue[x.Lower] {
				return true
			}
		}
	}
	return false
}

// ofDocuments keeps the statements of the first n documents.
func ofDocuments(sol *solution, statements []int, n int) []int {
	var out []int
	for _, i := range statements {
		if sol.statements[i].document < n {
			out = append(out, i)
		}
	}
	return out
}

// NeedsKey reports whether a grant is of something that needs the secret's key.
func (g Grant) NeedsKey() bool {
	for _, x := range g.Actions {
		if secretValue[x.Lower] {
			return true
		}
	}
	return false
}
