package access_test

import (
	"os"
	"strings"
	"testing"
)

// inexact are the families that are not exact at the size that AWS allows: findings show patterns that
// all deny, one pattern has exponentially many cells by itself, or each of many grants has
// to be demonstrated for each of many actions.
var inexact = "deny-notlike-parn qmarks-parn notaction"

// Every other family is exact at that size: 20,480 bytes, of a trust policy 10,240 of the largest quota.
func TestFamiliesAreExact(t *testing.T) {
	t.Parallel()
	for _, f := range families {
		if strings.Contains(" "+inexact+" ", " "+f.name+" ") {
			continue
		}
		size := 20 << 10
		if strings.HasPrefix(f.name, "trust-") {
			size = 10 << 10
		}
		if os.Getenv("IACLINT_LONG") == "" {
			size = 3 << 10
		}
		text, n := f.ofSize(size)
		if res := f.analyze(t, text); !exactly(res) || len(res.Problems) > 0 {
			t.Errorf("%s of %d: %v %v", f.name, n, res.Notes, res.Problems)
		}
	}
}

// What the most frequent forms cost in allocations at 5 KB. A bound is a fifth above what was measured:
// who lowers the cost lowers the bound.
func TestFamilyAllocations(t *testing.T) {
	for name, most := range map[string]float64{
		"stmts-literal":    45_000,
		"globs-res-one":    35_000,
		"stmts-globs-res":  766_000,
		"suffixes-one":     24_000,
		"globs-parn":       637_000,
		"principals":       42_000,
		"keys-each":        10_000,
		"substrings-list":  80_000,
		"ips":              44_000,
		"trust-oidc":       137_000,
		"not-resource":     1_823_000,
		"forany-deny":      2_363_000,
		"qmarks-two":       1_144_000,
		"stars-long-two":   2_595_000,
		"multi-dims-notin": 1_603_000,
	} {
		for _, f := range families {
			if f.name != name {
				continue
			}
			text, _ := f.ofSize(5 << 10)
			if got := testing.AllocsPerRun(1, func() { f.analyze(t, text) }); got > most {
				t.Errorf("%s: %.0f allocations, expected at most %.0f", name, got, most)
			}
		}
	}
}
