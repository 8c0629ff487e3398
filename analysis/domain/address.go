package domain

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"slices"
	"sort"
)

// Addresses is a partition of IP addresses by atoms that each are a union of
// blocks. IPv4 and IPv6 blocks never share an address.
type Addresses struct {
	N        int
	Examples []netip.Addr
	Single   []bool
	Size4    []float64 // IPv4 addresses in each cell
	Size6    []float64 // IPv6 addresses in each cell
	members  []Bits
}

// Set returns the cells of atom i.
func (a *Addresses) Set(i int) Bits { return a.members[i] }

// number is an address as family and 128-bit number, so that addresses are
// ordered and have a successor.
type number struct {
	six    bool
	hi, lo uint64
}

func numberOf(a netip.Addr) number {
	b := a.As16()
	if a.Is4() {
		b4 := a.As4()
		return number{lo: uint64(binary.BigEndian.Uint32(b4[:]))}
	}
	return number{six: true, hi: binary.BigEndian.Uint64(b[:8]), lo: binary.BigEndian.Uint64(b[8:])}
}

func (n number) addr() netip.Addr {
	if !n.six {
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], uint32(n.lo))
		return netip.AddrFrom4(b)
	}
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], n.hi)
	binary.BigEndian.PutUint64(b[8:], n.lo)
	return netip.AddrFrom16(b)
}

func (n number) less(m number) bool {
	if n.six != m.six {
		return m.six
	}
	if n.hi != m.hi {
		return n.hi < m.hi
	}
	return n.lo < m.lo
}

// next returns the number behind n; the one behind the last IPv4 address is the
// first IPv6 address, the one behind the last IPv6 address does not exist.
func (n number) next() (number, bool) {
	if !n.six && n.lo == 1<<32-1 {
		return number{six: true}, true
	}
	lo, carry := bits.Add64(n.lo, 1, 0)
	hi, over := bits.Add64(n.hi, 0, carry)
	return number{n.six, hi, lo}, over == 0
}

// block returns the first and last address of a prefix; host bits are ignored.
func block(p netip.Prefix) (first, last number) {
	first = numberOf(p.Masked().Addr())
	last = first
	if first.six {
		host := 128 - p.Bits()
		if host >= 64 {
			last.lo = ^uint64(0)
			last.hi |= 1<<(host-64) - 1
		} else {
			last.lo |= 1<<host - 1
		}
		return first, last
	}
	last.lo |= 1<<(32-p.Bits()) - 1
	return first, last
}

// SplitAddresses partitions all addresses but those of the blocks in without.
// Of every cell, the first of prefer that lies in it becomes the example.
func SplitAddresses(without []netip.Prefix, atoms [][]netip.Prefix, prefer []netip.Addr) *Addresses {
	starts := []number{{}, {six: true}}
	mark := func(p netip.Prefix) {
		first, last := block(p)
		starts = append(starts, first)
		if n, ok := last.next(); ok {
			starts = append(starts, n)
		}
	}
	for _, p := range without {
		mark(p)
	}
	for _, atom := range atoms {
		for _, p := range atom {
			mark(p)
		}
	}
	sort.Slice(starts, func(i, j int) bool { return starts[i].less(starts[j]) })
	starts = slices.Compact(starts)
	a := &Addresses{}
	index := map[string]int{}
	var signs []Bits
	all := signatures(starts, append(atoms[:len(atoms):len(atoms)], without))
	for i, n := range starts {
		if all[i].Has(len(atoms)) {
			continue
		}
		sign := all[i]
		size := pieceSize(starts, i)
		c, ok := index[sign.Key()]
		if !ok {
			c = a.N
			index[sign.Key()] = c
			a.N++
			a.Examples = append(a.Examples, natural(n, size).addr())
			a.Single = append(a.Single, size == 1)
			a.Size4 = append(a.Size4, 0)
			a.Size6 = append(a.Size6, 0)
			signs = append(signs, sign)
		} else {
			a.Single[c] = false
		}
		if n.six {
			a.Size6[c] += size
		} else {
			a.Size4[c] += size
		}
	}
	a.members = transpose(signs, len(atoms))
	for i := len(prefer) - 1; i >= 0; i-- {
		sign := NewBits(len(atoms) + 1)
		for j, atom := range atoms {
			if inBlocks(atom, prefer[i]) {
				sign.Set(j)
			}
		}
		if c, ok := index[sign.Key()]; ok && !a.Single[c] {
			a.Examples[c] = prefer[i]
		}
	}
	return a
}

// signatures returns for each of the sorted addresses the atoms that it is in.
func signatures(starts []number, atoms [][]netip.Prefix) []Bits {
	signs := make([]Bits, len(starts))
	for i := range signs {
		signs[i] = NewBits(len(atoms))
	}
	for j, atom := range atoms {
		for _, p := range atom {
			first, last := block(p)
			i := sort.Search(len(starts), func(i int) bool { return !starts[i].less(first) })
			for ; i < len(starts) && !last.less(starts[i]); i++ {
				signs[i].Set(j)
			}
		}
	}
	return signs
}

// natural moves an example off the network address where there is room.
func natural(n number, size float64) number {
	if size > 64 && n.lo&63 == 0 {
		n.lo += 9
	}
	return n
}

func inBlocks(ps []netip.Prefix, a netip.Addr) bool {
	for _, p := range ps {
		if p.Addr().Is4() == a.Is4() && p.Masked().Contains(a) {
			return true
		}
	}
	return false
}

// pieceSize returns the number of addresses from the i-th start to the next
// different one, or to the end of the family.
func pieceSize(starts []number, i int) float64 {
	n := starts[i]
	for _, m := range starts[i+1:] {
		if m == n {
			continue
		}
		if m.six != n.six {
			break
		}
		lo, borrow := bits.Sub64(m.lo, n.lo, 0)
		hi, _ := bits.Sub64(m.hi, n.hi, borrow)
		return float64(hi)*0x1p64 + float64(lo)
	}
	if n.six {
		lo, borrow := bits.Sub64(0, n.lo, 0)
		hi, _ := bits.Sub64(0, n.hi, borrow)
		if hi == 0 && lo == 0 {
			return 0x1p128
		}
		return float64(hi)*0x1p64 + float64(lo)
	}
	return 0x1p32 - float64(n.lo)
}
