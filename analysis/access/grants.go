package access

import (
	"fmt"
	"net/netip"
	"slices"
	"sort"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
)

// maxFindings bounds the findings of one question.
const maxFindings = 2_000

// region is the external access by the actions of one cell, or of several that
// have the same access.
type region struct {
	actions domain.Bits // cells of the action dimension
	set     domain.Node // over all other levels
	tracked domain.Node // set, projected to the tracked levels
	public  domain.Node // part of set that a fresh outsider can reach
}

// regions splits external access by action.
func (t *strata) regions(set domain.Node) []region {
	var out []region
	index := map[[2]domain.Node]int{}
	s := t.model.space
	for c := 0; c < t.action.size; c++ {
		n := s.Fix(set, t.action.level, c)
		if n == domain.None {
			continue
		}
		key := [2]domain.Node{n, s.Fix(t.fresh, t.action.level, c)}
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, region{actions: domain.NewBits(t.action.size), set: n, tracked: s.Forget(n, t.untracked)})
			out[i].public = t.publicPart(n, key[1])
		}
		out[i].actions.Set(c)
	}
	return out
}

// Address ranges that are wider than these are not named networks any more.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
const (
	widestNamed4 = 1 << 24                    // addresses of an IPv4 /8
	widestNamed6 = float64(1<<48) * (1 << 48) // of an IPv6 /32
)

// publicPart returns what a brand-new outside account, or nobody at all, can do
// from an ordinary internet address: fresh are their requests for the same
// actions. Address ranges are judged as a union.
func (t *strata) publicPart(set, fresh domain.Node) domain.Node {
	s := t.model.space
	set = s.Intersect(set, fresh)
	k, ok := t.keys["aws:sourceip"]
	if !ok || k.dim.form != addresses || set == domain.None {
		return set
	}
	d := k.dim
	used := d.present(s, set)
	if !d.isWide(used) {
		used = domain.NewBits(d.size)
	}
	// A caller without source address comes through an endpoint, which anyone
	// can have who has a VPC; no fixed value names it.
	used.Set(0)
	return s.Intersect(set, s.Cells(d.level, used))
}

// present returns the cells of the dimension, but for the absent one, that a set
// has requests in.
func (d *dimension) present(s *domain.Space, set domain.Node) domain.Bits {
	used := domain.NewBits(d.size)
	for c := 1; c < d.size; c++ {
		if s.Fix(set, d.level, c) != domain.None {
			used.Set(c)
		}
	}
	return used
}

// isWide reports whether cells of addresses are more than a named network.
func (d *dimension) isWide(cells domain.Bits) bool {
	var v4, v6 float64
	for _, c := range cells.Elements() {
		v4 += d.address.Size4[c-1]
		v6 += d.address.Size6[c-1]
	}
	return v4 > widestNamed4 || v6 > widestNamed6
}

// isPublic reports whether S3 takes a policy that grants a set for public,
// beyond doubt. It judges each address range by itself, so that any number of
// narrow ones is not public.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func (s *solution) isPublic() bool {
	set := s.space.Intersect(s.least, s.fresh)
	k, ok := s.keys["aws:sourceip"]
	if !ok || k.dim.form != addresses {
		return set != domain.None
	}
	d := k.dim
	narrow := domain.NewBits(d.size)
	for i, list := range d.blocks {
		if !hasWide(list) {
			narrow = narrow.Union(d.sets[i])
		}
	}
	return d.isWide(d.present(s.space, set).Minus(narrow))
}

func hasWide(list []netip.Prefix) bool {
	for _, p := range list {
		if p.Addr().Is4() && p.Bits() < 8 || p.Addr().Is6() && p.Bits() < 32 {
			return true
		}
	}
	return false
}

