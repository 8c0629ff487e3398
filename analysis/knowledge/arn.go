package knowledge

import (
	"strings"
	"sync"
)

// arnLines are the ARNs of all resource types, as published, by their service part.
var arnLines = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for line := range strings.Lines(resourceTable) {
		list := line[strings.LastIndexByte(line, '\t')+1 : len(line)-1]
		for text := range strings.SplitSeq(list, ", ") {
			if _, rest, ok := strings.Cut(text, ":${Partition}:"); ok {
				service, _, _ := strings.Cut(rest, ":")
				out[service] = append(out[service], text)
			}
		}
	}
	return out
})

// ARNsOf returns the ARNs, as published, whose service part is service. Several
// action prefixes can share one. The list is shared: do not change it.
func ARNsOf(service string) []string { return arnLines()[service] }

// HasKeys reports whether some condition key has the prefix, in any letter case.
func HasKeys(prefix string) bool {
	prefix = strings.ToLower(prefix) + ":"
	for _, table := range []string{keyTable, templateTable} {
		if strings.HasPrefix(table[lineAt(table, prefix):], prefix) {
			return true
		}
	}
	return false
}
