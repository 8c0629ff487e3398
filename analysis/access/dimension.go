package access

import (
	"math/big"
	"net/netip"
	"slices"

	"github.com/iaclint/iaclint/analysis/domain"
)

// A dimension is one aspect of a request, such as the caller or the source
// address, with the atoms that policies and the zone test it for. Atoms are
// added while policies are compiled; build then splits the aspect's values into
// cells that the atoms cannot tell apart.
type dimension struct {
	name string
	form form

	// text: strings of parts; the first part says which shape it is.
	shapes []domain.Tuple
	tuples [][]domain.Tuple
	prefer [][]string
	ids    int // the part that is an identifier, 0 for none: see admit

	indexes   [][]int             // actions, by index
	intervals [][]domain.Interval // numbers and dates
	blocks    [][]netip.Prefix    // addresses
	optional  bool                // numbers, dates, addresses: the key may be absent
	// everyAddress is set where private addresses are as good as others.
	everyAddress bool

	// elements: the key has a set of values; each cell of values is a level of
	// its own, "the request carries a value of this cell".
	elements bool

	// After build.
	level   int // first level in the space
	size    int // cells, including the absent one
	sets    []domain.Bits
	single  []bool
	words   *domain.Tuples
	line    *domain.Line
	address *domain.Addresses

	groups [][]int // of the action dimension: the actions of each cell

	lists  [][]int     // atoms of values that are only used together, see build
	joined map[int]int // of those of lists, once they are not told apart: the one that is all of them

	coarse    bool // patterns are widened whether they are too many or not
	widened   bool // a limit was hit: text atoms other than literals are at most
	starved   bool // more work might not have hit it
	collapsed bool // even then: only the shape of a value is told apart
	original  [][]domain.Tuple
	labels    []label // what findings may show
	values    []label // every text that the dimension is compared with
}

type form uint8

const (
	text form = iota
	actions
	numbers
	dates
	addresses
)

// Shapes of a plain key.
const (
	absentShape  = "-"
	presentShape = "+"
)

func (d *dimension) addTuples(ts ...domain.Tuple) int {
	d.tuples = append(d.tuples, ts)
	return len(d.tuples) - 1
}

// join makes one atom of several that are used together only: the first is all of
// them, the others are empty.
func (d *dimension) join(atoms []int) {
	if len(atoms) < 2 {
		return
	}
	all := slices.Clip(d.tuples[atoms[0]])
	for _, a := range atoms[1:] {
		all = append(all, d.tuples[a]...)
		d.tuples[a] = nil
	}
	d.tuples[atoms[0]] = all
}

func (d *dimension) addIntervals(vs ...domain.Interval) int {
	d.intervals = append(d.intervals, vs)
	return len(d.intervals) - 1
}

func (d *dimension) addBlocks(ps ...netip.Prefix) int {
	d.blocks = append(d.blocks, ps)
	return len(d.blocks) - 1
}

func (d *dimension) addActions(indexes ...int) int {
	if !slices.IsSorted(indexes) {
		slices.Sort(indexes)
	}
	indexes = slices.Compact(indexes)
	d.indexes = append(d.indexes, indexes)
	return len(d.indexes) - 1
}

// buildActions makes one cell of the actions that are in the same atoms.
func (d *dimension) buildActions(n int) {
	cell := make([]int, n) // of each action, refined atom by atom
	d.size = min(n, 1)
	for _, list := range d.indexes {
		if len(list) == 0 || len(list) == n {
			continue
		}
		split := map[int]int{}
		for _, i := range list {
			c, ok := split[cell[i]]
			if !ok {
				c = d.size
				d.size++
				split[cell[i]] = c
			}
			cell[i] = c
		}
	}
	d.number(cell)
	d.single = make([]bool, d.size)
	d.sets = make([]domain.Bits, len(d.indexes))
	for a, list := range d.indexes {
		d.sets[a] = domain.NewBits(d.size)
		for _, i := range list {
			d.sets[a].Set(cell[i])
		}
	}
}

// number renames the cells in the order of their first action and leaves out
// those that refining emptied.
func (d *dimension) number(cell []int) {
	names := make([]int, d.size)
	d.size = 0
	d.groups = nil
	for i, c := range cell {
		if names[c] == 0 {
			d.size++
			names[c] = d.size
			d.groups = append(d.groups, nil)
		}
		cell[i] = names[c] - 1
		d.groups[cell[i]] = append(d.groups[cell[i]], i)
	}
}

