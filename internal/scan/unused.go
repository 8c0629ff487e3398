package scan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/usage"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/rules"
)

// unusedAccess is what the evidence of one configuration says of its inputs.
type unusedAccess struct {
	findings map[*Analysed][]finding.Finding // of roles and policies
	others   []finding.Finding               // of users, who are in no code
	notes    []finding.Diagnostic
	told     bool
}

// unusedOf judges the inputs of each configuration that has evidence.
func unusedOf(in workspace.Inputs, results []Result) map[*workspace.Settings]*unusedAccess {
	out := map[*workspace.Settings]*unusedAccess{}
	for i := range results {
		s := in.Files[i].Settings
		if s == nil || s.Unused == nil || out[s] != nil {
			continue
		}
		m := &usageMatcher{e: s.Unused, entities: s.Unused.Sorted(), having: map[string][]held{}, out: &unusedAccess{findings: map[*Analysed][]finding.Finding{}}, roles: map[string][]*declared{}, of: map[*usage.Entity]bool{}}
		for k := range results {
			if in.Files[k].Settings == s {
				for n := range results[k].Analysed {
					m.declare(&results[k].Analysed[n])
				}
				m.attachments, m.declaredUsers = append(m.attachments, results[k].attachments...), append(m.declaredUsers, results[k].users...)
			}
		}
		m.match()
		m.judge()
		out[s] = m.out
	}
	return out
}

// held is a managed policy that an entity has.
type held struct {
	policy string
	by     *usage.Entity
}

// declared is a role of the code.
type declared struct {
	x      *Analysed
	names  []string // that policies may call it by
	entity *usage.Entity
}

// usageMatcher joins the roles and policies of the code with the evidence.
type usageMatcher struct {
	e        *workspace.Evidence
	out      *unusedAccess
	roles    map[string][]*declared // by what policies call them
	all      []*declared
	policies []*Analysed
	of       map[*usage.Entity]bool // entities that are in the code
	entities []*usage.Entity
	having   map[string][]held // by the name of a managed policy
	unheld   int               // policies of which it is not known who has them

	attachments   []resource.Attachment
	declaredUsers []resource.User
}

func (m *usageMatcher) declare(x *Analysed) {
	if len(x.Cases) == 0 {
		return
	}
	r := x.Cases[0]
	switch {
	case r.Type == "AWS::IAM::Role":
		d := &declared{x: x, names: []string{"at " + r.Path + " " + r.Address}}
		if name := roleName(r.ARN); name != "" {
			d.names = append(d.names, name)
		}
		m.all = append(m.all, d)
		for _, n := range d.names {
			m.roles[n] = append(m.roles[n], d)
		}
	case r.IdentityPolicy:
		m.policies = append(m.policies, x)
	}
}

// roleName is the name of a role as the code has it, with references for what it
// leaves open.
func roleName(arn value.Text) string {
	text := arn.String()
	i := strings.LastIndexByte(text, '/')
	if i < 0 || strings.Contains(text[:i], "${") && !strings.Contains(text, ":role/") {
		return ""
	}
	return text[i+1:]
}

// match finds the entity of each role: by ARN, by name, by the part of the name
// that is known, by the logical id that CloudFormation puts into a tag.
func (m *usageMatcher) match() {
	byName := map[string][]*usage.Entity{}
	byID := map[string][]*usage.Entity{}
	for _, e := range m.entities {
		if e.IsRole() {
			byName[e.Name()] = append(byName[e.Name()], e)
			if id := e.Tags["aws:cloudformation:logical-id"]; id != "" {
				byID[id] = append(byID[id], e)
			}
		}
	}
	for _, e := range m.entities {
		for _, p := range e.Policies {
			name := p[strings.LastIndexByte(p, '/')+1:]
			m.having[name] = append(m.having[name], held{p, e})
		}
	}
	for _, d := range m.all {
		r := d.x.Cases[0]
		arn, owner := d.x.Output.Resource.ARN, cmp.Or(d.x.Output.Resource.Account, d.x.Deployment.Zone.Account)
		fits := func(list []*usage.Entity) *usage.Entity {
			list = slices.DeleteFunc(slices.Clone(list), func(e *usage.Entity) bool {
				return owner != "" && e.Account() != "" && e.Account() != owner
			})
			if len(list) != 1 {
				return nil
			}
			return list[0]
		}
		if e := m.e.Entities[arn]; e != nil {
			d.entity = e
		} else if name, known := nameOf(r.ARN); known {
			d.entity = fits(byName[name])
		} else if d.entity = fits(byID[logicalID(r.Address)]); d.entity == nil {
			if p := arnPattern(r, owner); p != "" && len(m.all)*len(m.e.Entities) < mostMatches {
				var some []*usage.Entity
				for _, e := range m.entities {
					if e.IsRole() && e.Account() != "" && archive.Glob(strings.ReplaceAll(p, "*", "**"), e.ARN) {
						some = append(some, e)
					}
				}
				d.entity = fits(some)
			}
		}
		if d.entity != nil {
			m.of[d.entity] = true
		}
	}
}

