package access

import (
	"slices"
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Result is what one resource grants from outside the zone of trust.
type Result struct {
	Kind        *knowledge.Kind // nil when the type is neither told nor inferred
	Owner       string          // account; "" when neither declared nor inferred
	ARN         string          // of the resource; "" when a part of it is not known
	Grants      []Grant
	Services    []ServiceGrant
	BlockedBy   []string // what cuts off access that the policies grant
	Notes       []string // limits that were hit
	Assumptions []string
	Short       bool     // more effort might have given a more exact answer
	Problems    []string // internal: findings without an accepted witness
	Idle        []Idle
	// Key is the address of the key that a secret's value is under, if its policy
	// was considered and lets someone from outside use it: KeyUsers.
	Key      string
	KeyUsers []string
	// LeftToIdentity is set by Ask if callers of the owner account are asked about
	// whom the resource does not refuse: an identity-based policy may allow them.
	LeftToIdentity bool
}

// Grant is one instance of external access, at Access Analyzer's granularity.
type Grant struct {
	PrincipalKey string // AWS, Federated or CanonicalUser
	Principal    string // "*" for anyone
	Conditions   []Condition
	Actions      []knowledge.KindAction
	Along        []knowledge.KindAction // shown besides, see knowledge.Kind
	Public       bool
	AnyTenant    bool // federated: any tenant of a shared identity provider is allowed
	Guest        bool // federated: guests of a Cognito identity pool are allowed
	ByURL        bool // nothing but calls through a function's URL is allowed
	Proven       bool
	Named        bool              // the policy spells out who is let in, or where from
	Source       resource.Document // through what
	Statements   []Responsible
	Witness      *evaluate.Request
	Needs        []string // what would settle a grant that is not proven
}

// Condition is a tracked key and one of the values that the policy compares it with.
type Condition struct{ Key, Value string }

// Responsible is a statement that grants, and the document that holds it.
type Responsible struct {
	Statement *policy.Statement
	Document  resource.Document
}

// ServiceGrant is access of a service principal that no own source limits.
type ServiceGrant struct {
	Service    string // host name; "" for any service
	Foreign    bool   // limited, but to sources outside the zone
	Unknown    bool   // limited, but to a source that is not known
	Actions    []knowledge.KindAction
	Proven     bool
	Statements []Responsible
	Witness    *evaluate.Request
	Needs      []string // what would settle a grant that is not proven
}

// Analyze computes the external access of a resource. It changes nothing it is
// given.
func Analyze(r resource.Resource, z *zone.Zone, complete bool) Result {
	return AnalyzeWithin(r, z, complete, FullEffort)
}

// AnalyzeWithin is Analyze with no more than some effort.
func AnalyzeWithin(r resource.Resource, z *zone.Zone, complete bool, effort Effort) Result {
	a := newAnalysis(r, z)
	a.work = newBudget(effort)
	a.complete = complete
	for _, k := range a.kinds() {
		a.kind(k)
	}
	a.dropProven()
	a.out.Grants = collapse(a.out.Grants)
	shownResult(&a.out)
	a.out.Short = a.work.short
	return a.out
}

// newAnalysis prepares a resource: who owns it, and what its references mean.
func newAnalysis(r resource.Resource, z *zone.Zone) *analysis {
	a := &analysis{resource: r, zone: z}
	if r.Elsewhere && z.Account != "" && z.Account != r.Account {
		a.zone = zoneOf(r.Account, z)
		a.assume("account " + r.Account + " owns what is created in it; account " + z.Account + ", which is declared, is trusted there")
	}
	if kind, ok := knowledge.KindOf(r.Type); ok {
		a.out.Kind = kind
	}
	a.findOwner()
	if b := r.AccountBlock; b != nil && b.Account == a.out.Owner {
		a.resource.Block = resource.Strictest(a.resource.Block, b)
	}
	a.ground()
	return a
}

// kinds of resources that the policies are about: that of the resource or, when
// it is not known, one for each service.
func (a *analysis) kinds() []*knowledge.Kind {
	switch {
	case a.resource.IdentityPolicy || a.out.Kind != nil && a.out.Kind.LimitsOnly:
		return nil
	case a.out.Kind != nil:
		return []*knowledge.Kind{a.out.Kind}
	}
	return servicesOf(a.resource.Documents)
}

type analysis struct {
	resource resource.Resource // grounded, see ground
	grounding
	subject  string   // ARN with stand-ins; "" when nothing is known of it
	own      []string // see resource.Resource.Own
	zone     *zone.Zone
	complete bool
	work     *budget          // nil: each question has its own
	inside   bool             // callers of the owner account matter too
	asked    *policy.Document // see question
	out      Result
}

// zoneOf returns the zone with another account as the owner, and the one that is
// declared trusted as it was.
func zoneOf(owner string, z *zone.Zone) *zone.Zone {
	out := *z
	out.Account = owner
	out.Accounts = append(z.Accounts[:len(z.Accounts):len(z.Accounts)], z.Account)
	return &out
}

// findOwner: the declared account owns what is analysed, unless the resource's
// own ARN says that another account of the organization does. Without a
// declaration the ARN tells, or for a key the only account that may change its
// policy: KMS refuses a policy that locks its owner out.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (a *analysis) findOwner() {
	told := a.resource.Account
	if parts := strings.SplitN(a.resource.ARN.Literal, ":", 6); told == "" && len(parts) == 6 && isAccount(parts[4]) {
		told = parts[4]
	}
	switch {
	case told != "" && a.zone.Account != "" && told != a.zone.Account && isMember(a.zone, told):
		a.out.Owner = told
	case a.zone.Account != "":
		a.out.Owner = a.zone.Account
		if told != "" && told != a.zone.Account {
			a.assume("account " + a.zone.Account + " owns the resource, as declared, although its ARN names account " + told)
		}
	case told != "":
		a.out.Owner = told
		a.assume("account " + told + " owns the resource: its ARN says so")
	case a.ownerInResources() != "":
		a.out.Owner = a.ownerInResources()
		a.assume("account " + a.out.Owner + " owns the resource: the ARNs in its policy say so")
	default:
		if id := a.keyOwner(); id != "" {
			a.out.Owner = id
			a.assume("account " + id + " owns the key: no other account may change its policy")
			return
		}
		if !a.resource.IdentityPolicy {
			a.assume("no owner account is declared: every account id in the policy is taken to be outside (--account says which is yours)")
		}
	}
}

