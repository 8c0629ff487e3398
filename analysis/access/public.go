package access

import (
	"sort"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
)

// freshCaller is the condition that a brand-new outside account, or nobody at
// all, can make the request over the internet: nothing of it is named in the
// policy but what its caller may choose. Source addresses are judged apart.
func (m *model) freshCaller() *expr {
	named := func(d *dimension, part int, shapes ...string) *expr {
		var ts []domain.Tuple
		for _, s := range d.literals(part, shapes...) {
			for _, shape := range d.shapes {
				t := append(domain.Tuple{}, shape[0])
				for i := 1; i < len(shape); i++ {
					t = append(t, star)
				}
				t[part] = domain.Literal(s)
				if kind, _ := t[0].IsLiteral(); len(shapes) == 0 || contains(shapes, kind) {
					ts = append(ts, t)
				}
			}
		}
		return in(d, d.addTuples(ts...))
	}
	kinds := append([]string{anonymous, canonical}, accountKinds...)
	if !m.isRole() {
		// S3 counts a policy with a federated principal as public: anyone can
		// sign in at a shared provider.
		//
		// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
		kinds = append(kinds, web)
	}
	es := []*expr{
		m.callers(kinds...),
		// A canonical user is of some account, and so of none that is named either.
		not(named(m.caller, 1, append([]string{canonical}, accountKinds...)...)),
		not(named(m.caller, 2, canonical)),
	}
	for _, d := range append([]*dimension{}, m.dims...) {
		switch d.name {
		case "source":
			es = append(es, not(named(d, 1, sourceAccount, sourceARN, sourceBoth, sourceBareAccount)), not(named(d, 3, sourceBare, sourceBareAccount)))
		case "caller's organization", "source's organization", "endpoint's organization":
			es = append(es, not(named(d, 1)))
		case "aws:userid":
			es = append(es, or(m.callers(anonymous), not(named(d, 1))))
		case "access point":
			if !m.through {
				es = append(es, not(named(d, 2)))
			}
		case "elasticfilesystem:accessedviamounttarget":
			// Only from within the file system's network.
			es = append(es, not(in(d, d.addTuples(presentTuple(domain.Literal("true"))))))
		default:
			if d.form == text && !d.elements && d != m.caller && d != m.resource && !callerChooses(d.name) {
				es = append(es, not(named(d, 1)))
			}
		}
	}
	return and(es...)
}

// callerChooses reports whether the caller decides on the value of a key, so
// that a fixed value keeps nobody out. Of the keys that findings show only the
// session mode of a directory bucket is such a key.
func callerChooses(key string) bool {
	return !knowledge.Tracked(key) || key == "s3express:sessionmode"
}

// literals returns the wildcard-free patterns that atoms have at a part, of
// tuples with one of the shapes.
func (d *dimension) literals(part int, shapes ...string) []string {
	seen := map[string]bool{}
	var out []string
	for _, atom := range d.tuples {
		for _, t := range atom {
			shape, ok := t[0].IsLiteral()
			if ok && len(shapes) > 0 && !contains(shapes, shape) {
				continue
			}
			if s, ok := t[part].IsLiteral(); ok && s != "" && !seen[s] {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	sort.Strings(out)
	return out
}

func contains(list []string, s string) bool {
	for _, t := range list {
		if t == s {
			return true
		}
	}
	return false
}
