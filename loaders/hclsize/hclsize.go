// Package hclsize bounds how much of HashiCorp's configuration language is
// parsed. A syntax tree is a few hundred times as large as the comma that a
// node of it takes to write.
package hclsize

// Max is the most pieces that are parsed as one: those of a file, or of all the
// files of a module. A generated module of a megabyte has some hundred thousand.
const Max = 1 << 20

// Pieces counts the characters of a text that may begin a node of its syntax
// tree. The count of "$" is that of a template, which is parsed on its own when
// it is in JSON.
func Pieces(text []byte) int {
	n := 0
	for _, c := range text {
		switch c {
		case ',', '{', '[', '(', '\n', '=', '+', '*', '/', '%', '?', '<', '>', '&', '|', '!':
			n++
		case '$':
			n += 4
		}
	}
	return n
}

// Ordinary is more pieces than configuration of so many bytes has as people write
// it: modules of public repositories have one in 9 to 17 bytes.
func Ordinary(bytes int) int { return bytes/6 + 4096 }

// TooLarge reports whether a text is not to be parsed.
func TooLarge(text []byte) bool { return len(text) > Max && Pieces(text) > Max }
