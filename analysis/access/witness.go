package access

import (
	"fmt"
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/zone"
)

// witness returns one request of a non-empty set, after the independent
// evaluator accepted it; problem says why it did not.
func (s *solution) witness(set domain.Node, proven bool) (req *evaluate.Request, problem string) {
	point, ok := s.space.Pick(set, s.cost)
	if !ok {
		return nil, "no request in the set"
	}
	reading := evaluate.Permissive
	if proven {
		reading = evaluate.Strict
	}
	// Whether the request has a key that AWS may not send is open: what is proven
	// does not need it.
	action := s.action.groups[point[s.action.level]][0]
	try := func(values assignment) *evaluate.Request {
		r, ok := s.request(point, values)
		if ok && proven {
			s.leaveOut(r, action)
		}
		if !ok || s.check(r, reading) != "" {
			return nil
		}
		return r
	}
	if s.demonstrating && s.found != nil { // what was found before is likely to do
		if values := s.solved(point, proven, -1); values != nil {
			if r := try(values); r != nil {
				return r, ""
			}
		}
	}
	r, ok := s.request(point, nil)
	if !ok {
		return nil, "no values found for the policy variables"
	}
	if proven {
		s.leaveOut(r, action)
	}
	if problem = s.check(r, reading); problem == "" {
		return r, ""
	}
	if !proven && s.leaveOut(r, action) && s.check(r, reading) == "" {
		return r, ""
	}
	if values := s.solved(point, proven, -1); values != nil {
		if r := try(values); r != nil {
			return r, ""
		}
	}
	for i := 0; i < maxSamples && s.evaluations < s.allowance.evaluations(); i++ {
		values := s.samples(point, i)
		if values == nil {
			break
		}
		if r := try(values); r != nil {
			return r, ""
		}
	}
	return nil, problem
}

// maxSamples bounds the requests that are tried in place of one.
const maxSamples = 24

// samples are values for the dimensions that were widened, made from the i-th
// pattern that each was widened from: the example of a widened cell need not
// match any of them. It is nil when there is none.
func (s *solution) samples(point []int, i int) assignment {
	var values assignment
	for _, d := range s.dims {
		if !d.widened || d.elements {
			continue
		}
		for _, parts := range d.samples(i) {
			if d.words.Find(parts) != point[d.level] {
				continue
			}
			if values == nil {
				values = assignment{}
			}
			values[d] = parts
			break
		}
	}
	return values
}

// check replays a request through the evaluator, which shares no code with the
// engine, and makes sure that it is well formed and, unless any caller will do,
// from outside.
func (s *solution) check(r *evaluate.Request, reading evaluate.Reading) string {
	if err := evaluate.WellFormed(*r); err != nil {
		return fmt.Sprintf("the request %s contradicts itself: %v", show(r), err)
	}
	if reading == evaluate.Strict {
		if err := evaluate.Unsettled(*r); err != nil {
			return fmt.Sprintf("the request %s may be impossible: %v", show(r), err)
		}
	}
	if s.unique {
		if err := evaluate.Named(s.documents, *r); err != nil {
			return fmt.Sprintf("the request %s may be impossible: %v", show(r), err)
		}
	}
	if problem := s.replay(r, reading); problem != "" {
		return problem
	}
	if s.except != nil && s.except.replay(r, reading) == "" {
		return fmt.Sprintf("the evaluator allows %s in both", show(r))
	}
	if r.Principal.Type != evaluate.Service && !s.anyCaller && s.trusts(r) {
		return fmt.Sprintf("%s is inside the zone of trust", show(r))
	}
	return ""
}

// replay is the evaluator's word on a request, "" if it is allowed.
func (s *solution) replay(r *evaluate.Request, reading evaluate.Reading) string {
	s.evaluations += len(s.statements)
	allows := make([]bool, len(s.documents))
	for i, d := range s.documents {
		decision := evaluate.Evaluate(d, *r, reading)
		if decision.Denied {
			return fmt.Sprintf("the evaluator denies %s", show(r))
		}
		allows[i] = decision.Allowed
	}
	for _, gate := range s.gates {
		allowed := false
		for _, i := range gate {
			allowed = allowed || allows[i]
		}
		if !allowed {
			return fmt.Sprintf("the evaluator does not allow %s", show(r))
		}
	}
	return ""
}