func (a *analysis) assume(s string) { a.out.Assumptions = append(a.out.Assumptions, s) }

func isMember(z *zone.Zone, id string) bool {
	for _, m := range z.Members {
		if m.ID == id {
			return true
		}
	}
	return id != "" && id == z.ManagementAccount
}

// keyOwner returns the only account whose principals a key policy allows to
// replace the policy.
func (a *analysis) keyOwner() string {
	if a.out.Kind == nil || a.out.Kind.Type != "AWS::KMS::Key" {
		return ""
	}
	owner := ""
	for _, d := range a.resource.Documents {
		for _, s := range d.Policy.Statements {
			if s.Effect != policy.Allow || s.Action.Not || s.Principal.Not || !allowsAction(s, "kms:putkeypolicy") {
				continue
			}
			for _, p := range s.Principal.List {
				id := accountOf(p)
				if id == "" || owner != "" && owner != id {
					return ""
				}
				owner = id
			}
		}
	}
	return owner
}

func allowsAction(s policy.Statement, lower string) bool { return listsAction(s.Action, lower) }

func listsAction(list policy.Patterns, lower string) bool {
	for _, p := range list.List {
		if globMatch(strings.ToLower(p.Text.String()), lower) {
			return true
		}
	}
	return false
}

// ownerInResources returns the account that all ARNs of Resource elements name,
// where the ARN of the resource leaves the account to the deployment.
func (a *analysis) ownerInResources() string {
	left := false
	for _, p := range a.resource.ARN.Parts {
		left = left || p.Ref != nil && p.Ref.Is == value.OwnAccount
	}
	if !left {
		return ""
	}
	owner := ""
	for _, d := range a.resource.Documents {
		if d.Policy == nil {
			continue
		}
		for _, s := range d.Policy.Statements {
			for _, p := range s.Resource.List {
				head := strings.SplitN(p.Text.String(), ":", 6)
				if len(head) < 6 || !isAccount(head[4]) {
					continue
				}
				if owner != "" && owner != head[4] {
					return ""
				}
				owner = head[4]
			}
		}
	}
	return owner
}

// accountOf returns the account of an AWS principal, "" when it has none.
func accountOf(p policy.Principal) string {
	s, known := p.Text.Known()
	if p.Kind != policy.AWS || !known {
		return ""
	}
	if isAccount(s) {
		return s
	}
	if parts := strings.SplitN(s, ":", 6); len(parts) == 6 && isAccount(parts[4]) {
		return parts[4]
	}
	return ""
}

// kind analyses the resource as one of a kind.
func (a *analysis) kind(k *knowledge.Kind) {
	s, ok := a.subjectOf(k)
	if !ok {
		return
	}
	policies, lists, points := a.sorted(k)
	for _, policies := range inForce(policies) {
		a.through(s, policies, lists, points)
	}
}

