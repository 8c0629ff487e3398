package access

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
)

// someServices name the resources of a request that no policy tells apart.
var someServices = []string{"s3", "sqs", "ec2"}

// mostServices of actions are told apart as those of resources, so that examples
// are of one service.
const mostServices = 20

// resourceServices are services of ARNs: one for each set of them that the
// policies cannot tell apart, and those of actions.
func resourceServices(documents []*policy.Document) []string {
	var atoms [][]domain.Tuple
	seen := map[string]bool{}
	for _, d := range documents {
		for _, s := range d.Statements {
			for _, p := range s.Action.List {
				if prefix, ok := servicePrefix(p); ok && !seen[prefix] && len(seen) < mostServices {
					seen[prefix] = true
					atoms = append(atoms, []domain.Tuple{{domain.Literal(prefix)}})
				}
			}
			for _, p := range s.Resource.List {
				if f := strings.SplitN(globOf(pieces(p.Text, true)), ":", 4); len(f) > 2 && f[2] != "*" {
					atoms = append(atoms, []domain.Tuple{{domain.Glob(f[2], domain.NotColon)}})
				}
			}
		}
	}
	shape := domain.Tuple{domain.Something(domain.NotColon)}
	words, ok := domain.SplitTuples([]domain.Tuple{shape}, atoms, [][]string{someServices}, domain.DefaultLimits)
	if !ok {
		return someServices
	}
	var out []string
	for _, example := range words.Examples {
		out = append(out, example[0])
	}
	return out
}

// representatives are actions: one for each set of them that the policies cannot
// tell apart, whether AWS has such actions or not. It is not ok if there are too
// many.
func representatives(documents []*policy.Document, services []string) (out []knowledge.KindAction, ok bool) {
	var texts []string
	for _, d := range documents {
		for _, s := range d.Statements {
			for _, p := range s.Action.List {
				if text := strings.ToLower(globOf(pieces(p.Text, true))); !contains(texts, text) {
					texts = append(texts, text)
				}
			}
		}
	}
	var atoms [][]domain.Tuple
	for _, text := range texts {
		var atom []domain.Tuple
		for _, pair := range domain.Glob(text, domain.Any).Split(':', domain.NotColon, longestName) {
			atom = append(atom, domain.Tuple{pair[0], pair[1]})
		}
		atoms = append(atoms, atom)
	}
	shape := domain.Tuple{domain.Something(domain.NotColon), domain.Something(domain.Any)}
	words, ok := domain.SplitTuples([]domain.Tuple{shape}, atoms, [][]string{someServices, {"action"}}, domain.DefaultLimits)
	if !ok {
		return nil, false
	}
	names := make([]string, words.N)
	for _, name := range naturalActions(texts, services) {
		service, action, _ := strings.Cut(strings.ToLower(name), ":")
		if c := words.Find([]string{service, action}); c >= 0 && names[c] == "" {
			names[c] = name
		}
	}
	for c, name := range names {
		if name == "" {
			name = words.Examples[c][0] + ":" + words.Examples[c][1]
		}
		out = append(out, knowledge.KindAction{Full: name, Lower: strings.ToLower(name), Level: knowledge.Write, CrossAccount: true})
	}
	return out, true
}

// mostNatural actions are looked at as examples.
const mostNatural = 4_000

// naturalActions are actions that exist, of the services that policies name; those
// that they spell out come first.
func naturalActions(texts, services []string) []string {
	prefixes := slices.Clone(services)
	for _, text := range texts {
		if prefix, _, ok := strings.Cut(text, ":"); ok && !strings.ContainsAny(prefix, "*?") {
			prefixes = append(prefixes, prefix)
		}
	}
	seen := map[string]bool{}
	var out []string
	for _, prefix := range append(prefixes, someServices...) {
		s, ok := knowledge.ServiceOf(prefix)
		if !ok || seen[prefix] {
			continue
		}
		seen[prefix] = true
		for _, a := range s.Actions {
			if len(out) < mostNatural {
				out = append(out, prefix+":"+a.Name)
			}
		}
	}
	return out
}
