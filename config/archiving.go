package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/iaclint/iaclint/analysis/archive"
)

// Date demands a day written 2006-01-02.
func Date(s string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return fmt.Errorf("%q is not a date such as 2027-01-31", s)
	}
	return nil
}

// Later returns the day that is so many days after another; both are written
// 2006-01-02.
func Later(day string, days int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// days reads a number of days such as 30d.
func (b block) days(name string) int {
	t := b.str(name)
	if t.string == "" {
		return 0
	}
	number, ok := strings.CutSuffix(t.string, "d")
	n, err := strconv.ParseUint(number, 10, 16)
	if !ok || err != nil || n == 0 {
		b.r.errorf(t.at, "%s %q is not a number of days such as 30d", name, t.string)
	}
	return int(n)
}

func (r *reader) suppressions(c *Config, b block) {
	b.once("suppressions")
	s := &c.Suppressions
	s.InlineDenied = b.oneOf("inline") == "deny"
	s.RequireReason, s.RequireOwner = b.boolean("require_reason", true), b.boolean("require_owner", true)
	s.MaxAge, s.ExpiringWithin = b.days("max_age"), b.days("expiring_within")
	s.ImportFromIaC = b.boolean("import_from_iac", false)
	for _, l := range []struct {
		name  string
		level *string
	}{{"expired", &s.Expired}, {"unused", &s.Unused}} {
		if word := b.oneOf(l.name); word != "" {
			*l.level = word
		}
	}
}

func (r *reader) archiveRule(c *Config, b block) {
	b.once("archive_rule")
	out := ArchiveRule{Range: b.at, Rule: archive.Rule{
		Name: b.label, Reason: b.str("reason").string, Owner: b.str("owner").string, Ticket: b.str("ticket").string,
		MaxAccess: b.oneOf("max_access"),
	}}
	out.Expires = r.expires(c, b)
	if out.Reason == "" && c.Suppressions.RequireReason && b.attributes["reason"] == nil {
		r.errorf(b.at, "archive rule %q gives no reason: say why the access is intended", b.label)
	}
	if out.Owner == "" && c.Suppressions.RequireOwner && b.attributes["owner"] == nil {
		r.errorf(b.at, "archive rule %q has no owner: say who answers for it", b.label)
	}
	if len(b.blocks) == 0 {
		r.errorf(b.at, "archive rule %q has no filter, so it matches nothing", b.label)
	}
	sound := len(b.blocks) > 0
	for _, f := range b.blocks {
		criterion, ok := r.filter(b.label, r.block(f, b.section.nested("filter")))
		out.Filter = append(out.Filter, criterion)
		sound = sound && ok
	}
	if sound {
		for _, doubt := range out.Review() {
			r.warnf(b.at, "archive rule %q: %s", b.label, doubt)
		}
	}
	c.Archive = append(c.Archive, out)
}

// expires reads the last day of a rule, which must be there and not too far off
// if there is a limit.
func (r *reader) expires(c *Config, b block) string {
	t := b.str("expires")
	if t.string == "" {
		if c.Suppressions.MaxAge > 0 && b.attributes["expires"] == nil {
			r.errorf(b.at, "archive rule %q never expires; max_age is %d days", b.label, c.Suppressions.MaxAge)
		}
		return ""
	}
	if err := Date(t.string); err != nil {
		r.errorf(t.at, "expires %s", err)
		return ""
	}
	if limit := Later(r.options.Today, c.Suppressions.MaxAge); c.Suppressions.MaxAge > 0 && r.options.Today != "" && t.string > limit {
		r.errorf(t.at, "archive rule %q expires later than max_age allows, which is %s", b.label, limit)
	}
	return t.string
}

// filter reads one criterion; ok is false when something is wrong with it.
func (r *reader) filter(rule string, b block) (out archive.Criterion, ok bool) {
	before := len(r.collected)
	out.Key = b.label
	if !archive.IsKey(b.label) {
		r.errorf(b.labelRange, "filter key %q is unknown%s", b.label, keyHint(b.label))
	}
	b.once("filter of archive rule " + strconv.Quote(rule))
	for _, o := range []struct {
		name   string
		values *[]string
	}{{"eq", &out.Eq}, {"neq", &out.Neq}, {"contains", &out.Contains}, {"matches", &out.Matches}} {
		a := b.attributes[o.name]
		if a == nil {
			continue
		}
		*o.values = strs(b.list(o.name))
		if len(*o.values) == 0 && len(r.collected) == before {
			r.errorf(a.Expr.Range(), "%s is empty: it matches nothing", o.name)
		}
		if o.name == "matches" && archive.IsKey(b.label) && !archive.IsOwnKey(b.label) {
			r.errorf(a.NameRange, "matches is for iaclint: keys; Access Analyzer has eq, neq, contains and exists")
		}
	}
	if b.attributes["exists"] != nil {
		exists := b.boolean("exists", false)
		out.Exists = &exists
	}
	switch len(b.attributes) {
	case 0:
		r.errorf(b.at, "filter %q has no operator; one of eq, neq, contains, exists is expected", b.label)
	case 1:
	default:
		r.errorf(b.at, "filter %q has several operators; Access Analyzer takes one for each key", b.label)
	}
	return out, len(r.collected) == before
}

// keyHint names the key that was probably meant.
func keyHint(name string) string {
	switch {
	case name == "status" || name == "id" || strings.HasPrefix(name, "existingFinding") || name == "changeType":
		return "; it filters lists of findings, not archive rules"
	case strings.HasPrefix(name, "aws:") && archive.IsKey("condition."+name):
		return fmt.Sprintf("; did you mean %q?", "condition."+name)
	}
	for _, key := range archive.Keys() {
		if strings.EqualFold(strings.TrimPrefix(key, "iaclint:"), name) {
			return fmt.Sprintf("; did you mean %q?", key)
		}
	}
	if rest, ok := strings.CutPrefix(name, "condition."); ok && spelling.Nearest(name, archive.Keys()) == "" {
		return fmt.Sprintf("; Access Analyzer cannot filter by this condition, iaclint can: %q", "iaclint:condition."+rest)
	}
	if near := spelling.Nearest(name, archive.Keys()); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return "; a key such as resource, resourceType, isPublic, principal.AWS or iaclint:address is expected"
}

func (r *reader) baseline(c *Config, b block) {
	b.once("baseline")
	c.Baseline = b.file(b.str("file"))
}

func (r *reader) module(c *Config, b block) {
	b.once("module")
	c.Modules = append(c.Modules, Module{Source: b.label, Dir: b.file(b.str("dir"))})
}

func (r *reader) customRules(c *Config, b block) {
	b.once("custom_rules")
	for _, t := range b.list("rego") {
		c.Rego = append(c.Rego, Rego{Path: b.file(t), Range: t.at})
	}
	t := b.str("timeout")
	if t.string == "" {
		return
	}
	limit, err := time.ParseDuration(t.string)
	if err != nil || limit <= 0 || limit > longestTimeout {
		r.errorf(t.at, "timeout %q is not a time between 1ms and %s, such as 10s", t.string, longestTimeout)
		return
	}
	c.Timeout = limit
}

func (r *reader) evidence(c *Config, b block) {
	b.once("evidence")
	for _, t := range b.list("paths") {
		c.Evidence.Paths = append(c.Evidence.Paths, EvidencePath{Path: b.file(t), Range: t.at})
	}
	c.Evidence.Age = b.days("age")
	for _, t := range b.list("exclude_accounts") {
		c.Evidence.ExcludeAccounts = append(c.Evidence.ExcludeAccounts, r.resolve(t)...)
	}
	c.Evidence.ExcludeTags = strs(b.list("exclude_tags"))
}

// longestTimeout of own rules: a run must end.
const longestTimeout = 10 * time.Minute

func (r *reader) output(c *Config, b block) {
	b.once("output")
	known := false
	for _, f := range r.options.Formats {
		known = known || f == b.label
	}
	if !known {
		r.errorf(b.labelRange, "format %q is unknown%s", b.label, Hint(b.label, r.options.Formats))
	}
	path := b.str("path")
	for _, o := range c.Outputs {
		if o.Path == path.string && path.string != "" {
			r.errorf(path.at, "both %s and %s would go to %s", o.Format, b.label, path.string)
		}
	}
	c.Outputs = append(c.Outputs, Output{Format: b.label, Path: b.file(path)})
}

// file demands a path below the configuration's directory or beside it.
func (b block) file(t text) string {
	if strings.HasPrefix(t.string, "/") || strings.Contains(t.string, `\`) {
		b.r.errorf(t.at, "path %q must be relative to the configuration file, with forward slashes", t.string)
	}
	return t.string
}
