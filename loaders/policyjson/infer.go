package policyjson

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
)

// Infer returns the type of the resource that a document is attached to, and
// its ARN, as far as the actions and resources in the document tell; "" where
// they do not.
func Infer(doc *policy.Document) (typ, arn string) {
	k := inferKind(doc)
	if k == nil || speaksOfMore(doc, k) {
		return "", ""
	}
	return k.Type, inferARN(doc, k.Type)
}

// speaksOfMore reports whether a pattern across services, such as s3*:Get*, is
// of none of the kind's.
func speaksOfMore(doc *policy.Document, k *knowledge.Kind) bool {
	for _, s := range doc.Statements {
		for _, p := range s.Action.List {
			text, known := p.Text.Known()
			prefix, _, ok := strings.Cut(text, ":")
			if known && ok && !s.Action.Not && strings.ContainsAny(prefix, "*?") && !hasAction(k, strings.ToLower(text)) {
				return true
			}
		}
	}
	return false
}

func inferKind(doc *policy.Document) *knowledge.Kind {
	prefixes, actions := actionsOf(doc)
	arns := arnsOf(doc)
	if len(prefixes) == 0 && len(arns) == 0 {
		return nil
	}
	var candidates []*knowledge.Kind
	for i := range knowledge.Kinds {
		k := &knowledge.Kinds[i]
		if hasDocument(k) && includes(k.Services, prefixes) {
			candidates = append(candidates, k)
		}
	}
	if len(arns) > 0 {
		return nearestKind(candidates, arns)
	}
	if slices.Contains(prefixes, "s3") && !hasNoResource(doc) {
		return nil // "*" may be a bucket, an access point, everything behind an endpoint
	}
	if able := having(candidates, actions); len(able) > 0 {
		candidates = able
	}
	return only(candidates)
}

// documented are the types with a policy document among those of which only
// some actions are access; the others of these have sharing lists.
var documented = []string{
	"AWS::IAM::Role", "AWS::OpenSearchService::Domain", "AWS::RUM::AppMonitor", "AWS::Oam::Sink", "AWS::XRay::ResourcePolicy",
}

// hasDocument reports whether a resource-based policy can be attached to the kind.
func hasDocument(k *knowledge.Kind) bool {
	return !k.LimitsOnly && (k.Grants == nil || slices.Contains(documented, k.Type))
}

// includes reports whether list has all of the items.
func includes(list, items []string) bool {
	for _, item := range items {
		if !slices.Contains(list, item) {
			return false
		}
	}
	return true
}

// actionsOf returns the service prefixes and the patterns of the actions, in
// lower case. Patterns that cross services tell nothing.
func actionsOf(doc *policy.Document) (prefixes, actions []string) {
	for _, s := range doc.Statements {
		if s.Action.Not {
			continue // what it names is what it is not about
		}
		for _, p := range s.Action.List {
			text, known := p.Text.Known()
			prefix, _, ok := strings.Cut(strings.ToLower(text), ":")
			if !known || !ok || prefix == "" || strings.ContainsAny(prefix, "*?$") {
				continue
			}
			if !slices.Contains(prefixes, prefix) {
				prefixes = append(prefixes, prefix)
			}
			actions = append(actions, strings.ToLower(text))
		}
	}
	return prefixes, actions
}