// subjectOf is what requests are made to, if there is any action on it.
func (a *analysis) subjectOf(k *knowledge.Kind) (s Subject, ok bool) {
	arn := ""
	if a.out.Kind != nil {
		arn = a.subject
	}
	s = Subject{Kind: k, ARN: arn, Account: a.out.Owner, Partition: a.grounding.partition, own: a.own, signed: a.resource.Signed}
	s.actions = a.usableActions(k)
	if len(s.actions) == 0 {
		if s.actions = a.unknownActions(k); len(s.actions) == 0 {
			return s, false
		}
		s.untabled = true
	}
	for i := range k.Shapes {
		s.shapes = append(s.shapes, k.Resource(i, arn))
	}
	return s, true
}

// sorted are the documents of the resource by the way on which they grant.
func (a *analysis) sorted(k *knowledge.Kind) (policies, lists, points []resource.Document) {
	arn := ""
	if a.out.Kind != nil {
		arn = a.subject
	}
	for _, d := range append(implied(k, arn), a.resource.Documents...) {
		d.Policy = spellOut(k, d.Policy)
		switch d.Source {
		case resource.BucketACL:
			lists = append(lists, d)
		case resource.AccessPoint:
			points = append(points, d)
		default:
			policies = append(policies, a.withoutBlocked(d))
		}
	}
	return policies, lists, points
}

// inForce returns the policies that can be in force together: where a resource
// has one only, each of several that the code gives it.
func inForce(policies []resource.Document) [][]resource.Document {
	var soles, others []resource.Document
	for _, d := range policies {
		if d.Sole {
			soles = append(soles, d)
		} else {
			others = append(others, d)
		}
	}
	if len(soles) < 2 {
		return [][]resource.Document{policies}
	}
	var out [][]resource.Document
	for _, d := range soles {
		out = append(out, append([]resource.Document{d}, others...))
	}
	return out
}

// through is access by policies that are in force together, by access control
// lists and through access points.
func (a *analysis) through(s Subject, policies, lists, points []resource.Document) {
	if key := a.keyOfSecret(s.Kind); key != nil && len(policies) > 0 {
		a.byKey(s, policies, key)
	} else {
		a.byPolicy(s, policies)
	}
	if len(lists) > 0 {
		a.byList(s, policies, lists)
	}
	for _, p := range points {
		a.byAccessPoint(s, policies, p)
	}
}

// partition: the resource's own, else that of the first ARN in its policies.
func (a *analysis) partition() string {
	if a.resource.Partition != "" {
		return a.resource.Partition
	}
	if parts := strings.SplitN(a.resource.ARN.Literal, ":", 3); len(parts) == 3 && !strings.ContainsAny(parts[1], "*?") {
		return parts[1]
	}
	for _, d := range a.resource.Documents {
		for _, s := range d.Policy.Statements {
			for _, p := range s.Resource.List {
				if parts := strings.SplitN(p.Text.String(), ":", 3); len(parts) == 3 && parts[0] == "arn" && strings.HasPrefix(parts[1], "aws") && !strings.ContainsAny(parts[1], "*?$") {
					return parts[1]
				}
			}
			for _, p := range s.Principal.List {
				if parts := strings.SplitN(p.Text.String(), ":", 3); len(parts) == 3 && parts[0] == "arn" && strings.HasPrefix(parts[1], "aws") && !strings.ContainsAny(parts[1], "*?$") {
					return parts[1]
				}
			}
		}
	}
	return "aws"
}

// secretValue are the actions on a secret that need its key: under the key that
// AWS manages they cannot be used from another account.
//
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
var secretValue = map[string]bool{"secretsmanager:getsecretvalue": true, "secretsmanager:batchgetsecretvalue": true, "secretsmanager:putsecretvalue": true}

// usableActions are the actions of the kind that those who are asked about can
// use: another account cannot use all of them.
func (a *analysis) usableActions(k *knowledge.Kind) []knowledge.KindAction {
	all := k.Actions()
	if k.Type == "" {
		all = genericActions(k)
	}
	whole := true
	for _, x := range all {
		if !a.usable(x) {
			whole = false
			break
		}
	}
	if whole {
		return all
	}
	var out []knowledge.KindAction
	for _, x := range all {
		if a.usable(x) {
			out = append(out, x)
		}
	}
	return out
}

func (a *analysis) usable(x knowledge.KindAction) bool {
	return a.inside || x.CrossAccount && !(a.resource.AWSManagedKey != "" && secretValue[x.Lower])
}