// grants are the findings of the question: those that are proven, then those
// that only the most permissive reading has and that no proven one covers.
func (s *solution) findings(complete bool) []grant {
	t := newStrata(s)
	s.strata = t
	defer func() { s.space.Exceeded = s.space.Exceeded || t.space.Exceeded }()
	proven := newCollection(t, true)
	for _, r := range t.regions(s.least) {
		proven.add(r, t.choose(r.tracked, complete))
	}
	if s.space.Exceeded || t.space.Exceeded {
		return nil
	}
	out := proven.grants()
	if s.most == s.least {
		return out
	}
	notProven := func(most domain.Node, without ...int) []grant {
		open := newCollection(t, false)
		open.without = without
		for _, r := range t.regions(most) {
			rest := t.uncovered(r, proven)
			if rest.set == domain.None {
				continue
			}
			open.add(rest, t.choose(rest.tracked, complete))
		}
		return open.grants()
	}
	var open []grant
	if unread := s.unread(); len(unread) > 0 {
		open = append(notProven(s.readAlone()), s.ofUnread(notProven(s.most), unread)...)
	} else {
		open = notProven(s.most)
		// Whether anyone gets in by one statement says nothing of whom others let in.
		if public, needs := publicBy(open); len(public) > 0 {
			if rest := s.mostWithout(func(c *compiledStatement) bool {
				return slices.ContainsFunc(public, func(i int) bool { return c == &s.statements[i] })
			}); rest != domain.None {
				for _, g := range notProven(rest, public...) {
					// What the same value opens is one question with two answers.
					if g.proven && !slices.ContainsFunc(open, g.isLabelledAs) || slices.ContainsFunc(g.needs, func(n string) bool { return !slices.Contains(needs, n) }) {
						open = append(open, g)
					}
				}
			}
		}
	}
	if s.space.Exceeded || t.space.Exceeded {
		return nil
	}
	return append(out, open...)
}

// isLabelledAs reports whether another proven grant has the same labels.
func (g grant) isLabelledAs(other grant) bool {
	return other.proven && slices.EqualFunc(g.labels, other.labels, func(a, b label) bool {
		return a.key == b.key && a.principal == b.principal && a.text == b.text
	})
}

// publicBy are the Allow statements that findings which are not proven rest on, and by
// which anyone may get in, and what these need.
func publicBy(open []grant) (statements []int, needs []string) {
	for _, g := range open {
		if g.public && !g.proven {
			statements, needs = append(statements, g.statements...), append(needs, g.needs...)
		}
	}
	return statements, needs
}

// uncovered is what of a region no proven finding of the same actions covers. A
// region that could be public stays whole if what is proven of it is not.
func (t *strata) uncovered(r region, proven *collection) region {
	s := t.model.space
	rest, public := r.set, r.public
	for _, e := range proven.list {
		if !e.cells.Includes(r.actions) {
			continue
		}
		box, _ := t.boxes(e.stratum)
		rest = s.Minus(rest, s.Product(box))
		if e.public {
			public = domain.None
		}
	}
	rest = s.Union(rest, public)
	return region{actions: r.actions, set: rest, tracked: s.Forget(rest, t.untracked), public: s.Intersect(rest, r.public)}
}

// choose returns the findings of a set over tracked levels: all of the maximal
// irreducible ones, or a smallest choice of them that covers the set.
func (t *strata) choose(tracked domain.Node, complete bool) []stratum {
	list, all := t.elements(t.maximal(t.labelled(tracked)), maxFindings)
	if !all {
		t.note("there are more findings than can be listed: one that covers them all takes their place")
		everything := make(stratum, len(t.layers))
		for i, l := range t.layers {
			everything[i] = l.top
		}
		return []stratum{everything}
	}
	if complete || len(list) < 2 || t.areApart(list) {
		return list
	}
	return t.cover(tracked, list)
}

// areApart reports whether no request is in two of the findings, as what one dimension
// tells of them shows: each is needed then. A list of a thousand principals is like that.
func (t *strata) areApart(list []stratum) bool {
	for i, l := range t.layers {
		used := domain.NewBits(l.dim.size)
		apart := true
		for _, f := range list {
			if box := l.box[f[i]]; apart {
				apart = !used.Overlaps(box)
				used = used.Union(box)
			}
		}
		if apart {
			return true
		}
	}
	return false
}

func (s *solution) note(text string) {
	if !contains(s.notes, text) {
		s.notes = append(s.notes, text)
	}
}