func show(r *evaluate.Request) string {
	keys := make([]string, 0, len(r.Context))
	for k := range r.Context {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s calls %s on %s", r.Principal.Type, r.Principal.ARN, r.Action, r.Resource)
	for _, k := range keys {
		fmt.Fprintf(&b, " %s=%s", k, strings.Join(r.Context[k], ","))
	}
	return b.String()
}

// trusts is the zone of trust asked about one request: a second opinion on the
// condition that the engine conjoins.
func (s *solution) trusts(r *evaluate.Request) bool {
	z := s.zone
	member := func(id string) bool {
		if id == "" {
			return false
		}
		if id == s.owner || contains(z.Accounts, id) || id == memberAccount && z.Type == zone.Organization {
			return true
		}
		for _, a := range s.members() {
			if a.ID == id && (z.Type == zone.Organization || underPaths(a.OrgPath, z.OrgPaths)) {
				return true
			}
		}
		return false
	}
	one := func(key string) string {
		for k, v := range r.Context {
			if strings.EqualFold(k, key) && len(v) == 1 {
				return v[0]
			}
		}
		return ""
	}
	if member(r.Principal.Account) || member(one("aws:SourceAccount")) || member(one("aws:SourceOwner")) || member(one("kms:CallerAccount")) {
		return true
	}
	source := one("aws:SourceArn")
	if name, ok := arn.Parse(source); ok && member(name.Account) {
		return true
	}
	if contains(s.own, r.Principal.ARN) || contains(s.own, source) {
		return true
	}
	organization := func(id, paths string) bool {
		if z.Type == zone.Organization && one(id) == s.org {
			return true
		}
		path := one(paths)
		return path != "" && underPaths(path, z.OrgPaths) || z.Type == zone.Organization && strings.HasPrefix(path, s.org+"/")
	}
	return organization("aws:PrincipalOrgID", "aws:PrincipalOrgPaths") || organization("aws:SourceOrgID", "aws:SourceOrgPaths") ||
		isNetworkOf(z.VPCs, one("aws:SourceVpc")) || isNetworkOf(z.VPCEndpoints, one("aws:SourceVpce")) || contains(z.SAML, r.Principal.ARN)
}

// cost prefers requests that are easy to read: an unsigned call or a role of an
// ordinary account, and as few context keys as possible.
func (s *solution) cost(level, cell int) int {
	d := s.dimensionAt(level)
	if d == nil || d.form == actions {
		return 0
	}
	if d.elements {
		return 4 * cell // cell 1: one more value
	}
	parts := d.example(cell)
	if d == s.caller {
		switch parts[0] {
		case anonymous, web, saml:
			return 0
		case role:
			return 1
		case user:
			return 2
		case unresolved:
			return 50
		}
		return 5
	}
	if parts != nil && parts[0] == presentShape || d.name == "source" && parts[0] != absentShape {
		return 3
	}
	return 0
}

// dimensionAt returns the dimension of a level, nil for a relation's.
func (s *solution) dimensionAt(level int) *dimension {
	if level < len(s.byLevel) {
		return s.byLevel[level]
	}
	return nil
}

// assignment is a value for each dimension of a point, by its parts.
type assignment map[*dimension][]string

// request writes a point as a request. Policy variables relate values of two
// dimensions: others than the examples are tried until all relations are as the
// point has them.
// The values that are given take the place of examples.
func (s *solution) request(point []int, given assignment) (*evaluate.Request, bool) {
	values := assignment{}
	for _, d := range s.dims {
		if parts, ok := given[d]; ok {
			values[d] = parts
		} else if !d.elements {
			values[d] = d.example(point[d.level])
		}
	}
	s.oneSession(point, values)
	s.oneAccount(point, values)
	s.tries = min(maxTries, s.triesLeft)
	s.triesLeft -= s.tries
	related := len(s.relations) == 0 || s.relate(point, values, 0)
	s.triesLeft += max(s.tries, 0)
	if !related {
		return nil, false
	}
	s.last = values
	r := &evaluate.Request{Context: map[string][]string{}}
	s.writeCaller(r, values[s.caller])
	group := s.action.groups[point[s.action.level]]
	r.Action = s.actions[group[0]].Full
	r.Resource, _ = s.resourceText(values[s.resource])
	for _, name := range s.keyNames() {
		k := s.keys[name]
		if k.dim.elements && k.fixed == "" {
			var list []string
			for c := 0; c < k.dim.size; c++ {
				if point[k.dim.level+c] == 1 {
					list = append(list, k.dim.example(c)[1])
				}
			}
			if list != nil {
				r.Context[k.name] = list
			}
			continue
		}
		if v, ok := k.value(values[k.dim]); ok {
			r.Context[k.name] = []string{v}
		}
	}
	for i, used := range s.constants {
		if used {
			r.Context[constants[i]] = []string{s.constantValue(i)}
		}
	}
	s.completeNetwork(r)
	if s.anySession(point, values) {
		r.Principal.Session = ""
	}
	return r, true
}

// anySession reports whether a session of the caller's role may have another name
// than the example's.
func (s *solution) anySession(point []int, values assignment) bool {
	caller := values[s.caller]
	if caller[0] != role || s.sessions {
		return false
	}
	if d := s.named("aws:userid"); d != nil && values[d][0] == "s" {
		return false // the id ends with the name
	}
	other := []string{caller[0], caller[1], caller[2], caller[3] + "-2"}
	return s.caller.words.Find(other) == point[s.caller.level]
}

// oneSession gives aws:userid and the caller of a role session the same session
// name, where the cells of both allow it.
func (s *solution) oneSession(point []int, values assignment) {
	d := s.named("aws:userid")
	if d == nil || values[d][0] != "s" || values[s.caller][0] != role {
		return
	}
	id, caller := values[d], values[s.caller]
	if with := []string{caller[0], caller[1], caller[2], id[2]}; id[2] != "" && s.caller.words.Find(with) == point[s.caller.level] {
		values[s.caller] = with
	} else if with := []string{id[0], id[1], caller[3]}; d.words.Find(with) == point[d.level] {
		values[d] = with
	}
}

// completeNetwork adds the endpoint to its VPC and the reverse: requests carry
// both or neither.
func (s *solution) completeNetwork(r *evaluate.Request) {
	_, vpc := r.Context["aws:SourceVpc"]
	_, vpce := r.Context["aws:SourceVpce"]
	if vpc && !vpce {
		r.Context["aws:SourceVpce"] = []string{exampleOf("aws:SourceVpce")}
	}
	if vpce && !vpc {
		r.Context["aws:SourceVpc"] = []string{exampleOf("aws:SourceVpc")}
	}
}

// exampleOf returns a natural value of a key.
func exampleOf(key string) string {
	row, _ := knowledge.KeyRow(key)
	return row.Example
}

func (s *solution) writeCaller(r *evaluate.Request, p []string) {
	switch p[0] {
	case anonymous:
		r.Principal.Type = evaluate.Anonymous
	case web, saml:
		r.Principal = evaluate.Principal{Type: evaluate.Federated, ARN: p[2]}
	case service:
		r.Principal = evaluate.Principal{Type: evaluate.Service, ARN: p[2]}
	case canonical:
		r.Principal = evaluate.Principal{Type: evaluate.CanonicalUser, ARN: p[2]}
	case unresolved:
		r.Principal = evaluate.Principal{Type: evaluate.AWS, ARN: p[2]}
	default:
		arn, _ := s.callerARN(p)
		r.Principal = evaluate.Principal{Type: evaluate.AWS, ARN: arn, Account: p[1], Session: p[3]}
	}
}

// The steps of the search for values of related dimensions: for one request,
// and for all requests of a solution.
const (
	maxTries = 1_000
	allTries = 10_000
)

// relate gives the dimensions of relations values that make each relation hold
// or fail as the point says, trying a few values of their cells.
func (s *solution) relate(point []int, values assignment, from int) bool {
	if s.tries--; s.tries < 0 {
		return false
	}
	if from == len(s.relations) {
		return s.related(point, values)
	}
	r := s.relations[from]
	x := r.target.dim
	keep := values[x]
	wanted := point[r.level] == 1
	for _, xs := range s.candidates(point, values, r) {
		values[x] = xs
		if s.relationHolds(r, values) == wanted && s.relate(point, values, from+1) {
			return true
		}
		// The variable's own value may have to change instead.
		if s.relateVariables(point, values, from) {
			return true
		}
	}
	values[x] = keep
	return false
}

// relateVariables tries other values for the variables of a relation.
func (s *solution) relateVariables(point []int, values assignment, from int) bool {
	r := s.relations[from]
	for _, y := range s.variableKeys(r) {
		if y.dim == r.target.dim || y.dim.words == nil || y.dim.elements || y.parts == nil {
			continue
		}
		keep := values[y.dim]
		for _, text := range s.variableCandidates(r, values) {
			parts := y.parts(text)
			if y.dim.words.Find(parts) != point[y.dim.level] {
				continue
			}
			values[y.dim] = parts
			if s.relationHolds(r, values) == (point[r.level] == 1) && s.relate(point, values, from+1) {
				return true
			}
		}
		values[y.dim] = keep
	}
	return false
}

// related reports whether all relations are as the point has them. A relation
// that the point does not depend on may be either way: it is required all the
// same, which costs nothing but a few tries.
func (s *solution) related(point []int, values assignment) bool {
	for _, r := range s.relations {
		if s.relationHolds(r, values) != (point[r.level] == 1) {
			return false
		}
	}
	return true
}

func (s *solution) relationHolds(r *relation, values assignment) bool {
	filled, ok := s.filled(r, values)
	if !ok {
		return false
	}
	text, ok := r.target.whole(values[r.target.dim])
	return ok && r.target.match(filled, text)
}

// filled puts the values of variables into the pieces of a relation.
func (s *solution) filled(r *relation, values assignment) ([]piece, bool) {
	out := append([]piece{}, r.pieces...)
	for i, p := range out {
		if p.variable == "" {
			continue
		}
		if _, ok := s.constant(p.variable); ok {
			continue
		}
		k := s.key(p.variable)
		if k.value == nil || k.dim.elements {
			return nil, false
		}
		v, ok := k.value(values[k.dim])
		if !ok {
			return nil, false
		}
		out[i] = piece{literal: v, exact: true}
	}
	return out, true
}

func (s *solution) variableKeys(r *relation) []*key {
	var out []*key
	for _, p := range r.pieces {
		if p.variable != "" {
			if _, ok := s.constant(p.variable); !ok {
				out = append(out, s.key(p.variable))
			}
		}
	}
	return out
}

// candidates are values of the target's cell: its example, the pattern with its
// wildcards filled, and a few others.
func (s *solution) candidates(point []int, values assignment, r *relation) [][]string {
	x := r.target.dim
	out := [][]string{values[x]}
	if x.words == nil || r.target.parts == nil {
		return out
	}
	texts := []string{"other", "another", "third"}
	if text, ok := r.target.whole(values[x]); ok {
		texts = append(texts, text+"x")
	}
	if filled, ok := s.filled(r, values); ok {
		for _, wild := range []string{"", "x", "example"} {
			var b strings.Builder
			for _, p := range filled {
				switch {
				case p.variable != "":
					v, _ := s.constant(p.variable)
					b.WriteString(v)
				case p.exact:
					b.WriteString(p.literal)
				default:
					b.WriteString(strings.ReplaceAll(strings.ReplaceAll(p.literal, "*", wild), "?", "x"))
				}
			}
			texts = append([]string{b.String()}, texts...)
		}
	}
	for _, t := range texts {
		parts := r.target.parts(t)
		if parts != nil && x.words.Find(parts) == point[x.level] {
			out = append(out, parts)
		}
	}
	return out
}

// variableCandidates are texts that a variable could have to make the relation
// hold, and some that could make it fail.
func (s *solution) variableCandidates(r *relation, values assignment) []string {
	out := []string{"other", "another"}
	if text, ok := r.target.whole(values[r.target.dim]); ok {
		out = append(out, text)
		var before, after string
		seen := false
		for _, p := range r.pieces {
			if p.variable != "" {
				seen = true
			} else if seen {
				after += p.literal
			} else {
				before += p.literal
			}
		}
		if rest, ok := strings.CutPrefix(text, before); ok {
			if rest, ok := strings.CutSuffix(rest, after); ok {
				out = append(out, rest)
			}
		}
	}
	return out
}