// unknownActions are actions of a service that no table has, one for each
// pattern that a statement allows: AWS may know the service by now.
func (a *analysis) unknownActions(k *knowledge.Kind) []knowledge.KindAction {
	var out []knowledge.KindAction
	seen := map[string]bool{}
	for _, d := range a.resource.Documents {
		for _, s := range d.Policy.Statements {
			for _, p := range s.Action.List {
				text := p.Text.String()
				prefix, name, ok := strings.Cut(text, ":")
				if s.Effect != policy.Allow || !ok || !contains(k.Services, strings.ToLower(prefix)) || strings.ContainsAny(text, " \t\r\n,$") || name == "" {
					continue
				}
				full := prefix + ":" + anAction.Replace(name)
				if lower := strings.ToLower(full); !seen[lower] {
					seen[lower] = true
					out = append(out, knowledge.KindAction{Full: full, Lower: lower, Level: knowledge.Write, CrossAccount: true, Shapes: everyShape(k)})
				}
			}
		}
	}
	return out
}

// withoutBlocked leaves out of a share list what AWS does not let take effect:
// an encrypted snapshot cannot be public, and one under an AWS managed key
// cannot be shared at all.
//
// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html
func (a *analysis) withoutBlocked(d resource.Document) resource.Document {
	if !a.resource.Encrypted && a.resource.AWSManagedKey == "" {
		return d
	}
	shared := a.out.Kind != nil && strings.HasSuffix(a.out.Kind.Type, "Snapshot")
	if !shared {
		return d
	}
	kept := *d.Policy
	kept.Statements = nil
	for _, s := range d.Policy.Statements {
		switch {
		case a.resource.AWSManagedKey != "":
			a.block(a.resource.AWSManagedKey)
		case hasAnyone(s):
			a.block("encryption")
		default:
			kept.Statements = append(kept.Statements, s)
		}
	}
	d.Policy = &kept
	return d
}

func hasAnyone(s policy.Statement) bool {
	for _, p := range s.Principal.List {
		if p.Kind == policy.Anyone || p.Kind == policy.Authenticated {
			return true
		}
	}
	return false
}

func (a *analysis) block(by string) {
	if by != "" && !contains(a.out.BlockedBy, by) {
		a.out.BlockedBy = append(a.out.BlockedBy, by)
	}
}

// byPolicy is access through the resource's own policies.
func (a *analysis) byPolicy(s Subject, policies []resource.Document) {
	if len(policies) == 0 {
		return
	}
	whole, parts := answers(a.question(s, policies, allOf(len(policies))), a.complete)
	defer a.idle(whole) // last: it may use up what is left of the budget
	for _, p := range parts {
		if a.cutOff(p.solution, a.resource.Block) { // then what all of them grant
			for _, p := range parts {
				a.services(p.solution, policies, false)
			}
			return
		}
	}
	if a.resource.AWSManagedKey != "" && s.Kind.Type == "AWS::SecretsManager::Secret" && a.grantsSecretValue(policies) {
		a.block(a.resource.AWSManagedKey)
	}
	for _, p := range parts {
		a.report(p.solution, p.grants, policies, policies[0])
	}
	for _, p := range parts {
		a.services(p.solution, policies, true)
	}
}

// cutOff reports whether RestrictPublicBuckets cuts off what the policy grants
// to others: it does when the policy is public, then for every outsider.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func (a *analysis) cutOff(sol *solution, b *resource.PublicAccessBlock) bool {
	if b == nil || !b.RestrictPublicBuckets || sol.most == domain.None || !sol.isPublic() {
		return false
	}
	a.block(b.Address)
	return true
}

// grantsSecretValue reports whether a policy mentions actions that the key cuts off.
func (a *analysis) grantsSecretValue(policies []resource.Document) bool {
	for _, d := range policies {
		for _, s := range d.Policy.Statements {
			for action := range secretValue {
				if s.Effect == policy.Allow && (s.Action.Not || allowsAction(s, action)) {
					return true
				}
			}
		}
	}
	return false
}

// byList is access through an access control list; a Deny of the policy counts.
func (a *analysis) byList(s Subject, policies, lists []resource.Document) {
	documents, gate := a.withLists(policies, lists)
	sol, grants := answer(a.question(s, documents, [][]int{gate}), a.complete)
	a.report(sol, grants, documents, lists[0])
}

// withLists are policies and access control lists, and which of them may allow.
func (a *analysis) withLists(policies, lists []resource.Document) (documents []resource.Document, gate []int) {
	ignore := a.resource.Block != nil && a.resource.Block.IgnorePublicACLs
	documents = append([]resource.Document{}, policies...)
	for _, d := range lists {
		if ignore {
			d = a.withoutPublic(d)
		}
		gate = append(gate, len(documents))
		documents = append(documents, d)
	}
	return documents, gate
}