// cover returns a smallest set of findings that covers a set of points: those
// that cover some point alone, then greedily what adds most, then without what
// the others cover; what greed added is improved exactly where it is small.
func (t *strata) cover(points domain.Node, list []stratum) []stratum {
	s := t.model.space
	parts := make([]domain.Node, len(list))
	once, twice := domain.None, domain.None
	for i, f := range list {
		box, _ := t.boxes(f)
		parts[i] = s.Within(points, box)
		twice = s.Union(twice, s.Intersect(once, parts[i]))
		once = s.Union(once, parts[i])
	}
	alone := s.Minus(once, twice)
	chosen := make([]bool, len(list))
	left := points
	for i := range list {
		if s.Overlaps(parts[i], alone) {
			chosen[i] = true
			left = s.Minus(left, parts[i])
		}
	}
	var candidates []int
	for i := range list {
		if !chosen[i] && s.Overlaps(parts[i], left) {
			candidates = append(candidates, i)
		}
	}
	for _, i := range t.smallestCover(left, parts, candidates) {
		chosen[i] = true
	}
	var out []stratum
	for i, f := range list {
		if chosen[i] {
			out = append(out, f)
		}
	}
	return out
}

// smallestCover chooses among the candidates: greedily, and exactly when there
// are few. Past its budget the space has no sets any more that could be covered;
// what is chosen then is not used.
func (t *strata) smallestCover(left domain.Node, parts []domain.Node, candidates []int) []int {
	if left == domain.None || t.model.space.Exceeded {
		return nil
	}
	best := t.greedyCover(left, parts, candidates)
	if len(candidates) > 30 {
		return best
	}
	budget := 20_000
	for size := 1; size < len(best); size++ {
		if c, ok := t.coverOf(size, left, parts, candidates, &budget); ok {
			return c
		}
	}
	return best
}

func (t *strata) greedyCover(left domain.Node, parts []domain.Node, candidates []int) []int {
	s := t.model.space
	gain := map[int]float64{}
	for _, i := range candidates {
		gain[i] = s.Count(s.Intersect(parts[i], left))
	}
	var out []int
	for left != domain.None && !s.Exceeded && len(candidates) > 0 {
		// Gains only fall: the best one whose gain is up to date is the best.
		best := -1
		for {
			top := -1
			for _, i := range candidates {
				if top < 0 || gain[i] > gain[top] {
					top = i
				}
			}
			if top == best {
				break
			}
			gain[top] = s.Count(s.Intersect(parts[top], left))
			best = top
		}
		out = append(out, best)
		left = s.Minus(left, parts[best])
		gain[best] = 0
	}
	return out
}

// coverOf searches a cover of a size: some candidate must have the first point
// that is left.
func (t *strata) coverOf(size int, left domain.Node, parts []domain.Node, candidates []int, budget *int) ([]int, bool) {
	s := t.model.space
	if left == domain.None {
		return nil, true
	}
	if *budget--; size == 0 || *budget < 0 {
		return nil, false
	}
	point, _ := s.Pick(left, func(int, int) int { return 0 })
	for _, i := range candidates {
		if !s.Contains(parts[i], point) {
			continue
		}
		if rest, ok := t.coverOf(size-1, s.Minus(left, parts[i]), parts, candidates, budget); ok {
			return append(rest, i), true
		}
	}
	return nil, false
}

// collection joins the findings of several regions: the same labels are one
// finding, with the actions of all.
type collection struct {
	*strata
	proven bool
	list   []*entry
	index  map[string]*entry
	shares map[[2]int]domain.Node
	// without are statements that nothing rests on.
	without []int
}

type entry struct {
	stratum stratum
	cells   domain.Bits // of the action dimension
	public  bool
	regions []region
	shown   []assignment // the values of requests that demonstrate it, one for each cell
	core    bool         // none of them is in a smaller finding
}

func newCollection(t *strata, proven bool) *collection {
	return &collection{strata: t, proven: proven, index: map[string]*entry{}, shares: map[[2]int]domain.Node{}}
}

func (c *collection) add(r region, list []stratum) {
	for _, f := range list {
		key := c.strata.key(f)
		e, ok := c.index[key]
		if !ok {
			e = &entry{stratum: f, cells: domain.NewBits(c.action.size)}
			c.index[key] = e
			c.list = append(c.list, e)
		}
		e.cells = e.cells.Union(r.actions)
		e.regions = append(e.regions, r)
		box, _ := c.boxes(f)
		if r.public != domain.None && c.model.space.Meets(r.public, box) {
			e.public = true
		}
	}
}

