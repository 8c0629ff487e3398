// Package reconcile joins findings that a deployed analyzer made with findings of
// the code: each is in exactly one pair, unless a live finding stands for all of
// its resource. It leaves out how either is read.
//
// The fields are those of Access Analyzer:
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ExternalAccessDetails.html
package reconcile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/finding"
)

// Patterns are the ARNs that resources may have whose name AWS will give: by path
// and address, with * for what is not known.
type Patterns map[[2]string]string

// Comparable reports whether Access Analyzer would have a finding like this one:
// one about access, and not by a service.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html
func Comparable(f finding.Finding) bool {
	removed := f.Change.Is(finding.Removed)
	return !removed && len(f.Principal) > 0 && f.Principal["Service"] == ""
}

// Join pairs live findings with those of the code.
func Join(live []finding.Live, code []finding.Finding, patterns Patterns) []finding.Pair {
	j := &joiner{live: live, usedLive: make([]bool, len(live)), resolved: map[string]finding.Live{}}
	for _, f := range code {
		if Comparable(f) {
			j.code = append(j.code, f)
		}
	}
	j.usedCode = make([]bool, len(j.code))
	for i, l := range live {
		if l.Status == finding.Resolved {
			j.usedLive[i] = true
			j.resolved[l.Resource] = l
		}
	}
	j.places(patterns)
	for _, k := range keys {
		j.pair(k)
	}
	j.wholes()
	return j.rest()
}

type joiner struct {
	live               []finding.Live
	code               []finding.Finding
	usedLive, usedCode []bool
	at                 map[string][]int // of the code, by ARN
	guessed            []bool           // of the code: its resource was told by a part of its name
	resolved           map[string]finding.Live
	pairs              []finding.Pair
}

// mostGuesses bounds how often a name is compared with a pattern.
const mostGuesses = 20_000_000

// places finds which live resource each finding of the code is about. A name that
// is not known is the one that fits, if there is only one.
func (j *joiner) places(patterns Patterns) {
	j.at, j.guessed = map[string][]int{}, make([]bool, len(j.code))
	types := map[string]string{}
	for _, l := range j.live {
		types[l.Resource] = l.ResourceType
	}
	named := map[string]bool{}
	for _, f := range j.code {
		named[f.Resource] = true
	}
	guesses := mostGuesses
	for i, f := range j.code {
		if f.Resource != "" {
			j.at[f.Resource] = append(j.at[f.Resource], i)
			continue
		}
		pattern := patterns[[2]string{f.Path, f.Address}]
		if guesses -= len(types); pattern == "" || guesses < 0 {
			continue
		}
		var fits []string
		for arn, kind := range types {
			if !named[arn] && (kind == "" || kind == f.ResourceType) && archive.Glob(pattern, arn) {
				fits = append(fits, arn)
			}
		}
		if len(fits) == 1 {
			j.at[fits[0]] = append(j.at[fits[0]], i)
			j.guessed[i] = true
		}
	}
}

// pair joins what has the same key, in the order of the lists.
func (j *joiner) pair(k key) {
	free := map[string][]int{}
	for arn, list := range j.at {
		for _, i := range list {
			if !j.usedCode[i] {
				id := arn + "\x00" + k.code(j.code[i])
				free[id] = append(free[id], i)
			}
		}
	}
	for i, l := range j.live {
		if j.usedLive[i] || l.Detailed != k.detailed || !l.Detailed && l.Whole {
			continue
		}
		id := l.Resource + "\x00" + k.live(l)
		if list := free[id]; len(list) > 0 {
			free[id] = list[1:]
			j.usedLive[i] = true
			j.join(l, list[0])
		}
	}
}

func (j *joiner) join(l finding.Live, k int) {
	j.usedCode[k] = true
	f := j.code[k]
	p := finding.Pair{Kind: finding.Both, Live: &l, Code: &f, Differs: differences(l, f)}
	switch {
	case l.Whole:
		p.Notes = append(p.Notes, "the export has one finding for the whole resource")
	case !l.Detailed:
		p.Notes = append(p.Notes, "the export does not say who gets in: joined by the resource alone")
	}
	if j.guessed[k] {
		p.Notes = append(p.Notes, "the name of the resource is not in the code: it is the only one whose name fits")
	}
	j.pairs = append(j.pairs, p)
}

// wholes joins what is left of a resource with the finding that stands for all of it.
func (j *joiner) wholes() {
	for i, l := range j.live {
		if !l.Whole || l.Status == finding.Resolved {
			continue
		}
		for _, k := range j.at[l.Resource] {
			if !j.usedCode[k] {
				j.usedLive[i] = true
				j.join(l, k)
			}
		}
	}
}

// rest adds what has no counterpart and sorts all.
func (j *joiner) rest() []finding.Pair {
	for i, l := range j.live {
		if !j.usedLive[i] {
			j.pairs = append(j.pairs, finding.Pair{Kind: finding.OnlyLive, Live: &l})
		}
	}
	for k, f := range j.code {
		if j.usedCode[k] {
			continue
		}
		p := finding.Pair{Kind: finding.OnlyCode, Code: &f}
		if l, ok := j.resolved[f.Resource]; ok {
			p.Notes = append(p.Notes, "a finding of the resource was resolved there: "+strings.Join(l.IDs, ", "))
		}
		if f.Resource == "" {
			p.Notes = append(p.Notes, "the name of the resource is not in the code, so the account may have a finding of it")
		}
		j.pairs = append(j.pairs, p)
	}
	slices.SortStableFunc(j.pairs, func(a, b finding.Pair) int {
		return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), comparePlaces(a, b))
	})
	return j.pairs
}

func rank(k finding.PairKind) int {
	return slices.Index([]finding.PairKind{finding.OnlyLive, finding.OnlyCode, finding.Both}, k)
}

func comparePlaces(a, b finding.Pair) int {
	key := func(p finding.Pair) (path string, line int, resource, id string) {
		if p.Live != nil {
			resource, id = p.Live.Resource, strings.Join(p.Live.IDs, ",")
		}
		if p.Code == nil {
			return "", 0, resource, id
		}
		if l := p.Code.Location; l != nil {
			line = l.StartLine
		}
		return p.Code.Path, line, p.Code.Address, p.Code.ID
	}
	aPath, aLine, aName, aID := key(a)
	bPath, bLine, bName, bID := key(b)
	return cmp.Or(cmp.Compare(aPath, bPath), cmp.Compare(aLine, bLine), cmp.Compare(aName, bName), cmp.Compare(aID, bID))
}