// widenedWork is what may be spent on widened patterns in any case.
const widenedWork = 4_000_000

// build splits the dimension into cells. It reports false when the limit was
// hit and patterns had to be widened; least is the work that is done in any case.
func (d *dimension) build(limits domain.Limits, least int) bool {
	switch d.form {
	case actions: // see model.buildActions
	case numbers, dates:
		d.line = domain.SplitLine(d.intervals)
		d.ordered(d.line.N, d.line.Single, len(d.intervals), d.line.Set)
	case addresses:
		without := unroutable
		if d.name != "aws:sourceip" || d.everyAddress {
			without = prefixes("::ffff:0:0/96") // IPv4 in another form
		}
		d.address = domain.SplitAddresses(without, d.blocks, naturalAddresses)
		d.ordered(d.address.N, d.address.Single, len(d.blocks), d.address.Set)
	default:
		d.admit()
		words, ok := domain.SplitTuples(d.shapes, d.tuples, d.prefer, limits)
		starved := !ok && *limits.Work < 0
		if d.coarse {
			ok, starved = false, false
		} else if !ok && len(d.lists) > 0 {
			words, ok = d.buildJoined(limits, least)
			starved = starved || !ok && *limits.Work < 0
		}
		if !ok {
			d.starved = starved
			d.widened, d.original = true, d.tuples
			own := limits.WithWork(max(*limits.Work, widenedWork)) // prefixes cannot multiply, but be many
			left := *own.Work
			d.widen()
			if words, ok = domain.SplitTuples(d.shapes, d.tuples, d.prefer, own); !ok {
				d.collapse()
				unbounded := limits
				unbounded.Work = nil
				words, _ = domain.SplitTuples(d.shapes, d.tuples, d.prefer, unbounded)
			}
			*limits.Work -= left - *own.Work // it is paid for all the same
		}
		d.words = words
		d.size = words.N
		d.single = words.Single
		d.sets = make([]domain.Bits, len(d.tuples))
		for i := range d.sets {
			d.sets[i] = words.Set(i)
			if one, ok := d.joined[i]; ok {
				d.sets[i] = words.Set(one)
			}
		}
	}
	return !d.widened
}

// admit adds the identifiers that atoms have, and that are not of the form of others,
// to those that there are: stand-ins, and ids that are shorter than others.
func (d *dimension) admit() {
	if d.ids == 0 {
		return
	}
	for _, s := range slices.Clone(d.shapes) {
		kind, _ := s[0].IsLiteral()
		if _, only := s[d.ids].IsLiteral(); only {
			continue
		}
		var more []domain.Pattern
		for _, atom := range d.tuples {
			for _, t := range atom {
				if p := t[d.ids]; t[0].Match(kind) && p.Exceeds(s[d.ids]) && !slices.ContainsFunc(more, p.Equal) {
					more = append(more, p)
				}
			}
		}
		for _, p := range more {
			other := slices.Clone(s)
			other[d.ids] = p
			d.shapes = append(d.shapes, other)
		}
	}
}

// buildJoined builds the dimension without telling the values of a list apart: what
// is granted stays exact, and findings show the list.
func (d *dimension) buildJoined(limits domain.Limits, least int) (*domain.Tuples, bool) {
	own := limits.WithWork(max(*limits.Work, least))
	left := *own.Work
	tuples := d.tuples
	d.tuples = slices.Clone(tuples)
	d.joined = map[int]int{}
	for _, list := range d.lists {
		d.join(list)
		for _, a := range list {
			d.joined[a] = list[0]
		}
	}
	words, ok := domain.SplitTuples(d.shapes, d.tuples, d.prefer, own)
	if *limits.Work -= left - *own.Work; !ok {
		d.tuples, d.joined = tuples, nil
	}
	return words, ok
}

// areJoined reports whether two labels are values of one list that is not told apart.
func (d *dimension) areJoined(a, b label) bool {
	i, ok := d.joined[a.atoms[0]]
	j, also := d.joined[b.atoms[0]]
	return ok && also && i == j
}

