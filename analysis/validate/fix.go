package validate

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/spelling"
	"github.com/iaclint/iaclint/analysis/value"
)

// Fix is a mechanical change of a policy that settles a finding.
type Fix struct {
	Edits []Edit
	Says  string // what it does, a sentence without its full stop
	// Same is set if the policy is to mean exactly what it did.
	Same bool
}

// Edit is a change of one place.
type Edit struct {
	Kind     EditKind
	At       source.Span
	Old, New string // of a Respell: a part of what stands there, and what is written for it
}

// EditKind is what an Edit does.
type EditKind uint8

const (
	TakeOut EditKind = iota // an entry of a list
	Respell                 // a word, or a part of one
	Date                    // the document At gets a version
)

// FixOf returns the change that a finding of a policy asks for; ok is false if only
// the author knows it.
func FixOf(tree value.Value, f Finding) (fix Fix, ok bool) {
	texts := make([]string, len(f.Locations))
	for i, l := range f.Locations {
		texts[i], _ = at(tree, l.Path)
	}
	word := texts[0]
	respell := func(to string) (Fix, bool) {
		if to == "" || to == word {
			return Fix{}, false
		}
		return Fix{Edits: []Edit{{Respell, f.Locations[0].Span, word, to}}, Says: fmt.Sprintf("writes %q for %q", to, word)}, true
	}
	switch f.Code {
	case "REDUNDANT_ACTION":
		return takeOut(f, texts, "action", strings.ToLower, covers)
	case "REDUNDANT_RESOURCE":
		return takeOut(f, texts, "resource", func(s string) string { return s }, arnCovers)
	case "INVALID_ACTION":
		service, name, _ := strings.Cut(word, ":")
		if a, ok := authorized()[strings.ToLower(word)]; ok {
			return respell(a.action)
		}
		sv, known := knowledge.ServiceOf(service)
		if !known || hasWildcard(name) {
			return Fix{}, false
		}
		var names []string
		for _, a := range sv.Actions {
			names = append(names, a.Name)
		}
		if near := spelling.Nearest(name, names); near != "" {
			return respell(service + ":" + near)
		}
	case "INVALID_SERVICE_IN_ACTION":
		service, name, _ := strings.Cut(word, ":")
		near := spelling.Nearest(service, serviceNames())
		if sv, known := knowledge.ServiceOf(near); known && sv.HasAction(strings.ToLower(name), covers) {
			return respell(near + ":" + name)
		}
	case "INVALID_GLOBAL_CONDITION_KEY", "INVALID_SERVICE_CONDITION_KEY":
		prefix, _, _ := strings.Cut(word, ":")
		names := slices.DeleteFunc(knowledge.KeyNames(), func(k string) bool { return !strings.HasPrefix(strings.ToLower(k), strings.ToLower(prefix)+":") })
		return respell(spelling.Nearest(word, names))
	case "DEPRECATED_GLOBAL_CONDITION_KEY":
		return respell("aws:PrincipalArn")
	case "INVALID_CONDITION_OPERATOR":
		return respell(nearOperator(word))
	case "INVALID_EFFECT":
		return respell(spelling.Nearest(word, []string{"Allow", "Deny"}))
	case "INVALID_POLICY_ELEMENT":
		names := ofStatement
		if len(f.Locations[0].Path) == 1 {
			names = ofDocument
		}
		return respell(spelling.Nearest(word, names))
	case "INVALID_PRINCIPAL_KEY":
		return respell(spelling.Nearest(word, principalKeys))
	case "INVALID_ARN_SERVICE_CASE":
		parts := strings.SplitN(word, ":", 4)
		if len(parts) == 4 {
			parts[2] = strings.ToLower(parts[2])
			return respell(strings.Join(parts, ":"))
		}
	case "IMPROVE_IP_RANGE":
		if p, err := netip.ParsePrefix(word); err == nil {
			fix, ok = respell(p.Masked().String())
			fix.Same = true
			return fix, ok
		}
	case "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS":
		return operatorFix(tree, f, "String", "Arn")
	case "WILDCARD_WITHOUT_LIKE_OPERATOR":
		return operatorFix(tree, f, "Equals", "Like")
	case "TYPE_MISMATCH":
		for _, pair := range [][2]string{{"ArnEquals", "StringLike"}, {"ArnNotEquals", "StringNotLike"}, {"Arn", "String"}} {
			if strings.HasPrefix(f.Details, "Use the operator type String instead of operator ARN ") {
				if fix, ok := operatorFix(tree, f, pair[0], pair[1]); ok {
					return fix, true
				}
			}
		}
	case "MISSING_VERSION":
		return Fix{Edits: []Edit{{Kind: Date, At: tree.Span}}, Says: "gives the policy its version", Same: true}, true
	}
	return Fix{}, false
}

