package reporters

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/iaclint/iaclint/analysis/source"
)

// lineHashes returns for every line of a file, from the first, the value that
// GitHub's upload action computes as primaryLocationLineHash: by it an alert is
// recognised although lines moved. It is a rolling hash of the 100 characters
// from the line's start on, white space left out, and the number of times that
// the hash has occurred in the file.
//
// https://github.com/github/codeql-action/blob/main/src/fingerprints.ts
func lineHashes(content []byte) []lineHash {
	h := roller{seen: map[uint64]int{}, begin: true, leaving: 1}
	for range hashWindow {
		h.leaving *= hashMultiplier
	}
	for len(content) > 0 {
		r, size := utf8.DecodeRune(content)
		if r == utf8.RuneError && size == 1 {
			size = malformed(content)
		}
		content = content[size:]
		if r > 0xffff {
			high, low := utf16.EncodeRune(r)
			h.add(uint16(high))
			h.add(uint16(low))
		} else {
			h.add(uint16(r))
		}
	}
	const endOfFile = 0xffff
	h.add(endOfFile)
	for range hashWindow { // what lies behind the end is zero
		h.push(0, false)
	}
	return h.hashes
}

const (
	hashWindow     = 100
	hashMultiplier = 37
)

// lineHash is the value of a line and how often it has occurred, the line included.
type lineHash struct {
	hash  uint64
	count int
}

func (h lineHash) String() string { return fmt.Sprintf("%x:%d", h.hash, h.count) }

// roller is a hash over the last characters that were pushed. A line has its value
// once its first character is about to leave the window.
type roller struct {
	hash    uint64
	leaving uint64 // multiplier to the power of the window
	window  [hashWindow]uint16
	starts  [hashWindow]bool // whether the character at that place starts a line
	at      int
	begin   bool // the next character starts a line
	afterCR bool
	seen    map[uint64]int
	hashes  []lineHash
}

// add pushes a character unless it is white space; a line break of any kind is
// one line feed.
func (h *roller) add(u uint16) {
	if u == ' ' || u == '\t' || u == '\n' && h.afterCR {
		h.afterCR = false
		return
	}
	h.afterCR = u == '\r'
	if h.afterCR {
		u = '\n'
	}
	h.push(u, h.begin)
	h.begin = u == '\n'
}

func (h *roller) push(u uint16, start bool) {
	if h.starts[h.at] {
		h.seen[h.hash]++
		h.hashes = append(h.hashes, lineHash{h.hash, h.seen[h.hash]})
	}
	h.hash = hashMultiplier*h.hash + uint64(u) - h.leaving*uint64(h.window[h.at])
	h.window[h.at], h.starts[h.at] = u, start
	h.at = (h.at + 1) % hashWindow
}

// malformed returns how many of the bytes at the start, which are not characters,
// a decoder replaces as one: those that could have begun a character.
//
// https://encoding.spec.whatwg.org/#utf-8-decoder
func malformed(b []byte) int {
	low, high, length := byte(0x80), byte(0xbf), 0
	switch c := b[0]; {
	case c >= 0xc2 && c <= 0xdf:
		length = 2
	case c >= 0xe0 && c <= 0xef:
		length = 3
	case c >= 0xf0 && c <= 0xf4:
		length = 4
	}
	switch b[0] {
	case 0xe0:
		low = 0xa0
	case 0xed:
		high = 0x9f
	case 0xf0:
		low = 0x90
	case 0xf4:
		high = 0x8f
	}
	n := 1
	for ; n < length && n < len(b) && b[n] >= low && b[n] <= high; n++ {
		low, high = 0x80, 0xbf
	}
	return n
}

// hasher keeps the hashes of the files it was asked for.
type hasher map[*source.File][]lineHash

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
	return hashes[n-1].String()
}