// ordered takes over the cells of a partition, behind the absent cell.
func (d *dimension) ordered(n int, single []bool, atoms int, set func(int) domain.Bits) {
	shift := 0
	if d.optional {
		shift = 1
	}
	d.size = n + shift
	d.single = append(make([]bool, shift), single...)
	d.sets = make([]domain.Bits, atoms)
	for i := range d.sets {
		b := domain.NewBits(d.size)
		for _, c := range set(i).Elements() {
			b.Set(c + shift)
		}
		d.sets[i] = b
	}
}

// widen replaces every pattern that has a wildcard before its end by its
// literal prefix followed by anything: prefixes cannot multiply. The atoms are
// then at most what the policy says.
func (d *dimension) widen() {
	d.replace(func(part int, p domain.Pattern) domain.Pattern { return p.Widen() })
}

// collapse gives up on telling values apart: every atom is everything.
func (d *dimension) collapse() {
	d.collapsed = true
	d.replace(func(part int, p domain.Pattern) domain.Pattern {
		if part == 0 {
			return p
		}
		return domain.Star(domain.Any)
	})
}

func (d *dimension) replace(by func(part int, p domain.Pattern) domain.Pattern) {
	out := make([][]domain.Tuple, len(d.tuples))
	for i, atom := range d.tuples {
		for _, t := range atom {
			wide := make(domain.Tuple, len(t))
			for k, p := range t {
				wide[k] = by(k, p)
			}
			out[i] = append(out[i], wide)
		}
	}
	d.tuples = out
}

// samples returns values of the i-th atom that widening changed, one for each
// of its tuples; nil when there are fewer atoms.
func (d *dimension) samples(i int) [][]string {
	for a, atom := range d.original {
		if len(atom) == 0 || d.sure(a) {
			continue
		}
		if i > 0 {
			i--
			continue
		}
		out := make([][]string, 0, len(atom))
		for _, t := range atom {
			parts := make([]string, len(t))
			for k, p := range t {
				parts[k] = d.sampleOf(k, p)
			}
			out = append(out, parts)
		}
		return out
	}
	return nil
}

// sampleOf returns a string that a pattern of a part matches, a natural one
// where there is one.
func (d *dimension) sampleOf(part int, p domain.Pattern) string {
	if part > 0 && part < len(d.prefer) {
		for _, s := range d.prefer[part] {
			if p.Match(s) {
				return s
			}
		}
	}
	return p.Sample()
}

// sure reports whether widening left the atom as it was.
func (d *dimension) sure(atom int) bool {
	for _, t := range d.original[atom] {
		for i, p := range t {
			if p.IsStar() || i == 0 {
				continue
			}
			if _, ok := p.IsLiteral(); !ok || d.collapsed {
				return false
			}
		}
	}
	return true
}

// same reports whether widening left all of the atoms as they were.
func (d *dimension) same(atoms []int) bool {
	return !slices.ContainsFunc(atoms, func(a int) bool { return !d.sure(a) })
}

// cells returns the union of the atoms.
func (d *dimension) cells(atoms []int) domain.Bits {
	b := domain.NewBits(d.size)
	for _, a := range atoms {
		b = b.Union(d.sets[a])
	}
	return b
}

// example returns the example value of a cell by its parts; nil when the key is
// absent.
func (d *dimension) example(cell int) []string {
	if d.form == text {
		return d.words.Examples[cell]
	}
	if d.optional {
		if cell == 0 {
			return nil
		}
		cell--
	}
	switch d.form {
	case addresses:
		return []string{presentShape, d.address.Examples[cell].String()}
	case dates:
		return []string{presentShape, dateText(d.line.Examples[cell])}
	}
	return []string{presentShape, numberText(d.line.Examples[cell])}
}

// numberText writes a number without exponent and without trailing zeros.
func numberText(x *big.Rat) string {
	if x.IsInt() {
		return x.Num().String()
	}
	for digits := 1; digits < 40; digits++ {
		s := x.FloatString(digits)
		if y, ok := new(big.Rat).SetString(s); ok && y.Cmp(x) == 0 {
			return s
		}
	}
	return x.FloatString(40)
}

// unroutable are the addresses that aws:SourceIp never has: it holds the public
// address of the caller.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
var unroutable = prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16",
	"fc00::/7", "fe80::/10", "::1/128", "::ffff:0:0/96")

var naturalAddresses = []netip.Addr{netip.MustParseAddr("198.51.100.7"), netip.MustParseAddr("2001:db8::7")}

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		out[i] = netip.MustParsePrefix(t)
	}
	return out
}
