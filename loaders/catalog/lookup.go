package catalog

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// lookup finds the resources of a row that a text may name, without a comparison
// with each: a plan has thousands of buckets. Two texts that can name the same
// thing end alike.
type lookup struct {
	byTail map[string][]*object
	always []*object // that may be named by anything
}

// lookupOf returns the lookup of a row; it is made once the resources have all
// their names.
func (j *joiner) lookupOf(row *Row) *lookup {
	if j.lookups == nil {
		j.lookups = map[*Row]*lookup{}
		for _, o := range j.objects {
			l := j.lookups[o.row]
			if l == nil {
				l = &lookup{byTail: map[string][]*object{}}
				j.lookups[o.row] = l
			}
			l.add(o)
		}
	}
	if l := j.lookups[row]; l != nil {
		return l
	}
	return &lookup{}
}

func (l *lookup) add(o *object) {
	seen := map[string]bool{}
	add := func(key string) {
		if !seen[key] {
			seen[key] = true
			l.byTail[key] = append(l.byTail[key], o)
		}
	}
	for _, t := range o.names {
		key, _ := tail(t) // one that is not ok is the same only as a text whose tail is not either
		add(key)
	}
	for _, t := range o.arns {
		key, ok := tail(t)
		if !ok {
			l.always = append(l.always, o)
			return
		}
		add(key)
	}
}

// candidates returns the resources of a row that a text of a block may name.
func (j *joiner) candidates(row *Row, t value.Text, b Block) []*object {
	l := j.lookupOf(row)
	texts := []value.Text{t, row.arnOf(t, b)}
	if row.Qualified {
		for _, u := range texts {
			if all := sections(u, 1<<10); len(all) > 1 {
				texts = append(texts, value.Join(all[len(all)-2]))
			}
		}
	}
	var out []*object
	added := map[*object]bool{}
	add := func(list []*object) {
		for _, o := range list {
			if !added[o] {
				added[o] = true
				out = append(out, o)
			}
		}
	}
	for _, u := range texts {
		key, ok := tail(u)
		if !ok {
			return j.objects // compared with each
		}
		add(l.byTail[key])
	}
	add(l.always)
	return out
}

// tail returns how a text ends: behind its last colon or slash, or with which
// reference. It is not ok for a reference to what a whole deployment has in
// common, which may be written out elsewhere.
func tail(t value.Text) (string, bool) {
	last := t.Literal
	if n := len(t.Parts); n > 0 {
		p := t.Parts[n-1]
		if p.Ref != nil {
			return "\x00" + p.Ref.Name, !ofDeployment(p.Ref.Is)
		}
		last = p.Literal
	}
	return last[strings.LastIndexAny(last, ":/")+1:], true
}
