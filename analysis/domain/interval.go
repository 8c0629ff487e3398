package domain

import "sort"

// Ordered is a totally ordered set of points without the need to name what lies
// between them.
type Ordered[P any] struct {
	Compare func(a, b P) int
}

// Range is the points from Low to High, both included or not. A nil bound is
// open to that side.
type Range[P any] struct {
	Low, High         *P
	LowOpen, HighOpen bool // the bound itself is not in the range
}

// Has reports whether the range has the point.
func (o Ordered[P]) Has(r Range[P], p P) bool {
	if r.Low != nil {
		if c := o.Compare(p, *r.Low); c < 0 || c == 0 && r.LowOpen {
			return false
		}
	}
	if r.High != nil {
		if c := o.Compare(p, *r.High); c > 0 || c == 0 && r.HighOpen {
			return false
		}
	}
	return true
}

// Points returns the bounds of the ranges, sorted and without repetition: they
// and the gaps before, between and behind them are the finest pieces that the
// ranges can tell apart.
func (o Ordered[P]) Points(ranges []Range[P]) []P {
	var ps []P
	for _, r := range ranges {
		if r.Low != nil {
			ps = append(ps, *r.Low)
		}
		if r.High != nil {
			ps = append(ps, *r.High)
		}
	}
	sort.Slice(ps, func(i, j int) bool { return o.Compare(ps[i], ps[j]) < 0 })
	var out []P
	for i, p := range ps {
		if i == 0 || o.Compare(p, out[len(out)-1]) != 0 {
			out = append(out, p)
		}
	}
	return out
}
