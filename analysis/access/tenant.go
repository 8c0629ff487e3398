package access

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
)

// oneTenant is the condition that a claim of the caller's token has a value
// that the policy compares it with and that spells one tenant of its shared
// issuer out.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
func (m *model) oneTenant() *expr {
	if !m.isRole() {
		return never
	}
	var fixed []*expr
	for _, name := range m.keyNames() {
		k := m.keys[name]
		if name == "sts:rolesessionname" {
			// Who asks for the session chooses its name, but where the issuer
			// is a service that always asks for the same.
			for _, host := range knowledge.FixedByKey(name) {
				fixed = append(fixed, and(m.issuedBy(host), m.fixes(k, host)))
			}
			continue
		}
		if i := strings.LastIndexByte(name, ':'); i > 0 {
			fixed = append(fixed, m.fixes(k, name[:i]))
		}
	}
	return or(fixed...)
}

// fixes is the condition that a key has a value that spells one tenant of a
// shared issuer out.
func (m *model) fixes(k *key, host string) *expr {
	issuer, ok := knowledge.SharedIssuer(host)
	if !ok {
		return never
	}
	var atoms []int
	for _, v := range k.dim.values {
		for _, c := range issuer.Controls {
			if strings.EqualFold(c.Key, v.key) && c.Fixes(v.text, v.exact) {
				atoms = append(atoms, v.atoms...)
				break
			}
		}
	}
	if k.dim.elements {
		return and(k.present, &expr{op: opEvery, dim: k.dim, least: atoms, most: atoms})
	}
	return in(k.dim, atoms...)
}

// issuedBy is the condition that the caller's token is one of an issuer.
func (m *model) issuedBy(host string) *expr {
	name := domain.Concat(domain.Glob("arn:*:iam::*:oidc-provider/", domain.Any), domain.Literal(host))
	return in(m.caller, m.caller.addTuples(
		callerTuple(web, star, name, star),
		callerTuple(web, star, domain.Concat(name, domain.Literal("/")), star),
		callerTuple(web, star, domain.Literal(host), star),
	))
}