// withoutPublic leaves out what IgnorePublicAcls makes S3 ignore: grants to
// everyone and to all authenticated users.
func (a *analysis) withoutPublic(d resource.Document) resource.Document {
	kept := *d.Policy
	kept.Statements = nil
	for _, s := range d.Policy.Statements {
		if hasAnyone(s) {
			a.block(a.resource.Block.Address)
			continue
		}
		kept.Statements = append(kept.Statements, s)
	}
	d.Policy = &kept
	return d
}

// byAccessPoint is access through an access point: its policy and the bucket's
// must both allow a request. The access point's policy names objects below its
// own ARN, which are read as the bucket's.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
func (a *analysis) byAccessPoint(s Subject, policies []resource.Document, point resource.Document) {
	documents, through, ok := a.throughPoint(policies, point)
	if !ok {
		return
	}
	last := len(documents) - 1
	q := a.question(s, documents, [][]int{upTo(last), {last}})
	q.through = through
	sol, grants := answer(q, a.complete)
	if a.cutOff(sol, pointBlock(point)) || a.cutOff(sol, a.resource.Block) {
		return
	}
	a.report(sol, grants, documents, documents[last])
}

// throughPoint are the policies and that of an access point, read as the bucket's.
func (a *analysis) throughPoint(policies []resource.Document, point resource.Document) (documents []resource.Document, through *accessPoint, ok bool) {
	arn := a.literal(point.AccessPointARN)
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || point.Policy == nil {
		return nil, nil, false
	}
	point.Policy = onBucket(point.Policy, arn, a.subject)
	documents = append(append([]resource.Document{}, policies...), point)
	return documents, &accessPoint{region: parts[3], account: parts[4], name: strings.TrimPrefix(parts[5], "accesspoint/"), vpc: point.VPC}, true
}

// pointBlock is the Block Public Access of an access point: all on, unless it
// says otherwise.
func pointBlock(point resource.Document) *resource.PublicAccessBlock {
	if point.Block != nil {
		return point.Block
	}
	return &resource.PublicAccessBlock{IgnorePublicACLs: true, RestrictPublicBuckets: true, Address: point.Address}
}

func allOf(n int) [][]int { return [][]int{upTo(n)} }

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func (a *analysis) question(s Subject, documents []resource.Document, gates [][]int) question {
	q := question{subject: s, zone: a.zone, gates: gates, complete: a.complete, work: a.work}
	for _, d := range documents {
		q.documents = append(q.documents, d.Policy)
	}
	return q
}

// report adds the findings of a solution.
func (a *analysis) report(sol *solution, grants []grant, documents []resource.Document, source resource.Document) {
	for _, g := range grants {
		out := Grant{PrincipalKey: "AWS", Principal: "*", Actions: g.actions, Public: g.public, AnyTenant: g.anyTenant, Guest: g.guest, ByURL: g.byURL, Proven: g.proven, Source: source, Witness: g.witness, Needs: g.needs}
		for _, l := range g.labels {
			switch {
			case l.several: // anyone, at most
			case l.key == "":
				out.PrincipalKey, out.Principal = l.principal, l.text
			default:
				out.Conditions = append(out.Conditions, Condition{l.key, l.text})
			}
			out.Named = out.Named || l.names()
		}
		out.Along = a.along(sol, g)
		for _, i := range g.statements {
			c := sol.statements[i]
			out.Statements = append(out.Statements, Responsible{c.statement, documents[c.document]})
		}
		if g.problem != "" {
			a.out.Problems = append(a.out.Problems, g.problem)
		}
		a.add(out)
	}
	for _, n := range sol.notes {
		if !contains(a.out.Notes, n) {
			a.out.Notes = append(a.out.Notes, n)
		}
	}
}

// dropProven leaves out of the grants that are not proven what others are proven
// to give.
func (a *analysis) dropProven() {
	var kept []Grant
	for _, g := range a.out.Grants {
		if g.Actions = a.unproven(g); len(g.Actions) > 0 && !a.onlyTypeless(g) {
			kept = append(kept, g)
		}
	}
	a.out.Grants = kept
}

// onlyTypeless reports whether a grant adds no more to one that is proven for the
// same callers than actions which may not be the policy's to grant.
func (a *analysis) onlyTypeless(g Grant) bool {
	if g.Proven || a.out.Kind == nil {
		return false
	}
	typeless := a.out.Kind.Typeless()
	for _, x := range g.Actions {
		if !slices.ContainsFunc(typeless, func(y knowledge.KindAction) bool { return y.Lower == x.Lower }) {
			return false
		}
	}
	return slices.ContainsFunc(a.out.Grants, func(h Grant) bool { return h.Proven && a.sameCallers(g, h) })
}

