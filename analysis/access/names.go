package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/policy"
)

// friend is a user or role by its account and its name, in small letters and without
// its path. An account has one of each.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
type friend struct{ kind, account, name string }

// namedFriends are the users and roles that policies name in their Principal elements,
// with their paths. AWS refuses a policy that names one which does not exist.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func namedFriends(documents []*policy.Document) map[friend][]string {
	out := map[friend][]string{}
	for _, d := range documents {
		for i := range d.Statements {
			st := &d.Statements[i]
			if st.Maybe != "" || st.Refused != "" {
				continue
			}
			for _, p := range st.Principal.List {
				text, known := p.Text.Known()
				if !known || p.Kind != policy.AWS || p.Maybe != "" || strings.ContainsAny(text, "*?") {
					continue
				}
				f, path, ok := friendOf(text)
				if ok && !contains(out[f], path) {
					out[f] = append(out[f], path)
				}
			}
		}
	}
	return out
}

// havePaths reports whether policies name users or roles with a path, as few do: names
// without one are told apart by themselves.
func havePaths(documents []*policy.Document) bool {
	for _, d := range documents {
		for i := range d.Statements {
			for _, p := range d.Statements[i].Principal.List {
				if strings.Count(p.Text.Literal, "/") > 1 {
					return true
				}
			}
			for _, c := range d.Statements[i].Condition {
				if !strings.EqualFold(c.Key, "aws:PrincipalArn") {
					continue
				}
				for _, v := range c.Values {
					if strings.Count(v.Text.Literal, "/") > 1 {
						return true
					}
				}
			}
		}
	}
	return false
}

// friendOf reads the ARN of a user or role; path is what stands before the slash and
// the name: role/path/name.
func friendOf(text string) (f friend, path string, ok bool) {
	a, ok := arn.Parse(text)
	kind, rest, cut := strings.Cut(a.Resource, "/")
	if !ok || !cut || a.Service != "iam" || !isAccount(a.Account) || kind != user && kind != role {
		return friend{}, "", false
	}
	return friend{kind, a.Account, strings.ToLower(rest[strings.LastIndexByte(rest, '/')+1:])}, rest, true
}

// namesAreUnique: there is no user or role that has the name of one which a Principal
// element names, and another path. Where policies name several, each may be the one.
func (m *model) namesAreUnique(documents []*policy.Document) *expr {
	if m.logical || !havePaths(documents) {
		return always
	}
	named := namedFriends(documents)
	for f, paths := range named {
		if len(paths) > 1 {
			slices.Sort(paths)
			m.clashes = append(m.clashes, fmt.Sprintf("%ss %s of account %s cannot all exist, as names are unique whatever their path: AWS refuses a policy that names one which does not", f.kind, strings.Join(paths, ", "), f.account))
		}
	}
	slices.Sort(m.clashes)
	var others []domain.Tuple
	for _, atom := range m.caller.tuples {
		for _, t := range atom {
			kind, account, name := literalOf(t[0]), literalOf(t[1]), literalOf(t[2])
			f := friend{kind, account, strings.ToLower(name[strings.LastIndexByte(name, '/')+1:])}
			if paths := named[f]; name != "" && paths != nil && !contains(paths, name) {
				others = append(others, callerTuple(kind, domain.Literal(account), domain.Literal(name), star))
			}
		}
	}
	if len(others) == 0 {
		return always
	}
	return not(in(m.caller, m.caller.addTuples(others...)))
}
