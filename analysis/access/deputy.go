package access

import (
	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/zone"
)

// outsideSources are the conditions, for calls of services, that the source on
// whose behalf the service acts is not in the zone, and that the policy names
// it all the same.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func (m *model) outsideSources() (outside, named *expr) {
	var inside, fixed []*expr
	accounts := append([]string{m.owner}, m.zone.Accounts...)
	if m.zone.Type == zone.Organization {
		for _, a := range m.members() {
			accounts = append(accounts, a.ID)
		}
		accounts = append(accounts, memberAccount)
	}
	source, organization := m.named("source"), m.named("source's organization")
	if d := source; d != nil {
		var ts []domain.Tuple
		for _, a := range accounts {
			for _, shape := range []string{sourceAccount, sourceARN, sourceBoth, sourceBareAccount} {
				ts = append(ts, domain.Tuple{domain.Literal(shape), domain.Literal(a), star, star})
			}
		}
		inside = append(inside, in(d, d.addTuples(ts...)))
		var bare []domain.Tuple
		for _, rest := range d.literals(3, sourceBare) {
			bare = append(bare, domain.Tuple{domain.Literal(sourceBare), star, star, domain.Literal(rest)},
				domain.Tuple{domain.Literal(sourceBareAccount), star, star, domain.Literal(rest)})
		}
		var named []domain.Tuple
		for _, a := range d.literals(1, sourceAccount, sourceARN, sourceBoth, sourceBareAccount) {
			for _, shape := range []string{sourceAccount, sourceARN, sourceBoth, sourceBareAccount} {
				named = append(named, domain.Tuple{domain.Literal(shape), domain.Literal(a), star, star})
			}
		}
		foreign := in(d, d.addTuples(named...))
		fixed = append(fixed, foreign)
		// A bucket's ARN names no account: the service fixes the source all the
		// same, whoever owns the bucket.
		inside = append(inside, and(in(d, d.addTuples(bare...)), not(foreign)))
	}
	if d := organization; d != nil {
		var named []domain.Tuple
		for _, id := range d.literals(1) {
			named = append(named, domain.Tuple{domain.Literal(presentShape), domain.Literal(id), star})
		}
		fixed = append(fixed, in(d, d.addTuples(named...)))
		inside = append(inside, in(d, d.addTuples(append(m.trustedOrganizations(), m.ownOrganizationTuple())...)))
	}
	for _, name := range m.keyNames() {
		k := m.keys[name]
		if k.text == nil || k.fixed != "" || k.dim.elements || k.dim == source || k.dim == organization {
			continue
		}
		inside = append(inside, m.ownSources(name, k, accounts)...)
		if _, every := knowledge.SourceKeyOf(name, ""); every {
			var named []domain.Tuple
			for _, s := range k.dim.literals(1, presentShape) {
				named = append(named, k.text(domain.Literal(s))...)
			}
			fixed = append(fixed, in(k.dim, k.dim.addTuples(named...)))
		}
	}
	return not(or(inside...)), or(fixed...)
}

// ownOrganizationTuple is the owner's organization, declared or not.
func (m *model) ownOrganizationTuple() domain.Tuple {
	return domain.Tuple{domain.Literal(presentShape), domain.Literal(m.org), star}
}

// ownSources are the conditions that a key which services set, for all of them
// or for those that do, names a source of one of the accounts.
func (m *model) ownSources(name string, k *key, accounts []string) []*expr {
	var out []*expr
	hosts := m.caller.literals(2, service)
	every := false
	if _, every = knowledge.SourceKeyOf(name, ""); every {
		hosts = []string{""}
	}
	for _, host := range hosts {
		source, ok := knowledge.SourceKeyOf(name, host)
		if !ok {
			continue
		}
		var ts []domain.Tuple
		switch source.Form {
		case knowledge.SourceToken:
			for _, s := range k.dim.literals(1, presentShape) {
				ts = append(ts, k.text(domain.Literal(s))...)
			}
		case knowledge.SourceAccount:
			for _, a := range accounts {
				ts = append(ts, k.text(domain.Literal(a))...)
			}
		case knowledge.SourceARN:
			for _, a := range accounts {
				ts = append(ts, k.text(domain.Concat(domain.Literal("arn:"), segment, segment, segment, domain.Literal(a+":"), star))...)
			}
		}
		by := always
		if !every {
			by = in(m.caller, m.caller.addTuples(callerTuple(service, star, domain.Literal(host), star)))
		}
		out = append(out, and(by, in(k.dim, k.dim.addTuples(ts...))))
	}
	return out
}