// sameCallers reports whether two grants are for the same callers on the same way.
func (a *analysis) sameCallers(g, h Grant) bool {
	return h.PrincipalKey == g.PrincipalKey && h.Principal == g.Principal && slices.Equal(h.Conditions, g.Conditions) &&
		(h.Public || !g.Public) && h.Source.Source == g.Source.Source
}

// unproven are the actions of a grant, for one that is not proven without those
// that another of several policies is proven to give to the same callers.
func (a *analysis) unproven(g Grant) []knowledge.KindAction {
	if g.Proven {
		return g.Actions
	}
	return slices.DeleteFunc(slices.Clone(g.Actions), func(x knowledge.KindAction) bool {
		return slices.ContainsFunc(a.out.Grants, func(h Grant) bool {
			return h.Proven && a.sameCallers(g, h) &&
				slices.ContainsFunc(h.Actions, func(y knowledge.KindAction) bool { return y.Lower == x.Lower })
		})
	})
}

// add lists a grant, with the like one that another of several policies gives.
func (a *analysis) add(g Grant) {
	for i := range a.out.Grants {
		h := &a.out.Grants[i]
		if h.PrincipalKey != g.PrincipalKey || h.Principal != g.Principal || h.Proven != g.Proven || h.Public != g.Public ||
			h.Source.Source != g.Source.Source || !h.Source.AccessPointARN.Equal(g.Source.AccessPointARN) || !slices.Equal(h.Conditions, g.Conditions) {
			continue
		}
		for _, x := range g.Actions {
			if !slices.ContainsFunc(h.Actions, func(y knowledge.KindAction) bool { return y.Lower == x.Lower }) {
				h.Actions = append(h.Actions[:len(h.Actions):len(h.Actions)], x)
			}
		}
		sort.Slice(h.Actions, func(i, j int) bool { return h.Actions[i].Full < h.Actions[j].Full })
		for _, st := range g.Statements {
			if !slices.ContainsFunc(h.Statements, func(o Responsible) bool { return o.Statement == st.Statement }) {
				h.Statements = append(h.Statements, st)
			}
		}
		h.AnyTenant, h.Guest, h.ByURL = h.AnyTenant || g.AnyTenant, h.Guest || g.Guest, h.ByURL && g.ByURL
		return
	}
	a.out.Grants = append(a.out.Grants, g)
}

// services adds what service principals may do without a limit to own sources:
// those that the policies name and, unless the policy is for everyone anyway,
// any service. Last come those whose limit is not known.
func (a *analysis) services(sol *solution, documents []resource.Document, any bool) {
	// A service takes a role only when the account passes it, save a few.
	if sol.isRole() && !slices.ContainsFunc(sol.caller.literals(2, service), knowledge.TakesRoles) {
		return
	}
	sp := sol.space
	for _, pass := range []struct {
		allowed domain.Node
		proven  bool
		fixed   bool // by a value that is not known
	}{
		{sp.Intersect(sol.allowed[0], sol.strangers), true, false},
		// A value that is not known, and may be "*", is not a grant to services.
		{sp.Intersect(sol.allowed[1], sol.strangers), false, false},
		{sol.allowed[1], false, true},
	} {
		set := sp.Intersect(pass.allowed, sol.outsideSource)
		if set == domain.None {
			continue
		}
		for c := 0; c < sol.caller.size; c++ {
			n := sp.Fix(set, sol.caller.level, c)
			if n == domain.None {
				continue
			}
			g := ServiceGrant{Proven: pass.proven, Foreign: sp.Minus(n, sol.namedSource) == domain.None && !pass.fixed, Unknown: pass.fixed}
			if sol.caller.single[c] {
				g.Service = sol.caller.example(c)[2]
			}
			if sol.isRole() && !knowledge.TakesRoles(g.Service) {
				continue
			}
			if g.Foreign && a.out.Owner == "" {
				continue // whether the source is another account's is not known
			}
			if a.hasService(g.Service) || g.Service == "" && (g.Foreign || !any) {
				continue // the foreign source is a finding of its own
			}
			cell := domain.NewBits(sol.caller.size)
			cell.Set(c)
			here := sp.Intersect(sp.Cells(sol.caller.level, cell), n)
			a.fillService(&g, sol, here, documents)
			if pass.fixed && g.Service == "" && !slices.ContainsFunc(g.Statements, namesUnknownService) {
				continue // an unknown principal is a finding of its own
			}
			if len(g.Statements) > 0 && !slices.ContainsFunc(g.Statements, func(r Responsible) bool { return !r.Document.Grant }) {
				continue
			}
			a.out.Services = append(a.out.Services, g)
		}
	}
}