func (c *collection) grants() []grant {
	out := make([]grant, 0, len(c.list))
	for i, e := range c.list {
		if rest := c.list[i:]; i >= c.allowance.shown() && len(rest) > 1 {
			return append(out, c.together(rest))
		}
		if sure := c.demonstrated(e); sure != nil {
			g := c.grant(sure)
			g.proven, g.needs = true, nil
			out = append(out, g)
			if e.cells = e.cells.Minus(sure.cells); e.cells.IsEmpty() {
				continue
			}
		}
		out = append(out, c.grant(e))
	}
	return out
}

// together is one grant that is at most what entries give.
func (c *collection) together(list []*entry) grant {
	cells := domain.NewBits(c.action.size)
	for _, e := range list {
		cells = cells.Union(e.cells)
	}
	g := grant{public: true, actions: c.actionsOf(cells), needs: []string{"a smaller policy"}}
	c.allowance.spend(0, true)
	c.note("the policy grants more than the work that a run allows for it can show: what is left is one finding, at most what is granted")
	return g
}

// actionsOf are the actions of cells, by name.
func (s *solution) actionsOf(cells domain.Bits) (out []knowledge.KindAction) {
	for _, cell := range cells.Elements() {
		for _, i := range s.action.groups[cell] {
			out = append(out, s.actions[i])
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Full < out[j].Full })
	return out
}

// demonstrated is the part of an entry that is not proven by the sets, because
// they are coarser than the policy, and yet by a request that the evaluator
// accepts without reserve. It is nil when there is none. That addresses of many
// requests together are wide cannot be shown by one.
func (c *collection) demonstrated(e *entry) *entry {
	if c.proven || !c.approximate || c.precision == principalsAlone || e.public && c.keys["aws:sourceip"] != nil {
		return nil
	}
	sure := *e
	sure.cells, sure.shown, sure.core = domain.NewBits(c.action.size), nil, true
	box, core := c.boxes(e.stratum)
	c.demonstrating = true
	defer func() { c.demonstrating = false }()
	for _, cell := range e.cells.Elements() {
		if c.evaluations >= c.allowance.evaluations() {
			break
		}
		one := *e
		one.cells = domain.NewBits(c.action.size)
		one.cells.Set(cell)
		if req, inCore, _ := c.request(&one, box, core, true); req != nil {
			sure.cells.Set(cell)
			sure.shown, sure.core = append(sure.shown, c.last), sure.core && inCore
		}
	}
	if sure.cells.IsEmpty() {
		return nil
	}
	return &sure
}

// grant puts a finding together: the statements that are responsible, and one
// request that is allowed.
func (c *collection) grant(e *entry) grant {
	g := grant{labels: c.labels(e.stratum), public: e.public, proven: c.proven, actions: c.actionsOf(e.cells)}
	box, core := c.boxes(e.stratum)
	g.statements = slices.DeleteFunc(c.responsible(e, core), func(i int) bool { return containsInt(c.without, i) })
	g.byURL = true
	sp := c.model.space
	for _, r := range e.regions {
		if c.isRole() {
			g.anyTenant = g.anyTenant || sp.Meets(sp.Minus(r.set, c.oneTenant), box)
			g.guest = g.guest || sp.Meets(sp.Intersect(r.set, c.guest), box)
		}
		g.byURL = g.byURL && c.onlyURL(r)
	}
	c.demonstrate(&g, e, box, core)
	if !g.proven {
		g.needs = c.settling(func(i int) bool { return containsInt(g.statements, i) || c.mayTakeBack(i, e, box) }, g.actions, g.principal())
		if open := c.model.kind.UnsignedOpen; open != "" && g.witness != nil && g.witness.Principal.Type == evaluate.Anonymous {
			g.needs = append(g.needs, "whether "+open+" answers requests that nobody signed")
		}
	}
	return g
}