// mostMatches bounds how often a name is compared with a pattern.
const mostMatches = 20_000_000

// nameOf is the name of a role whose ARN may leave the account open.
func nameOf(arn value.Text) (name string, known bool) {
	text := arn.Literal
	if len(arn.Parts) > 0 {
		last := arn.Parts[len(arn.Parts)-1]
		if last.Ref != nil || !strings.Contains(last.Literal, "/") {
			return "", false
		}
		text = last.Literal
	}
	return text[strings.LastIndexByte(text, '/')+1:], strings.Contains(text, "/")
}

// judge makes the findings.
func (m *usageMatcher) judge() {
	idle := map[*usage.Entity]bool{} // roles that are unused as a whole
	for _, d := range m.all {
		if d.entity == nil || m.e.Options.Excluded(d.entity) {
			continue
		}
		judged := m.e.Options.Role(d.entity)
		if judged == usage.Possibly || judged == usage.Certainly {
			idle[d.entity] = true
			m.add(d.x, rules.UnusedRole(d.x.Output.Resource, d.x.Cases[0], d.entity, m.e.Options, judged == usage.Certainly))
		}
	}
	for _, x := range m.policies {
		holders, known := m.holders(x)
		if !known {
			m.unheld++
			continue
		}
		if slices.ContainsFunc(holders, m.e.Options.Excluded) || !slices.ContainsFunc(holders, func(e *usage.Entity) bool { return !idle[e] }) {
			continue
		}
		m.statements(x, holders)
	}
	m.users()
	m.unmatched()
}

// statements judges each statement of a policy once, whichever cases have it.
func (m *usageMatcher) statements(x *Analysed, holders []*usage.Entity) {
	done := map[source.Span]bool{}
	for _, r := range x.Cases {
		for _, d := range r.Documents {
			if d.Policy == nil {
				continue
			}
			for _, s := range d.Policy.Statements {
				if done[s.Span] && !s.Span.IsZero() || s.Unread || s.Maybe != "" {
					continue
				}
				done[s.Span] = true
				m.statement(x, r, s, holders)
			}
		}
	}
}

func (m *usageMatcher) statement(x *Analysed, r resource.Resource, s policy.Statement, holders []*usage.Entity) {
	if unused, whole := m.e.Options.Permissions(s, holders); len(unused) > 0 {
		m.add(x, rules.UnusedPermission(x.Output.Resource, r, s, unused, whole, holders, m.e.Options))
	}
}

func (m *usageMatcher) add(x *Analysed, f finding.Finding) {
	m.out.findings[x] = append(m.out.findings[x], f)
}

