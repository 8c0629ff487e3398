package catalog

import (
	"slices"

	"github.com/iaclint/iaclint/loaders/existence"
)

// choice is one part in one of its cases, or its absence.
type choice struct {
	part  *part
	block *Block // nil: the part is not there
	inner []choice
	when  []string
}

// maxCases bounds in how many cases a resource is listed.
const maxCases = 32

// combinations returns every consistent choice of cases of the linked parts,
// given the conditions of the resource. It is not ok when there are too many.
func (j *joiner) combinations(given []string, links []link) ([][]choice, [][]string, bool) {
	chosen, whens := [][]choice{nil}, [][]string{given}
	for _, l := range links {
		var nextChosen [][]choice
		var nextWhens [][]string
		for i := range chosen {
			for _, c := range j.options(l, whens[i]) {
				when, ok := j.both(whens[i], c.when)
				if !ok {
					continue
				}
				nextChosen = append(nextChosen, append(slices.Clip(chosen[i]), c))
				nextWhens = append(nextWhens, when)
			}
		}
		if len(nextChosen) > maxCases {
			return nil, nil, false
		}
		chosen, whens = nextChosen, nextWhens
	}
	return chosen, whens, true
}

// options are the cases of a part for one resource.
func (j *joiner) options(l link, given []string) []choice {
	var out []choice
	var all [][]string
	for i := range l.part.blocks {
		b := &l.part.blocks[i]
		when, ok := j.both(given, b.When)
		all = append(all, b.When)
		if !ok {
			continue
		}
		if !slices.Contains(l.cases, i) { // it attaches to another resource
			out = append(out, choice{part: l.part, when: when})
			continue
		}
		inner, whens, ok := j.combinations(when, l.part.inner)
		if !ok {
			inner, whens = [][]choice{everything(l.part.inner)}, [][]string{when}
		}
		for k := range inner {
			out = append(out, choice{part: l.part, block: b, inner: inner[k], when: whens[k]})
		}
	}
	if !j.terms.Covered(given, all) {
		out = append(out, choice{part: l.part, when: l.without(all)})
	}
	return out
}

// without are the conditions under which a part is not there.
func (l link) without(cases [][]string) []string {
	if text, ok := existence.Without(cases); ok {
		return []string{text}
	}
	return []string{"without " + l.part.address}
}

// everything chooses all cases of all parts at once.
func everything(links []link) []choice {
	var out []choice
	for _, l := range links {
		for _, i := range l.cases {
			out = append(out, choice{part: l.part, block: &l.part.blocks[i], inner: everything(l.part.inner)})
		}
	}
	return out
}