// namesUnknownService reports whether a statement lets in a service whose name is
// not known.
func namesUnknownService(r Responsible) bool {
	return slices.ContainsFunc(r.Statement.Principal.List, func(p policy.Principal) bool {
		_, known := p.Text.Known()
		return p.Kind == policy.Service && !known
	})
}

func (a *analysis) hasService(name string) bool {
	for _, g := range a.out.Services {
		if g.Service == name {
			return true
		}
	}
	return false
}

func (a *analysis) fillService(g *ServiceGrant, sol *solution, set domain.Node, documents []resource.Document) {
	sp := sol.space
	for c := 0; c < sol.action.size; c++ {
		if sp.Fix(set, sol.action.level, c) == domain.None {
			continue
		}
		for _, i := range sol.action.groups[c] {
			g.Actions = append(g.Actions, sol.actions[i])
		}
	}
	sort.Slice(g.Actions, func(i, j int) bool { return g.Actions[i].Full < g.Actions[j].Full })
	responsible := map[int]bool{}
	for i, st := range sol.statements {
		if st.statement.Effect == policy.Allow && sp.Overlaps(st.reading(!g.Proven), set) {
			responsible[i] = true
			g.Statements = append(g.Statements, Responsible{st.statement, documents[st.document]})
		}
	}
	if !g.Proven {
		g.Needs = sol.settling(func(i int) bool { return responsible[i] }, g.Actions)
	}
	req, problem := sol.witness(set, g.Proven)
	g.Witness = req
	if problem != "" {
		wasProven := g.Proven
		g.Proven = false
		if wasProven && !sol.approximate {
			a.out.Problems = append(a.out.Problems, problem)
		}
	}
}

// servicesOf makes a kind of each service that a policy of unknown type speaks
// of: it is analysed for all of them, and for a service that it does not name
// if it grants something there alone.
func servicesOf(documents []resource.Document) []*knowledge.Kind {
	prefixes := map[string]bool{}
	for _, s := range allows(documents) {
		wild := s.Action.Not
		for _, p := range s.Action.List {
			if prefix, ok := servicePrefix(p); ok {
				prefixes[prefix] = true
			} else {
				wild = true
			}
		}
		if !wild {
			continue
		}
		for _, p := range s.Resource.List {
			if parts := strings.SplitN(p.Text.String(), ":", 4); len(parts) == 4 && !strings.ContainsAny(parts[2], "*?$") && parts[2] != "" {
				prefixes[strings.ToLower(parts[2])] = true
			}
		}
	}
	names := make([]string, 0, len(prefixes))
	for p := range prefixes {
		names = append(names, p)
	}
	sort.Strings(names)
	for _, s := range allows(documents) {
		if s.Action.Present && !grantsIn(s.Action, names) {
			names = append(names, anyService)
			break
		}
	}
	var out []*knowledge.Kind
	for _, p := range names {
		out = append(out, genericKind(p, arnServices(documents)))
	}
	return out
}

// allows returns the statements that allow.
func allows(documents []resource.Document) []policy.Statement {
	var out []policy.Statement
	for _, d := range documents {
		for _, s := range d.Policy.Statements {
			if s.Effect == policy.Allow {
				out = append(out, s)
			}
		}
	}
	return out
}

// servicePrefix returns the service of an action, if the action names one.
func servicePrefix(p policy.Pattern) (string, bool) {
	prefix, _, ok := strings.Cut(strings.ToLower(p.Text.String()), ":")
	return prefix, ok && prefix != "" && !strings.ContainsAny(prefix, "*?$ ")
}

// grantsIn reports whether all that an Action element lists is of one of the
// services, or for a NotAction whether something of them is left.
func grantsIn(p policy.Patterns, services []string) bool {
	if p.Not {
		return anyAction(services, func(lower string) bool { return !listsAction(p, lower) })
	}
	for _, q := range p.List {
		if _, ok := servicePrefix(q); ok {
			continue
		}
		one := policy.Patterns{List: []policy.Pattern{q}}
		if !anyAction(services, func(lower string) bool { return listsAction(one, lower) }) {
			return false
		}
	}
	return true
}

func anyAction(services []string, f func(lower string) bool) bool {
	for _, prefix := range services {
		s, ok := knowledge.ServiceOf(prefix)
		if !ok {
			continue
		}
		for _, a := range s.Actions {
			if f(prefix + ":" + strings.ToLower(a.Name)) {
				return true
			}
		}
	}
	return false
}

// arnServices are the services that the ARNs of resources name, at most twenty.
func arnServices(documents []resource.Document) []string {
	var out []string
	for _, d := range documents {
		for _, s := range d.Policy.Statements {
			for _, p := range s.Resource.List {
				f := strings.SplitN(p.Text.String(), ":", 4)
				if len(f) == 4 && f[0] == "arn" && f[2] != "" && !strings.ContainsAny(f[2], "*?$") && !contains(out, f[2]) && len(out) < 20 {
					out = append(out, f[2])
				}
			}
		}
	}
	return out
}

