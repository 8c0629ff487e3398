package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
)

// accountsFitCallers: what the ARN in a key belongs to is of the caller's account.
func (m *model) accountsFitCallers() *expr {
	var es []*expr
	for _, name := range m.keyNames() {
		k := m.keys[name]
		if k.row.Names != knowledge.OfCaller || k.text == nil || k.dim.form != text || k.dim.elements {
			continue
		}
		of := func(account domain.Pattern) *expr {
			return in(k.dim, k.dim.addTuples(k.text(domain.Concat(domain.Literal("arn:"), segment, segment, segment, account, domain.Literal(":"), star))...))
		}
		some := of(domain.Star(domain.NotColon))
		for _, account := range m.accountsIn(k.dim) {
			there, is := of(domain.Literal(account)), in(m.caller, m.caller.addTuples(accountTuples(domain.Literal(account))...))
			es = append(es, or(not(there), is), or(not(some), there, not(is)))
		}
		for _, account := range accountPatternsIn(k.dim) {
			there, is := of(account), in(m.caller, m.caller.addTuples(accountTuples(account)...))
			es = append(es, or(not(there), is), or(not(some), there, not(is)))
		}
	}
	return and(es...)
}

// accountsIn lists the accounts that callers, or the ARNs in the values of a
// dimension, are compared with.
func (m *model) accountsIn(d *dimension) []string {
	accounts := append(m.trustedAccounts(), m.caller.literals(1, accountKinds...)...)
	for _, v := range d.values {
		f := arn.Fields(v.text)
		if name, ok := arn.Parse(v.text); ok {
			accounts = append(accounts, name.Account)
		} else if isAccount(f[0]) {
			accounts = append(accounts, f[0]) // of a user id
		}
	}
	slices.Sort(accounts)
	return slices.DeleteFunc(slices.Compact(accounts), func(a string) bool {
		return a == "" || strings.ContainsAny(a, "*?${}")
	})
}

// accountPatternsIn lists the wildcards for accounts of the ARNs that a dimension is
// compared with.
func accountPatternsIn(d *dimension) []domain.Pattern {
	var out []domain.Pattern
	for _, v := range d.values {
		f := arn.Fields(v.text)
		if v.exact || len(f) < 6 || !strings.ContainsAny(f[4], "*?") || strings.Contains(f[4], "$") {
			continue
		}
		if p, ok := accountPattern(domain.Glob(f[4], domain.NotColon)); ok && !p.Equal(anyAccount) && !slices.ContainsFunc(out, p.Equal) {
			out = append(out, p)
		}
	}
	return out
}

// oneAccount gives the keys that name the caller's account the account of the
// caller, where the cells allow it. Where none of them has the example's, the caller
// is of another account.
func (s *solution) oneAccount(point []int, values assignment) {
	if !isAccountKind(values[s.caller][0]) || s.ofAccount(point, values, values[s.caller][1]) {
		return
	}
	for _, name := range s.keyNames() {
		k := s.keys[name]
		if !k.inCallersAccount() {
			continue
		}
		var accounts []string
		if name, ok := arn.Parse(values[k.dim][len(values[k.dim])-1]); ok {
			accounts = append(accounts, name.Account)
		}
		for _, p := range accountPatternsIn(k.dim) {
			accounts = append(accounts, p.Sample())
		}
		for _, account := range accounts {
			caller := slices.Clone(values[s.caller])
			caller[1] = account
			if s.caller.words.Find(caller) != point[s.caller.level] {
				continue
			}
			with := maps.Clone(values)
			with[s.caller] = caller
			if s.ofAccount(point, with, caller[1]) {
				maps.Copy(values, with)
				return
			}
		}
	}
}

// inCallersAccount reports whether the values of a key are ARNs of the caller's account.
func (k *key) inCallersAccount() bool {
	return k.row.Names == knowledge.OfCaller && k.text != nil && k.dim.form == text && !k.dim.elements
}

// ofAccount gives the keys that name the caller's account an account, where the cells
// allow it, and reports whether all do.
func (s *solution) ofAccount(point []int, values assignment, account string) bool {
	all := true
	for _, name := range s.keyNames() {
		k := s.keys[name]
		parts := slices.Clone(values[k.dim])
		caller := values[s.caller]
		switch {
		case name == "aws:userid" && (caller[0] == root && parts[0] == "i" || caller[0] == federatedUser && parts[0] == "s"):
			parts[1] = account
			if caller[0] == federatedUser {
				parts[2] = caller[2]
			}
			if k.dim.words.Find(parts) == point[k.dim.level] {
				values[k.dim] = parts
			}
		case k.inCallersAccount() && parts[0] == presentShape:
			found := false
			for _, text := range s.examplesIn(k, parts[1], account) {
				if parts := []string{presentShape, text}; k.dim.words.Find(parts) == point[k.dim.level] {
					values[k.dim], found = parts, true
					break
				}
			}
			all = all && found
		}
	}
	return all
}

// examplesIn proposes ARNs of an account as values of a key: the example of a cell, the
// example of the key, and what each text that it is compared with is like.
func (s *solution) examplesIn(k *key, example, account string) []string {
	var out []string
	add := func(f []string) {
		if len(f) == 6 && f[0] == "arn" {
			f[4] = account
			out = append(out, strings.Join(f, ":"))
		}
	}
	add(arn.Fields(example))
	natural := arn.Fields(k.row.Example)
	if len(natural) == 6 {
		natural[1] = s.partition
	}
	add(slices.Clone(natural))
	for _, v := range k.dim.values {
		f := arn.Fields(v.text)
		for i := range f {
			switch p := domain.Glob(f[i], domain.NotColon); {
			case v.exact || !strings.ContainsAny(f[i], "*?"):
			case i < len(natural) && globMatch(f[i], natural[i]):
				f[i] = natural[i]
			case i == 3: // a Region
				f[i] = exampleRegion(p)
			default:
				f[i] = p.Sample()
			}
		}
		add(f)
	}
	return out
}

// exampleRegion is the name of a Region that a pattern matches.
func exampleRegion(p domain.Pattern) string {
	for _, r := range knowledge.Regions() {
		if p.Match(r) {
			return r
		}
	}
	return p.Sample()
}