// mayTakeBack reports whether a Deny statement that is not known may deny some of an
// entry.
func (c *collection) mayTakeBack(i int, e *entry, box domain.Box) bool {
	st := &c.statements[i]
	if !st.mayDeny() {
		return false
	}
	within := append(domain.Box{}, box...)
	within[c.action.level] = e.cells
	return st.takesBack(c.model.space, c.model.space.Product(within))
}

// principal is the text of the one principal that a grant is to, "" if it is to
// anyone or to several.
func (g *grant) principal() string {
	text := ""
	for _, l := range g.labels {
		switch {
		case l.key != "":
		case l.several || text != "":
			return ""
		default:
			text = l.text
		}
	}
	return text
}

// onlyURL reports whether a region is of calls through a function's URL only.
func (c *collection) onlyURL(r region) bool {
	for _, cell := range r.actions.Elements() {
		for _, i := range c.action.groups[cell] {
			switch c.actions[i].Lower {
			case "lambda:invokefunctionurl":
			case "lambda:invokefunction":
				if !c.model.space.Includes(c.byURL, r.set) {
					return false
				}
			default:
				return false
			}
		}
	}
	return true
}

// responsible lists the Allow statements that some access of the finding rests
// on which no smaller finding has.
func (c *collection) responsible(e *entry, core domain.Box) []int {
	within := append(domain.Box{}, core...)
	within[c.action.level] = e.cells
	for _, apart := range []bool{true, false} {
		var out []int
		for i, st := range c.statements {
			if st.statement.Effect != policy.Allow {
				continue
			}
			for _, r := range e.regions {
				if c.model.space.Meets(c.share(i, apart, r.set), within) {
					out = append(out, i)
					break
				}
			}
		}
		if len(out) > 0 || c.proven {
			return out
		}
	}
	return nil
}

// share is what a statement contributes to a region; apart, without what it gives
// only if a value that is not known is one that something else is too.
func (c *collection) share(statement int, apart bool, set domain.Node) domain.Node {
	st := &c.statements[statement]
	what := st.reading(!c.proven)
	if apart && !c.proven {
		what = st.apart
	}
	key := [2]int{int(what), int(set)}
	n, ok := c.shares[key]
	if !ok {
		n = c.model.space.Intersect(what, set)
		c.shares[key] = n
	}
	return n
}

// demonstrate finds a witness of the finding.
func (c *collection) demonstrate(g *grant, e *entry, box, core domain.Box) {
	if !c.proven && c.evaluations >= c.allowance.evaluations() {
		return
	}
	if g.witness, g.core, g.problem = c.request(e, box, core, c.proven); g.witness != nil {
		if g.shown = e.shown; g.shown == nil {
			g.shown = []assignment{c.last}
		} else {
			g.core = e.core
		}
		g.cells, g.stratum = e.cells, e.stratum
		g.within = append(domain.Box{}, core...)
		g.within[c.action.level] = e.cells
		return
	}
	if g.problem == "" {
		g.problem = fmt.Sprintf("finding %v has no request", g.labels)
	}
	// Where the model allows more than there is, only a witness is a proof. It
	// may not exist for what is not proven anyway.
	if c.approximate || !c.proven {
		g.problem = ""
	}
	g.proven = false
}

// request finds a request in an entry that the evaluator accepts, without
// reserve or not: a public one for a public finding, and one that no smaller
// finding has where there is one, as inCore says. Without one, problem says why.
func (c *collection) request(e *entry, box, core domain.Box, strictly bool) (req *evaluate.Request, inCore bool, problem string) {
	s := c.model.space
	for i, within := range []domain.Box{core, box} {
		for _, r := range e.regions {
			set := r.set
			if e.public {
				set = r.public
			}
			cells := append(domain.Box{}, within...)
			cells[c.action.level] = r.actions.Intersect(e.cells)
			n := s.Within(set, cells)
			if n == domain.None {
				continue
			}
			sure := n
			if c.demonstrating {
				sure = s.Intersect(n, c.world[0]) // those that can certainly exist
			}
			for _, from := range slices.Compact([]domain.Node{sure, n}) {
				if from == domain.None {
					continue
				}
				if req, problem = c.witness(from, strictly); req != nil {
					return req, i == 0 && from == sure, ""
				}
			}
		}
	}
	return nil, false, problem
}
