package archive

import "unicode/utf8"

// Glob reports whether a text matches a pattern in which * stands for any
// characters but a slash, ** for any characters, **/ also for nothing, and ?
// for one character but a slash. Nothing else is special: Terraform addresses
// have brackets and quotes.
func Glob(pattern, text string) bool {
	// reach[i]: the pattern read so far matches the first i bytes of the text.
	reach := make([]bool, len(text)+1)
	reach[0] = true
	for p := 0; p < len(pattern); p++ {
		switch {
		case pattern[p] == '*' && p+1 < len(pattern) && pattern[p+1] == '*':
			p++
			if p+1 < len(pattern) && pattern[p+1] == '/' && (p < 2 || pattern[p-2] == '/') {
				p++
				directories(reach, text)
				continue
			}
			spread(reach, text, func(byte) bool { return true })
		case pattern[p] == '*':
			spread(reach, text, func(c byte) bool { return c != '/' })
		case pattern[p] == '?':
			skip(reach, text)
		default:
			step(reach, text, pattern[p])
		}
	}
	return reach[len(text)]
}

// spread lets every place that is reached reach those after it, over bytes that
// may be passed.
func spread(reach []bool, text string, passes func(byte) bool) {
	for i := range len(text) {
		reach[i+1] = reach[i+1] || reach[i] && passes(text[i])
	}
}

// directories spreads over whole directories with their slashes.
func directories(reach []bool, text string) {
	inside := false
	for i := range len(text) {
		inside = inside || reach[i]
		reach[i+1] = reach[i+1] || inside && text[i] == '/'
	}
}

// step moves every place that is reached over one byte of the pattern.
func step(reach []bool, text string, c byte) {
	for i := len(text); i > 0; i-- {
		reach[i] = reach[i-1] && c == text[i-1]
	}
	reach[0] = false
}

// skip moves every place that is reached over one character.
func skip(reach []bool, text string) {
	next := make([]bool, len(reach))
	for i := range text {
		if _, width := utf8.DecodeRuneInString(text[i:]); text[i] != '/' {
			next[i+width] = reach[i]
		}
	}
	copy(reach, next)
}
