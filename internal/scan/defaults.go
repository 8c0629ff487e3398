package scan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/loaders"
)

// maxTrials is how often an input is read again to find out what defaults keep
// closed.
const maxTrials = 24

// defaults returns a sentence for each parameter and variable whose default keeps
// access closed that another value opens, or says whom statements let in.
//
// Most defaults open nothing, so that the input is first read with all of them
// open. Only if that shows more access is each tried alone.
func (t Task) defaults(list []resource.Default, have []Analysed) []string {
	if len(list) == 0 {
		return nil
	}
	old := map[string]bool{}
	for _, x := range have {
		for _, f := range x.Findings {
			old[accessOf(f)] = true
		}
	}
	var names []string
	for _, d := range list {
		names = append(names, d.Name)
	}
	suspects := map[string]bool{}
	opened, _ := t.open(names...).Read(nil)
	for _, f := range t.gainedBy(opened, t.open(names...), old, nil) {
		suspects[f.Address] = true
	}
	said, rest := naming(list, opened)
	if len(suspects) == 0 {
		return said
	}
	list = rest
	// What other inputs attach is not in a trial: compare like with like.
	for _, f := range t.gained(t, nil, suspects) {
		old[accessOf(f)] = true
	}
	out := said
	var silent []string
	trials := 0
	for _, d := range list {
		var opened []finding.Finding
		var by []string
		for _, v := range d.Others {
			if trials++; trials <= maxTrials {
				if more := t.gained(t.given(d.Name, v), old, suspects); len(more) > 0 {
					by, opened = append(by, v), append(opened, more...)
				}
			}
		}
		if len(d.Others) == 0 && trials < maxTrials {
			trials++
			opened = t.gained(t.open(d.Name), old, suspects)
		}
		if len(opened) == 0 {
			silent = append(silent, d.Shown)
			continue
		}
		out = append(out, sentence(d, by, opened))
	}
	if len(out) == len(said) && len(silent) > 0 {
		out = append(out, fmt.Sprintf("%s have their defaults; other values together could open %s", listed(silent, 5), listed(slices.Sorted(maps.Keys(suspects)), 3)))
	}
	return out
}

// naming returns a sentence for each default that says whom statements let in, and
// the other defaults. The stack is that of the input without the defaults, so that
// statements refer to them.
func naming(list []resource.Default, opened resource.Stack) (said []string, rest []resource.Default) {
	for _, d := range list {
		var where []string
		for _, r := range opened.Resources {
			if d.Names && lets(r, d.Shown) && !slices.Contains(where, r.Address) {
				where = append(where, r.Address)
			}
		}
		if len(where) == 0 {
			rest = append(rest, d)
			continue
		}
		taken := "taken as " + d.Value + ", its default"
		if d.Value == "" {
			taken = "not given and has its default"
		}
		said = append(said, fmt.Sprintf("%s is %s; it says who is let into %s", d.Shown, taken, listed(where, 3)))
	}
	return said, rest
}

// lets reports whether a statement of a resource lets in whom a value names.
func lets(r resource.Resource, name string) bool {
	for _, d := range r.Documents {
		if d.Policy == nil {
			continue
		}
		for _, s := range d.Policy.Statements {
			if s.Effect != policy.Allow {
				continue
			}
			for _, p := range s.Principal.List {
				if slices.Contains(p.Text.References(), name) || p.Maybe == name {
					return true
				}
			}
			for _, c := range s.Condition {
				if !callerKeys[strings.ToLower(c.Key)] {
					continue
				}
				for _, v := range c.Values {
					if slices.Contains(v.Text.References(), name) || v.Maybe == name {
						return true
					}
				}
			}
		}
	}
	return false
}

// callerKeys are the condition keys whose values are callers.
var callerKeys = map[string]bool{"aws:principalaccount": true, "aws:principalarn": true, "aws:sourceaccount": true, "aws:sourcearn": true, "kms:calleraccount": true}

// sentence says what other values of a parameter open.
func sentence(d resource.Default, by []string, opened []finding.Finding) string {
	taken, others := fmt.Sprintf("taken as %s, its default", d.Value), "another value"
	if d.Value == "" {
		taken = "not given and has its default"
	}
	if len(by) > 0 {
		others = listed(by, 3)
	}
	verb := "opens"
	if len(by) > 1 {
		verb = "open"
	}
	more := ""
	messages := map[string]bool{}
	for _, f := range opened {
		messages[f.Message] = true
	}
	if n := len(messages) - 1; n > 0 {
		more = fmt.Sprintf(", and %d more", n)
	}
	return fmt.Sprintf("%s is %s; %s %s access: %s%s", d.Shown, taken, others, verb, opened[0].Message, more)
}

func listed(list []string, most int) string {
	if len(list) > most {
		return strings.Join(list[:most], ", ") + " and others"
	}
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
	return strings.Join(list, "")
}

// open is the task with defaults that do not count.
func (t Task) open(names ...string) Task {
	t.options.Given.Open = names
	return t
}

// given is the task with a value for a parameter or variable.
func (t Task) given(name, text string) Task {
	g := &t.options.Given
	g.Parameters = overlaid(g.Parameters, map[string]string{name: text})
	g.Variables = append(slices.Clip(g.Variables), loaders.Variables(map[string]string{name: text})...)
	return t
}

// gained returns the access that another reading of the input grants beside the
// old, to resources that are suspect; nil: to all that a value decides about.
func (t Task) gained(other Task, old map[string]bool, suspects map[string]bool) []finding.Finding {
	stack, _ := other.Read(nil)
	return t.gainedBy(stack, other, old, suspects)
}

// gainedBy is gained for what the other task reads.
func (t Task) gainedBy(stack resource.Stack, other Task, old map[string]bool, suspects map[string]bool) []finding.Finding {
	var out []finding.Finding
	for _, cases := range CasesOf(stack.Resources) {
		if suspects != nil && !suspects[cases[0].Address] || suspects == nil && !slices.ContainsFunc(cases, isDecided) {
			continue
		}
		for _, f := range other.Guarded(cases, t.Deployments[0]).Findings {
			if f.Severity.Rank() >= finding.Medium.Rank() && f.FindingType == "" && !strings.HasPrefix(f.Rule, "unread-") && !old[accessOf(f)] {
				out = append(out, f)
			}
		}
	}
	return out
}

// accessOf is what a finding says of who gets in, to do what.
func accessOf(f finding.Finding) string {
	return fmt.Sprint(f.Address, "\x00", f.Principal, "\x00", f.Action, "\x00", f.Condition)
}

// isDecided reports whether a case of a resource depends on a value that is not
// known.
func isDecided(r resource.Resource) bool {
	open := func(b *resource.PublicAccessBlock) bool {
		return b != nil && (b.IgnoreNeeds != "" || b.RestrictNeeds != "")
	}
	if len(r.When) > 0 || open(r.Block) || r.AccountBlock != nil && strings.Contains(r.AccountBlock.Account, "${") {
		return true
	}
	for _, d := range r.Documents {
		if open(d.Block) {
			return true
		}
		if d.Policy == nil {
			continue
		}
		for _, s := range d.Policy.Statements {
			if s.Maybe != "" || s.Unread {
				return true
			}
			for _, p := range s.Principal.List {
				if p.Maybe != "" || p.Text.Parts != nil {
					return true
				}
			}
			for _, c := range s.Condition {
				for _, v := range c.Values {
					if v.Maybe != "" || v.Text.Parts != nil {
						return true
					}
				}
			}
		}
	}
	return false
}
