package finding

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Cause identifies the place in the code that a finding comes from, with whom it
// lets in and under which conditions: one edit settles all findings of a cause.
// A module that is called forty times gives forty findings of one cause. The
// text is an opaque id; the place is part of it, so it changes when lines move.
func Cause(f Finding) string {
	h := sha256.New()
	add := func(parts ...any) {
		for _, p := range parts {
			s := fmt.Sprint(p)
			fmt.Fprintf(h, "%d:%s", len(s), s)
		}
	}
	add(f.Rule, f.Severity, f.Certainty, f.Status, f.Change.word(), f.IsPublic)
	if f.Archive != nil {
		add(f.Archive.By, f.Archive.Reason)
	}
	principal, at := f.Principal, f.Location
	if who, ok := regional(f); ok {
		// One statement names the same party once for each Region.
		principal = who
		if len(f.Statements) > 0 && f.Statements[0].Location != nil {
			at = f.Statements[0].Location
		}
	}
	if at == nil {
		add(f.Path, f.Address, f.ID)
	} else {
		add(*at)
	}
	for _, m := range []map[string]string{principal, f.Condition} {
		add(len(m))
		for _, k := range slices.Sorted(maps.Keys(m)) {
			add(k, m[k])
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// regional returns the principal of a finding without the Region in it, if it is
// one that AWS has in each Region: a service principal, or an account of AWS's own.
//
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
func regional(f Finding) (map[string]string, bool) {
	if f.Rule == "aws-owned-account" {
		return nil, true
	}
	name, ok := f.Principal["Service"]
	if !ok {
		return nil, false
	}
	labels := strings.Split(name, ".")
	kept := slices.DeleteFunc(labels, func(l string) bool { return strings.Count(l, "-") >= 2 && isDigit(l[len(l)-1]) })
	return map[string]string{"Service": strings.Join(kept, ".")}, true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// Causes returns the findings with those of one cause together: each inner list
// has at least one element, and both lists keep the order of fs.
func Causes(fs []Finding) [][]Finding {
	var out [][]Finding
	at := map[string]int{}
	for _, f := range fs {
		id := cmp.Or(f.Group, Cause(f))
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], f)
	}
	return out
}
