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

// ARNNeeds reports whether all ARNs of a service, as published, have a Region and an
// account. A service that is in no table needs none.
func ARNNeeds(service string) (region, account bool) {
	lines := section(resourceTable, service)
	region, account = lines != "", lines != ""
	for line := range strings.Lines(lines) {
		for text := range strings.SplitSeq(line[strings.LastIndexByte(line, '\t')+1:len(line)-1], ", ") {
			_, rest, _ := strings.Cut(text, ":${Partition}:"+service+":")
			in, rest, _ := strings.Cut(rest, ":")
			of, _, _ := strings.Cut(rest, ":")
			region, account = region && in != "", account && of != ""
		}
	}
	return region, account
}

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
