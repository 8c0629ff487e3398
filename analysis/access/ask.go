package access

import (
	"slices"
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Question narrows what is asked about a resource to some of the requests.
type Question struct {
	// Callers are who may be asking, as a Principal element names them; nil is
	// anyone.
	Callers []policy.Principal
	// Actions and Resources are patterns as in a policy; nil is any.
	Actions, Resources []string
	// Conditions are what the request carries, as a Condition element asks for it.
	Conditions []policy.Condition
	// Inside asks about callers inside the zone and about services as well, and
	// about actions that no other account can use.
	Inside bool
}

// statement is the question as a statement that allows what is asked about.
func (q Question) statement() *policy.Document {
	s := policy.Statement{Effect: policy.Allow, Condition: q.Conditions}
	s.Principal = policy.Principals{Present: true, List: q.Callers}
	if q.Callers == nil {
		s.Principal.List = []policy.Principal{{Kind: policy.Anyone, Text: value.Lit("*")}}
	}
	patterns := func(list []string) policy.Patterns {
		out := policy.Patterns{Present: true}
		if list == nil {
			list = []string{"*"}
		}
		for _, text := range list {
			out.List = append(out.List, policy.Pattern{Text: value.Lit(text)})
		}
		return out
	}
	s.Action, s.Resource = patterns(q.Actions), patterns(q.Resources)
	// Without policy variables: what is asked is taken as it is written.
	return &policy.Document{Version: "2008-10-17", Statements: []policy.Statement{s}}
}

// Ask computes which of the requests that a question is about a resource allows:
// as grants, like Analyze, and exactly as far as the budgets allow. A grant is
// Public where a brand-new outside account is among those who are asked about.
//
// What identity-based policies allow is not part of it: of callers of the owner
// account, they alone may allow what the resource does not mention.
func Ask(r resource.Resource, z *zone.Zone, q Question) Result {
	return AskWithin(r, z, q, FullEffort)
}

// AskWithin is Ask with no more than some effort. Past it all that is asked about may
// be granted, and the result is Short.
func AskWithin(r resource.Resource, z *zone.Zone, q Question, effort Effort) Result {
	a := newAnalysis(r, z)
	a.work = newBudget(effort)
	a.inside = q.Inside
	a.asked = q.statement()
	if q.Inside && !a.resource.IdentityPolicy && a.out.Kind == nil {
		a.resource.Documents = anyoneBy(a.resource.Documents)
	}
	for _, k := range a.kinds() {
		a.ask(k)
	}
	a.dropProven()
	a.out.Grants = collapse(a.out.Grants)
	shownResult(&a.out, a.declared)
	a.out.Short = a.work.short
	return a.out
}

// ask answers for the resource as one of a kind.
func (a *analysis) ask(k *knowledge.Kind) {
	s, ok := a.subjectOf(k)
	if !ok {
		return
	}
	policies, lists, points := a.sorted(k)
	for _, policies := range inForce(policies) {
		a.leaveToIdentity(s, policies)
		names, ways := a.waysOf(k, policies, lists, points)
		for _, name := range names {
			a.askWay(s, ways[name])
		}
	}
}

// askWay answers for one way to the resource.
func (a *analysis) askWay(s Subject, w way) {
	q := a.question(s, w.documents, w.gates)
	q.through, q.inside, q.asked = w.through, a.inside, a.asked
	sol, grants := a.narrowed(q, w.blocks)
	for i := range grants {
		grants[i].statements = ofDocuments(sol, grants[i].statements, len(w.documents)-w.others)
	}
	a.report(sol, grants, w.documents, w.source)
	if a.inside {
		a.askedServices(sol, w.documents)
	}
}

// leaveToIdentity says whether identity-based policies of the owner account may
// allow what is asked about: all that the resource's policies do not deny. For
// keys and roles the resource's own policy must allow it in any case.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-iam-resource-policy.html
// https://docs.aws.amazon.com/kms/latest/developerguide/control-access-overview.html
func (a *analysis) leaveToIdentity(s Subject, policies []resource.Document) {
	if !a.inside || s.Kind.Type == "AWS::KMS::Key" || s.Kind.Type == "AWS::IAM::Role" {
		return
	}
	q := a.question(s, policies, allOf(len(policies)))
	q.inside, q.asked = true, a.asked
	if !q.work.charge(q.comparing()) {
		a.out.LeftToIdentity = true
		return
	}
	sol := solve(q, exactly)
	defer sol.settleAccount()
	sp := sol.space
	left := sp.Intersect(sp.Intersect(sol.world[1], sol.about.most), sol.ofOwner)
	for _, c := range sol.statements {
		if c.statement.Effect == policy.Deny {
			left = sp.Minus(left, c.least)
		}
	}
	a.out.LeftToIdentity = a.out.LeftToIdentity || left != domain.None || sp.Exceeded
}

// askedServices adds what services may do of what is asked about, for whomever
// they act.
func (a *analysis) askedServices(sol *solution, documents []resource.Document) {
	sp := sol.space
	for i, proven := range []bool{true, false} {
		set := sp.Intersect(sp.Intersect(sol.allowed[i], sol.services), sol.about.reading(!proven))
		for c := 0; c < sol.caller.size && set != domain.None; c++ {
			cell := domain.NewBits(sol.caller.size)
			cell.Set(c)
			here := sp.Intersect(sp.Cells(sol.caller.level, cell), set)
			g := ServiceGrant{Proven: proven}
			if sol.caller.single[c] {
				g.Service = sol.caller.example(c)[2]
			}
			if here == domain.None || a.hasService(g.Service) {
				continue
			}
			a.fillService(&g, sol, here, documents)
			a.out.Services = append(a.out.Services, g)
		}
	}
}

// narrowed answers a question about some requests as precisely as the budgets
// allow.
func (a *analysis) narrowed(q question, blocks []*resource.PublicAccessBlock) (*solution, []grant) {
	if !q.work.charge(q.comparing()) {
		s, parts := q.unanswered()
		return s, parts[0].grants
	}
	for level := exactly; ; level++ {
		s := solve(q, level)
		scope := s.external
		if q.inside {
			scope = s.space.Complement(s.services)
		}
		s.narrow(s.space.Minus(scope, s.cutFrom(a, blocks)))
		grants := s.findings(a.complete)
		s.settleAccount()
		if level > exactly {
			s.note("the policy is too large to be analysed exactly: its conditions are left out, and what is reported is at most what is granted")
		}
		if !s.space.Exceeded {
			return s, grants
		}
		if level == principalsAlone {
			return s, []grant{s.anything()}
		}
	}
}

// narrow leaves of what is allowed only what is in scope and asked about. The
// evaluator is asked about that as well.
func (s *solution) narrow(scope domain.Node) {
	sp := s.space
	s.least = sp.Intersect(sp.Intersect(s.allowed[0], scope), s.about.least)
	about := sp.Union(s.about.most, sp.Intersect(s.unresolved, s.toUnresolved()))
	s.most = sp.Intersect(sp.Intersect(s.allowed[1], scope), about)
	s.documents = append(s.documents[:len(s.documents):len(s.documents)], s.asked)
	s.gates = append(s.gates[:len(s.gates):len(s.gates)], []int{len(s.documents) - 1})
	s.anyCaller = s.inside
}

// aboutUnresolved compiles a question about callers by account or ARN for those
// that no account can be read from: a policy may name anyone so.
func (m *model) aboutUnresolved(d *policy.Document) *expr {
	s := d.Statements[0]
	if !slices.ContainsFunc(s.Principal.List, func(p policy.Principal) bool { return p.Kind == policy.AWS }) {
		return never
	}
	s.Principal.List = []policy.Principal{{Kind: policy.Anyone, Text: value.Lit("*")}}
	asked, _ := m.statement(&s, false)
	return and(unknown, m.callers(unresolved), asked)
}

// toUnresolved are the requests that statements allow which name such a caller.
func (s *solution) toUnresolved() domain.Node {
	n := domain.None
	for _, c := range s.statements {
		names := func(p policy.Principal) bool {
			return p.Kind == policy.AWS && !s.attributable(globOf(pieces(p.Text, false)))
		}
		if c.statement.Effect == policy.Allow && slices.ContainsFunc(c.statement.Principal.List, names) {
			n = s.space.Union(n, c.most)
		}
	}
	return n
}

// anyoneBy reads identity-based policies, which name no principal, as what they
// allow whoever has them.
func anyoneBy(documents []resource.Document) []resource.Document {
	out := slices.Clone(documents)
	for i, d := range out {
		if d.Policy == nil || slices.ContainsFunc(d.Policy.Statements, func(s policy.Statement) bool { return s.Principal.Present }) {
			continue
		}
		p := *d.Policy
		p.Statements = slices.Clone(p.Statements)
		for j := range p.Statements {
			p.Statements[j].Principal = policy.Principals{Present: true, List: []policy.Principal{{Kind: policy.Anyone, Text: value.Lit("*")}}}
		}
		out[i].Policy = &p
	}
	return out
}

// Answer to a question that has one.
type Answer = finding.Truth

const (
	Yes      = finding.Yes
	No       = finding.No
	NotKnown = finding.NotKnown
)

// Implication says whether all that one policy allows, another allows too.
type Implication struct {
	Answer Answer
	// Beyond is a request that the one allows and the other does not: where the
	// answer is no always, where it is not known perhaps.
	Beyond  *evaluate.Request
	Actions []string // all that the one allows on wider terms, in order
}

// Implies computes whether all that policy p allows, q allows too: to whomever,
// on whichever resource. The type of the resource that both are attached to may
// be empty; they are compared for every service that they name then.
// Identity-based policies are compared by what they allow whoever has them.
func Implies(p, q *policy.Document, resourceType string) Implication {
	with := func(d *policy.Document) resource.Resource {
		return resource.Resource{Type: resourceType, Documents: anyoneBy([]resource.Document{{Policy: d}})}
	}
	z := &zone.Zone{}
	a, b := newAnalysis(with(p), z), newAnalysis(with(q), z)
	a.out.Owner, b.out.Owner = "", "" // whoever owns what they are attached to
	a.inside, b.inside = true, true
	c := comparison{before: b, after: a}
	out := Implication{Answer: Yes}
	for _, k := range allKinds(b.kinds(), a.kinds()) {
		exact := c.each(k, func(s Subject, before, after way) bool { return c.implies(&out, s, before, after) })
		if !exact && out.Answer == Yes {
			out.Answer = NotKnown
		}
	}
	sort.Strings(out.Actions)
	out.Actions = slices.Compact(out.Actions)
	return out
}

// implies compares what the one side allows with what the other does.
func (c comparison) implies(out *Implication, s Subject, before, after way) (exact bool) {
	old, now, ok := c.joint(s, before, after)
	if !ok {
		return false
	}
	sp := now.space
	// What is certainly allowed by the one and certainly not by the other, and
	// what may be.
	sure := sp.Minus(now.allowed[0], old.allow(true))
	open := sp.Minus(now.allowed[1], old.allow(false))
	if sp.Exceeded {
		return false
	}
	if open == domain.None {
		return true
	}
	for cell := 0; cell < now.action.size; cell++ {
		if sp.Fix(open, now.action.level, cell) == domain.None {
			continue
		}
		for _, i := range now.action.groups[cell] {
			out.Actions = append(out.Actions, now.actions[i].Full)
		}
	}
	now.except = old
	if sure != domain.None && out.Answer != No && now.show(&out.Beyond, sure, true) {
		out.Answer = No
		return true
	}
	if out.Answer == Yes {
		out.Answer = NotKnown
		now.show(&out.Beyond, open, false)
	}
	return true
}

// Names says whether a text is the ARN of a resource or of something in it, or a
// pattern of such ARNs. Where a part of the resource's ARN is not known yet, that
// may be what the text has in its place.
func Names(r resource.Resource, z *zone.Zone, text string) Answer {
	a := newAnalysis(r, z)
	subject, unknown := "", false
	for rest := a.subject; rest != ""; {
		if !value.HasStandIn(rest) {
			subject += rest
			break
		}
		before, after, _ := value.CutStandIn(rest)
		subject, rest, unknown = subject+before+"*", after, true
	}
	if subject != "" && (globMatch(subject, text) || globMatch(text, subject)) {
		return certainUnless(unknown)
	}
	if subject != "" && a.out.Kind == nil {
		if globMatch(subject+"/*", text) || globMatch(subject+":*", text) {
			return certainUnless(unknown)
		}
		return No
	}
	for _, k := range a.kinds() {
		for i := range k.Shapes {
			if shape := k.Resource(i, subject); globMatch(shape, text) {
				return certainUnless(unknown)
			}
		}
	}
	return No
}

func certainUnless(unknown bool) Answer {
	if unknown {
		return NotKnown
	}
	return Yes
}

// Trusts says whether a zone trusts whoever a text names: an account id, the ARN
// of a principal, an organization or a path in it, a VPC, an endpoint, an identity
// provider or a canonical user id. What is not declared is not trusted.
func Trusts(z *zone.Zone, who string) bool {
	account := who
	if name, ok := arn.Parse(who); ok {
		account = name.Account
	}
	if isAccount(account) {
		if account == z.Account || contains(z.Accounts, account) {
			return true
		}
		for _, m := range z.Members {
			if m.ID == account && (z.Type == zone.Organization || underPaths(m.OrgPath, z.OrgPaths)) {
				return true
			}
		}
		if account == z.ManagementAccount && z.Type == zone.Organization {
			return true
		}
	}
	if strings.HasPrefix(who, "o-") {
		id, _ := splitPath(who)
		return z.Type == zone.Organization && id == z.Organization || strings.Contains(who, "/") && underPaths(who, z.OrgPaths)
	}
	if slices.ContainsFunc(z.Principals, func(pattern string) bool { return arnLike(pattern, who) }) {
		return true
	}
	return contains(z.VPCs, who) || contains(z.VPCEndpoints, who) || contains(z.SAML, who) || contains(z.CanonicalUsers, who) || trustsCanonical(z, who)
}

// arnLike matches an ARN part by part, as ArnLike does.
func arnLike(pattern, text string) bool {
	p, q := arn.Fields(pattern), arn.Fields(text)
	return len(p) == len(q) && !slices.ContainsFunc(upTo(len(p)), func(i int) bool { return !globMatch(p[i], q[i]) })
}

func trustsCanonical(z *zone.Zone, id string) bool {
	return id != "" && slices.ContainsFunc(z.Members, func(m zone.Member) bool {
		return m.Canonical == id && (z.Type == zone.Organization || m.ID == z.Account)
	})
}
