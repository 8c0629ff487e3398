package domain

import (
	"math/big"
	"sort"
)

// Interval is a set of numbers between two bounds; a nil bound is infinite.
type Interval struct {
	Low, High         *big.Rat
	LowOpen, HighOpen bool // the bound itself is left out
}

// Has reports whether the number is in the interval.
func (v Interval) Has(x *big.Rat) bool {
	if v.Low != nil {
		if c := x.Cmp(v.Low); c < 0 || c == 0 && v.LowOpen {
			return false
		}
	}
	if v.High != nil {
		if c := x.Cmp(v.High); c > 0 || c == 0 && v.HighOpen {
			return false
		}
	}
	return true
}

// Line is a partition of the numbers by atoms that each are a union of
// intervals.
type Line struct {
	N        int
	Examples []*big.Rat
	Single   []bool
	members  []Bits
}

// Set returns the cells of atom i.
func (l *Line) Set(i int) Bits { return l.members[i] }

// SplitLine partitions the numbers by atoms. The bounds and the gaps before,
// between and behind them are the finest pieces that the atoms can tell apart;
// pieces that lie in the same atoms are one cell.
func SplitLine(atoms [][]Interval) *Line {
	var bounds []*big.Rat
	for _, atom := range atoms {
		for _, v := range atom {
			if v.Low != nil {
				bounds = append(bounds, v.Low)
			}
			if v.High != nil {
				bounds = append(bounds, v.High)
			}
		}
	}
	sort.Slice(bounds, func(i, j int) bool { return bounds[i].Cmp(bounds[j]) < 0 })
	pieces := []*big.Rat{}
	gap := make([]bool, 0, 2*len(bounds)+1)
	add := func(x *big.Rat, isGap bool) { pieces, gap = append(pieces, x), append(gap, isGap) }
	for i, b := range bounds {
		switch {
		case i == 0:
			add(new(big.Rat).Sub(b, big.NewRat(1, 1)), true)
		case bounds[i-1].Cmp(b) == 0:
			continue
		default:
			add(between(bounds[i-1], b), true)
		}
		add(b, false)
	}
	if len(bounds) == 0 {
		add(new(big.Rat), true)
	} else {
		add(new(big.Rat).Add(bounds[len(bounds)-1], big.NewRat(1, 1)), true)
	}
	l := &Line{}
	index := map[string]int{}
	var signs []Bits
	for i, x := range pieces {
		sign := NewBits(len(atoms))
		for j, atom := range atoms {
			for _, v := range atom {
				if v.Has(x) {
					sign.Set(j)
					break
				}
			}
		}
		c, ok := index[sign.Key()]
		if ok {
			l.Single[c] = false
			continue
		}
		c = l.N
		index[sign.Key()] = c
		l.N++
		l.Examples = append(l.Examples, x)
		l.Single = append(l.Single, !gap[i])
		signs = append(signs, sign)
	}
	l.members = transpose(signs, len(atoms))
	return l
}

// transpose turns the acceptance vectors of cells into the members of atoms.
func transpose(signs []Bits, atoms int) []Bits {
	members := make([]Bits, atoms)
	for i := range members {
		members[i] = NewBits(len(signs))
	}
	for c, sign := range signs {
		for _, i := range sign.Elements() {
			members[i].Set(c)
		}
	}
	return members
}

// between returns a number strictly between two, a whole one where there is one.
func between(a, b *big.Rat) *big.Rat {
	floor := new(big.Int).Div(a.Num(), a.Denom())
	next := new(big.Rat).SetInt(floor.Add(floor, big.NewInt(1)))
	if next.Cmp(b) < 0 {
		return next
	}
	sum := new(big.Rat).Add(a, b)
	return sum.Quo(sum, big.NewRat(2, 1))
}
