package source

import (
	"strings"
	"testing"
	"unicode/utf16"
)

func TestNotText(t *testing.T) {
	wide := func(order []int, mark bool, text string) string {
		if mark {
			text = "\ufeff" + text
		}
		var b strings.Builder
		for _, u := range utf16.Encode([]rune(text)) {
			for _, shift := range order {
				b.WriteByte(byte(u >> shift))
			}
		}
		return b.String()
	}
	little, big := []int{0, 8}, []int{8, 0}
	for _, tt := range []struct{ name, content, want string }{
		{"empty", "", ""},
		{"text", "{\"a\": \"é\"}\n", ""},
		{"byte order mark", "\ufeff{}", ""},
		{"Latin-1", "a: caf\xe9\n", ""}, // the reader says where
		{"UTF-16, little", wide(little, true, "{}"), "UTF-16"},
		{"UTF-16, big", wide(big, true, "Resources: {é: 1}"), "UTF-16"},
		{"UTF-16, little, unmarked", wide(little, false, "Resources: {é: 1}"), "UTF-16"},
		{"UTF-16, big, unmarked", wide(big, false, "{\"a\": \"語\"}"), "UTF-16"},
		{"UTF-16, short", wide(big, false, "{"), "UTF-16"},
		{"UTF-32", "\xff\xfe\x00\x00{\x00\x00\x00", "UTF-32"},
		{"git-crypt", "\x00GITCRYPT\x00abc", "binary"},
		{"zeros", "\x00\x00\x00\x00", "binary"},
		{"bytes", "\x80\x81\x01", "binary"},
		{"vault", "$ANSIBLE_VAULT;1.1;AES256\n3335\n", "encrypted"},
	} {
		if got := NotText([]byte(tt.content)); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}
