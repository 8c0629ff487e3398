package reporters

import (
	"fmt"
	"unicode/utf16"

	"github.com/iaclint/iaclint/analysis/source"
)

// lineHashes returns for every line of a file, from the first, the value that
// GitHub's upload action computes as primaryLocationLineHash: by it an alert is
// recognised although lines moved. It is a rolling hash of the 100 characters
// from the line's start on, white space left out, and the number of times that
// the hash has occurred in the file.
//
// https://github.com/github/codeql-action/blob/main/src/fingerprints.ts
func lineHashes(content []byte) []string {
	const (
		window     = 100
		multiplier = 37
		endOfFile  = 0xffff
	)
	units := make([]uint64, 0, len(content)+1)
	var starts []int // index in units of the start of every line
	begin, afterCR := true, false
	add := func(u uint16) {
		switch {
		case u == ' ' || u == '\t' || u == '\n' && afterCR:
			afterCR = false
			return
		case u == '\r':
			u, afterCR = '\n', true
		default:
			afterCR = false
		}
		if begin {
			starts = append(starts, len(units))
		}
		begin = u == '\n'
		units = append(units, uint64(u))
	}
	for _, r := range string(content) {
		if r1, r2 := utf16.EncodeRune(r); r > 0xffff {
			add(uint16(r1))
			add(uint16(r2))
		} else {
			add(uint16(r))
		}
	}
	add(endOfFile)

	leaving := uint64(1) // multiplier to the power of window
	for range window {
		leaving *= multiplier
	}
	at := func(i int) uint64 {
		if i < 0 || i >= len(units) {
			return 0
		}
		return units[i]
	}
	hashes := make([]string, 0, len(starts))
	seen := map[uint64]int{}
	hash, read := uint64(0), 0
	for _, start := range starts {
		for ; read < start+window; read++ {
			hash = multiplier*hash + at(read) - leaving*at(read-window)
		}
		seen[hash]++
		hashes = append(hashes, fmt.Sprintf("%x:%d", hash, seen[hash]))
	}
	return hashes
}

// hasher keeps the hashes of the files it was asked for.
type hasher map[*source.File][]string

// line returns the hash of a line, "" when the file has no such line.
func (h hasher) line(f *source.File, n int) string {
	hashes, ok := h[f]
	if !ok {
		hashes = lineHashes(f.Content)
		h[f] = hashes
	}
	if n < 1 || n > len(hashes) {
		return ""
	}
	return hashes[n-1]
}