// arnsOf returns the ARNs among the resources, wildcards included.
func arnsOf(doc *policy.Document) []string {
	var arns []string
	for _, s := range doc.Statements {
		if s.Resource.Not {
			continue
		}
		for _, p := range s.Resource.List {
			text, known := p.Text.Known()
			if known && strings.HasPrefix(text, "arn:") && strings.Count(text, ":") >= 5 {
				arns = append(arns, text)
			}
		}
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}

func hasNoResource(doc *policy.Document) bool {
	for _, s := range doc.Statements {
		if s.Resource.Present {
			return false
		}
	}
	return true
}

// nearestKind returns the kind whose ARNs describe all of the given ones most
// closely. Of equals it is the first, those of Access Analyzer being first.
func nearestKind(kinds []*knowledge.Kind, arns []string) *knowledge.Kind {
	var best *knowledge.Kind
	closest := 0
	for _, k := range kinds {
		total := 0
		for _, arn := range arns {
			_, score := shapeOf(k, arn)
			if score == 0 {
				total = 0
				break
			}
			total += score
		}
		if total > closest {
			best, closest = k, total
		}
	}
	return best
}

// shapeOf returns the index of the kind's shape that describes an ARN most
// closely, and how closely: the number of characters that the shape fixes, 0
// when there is no such shape.
func shapeOf(k *knowledge.Kind, arn string) (shape, score int) {
	for i := range k.Shapes {
		pattern := k.Resource(i, "")
		if strings.HasPrefix(pattern, "arn:*:*:") || !matchARN(pattern, arn) {
			continue
		}
		if fixed := len(pattern) - strings.Count(pattern, "*"); fixed > score {
			shape, score = i, fixed
		}
	}
	return shape, score
}

// matchARN matches field by field. A wildcard of the ARN is a character like
// any other.
func matchARN(pattern, text string) bool {
	p, a := arn.Fields(pattern), arn.Fields(text)
	if len(p) < 6 || len(a) < 6 {
		return false
	}
	for i := range p {
		if a[i] == "*" && i < 5 {
			continue
		}
		if !glob(p[i], a[i]) {
			return false
		}
	}
	return true
}

// glob matches * greedily, going back to the last one only.
func glob(pattern, s string) bool {
	star, mark := -1, 0
	p, i := 0, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && pattern[p] == s[i]:
			p, i = p+1, i+1
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// having returns the kinds that can be asked about every one of the actions.
func having(kinds []*knowledge.Kind, actions []string) []*knowledge.Kind {
	var able []*knowledge.Kind
	for _, k := range kinds {
		if !slices.ContainsFunc(actions, func(pattern string) bool { return !hasAction(k, pattern) }) {
			able = append(able, k)
		}
	}
	return able
}

func hasAction(k *knowledge.Kind, pattern string) bool {
	return slices.ContainsFunc(k.Actions(), func(a knowledge.KindAction) bool { return glob(pattern, a.Lower) })
}

// only returns the kind if there is one, or one that Access Analyzer covers.
func only(kinds []*knowledge.Kind) *knowledge.Kind {
	if len(kinds) == 1 {
		return kinds[0]
	}
	var covered []*knowledge.Kind
	for _, k := range kinds {
		if k.AccessAnalyzer {
			covered = append(covered, k)
		}
	}
	if len(covered) == 1 {
		return covered[0]
	}
	return nil
}

// inferARN returns the ARN of a resource of a type when the document names just
// one, as itself or as what is in it.
func inferARN(doc *policy.Document, typ string) string {
	k, ok := knowledge.KindOf(typ)
	if !ok || len(k.Shapes) == 0 {
		return ""
	}
	found := ""
	for _, arn := range arnsOf(doc) {
		base := baseARN(k, arn)
		if base == "" || found != "" && found != base {
			return ""
		}
		found = base
	}
	if strings.ContainsAny(found, "*?$") {
		return ""
	}
	return found
}

// baseARN returns the ARN of the resource that an ARN is of or in.
func baseARN(k *knowledge.Kind, text string) string {
	i, score := shapeOf(k, text)
	if score == 0 {
		return ""
	}
	inner, ok := strings.CutPrefix(k.Shapes[i].Pattern, "{arn}")
	if !ok {
		if i == 0 {
			return text
		}
		return ""
	}
	separator, _, _ := strings.Cut(inner, "*")
	// The separator may also be part of what every ARN of the kind begins with.
	of, _ := arn.Parse(k.Resource(0, ""))
	prefix, _, _ := strings.Cut(of.Resource, "*")
	base, _ := arn.Parse(text)
	name, ok := strings.CutPrefix(base.Resource, prefix)
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(name, separator)
	base.Resource = prefix + name
	return base.String()
}

// typeOfARN returns the type of the resource with an ARN, "" if it is none of
// those that have policies.
func typeOfARN(arn string) string {
	var all []*knowledge.Kind
	for i := range knowledge.Kinds {
		all = append(all, &knowledge.Kinds[i])
	}
	if k := nearestKind(all, []string{arn}); k != nil {
		return k.Type
	}
	return ""
}
