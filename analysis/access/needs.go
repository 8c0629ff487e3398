package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/spelling"
	"github.com/iaclint/iaclint/analysis/value"
)

// settling lists what would settle that some actions, which the responsible
// statements allow or deny, are granted to a caller that one of their principals is;
// "" if that is not known.
func (s *solution) settling(responsible func(statement int) bool, actions []knowledge.KindAction, to string) []string {
	out := s.unknowns(responsible, to)
	known := map[string]bool{"": true}
	for _, need := range out {
		known[need] = true
	}
	add := func(need string) {
		if !known[need] {
			known[need] = true
			out = append(out, need)
		}
	}
	for i, st := range s.statements {
		if responsible(i) {
			add(st.statement.Refused)
			for _, condition := range st.statement.Condition {
				add(notSent(condition.Key, actions))
			}
		}
	}
	untabled, before := 0, len(out)
	for _, a := range actions {
		if len(out) < before+mostUntabled {
			add(s.notTabled(a))
		} else if _, added := s.untabledBy[a.Lower]; added || s.tabled == 0 {
			untabled++
		}
	}
	if len(out) == 0 {
		for i, st := range s.statements {
			if responsible(i) {
				for _, condition := range st.statement.Condition {
					add(s.model.leftOpen(condition))
				}
			}
		}
	}
	if len(out) == 0 {
		for i, st := range s.statements {
			if responsible(i) {
				for _, p := range st.statement.Principal.List {
					add(s.model.foreign(p, to))
				}
			}
		}
	}
	if len(out) == 0 {
		for i, st := range s.statements {
			if responsible(i) {
				for _, need := range s.model.notTold(st.statement) {
					add(need)
				}
			}
		}
	}
	if len(out) == 0 {
		add(s.notDecided())
	}
	slices.Sort(out)
	if untabled > 0 {
		out = append(out, fmt.Sprintf("%d more actions that AWS does not document for it", untabled))
	}
	return out
}

// leftOpen says what AWS's documentation leaves open about a condition, "" if nothing.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (m *model) leftOpen(c policy.Condition) string {
	o, k := c.Operator, m.keys[strings.ToLower(c.Key)]
	switch {
	case o.Compare == policy.UnknownOperator || o.Compare == policy.NullCheck:
		return ""
	case o.Quantifier == policy.ForAnyValue && o.IfExists:
		return "whether " + o.Text + " holds for a request without " + c.Key + ", which AWS documents both ways"
	case o.Quantifier == policy.Plain && k != nil && k.dim.elements:
		return "how " + o.Text + " without ForAnyValue or ForAllValues compares several values of " + c.Key
	}
	return ""
}

// notTold says what AWS alone knows of what a statement names: which account a canonical
// user is of, and whether an ARN is that of a resource whose name AWS gives.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html
func (m *model) notTold(st *policy.Statement) (out []string) {
	for _, p := range st.Principal.List {
		if p.Kind == policy.CanonicalUser && len(st.Condition) > 0 {
			out = append(out, "which account the canonical user id "+p.Text.String()+" is of")
		}
	}
	for _, p := range st.Resource.List {
		if text, known := p.Text.Known(); known && value.HasStandIn(m.arn) && !value.HasStandIn(text) && text != "*" && len(out) < mostUntabled {
			out = append(out, "whether "+text+" is of "+value.Shown(m.arn))
		}
	}
	return out
}

// foreign says of a principal that it is of another partition, "" if it is not, or is
// another one than is asked about. AWS refuses it, as far as is documented.
func (m *model) foreign(p policy.Principal, to string) string {
	name := arn.PartitionOf(p.Text.String())
	if p.Kind != policy.AWS || to != "" && shownPrincipal(p) != to || !strings.HasPrefix(name, "aws") || strings.ContainsAny(name, "*?$") || name == m.partition {
		return ""
	}
	return "whether AWS takes " + p.Text.String() + ", of partition " + name + ", in " + m.partition
}

