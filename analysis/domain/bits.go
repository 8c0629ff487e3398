package domain

import (
	"encoding/binary"
	"math/bits"
)

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

// Key returns the set as a map key: its words that are not 0, each after its index.
// Most sets of a large policy have one element or two.
func (b Bits) Key() string {
	buf := make([]byte, 0, 64)
	for i, w := range b {
		if w != 0 {
			buf = binary.LittleEndian.AppendUint64(binary.AppendUvarint(buf, uint64(i)), w)
		}
	}
	return string(buf)
}

// ofKey calls f with every element of the set that a key is of.
func ofKey(key string, f func(int)) {
	for buf := []byte(key); len(buf) > 0; {
		i, n := binary.Uvarint(buf)
		w := binary.LittleEndian.Uint64(buf[n:])
		for ; w != 0; w &= w - 1 {
			f(int(i)<<6 + bits.TrailingZeros64(w))
		}
		buf = buf[n+8:]
	}
}

// Overlaps reports whether the sets have an element in common.
func (b Bits) Overlaps(c Bits) bool {
	for i := range b {
		if b[i]&c[i] != 0 {
			return true
		}
	}
	return false
}
