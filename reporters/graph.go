package reporters

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/finding"
)

// graph is who outside the zone of trust reaches which resource: small enough to
// look at, as nobody inside is in it.
type graph struct {
	parties   []party // on the left, the widest first
	resources []node  // on the right
	edges     []edge  // the strongest first
}

// party is someone outside. Its name is printable.
type party struct {
	kind partyKind
	name string
}

type partyKind int

const (
	anyone partyKind = iota
	network
	organization
	federated
	account
	service
)

func (k partyKind) String() string {
	return [...]string{"anyone", "network", "organization", "identity provider", "account", "AWS service"}[k]
}

// node is a resource. Its texts are printable.
type node struct {
	name, kind, address, path string
	count                     int // of resources that it stands for, 0 for itself
}

// reach is how strong access is.
type reach int

const (
	reads reach = iota
	writes
	permits
)

func (r reach) String() string { return [...]string{"read", "write", "permissions"}[r] }

// edge joins all access of one party to one resource.
type edge struct {
	from, to     int
	reach        reach
	conditional  bool              // all of it
	undetermined bool              // none of it is proven
	archived     bool              // all of it
	findings     []finding.Finding // the strongest few of them
	count        int               // of all
}

// namedFindings is how many findings an edge keeps.
const namedFindings = 3

// reachOf is the strongest access level of a finding; what has none of the known
// is taken for the strongest but one.
func reachOf(f finding.Finding) reach {
	strongest := reads
	for _, l := range f.AccessLevels {
		switch strings.ToLower(l) {
		case "list", "read":
		case "permissions", "permissions management":
			return permits
		default:
			strongest = writes
		}
	}
	if len(f.AccessLevels) == 0 && len(f.Action) > 0 {
		return writes
	}
	return strongest
}

// partyOf names the party that a finding lets in. With any principal it is the
// condition that tells who.
func partyOf(f finding.Finding) party {
	kind, name := "", ""
	for _, p := range pairs(f.Principal, "\x00") {
		kind, name, _ = strings.Cut(p, "\x00")
		break
	}
	switch {
	case kind == "Federated":
		return party{federated, name}
	case kind == "Service":
		if name == "*" {
			name = "any AWS service"
		}
		return party{service, name}
	case name == "" || name == "*":
		return conditioned(f)
	case kind == "CanonicalUser":
		return party{account, "canonical user " + name}
	}
	return party{account, name}
}

func conditioned(f finding.Finding) party {
	best := party{anyone, "anyone"}
	if f.IsPublic {
		return best
	}
	for _, c := range pairs(f.Condition, "\x00") {
		key, value, _ := strings.Cut(c, "\x00")
		switch key := strings.ToLower(key); {
		case strings.HasPrefix(key, "aws:principalorg"), strings.HasPrefix(key, "aws:sourceorg"):
			return party{organization, value}
		case key == "aws:principalaccount", key == "aws:principalarn", key == "aws:sourceaccount", key == "aws:sourcearn", key == "aws:sourceowner":
			best = party{account, value}
		case best.kind == anyone && (strings.HasPrefix(key, "aws:source") || strings.HasPrefix(key, "aws:vpc")):
			best = party{network, value}
		}
	}
	return best
}

// graphOf returns the graph of a report.
func graphOf(r finding.Report) graph {
	type pair struct {
		party party
		node  node
	}
	joined := map[pair]*edge{}
	var order []pair
	for _, f := range strongest(r.Findings, func(f finding.Finding) bool { return !removed(f) && !f.IsOwn() }, Options{}) {
		p := pair{partyOf(f), nodeOf(f)}
		e, ok := joined[p]
		if !ok {
			e = &edge{conditional: true, undetermined: true, archived: true}
			joined[p] = e
			order = append(order, p)
		}
		e.reach = max(e.reach, reachOf(f))
		e.conditional = e.conditional && len(f.Condition) > 0
		e.undetermined = e.undetermined && f.Certainty == finding.NotProven
		e.archived = e.archived && archived(f)
		e.count++
		if len(e.findings) < namedFindings {
			e.findings = append(e.findings, f)
		}
	}
	var g graph
	partyAt, nodeAt := map[party]int{}, map[node]int{}
	for _, p := range order {
		if _, ok := partyAt[p.party]; !ok {
			partyAt[p.party] = 0
			g.parties = append(g.parties, p.party)
		}
		if _, ok := nodeAt[p.node]; !ok {
			nodeAt[p.node] = 0
			g.resources = append(g.resources, p.node)
		}
	}
	slices.SortFunc(g.parties, func(a, b party) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.name, b.name)) })
	slices.SortFunc(g.resources, func(a, b node) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.name, b.name), cmp.Compare(a.path, b.path), cmp.Compare(a.address, b.address))
	})
	for i, p := range g.parties {
		partyAt[p] = i
	}
	for i, n := range g.resources {
		nodeAt[n] = i
	}
	for _, p := range order {
		e := *joined[p]
		e.from, e.to = partyAt[p.party], nodeAt[p.node]
		g.edges = append(g.edges, e)
	}
	slices.SortStableFunc(g.edges, func(a, b edge) int {
		return cmp.Or(compareBool(a.archived, b.archived), cmp.Compare(b.reach, a.reach), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	return g
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// nodeOf names the resource by the part of its ARN that people say, else by its
// address.
func nodeOf(f finding.Finding) node {
	n := node{name: printable(f.Resource), kind: printable(f.ResourceType), address: printable(f.Address), path: printable(f.Path)}
	if name, ok := arn.Parse(n.name); ok {
		n.name = name.Resource
	}
	switch {
	case n.name != "":
	case strings.HasPrefix(n.address, "("): // a policy without a name
		n.name = n.path + strings.TrimPrefix(n.address, "(policy)")
	case n.address != "":
		n.name = n.address
	default:
		n.name = n.path
	}
	if n.name == "" {
		n.name = "a resource without a name"
	}
	n.kind = strings.TrimPrefix(n.kind, "AWS::")
	return n
}

// label says what an edge is in words.
func (e edge) label() string {
	words := []string{e.reach.String()}
	if e.conditional {
		words = append(words, "conditional")
	}
	if e.undetermined {
		words = append(words, "undetermined")
	}
	if e.archived {
		words = append(words, "archived")
	}
	return strings.Join(words, ", ")
}

// middle shortens a printable text to at most n characters, in the middle: names
// differ at their ends.
func middle(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	head := (n - 1) / 2
	return string(r[:head]) + ellipsis + string(r[len(r)-(n-1-head):])
}