// mostTakenOut bounds how many entries a Fix compares and takes out.
const mostTakenOut = 100

// takeOut keeps the entry that covers all others of a finding, of several such the
// last one.
func takeOut(f Finding, texts []string, noun string, fold func(string) string, covers func(wide, narrow string) bool) (Fix, bool) {
	keep := -1
	if len(texts) > mostTakenOut {
		return Fix{}, false
	}
	for i := range texts {
		if !slices.ContainsFunc(texts, func(t string) bool { return !covers(fold(texts[i]), fold(t)) }) {
			keep = i
		}
	}
	if keep < 0 {
		return Fix{}, false
	}
	fix := Fix{Same: true}
	for i, l := range f.Locations {
		if i != keep {
			fix.Edits = append(fix.Edits, Edit{Kind: TakeOut, At: l.Span})
		}
	}
	if n := len(fix.Edits); n == 1 {
		fix.Says = fmt.Sprintf("takes out 1 %s, which %q covers", noun, texts[keep])
	} else {
		fix.Says = fmt.Sprintf("takes out %d %ss, which %q covers", n, noun, texts[keep])
	}
	return fix, true
}

// operatorFix writes another operator over the key of a finding, if it is alone in its
// block and no block with the other operator is there.
func operatorFix(tree value.Value, f Finding, old, with string) (Fix, bool) {
	path := f.Locations[0].Path
	n := slices.IndexFunc(path, func(s Step) bool { return s.Name == "Condition" })
	if n < 0 || n+1 >= len(path) {
		return Fix{}, false
	}
	_, condition := at(tree, path[:n+1])
	name := path[n+1].Name
	to := strings.Replace(name, old, with, 1)
	if to == name || strings.Contains(name, "IgnoreCase") {
		return Fix{}, false
	}
	for _, block := range condition.Fields {
		switch {
		case strings.EqualFold(block.Key, to):
			return Fix{}, false
		case block.Key == name && len(block.Value.Fields) != 1:
			return Fix{}, false
		}
	}
	for _, block := range condition.Fields {
		if block.Key == name && !block.KeySpan.IsZero() {
			return Fix{Edits: []Edit{{Respell, block.KeySpan, name, to}}, Says: fmt.Sprintf("writes %q for %q", to, name)}, true
		}
	}
	return Fix{}, false
}

// nearOperator is the operator that was probably meant, with its qualifier.
func nearOperator(word string) string {
	qualifier, name, found := strings.Cut(word, ":")
	if !found {
		qualifier, name = "", word
	} else {
		qualifier += ":"
	}
	base, isIf := strings.CutSuffix(name, "IfExists")
	near := spelling.Nearest(base, operatorNames)
	if near == "" {
		return ""
	}
	if isIf {
		near += "IfExists"
	}
	return qualifier + near
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var operatorNames = []string{
	"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
	"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
	"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
	"Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null",
}

// at returns what stands at a path: the text of it, or of the key, and the value.
func at(tree value.Value, path []Step) (string, value.Value) {
	v := tree
	for _, s := range path {
		switch s.Kind {
		case ToKey:
			return s.Name, v
		case ToValue:
			e := field(v, nil, s.Name)
			v = e.value
		case ToItem:
			if s.Index < len(v.Items) {
				v = v.Items[s.Index]
			}
		}
	}
	text, _ := v.Text.Known()
	return text, v
}