// mayDeny reports whether a statement denies something that is not known for certain.
func (c *compiledStatement) mayDeny() bool {
	return c.statement.Effect == policy.Deny && c.most != c.least
}

// takesBack reports whether a statement may deny requests of a set.
func (c *compiledStatement) takesBack(sp *domain.Space, of domain.Node) bool {
	return c.mayDeny() && (sp.Overlaps(sp.Minus(c.most, c.least), of) || sp.Exceeded)
}

// smallerPolicy is what would settle what is not proven for want of effort alone.
const smallerPolicy = "a smaller policy"

// mostUntabled is how many actions of which no table says that a policy can allow
// them are named one by one: a policy may have thousands.
const mostUntabled = 50

// unknowns lists the values that some statements have and that are not known.
// Of the principals that an Allow statement lists beside the given one none counts.
func (s *solution) unknowns(of func(statement int) bool, to string) []string {
	var out []string
	known := map[string]bool{"": true}
	for i := range s.statements {
		if !of(i) {
			continue
		}
		for _, name := range references(onlyTo(s.statements[i].statement, to)) {
			if !known[name] {
				known[name] = true
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// notTabled says that no table has an action, "" if one does.
func (s *solution) notTabled(a knowledge.KindAction) string {
	how, added := s.untabledBy[a.Lower]
	switch {
	case !added && s.tabled > 0:
		return ""
	case !added:
		return a.Full + ", an action that AWS does not document"
	case how.typeless:
		return a.Full + ", for which AWS documents no resource that a policy could name"
	case strings.ContainsAny(how.pattern, "*?"):
		return how.pattern + ", which matches no action that AWS documents"
	}
	text := how.pattern + ", an action that AWS does not document"
	if near := s.nearAction(a.Lower, how.pattern); near != "" {
		text += "; did you mean " + near + "?"
	}
	return text
}

// mostNear is for how many actions of a policy the one that was probably meant is
// looked for: it is compared with all that there are.
const mostNear = 20

func (s *solution) nearAction(lower, pattern string) string {
	near, known := s.near[lower]
	if known || len(s.near) >= mostNear {
		return near
	}
	var names []string
	for _, a := range s.actions[:s.tabled] {
		names = append(names, a.Full)
	}
	if s.near == nil {
		s.near = map[string]string{}
	}
	s.near[lower] = spelling.Nearest(pattern, names)
	return s.near[lower]
}

// notDecided says what the sets leave open although all values are known: texts
// that policy variables are part of are compared with each other only in part.
func (s *solution) notDecided() string {
	var names []string
	for _, r := range s.relations {
		for _, p := range r.pieces {
			if name := "${" + p.variable + "}"; p.variable != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return smallerPolicy
	}
	slices.Sort(names)
	return "which texts " + strings.Join(names, ", ") + " stand for"
}

// onlyTo returns an Allow statement with one of its principals alone, if it has it.
func onlyTo(st *policy.Statement, to string) *policy.Statement {
	isIt := func(p policy.Principal) bool { return shownPrincipal(p) == to }
	if to == "" || st.Effect != policy.Allow || st.Principal.Not || !slices.ContainsFunc(st.Principal.List, isIt) {
		return st
	}
	one := *st
	one.Principal.List = nil
	for _, p := range st.Principal.List {
		if isIt(p) {
			one.Principal.List = append(one.Principal.List, p)
		}
	}
	return &one
}

// references are the values of a statement that are not known.
func references(st *policy.Statement) []string {
	var out []string
	add := func(text value.Text, maybe string) { out = append(append(out, text.References()...), maybe) }
	out = append(out, st.Maybe)
	for _, p := range st.Principal.List {
		add(p.Text, p.Maybe)
	}
	for _, list := range [][]policy.Pattern{st.Action.List, st.Resource.List} {
		for _, p := range list {
			add(p.Text, p.Maybe)
		}
	}
	for _, c := range st.Condition {
		for _, v := range c.Values {
			add(v.Text, v.Maybe)
		}
	}
	return out
}
