package domain

import "math/bits"

// Bits is a set of small numbers: cells of a dimension, or atoms of a cell. It
// is never changed once it is shared.
type Bits []uint64

// NewBits returns an empty set with room for the numbers below n.
func NewBits(n int) Bits { return make(Bits, (n+63)/64) }

// FullBits returns the set of the numbers below n.
func FullBits(n int) Bits {
	b := NewBits(n)
	for i := range b {
		b[i] = ^uint64(0)
	}
	if n%64 != 0 {
		b[len(b)-1] = 1<<(n%64) - 1
	}
	return b
}

// Has reports whether i is in the set.
func (b Bits) Has(i int) bool { return i>>6 < len(b) && b[i>>6]&(1<<(i&63)) != 0 }

// Set adds i; only for the set's maker.
func (b Bits) Set(i int) { b[i>>6] |= 1 << (i & 63) }

// Count returns the number of elements.
func (b Bits) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// IsEmpty reports whether the set has no element.
func (b Bits) IsEmpty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

// Union, Intersect and Minus return new sets; the operands have equal room.
func (b Bits) Union(c Bits) Bits {
	out := make(Bits, len(b))
	for i := range b {
		out[i] = b[i] | c[i]
	}
	return out
}

// Intersect returns what is in both sets.
func (b Bits) Intersect(c Bits) Bits {
	out := make(Bits, len(b))
	for i := range b {
		out[i] = b[i] & c[i]
	}
	return out
}

// Minus returns what is in b and not in c.
func (b Bits) Minus(c Bits) Bits {
	out := make(Bits, len(b))
	for i := range b {
		out[i] = b[i] &^ c[i]
	}
	return out
}

// Includes reports whether every element of c is in b.
func (b Bits) Includes(c Bits) bool {
	for i := range b {
		if c[i]&^b[i] != 0 {
			return false
		}
	}
	return true
}

// Elements returns the elements in rising order.
func (b Bits) Elements() []int {
	out := make([]int, 0, b.Count())
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			out = append(out, i<<6+bits.TrailingZeros64(w))
		}
	}
	return out
}

// Key returns the set as a map key.
func (b Bits) Key() string {
	buf := make([]byte, 0, len(b)*8)
	for _, w := range b {
		buf = append(buf, byte(w), byte(w>>8), byte(w>>16), byte(w>>24), byte(w>>32), byte(w>>40), byte(w>>48), byte(w>>56))
	}
	return string(buf)
}
