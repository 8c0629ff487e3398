package config

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/hashicorp/hcl/v2"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/validate"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// severities are the values of fail_on and, without "none", of a rule's severity.
func severities() []string {
	var out []string
	for _, s := range finding.Severities {
		out = append(out, string(s))
	}
	return out
}

// FailOn are the values of fail_on.
func FailOn() []string { return append(severities(), "none") }

// oneOf demands one of the attribute's values, where there is a value at all.
func (b block) oneOf(name string) string {
	t := b.str(name)
	i := slices.IndexFunc(b.section.Attributes, func(a Attribute) bool { return a.Name == name })
	valid := b.section.Attributes[i].Valid(b.r.options)
	if t.string != "" && !slices.Contains(valid, t.string) {
		b.r.errorf(t.at, "%s %q is unknown%s", name, t.string, Hint(t.string, valid))
		return ""
	}
	return t.string
}

func (b block) globs(name string) []string {
	var out []string
	for _, t := range b.list(name) {
		b.glob(t)
		out = append(out, t.string)
	}
	return out
}

func (b block) glob(t text) {
	switch {
	case !doublestar.ValidatePattern(t.string):
		b.r.errorf(t.at, "glob %q is malformed", t.string)
	case strings.HasPrefix(t.string, "/"), strings.HasPrefix(t.string, "../"), strings.HasPrefix(t.string, "./"):
		b.r.errorf(t.at, "glob %q cannot match: globs are relative to the directory of the file, without ./ or ../", t.string)
	}
}

func (b block) warnUnusual(t text, kind, form string, ok func(string) bool) {
	if t.string == "" {
		return
	}
	if w := unusual(kind, t.string, form, ok); w != "" {
		b.r.warnf(t.at, "%s", w)
	}
}

func (b block) accountID(t text) {
	if t.string == "" {
		return
	}
	if err := AccountID(t.string); err != nil {
		b.r.errorf(t.at, "%s", err)
	}
}

func (r *reader) general(c *Config, b block) {
	b.once("iaclint")
	c.Root = b.boolean("root", false)
	c.Strict = b.boolean("strict", false)
	c.FailOn = b.oneOf("fail_on")
	c.Include, c.Exclude = b.globs("include"), b.globs("exclude")
	want := b.str("required_version")
	if want.string == "" {
		return
	}
	switch ok, err := satisfies(r.options.Version, want.string); {
	case err != nil:
		r.errorf(want.at, "%s", err)
	case !ok:
		r.errorf(want.at, "this is iaclint %s, and the configuration requires %s", r.options.Version, want.string)
	}
}

func (r *reader) organization(c *Config, b block) {
	b.once("organization")
	id, management := b.str("id"), b.str("management_account")
	b.warnUnusual(id, "organization id", "o-… with 10 to 32 letters and digits", organizationID)
	b.accountID(management)
	c.Organization = &Organization{ID: id.string, ManagementAccount: management.string}
}

// name makes account ids known under a name.
func (r *reader) name(b block, ids ...string) {
	b.once("account")
	if r.accounts == nil {
		r.accounts = map[string][]string{}
	}
	r.accounts[b.label] = ids
}

func (r *reader) account(c *Config, b block) {
	id, ou, canonical := b.str("id"), b.str("ou"), b.str("canonical_user_id")
	b.accountID(id)
	if organization, path, ok := strings.Cut(ou.string, "/"); ok && strings.HasPrefix(organization, "o-") {
		ou.string = path // written as in aws:PrincipalOrgPaths
	}
	ou.string = strings.Trim(ou.string, "/")
	b.warnUnusual(ou, "path", "r-…/ou-…", ouPath)
	b.warnUnusual(canonical, "canonical user id", "64 hexadecimal digits", canonicalID)
	for _, other := range c.Accounts {
		if other.ID == id.string && id.string != "" {
			r.errorf(id.at, "account id %s is that of account %q as well", id.string, other.Name)
		}
	}
	r.name(b, id.string)
	c.Accounts = append(c.Accounts, Account{
		Name: b.label, ID: id.string, OU: ou.string, Canonical: canonical.string,
		BlockPublicS3: b.boolean("s3_block_public_access", false),
	})
}

func (r *reader) knownAccount(c *Config, b block) {
	b.str("source")
	known := KnownAccount{Name: b.label}
	for _, id := range b.list("ids") {
		b.accountID(id)
		known.IDs = append(known.IDs, id.string)
	}
	r.name(b, known.IDs...)
	c.Known = append(c.Known, known)
}

