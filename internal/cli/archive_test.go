package cli

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

func TestByID(t *testing.T) {
	list := []finding.Finding{{ID: "00112233445566778899aabbccddeeff"}, {ID: "001122330000000000000000000000ff"}, {ID: "ffee2233445566778899aabbccddeeff"}, {ID: "ffee2233445566778899aabbccddeeff", Path: "again"}}
	for _, tt := range []struct{ id, found, wrong string }{
		{"00112233445566778899aabbccddeeff", "00112233445566778899aabbccddeeff", ""},
		{"0011223344", "00112233445566778899aabbccddeeff", ""},
		{"ffee2233", "ffee2233445566778899aabbccddeeff", ""}, // twice the same
		{"00112233", "", "2 findings have ids that begin with \"00112233\": 001122330000000000000000000000ff, 0011223344"},
		{"0011", "", "too short"},
		{"123456789a", "", "no finding has an id"},
	} {
		f, err := byID(list, tt.id)
		if f.ID != tt.found || (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("%s: %q, %v", tt.id, f.ID, err)
		}
	}
}