// anyService stands for the service of a policy that names none.
const anyService = "service"

// AnyAction stands for the actions of a policy that names no service.
const AnyAction = anyService + ":Action"

// genericKind is any resource of a service, whose ARNs may go by another name
// than its actions do.
func genericKind(prefix string, arns []string) *knowledge.Kind {
	if prefix == "sts" {
		if k, ok := knowledge.KindOf("AWS::IAM::Role"); ok {
			return k
		}
	}
	k := &knowledge.Kind{Services: []string{prefix}, Shapes: []knowledge.Shape{{Pattern: "arn:*:" + prefix + ":*:*:*"}}}
	for _, a := range arns {
		if a != prefix {
			k.Shapes = append(k.Shapes, knowledge.Shape{Pattern: "arn:*:" + a + ":*:*:*"})
		}
	}
	for i := range knowledge.Kinds {
		row := &knowledge.Kinds[i]
		if contains(row.Services, prefix) && row.Unsigned {
			k.Unsigned = true
		}
	}
	return k
}

func everyShape(k *knowledge.Kind) []int { return upTo(len(k.Shapes)) }

// genericActions are all actions of the kind's service.
func genericActions(k *knowledge.Kind) []knowledge.KindAction {
	prefix := k.Services[0]
	if prefix == anyService {
		return []knowledge.KindAction{{Full: AnyAction, Lower: strings.ToLower(AnyAction), Level: knowledge.Write, CrossAccount: true, Shapes: everyShape(k)}}
	}
	s, ok := knowledge.ServiceOf(prefix)
	if !ok {
		return nil
	}
	var out []knowledge.KindAction
	for _, x := range s.Actions {
		out = append(out, knowledge.KindAction{Full: prefix + ":" + x.Name, Lower: prefix + ":" + strings.ToLower(x.Name), Level: x.Level, CrossAccount: true, Shapes: everyShape(k)})
	}
	return out
}

// implied is what a kind grants without any policy: everyone may pull from a
// public repository, whose policy is about pushing only.
//
// https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policies.html
func implied(k *knowledge.Kind, arn string) []resource.Document {
	if k.Type != "AWS::ECR::PublicRepository" {
		return nil
	}
	st := policy.Statement{Sid: "public by kind", Effect: policy.Allow,
		Principal: policy.Principals{Present: true, List: []policy.Principal{{Kind: policy.Anyone, Text: value.Lit("*")}}},
		Action:    policy.Patterns{Present: true},
	}
	for _, x := range k.Actions() {
		if x.Level == knowledge.Read || x.Level == knowledge.List {
			st.Action.List = append(st.Action.List, policy.Pattern{Text: value.Lit(x.Full)})
		}
	}
	return []resource.Document{{Policy: &policy.Document{Version: "2012-10-17", Statements: []policy.Statement{st}}}}
}

// spellOut writes the short form of resources that API Gateway takes,
// execute-api:/stage/method/path, as the ARN that it stands for.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-policy-language-overview.html
func spellOut(k *knowledge.Kind, d *policy.Document) *policy.Document {
	if k.Type == "AWS::OpenSearchService::Domain" {
		return httpOnly(d)
	}
	if !contains(k.Services, "execute-api") {
		return d
	}
	out := *d
	out.Statements = append([]policy.Statement{}, d.Statements...)
	for i := range out.Statements {
		s := &out.Statements[i]
		s.Resource.List = append([]policy.Pattern{}, s.Resource.List...)
		for j, p := range s.Resource.List {
			if rest, ok := strings.CutPrefix(p.Text.Literal, "execute-api:/"); ok && p.Text.Parts == nil {
				s.Resource.List[j].Text.Literal = "arn:*:execute-api:*:*:*/" + rest
			}
		}
	}
	return &out
}

// httpOnly reads all actions of a domain's policy as what they stand for there:
// the requests over HTTP.
//
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
func httpOnly(d *policy.Document) *policy.Document {
	out := *d
	out.Statements = append([]policy.Statement{}, d.Statements...)
	for i := range out.Statements {
		s := &out.Statements[i]
		s.Action.List = append([]policy.Pattern{}, s.Action.List...)
		for j, p := range s.Action.List {
			if text, known := p.Text.Known(); known && (text == "*" || strings.EqualFold(text, "es:*")) {
				s.Action.List[j].Text = value.Lit("es:ESHttp*")
			}
		}
	}
	return &out
}