// resolve turns an account's name or id into ids.
func (r *reader) resolve(t text) []string {
	if ids, ok := r.accounts[t.string]; ok {
		return ids
	}
	if strings.Trim(t.string, "0123456789") == "" {
		if err := AccountID(t.string); err != nil {
			r.errorf(t.at, "%s", err)
		}
		return []string{t.string}
	}
	r.errorf(t.at, "account %q is unknown%s", t.string, Hint(t.string, sortedKeys(r.accounts)))
	return nil
}

func (r *reader) zone(c *Config, b block) {
	b.once("zone_of_trust")
	z := Zone{Name: b.label, Organization: b.oneOf("type") == "ORGANIZATION"}
	z.Default = b.boolean("default", false)
	z.Paths = b.globs("paths")
	for _, t := range b.list("trusted_accounts") {
		z.Trusted.Accounts = append(z.Trusted.Accounts, r.resolve(t)...)
	}
	for _, name := range trustLists[1:] {
		for _, t := range b.list(name) {
			r.trust(t.at, z.Trusted.add(name, t.string))
		}
	}
	for _, o := range b.blocks {
		inner := r.block(o, b.section.nested("trusted_oidc"))
		r.trust(inner.labelRange, z.Trusted.addOIDC(inner.label, strs(inner.list("audiences")), strs(inner.list("subjects"))))
	}
	c.Zones = append(c.Zones, z)
}

// trust reports what was wrong with a trusted item.
func (r *reader) trust(at hcl.Range, err error) {
	switch e := err.(type) {
	case nil:
	case unusualError:
		r.warnf(at, "%s", e)
	default:
		r.errorf(at, "%s", e)
	}
}

func strs(ts []text) []string {
	var out []string
	for _, t := range ts {
		out = append(out, t.string)
	}
	return out
}

func (r *reader) target(c *Config, b block) {
	b.glob(text{b.label, b.labelRange})
	t := Target{Glob: b.label}
	if account := b.str("account"); account.string != "" {
		ids := r.resolve(account)
		if len(ids) > 1 {
			r.errorf(account.at, "account %q stands for several accounts", account.string)
		}
		if len(ids) == 1 {
			t.Account = ids[0]
			r.member(c, account.at, t.Account)
		}
	}
	for _, region := range b.list("regions") {
		b.warnUnusual(region, "region", "such as eu-west-1", regionName)
		t.Regions = append(t.Regions, region.string)
	}
	partition := b.str("partition")
	b.warnUnusual(partition, "partition", "such as aws", partitionName)
	t.Partition = partition.string
	t.Given.Workspace = b.str("workspace").string
	t.Given.VariableFiles, t.Given.ParameterFiles = strs(b.list("var_files")), strs(b.list("parameter_files"))
	t.Given.Variables, t.Given.Parameters = b.object("variables"), b.object("parameters")
	t.Given.Values = b.object("values")
	t.PolicyChecks = validate.Level(b.oneOf("policy_checks"))
	c.Targets = append(c.Targets, t)
}

// member demands that an owner is of the declared organization.
func (r *reader) member(c *Config, at hcl.Range, id string) {
	if c.Organization != nil && !c.isMember(id) {
		r.errorf(at, "account %s is not of organization %s; declare it in an account block", id, c.Organization.ID)
	}
}

func (r *reader) rule(c *Config, b block) {
	b.once("rule")
	if !slices.Contains(r.options.Rules, b.label) {
		c.OwnRules = append(c.OwnRules, NamedRule{ID: b.label, Range: b.labelRange})
	}
	c.Rules[b.label] = Rule{
		Severity: b.oneOf("severity"),
		Disabled: !b.boolean("enabled", true),
		Visible:  !b.boolean("ignorable", true),
	}
}

// consistent checks what no block shows alone.
func (r *reader) consistent(c *Config) {
	if len(c.Rego) == 0 {
		for _, own := range c.OwnRules {
			r.errorf(own.Range, "rule %q is unknown%s", own.ID, Hint(own.ID, r.options.Rules))
		}
	}
	def, open := "", 0
	for _, z := range c.Zones {
		at := r.names["zone_of_trust "+z.Name]
		if len(z.Paths) == 0 {
			open++
		}
		if z.Default && def != "" {
			r.errorf(at, "zone %q cannot be the default: zone %q is", z.Name, def)
		}
		if z.Default {
			def = z.Name
		}
	}
	for _, z := range c.Zones {
		if len(z.Paths) == 0 && !z.Default && (def != "" || open > 1) {
			r.errorf(r.names["zone_of_trust "+z.Name], "zone %q applies nowhere: it needs paths, or default = true", z.Name)
		}
	}
}

// isMember reports whether an account is of your organization, as declared.
func (c *Config) isMember(id string) bool {
	if c.Organization != nil && c.Organization.ManagementAccount == id {
		return true
	}
	return slices.ContainsFunc(c.Accounts, func(a Account) bool { return a.ID == id })
}
