package finding

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
)

// CallerKind is a kind of outside principal.
type CallerKind string

const (
	Anyone         CallerKind = "anyone"
	CallerAccount  CallerKind = "account"
	CallerOrg      CallerKind = "organization"
	CallerProvider CallerKind = "provider"
	CallerNetwork  CallerKind = "network"
	CallerService  CallerKind = "service"
	CallerUser     CallerKind = "canonical-user"
	CallerUnknown  CallerKind = "unknown"
)

// CallerKinds in the order in which they are listed.
var CallerKinds = []CallerKind{Anyone, CallerAccount, CallerOrg, CallerProvider, CallerNetwork, CallerService, CallerUser, CallerUnknown}

// Caller is one outside principal with all that it reaches.
type Caller struct {
	Kind     CallerKind
	ID       string // as AWS spells it; "" for anyone
	Name     string // of configuration; "" without one
	Findings []Finding
}

// Callers are the outside principals of a run.
type Callers struct {
	Tool        Tool
	Zones       []Zone
	List        []Caller
	Resources   int // that were analysed
	Diagnostics []Diagnostic
	Assumptions []string
}

// CallersOf groups the findings of a report by who gets in. A finding that names
// several is listed with each. Names are by account id.
func CallersOf(r Report, names map[string]string) Callers {
	out := Callers{Tool: r.Tool, Zones: r.Zones, Resources: len(r.Resources), Diagnostics: r.Diagnostics, Assumptions: r.Assumptions}
	type key struct {
		kind CallerKind
		id   string
	}
	at := map[key]int{}
	for _, f := range r.Findings {
		kind, ids := callersOf(f)
		for _, id := range ids {
			k := key{kind, id}
			if _, ok := at[k]; !ok {
				at[k] = len(out.List)
				out.List = append(out.List, Caller{Kind: kind, ID: id, Name: names[id]})
			}
			out.List[at[k]].Findings = append(out.List[at[k]].Findings, f)
		}
	}
	slices.SortStableFunc(out.List, func(a, b Caller) int {
		return cmp.Or(cmp.Compare(slices.Index(CallerKinds, a.Kind), slices.Index(CallerKinds, b.Kind)), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// limits are the condition keys that say who calls where the principal is anyone,
// the narrowest first.
var limits = []struct {
	key  string
	kind CallerKind
}{
	{"aws:principalarn", CallerAccount}, {"aws:principalaccount", CallerAccount}, {"kms:calleraccount", CallerAccount},
	{"aws:sourceaccount", CallerAccount}, {"aws:sourceowner", CallerAccount}, {"aws:sourcearn", CallerAccount},
	{"aws:principalorgid", CallerOrg}, {"aws:principalorgpaths", CallerOrg}, {"aws:sourceorgid", CallerOrg}, {"aws:sourceorgpaths", CallerOrg},
	{"aws:sourcevpc", CallerNetwork}, {"aws:sourcevpce", CallerNetwork}, {"aws:sourcevpcarn", CallerNetwork}, {"aws:sourceip", CallerNetwork},
	{"aws:vpceaccount", CallerNetwork}, {"aws:vpceorgid", CallerNetwork}, {"aws:vpceorgpaths", CallerNetwork},
}

// callersOf says who a finding lets in: nobody for one that is not about access.
func callersOf(f Finding) (CallerKind, []string) {
	switch {
	case f.Change.Is(Removed):
		return "", nil
	case f.Principal["Service"] != "":
		return CallerService, []string{f.Principal["Service"]}
	case f.Principal["Federated"] != "":
		return CallerProvider, []string{f.Principal["Federated"]}
	case f.Principal["CanonicalUser"] != "":
		return CallerUser, []string{f.Principal["CanonicalUser"]}
	case f.Principal["AWS"] == "*":
		return limited(f)
	case f.Principal["AWS"] != "":
		if id := accountOf(f.Principal["AWS"]); id != "" {
			return CallerAccount, []string{id}
		}
		return CallerUnknown, []string{f.Principal["AWS"]}
	case strings.HasPrefix(f.Rule, "unread-"):
		return CallerUnknown, []string{""} // nothing says that nobody gets in
	}
	return "", nil
}

// limited says who may call where anyone may who fulfils the conditions.
func limited(f Finding) (CallerKind, []string) {
	lower := map[string]string{}
	for k, v := range f.Condition {
		lower[strings.ToLower(k)] = v
	}
	for _, l := range limits {
		v, ok := lower[l.key]
		if !ok {
			continue
		}
		var ids []string
		for id := range strings.SplitSeq(v, ",") {
			id = strings.TrimSpace(id)
			switch l.kind {
			case CallerAccount:
				if a := accountOf(id); a != "" {
					id = a
				} else {
					return CallerUnknown, []string{id}
				}
			case CallerOrg:
				id, _, _ = strings.Cut(id, "/")
			}
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		return l.kind, ids
	}
	return Anyone, []string{""}
}

// accountOf returns the account of an ARN or an account's id, "" if there is none.
func accountOf(s string) string {
	if name, ok := arn.Parse(s); ok {
		s = name.Account
	}
	if len(s) != 12 || strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}
