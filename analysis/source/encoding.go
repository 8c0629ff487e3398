package source

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// sealed are the beginnings of files that tools encrypt into text.
//
// https://docs.ansible.com/ansible/latest/vault_guide/vault_encrypting_content.html
// https://www.rfc-editor.org/rfc/rfc9580#section-6.2
// https://github.com/C2SP/C2SP/blob/main/age.md
var sealed = []string{"$ANSIBLE_VAULT;", "-----BEGIN PGP MESSAGE-----", "-----BEGIN AGE ENCRYPTED FILE-----", "age-encryption.org/"}

// NotText says why the content of a file cannot be read as text in UTF-8, "" if it
// may be. One message says so: a parser would have one for every byte.
func NotText(content []byte) string {
	for _, head := range sealed {
		if bytes.HasPrefix(content, []byte(head)) {
			return "the file is encrypted, expected text"
		}
	}
	control := func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\v\f\r", r) }
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(content, []byte("\x00\x00\xfe\xff")):
		return "the file is in UTF-32, expected UTF-8: save it as UTF-8"
	case IsUTF16(content):
		return "the file is in UTF-16, expected UTF-8: save it as UTF-8"
	case bytes.IndexByte(content, 0) >= 0, !utf8.Valid(content) && bytes.ContainsFunc(content, control):
		return "the file is binary or encrypted, expected text"
	}
	return ""
}

// IsUTF16 reports whether a text is in UTF-16. Without a byte order mark that is
// told by the zeros of its first characters, which are ASCII in all that is read.
func IsUTF16(text []byte) bool {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return true
	}
	if len(text) < 2 || (text[0] == 0) == (text[1] == 0) {
		return false
	}
	for i := range min(len(text)&^1, 8) {
		if (text[i] == 0) != (text[i%2] == 0) {
			return false
		}
	}
	return true
}