// holders are the entities that have a policy; it is not known where one of them
// is not in the evidence, or a group or a user may have it.
func (m *usageMatcher) holders(x *Analysed) (list []*usage.Entity, known bool) {
	r := x.Cases[0]
	names, others := policyHolders(r.Properties)
	if m.roles["at "+r.Path+" "+r.Address] != nil {
		names, others = []string{"at " + r.Path + " " + r.Address}, false
	}
	if strings.Contains(r.ARN.String(), ":policy/") {
		given := false
		for _, a := range m.attachments {
			if a.Policy.Equal(r.ARN) {
				given, others = true, others || a.Others
				names = append(names, a.Roles...)
			}
		}
		// An attachment of a policy that is not known may be of this one.
		for _, a := range m.attachments {
			if given && a.Policy.Equal(value.Text{}) {
				others = others || a.Others
				names = append(names, a.Roles...)
			}
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for _, n := range names {
		roles := m.roles[n]
		if len(roles) != 1 || roles[0].entity == nil {
			return nil, false
		}
		list = append(list, roles[0].entity)
	}
	if others {
		return nil, false
	}
	if arn := policyARN(x, r); arn != "" {
		for _, h := range m.having[arn[strings.LastIndexAny(arn, "/*")+1:]] {
			if archive.Glob(arn, h.policy) && !slices.Contains(list, h.by) {
				list = append(list, h.by)
			}
		}
	}
	return list, len(list) > 0
}

// policyARN is the ARN of a managed policy, with * for an account that is not
// known; "" for an inline policy, and for a name that is not known.
func policyARN(x *Analysed, r resource.Resource) string {
	if arn := x.Output.Resource.ARN; strings.Contains(arn, ":policy/") {
		return arn
	}
	if name, known := nameOf(r.ARN); known && strings.Contains(r.ARN.String(), ":policy/") {
		return "arn:*:iam::*:policy/**" + name
	}
	return ""
}

// policyHolders are the roles that a policy says it belongs to, as the code names
// them, and whether it says that it belongs to others as well.
func policyHolders(properties value.Value) (roles []string, others bool) {
	for _, f := range properties.Fields {
		switch f.Key {
		case "role", "Roles", "roles", "RoleName":
			for _, v := range append([]value.Value{f.Value}, f.Value.Items...) {
				if v.Kind == value.String || v.Kind == value.Unknown {
					roles = append(roles, v.Text.String())
				}
			}
		case "user", "users", "Users", "UserName", "group", "groups", "Groups", "GroupName":
			others = others || f.Value.Kind == value.String || f.Value.Kind == value.Unknown || len(f.Value.Items) > 0
		}
	}
	return roles, others
}

// users judges keys and passwords. Users are rarely in the code: the findings of those
// who are not are where the evidence has them.
func (m *usageMatcher) users() {
	for _, e := range m.entities {
		if e.IsRole() || m.e.Options.Excluded(e) {
			continue
		}
		declared := m.declaredUser(e)
		seen := map[string]bool{}
		for _, c := range e.Keys {
			if m.e.Options.Credential(c) && !seen[c.Name] {
				seen[c.Name] = true
				m.out.others = append(m.out.others, rules.UnusedCredential("unused-access-key", e, c, m.e.Options, declared))
			}
		}
		if e.Password != nil && m.e.Options.Credential(*e.Password) {
			m.out.others = append(m.out.others, rules.UnusedCredential("unused-password", e, *e.Password, m.e.Options, declared))
		}
	}
}

// declaredUser is the user of the code that an entity is, by its name; nil if none is,
// or several may be.
func (m *usageMatcher) declaredUser(e *usage.Entity) *resource.User {
	var found *resource.User
	for i := range m.declaredUsers {
		u := &m.declaredUsers[i]
		if u.Name != e.Name() && (u.Name != "" || e.Tags["aws:cloudformation:logical-id"] != logicalID(u.Address)) || u.Account != "" && u.Account != e.Account() {
			continue
		}
		if found != nil && (found.Path != u.Path || found.Address != u.Address) {
			return nil
		}
		found = u
	}
	return found
}

// unmatched says which roles of the evidence are in no code, and of what the
// evidence says nothing.
func (m *usageMatcher) unmatched() {
	var strangers, silent []string
	for _, e := range m.entities {
		if e.IsRole() && !m.of[e] && !m.e.Options.Excluded(e) {
			strangers = append(strangers, e.ARN)
		}
	}
	for _, d := range m.all {
		if d.entity == nil || m.e.Options.Role(d.entity) == usage.NotKnown {
			silent = append(silent, d.x.Cases[0].Address)
		}
	}
	m.note(strangers, "in no code that is analysed: %s", "role of the evidence is", "roles of the evidence are")
	m.note(silent, "not in the evidence, so that nothing is known of their use: %s", "role of the code is", "roles of the code are")
	if m.unheld > 0 {
		m.out.notes = append(m.out.notes, warning(fmt.Sprintf("of %d identity policies it is not known which roles have them: they are not judged", m.unheld)))
	}
	m.out.notes = append(m.out.notes, m.e.Diagnostics...)
}

func (m *usageMatcher) note(names []string, format, one, many string) {
	const most = 20
	if len(names) == 0 {
		return
	}
	is, more := many, ""
	if len(names) == 1 {
		is = one
	}
	if n := len(names) - most; n > 0 {
		names, more = names[:most:most], fmt.Sprintf(", and %d more", n)
	}
	m.out.notes = append(m.out.notes, warning(fmt.Sprintf("%d %s "+format, len(names), is, strings.Join(names, ", ")+more)))
}

func warning(message string) finding.Diagnostic {
	return finding.Diagnostic{Severity: string(source.Warning), Message: message}
}
