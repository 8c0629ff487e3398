package config

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Flags are what the command line says; it has the last word.
type Flags struct {
	Account      string
	Type         string // "account", "organization" or "" to leave it
	Organization string
	Members      []string
	Region       string
	Partition    string
	Trusted      Trusted
	PolicyChecks validate.Level // "" leaves it
}

// Deployment is one way in which a file is analysed: whose it is, where it
// goes, and whom its owner trusts.
type Deployment struct {
	Target    string // the target's name; "" without one
	Zone      *zone.Zone
	Region    string
	Partition string
	// BlockPublicS3 names the account block that declares Block Public Access of
	// the owner account.
	BlockPublicS3 map[string]string // by account id
	// Given is what the target says of the values of variables and parameters.
	Given Given
	// PolicyChecks says which findings of AWS's policy checks are wanted.
	PolicyChecks validate.Level
}

// Given are values for what the code leaves open. Files of variables are
// relative to the module's directory, those of parameters to the configuration's.
type Given struct {
	Workspace                     string
	Variables, Parameters         map[string]string
	Values                        map[string]string // of anything that is not known, by the name that findings call it
	VariableFiles, ParameterFiles []string
}

// Plan finds the deployments of files. It is not for concurrent use.
type Plan struct {
	config *Config
	flags  Flags
	made   map[[2]int]Deployment // by index of target and zone
}

// NewPlan joins a configuration with flags. An owner outside the organization
// that the file declares is an error. An organization that only flags name has
// the owner for a member: nobody would name it and mean another.
func NewPlan(c *Config, f Flags) (*Plan, error) {
	o := c.organization(f)
	if o != nil && f.Account != "" && !c.isMember(f.Account) && !slices.Contains(f.Members, f.Account) {
		return nil, fmt.Errorf("the owner account %s is not a member of organization %s", f.Account, o.ID)
	}
	return &Plan{config: c, flags: f, made: map[[2]int]Deployment{}}, nil
}

// organization returns the one that the file declares, nil if there is none or
// flags name another.
func (c *Config) organization(f Flags) *Organization {
	if c.Organization == nil || f.Organization != "" && f.Organization != c.Organization.ID {
		return nil
	}
	return c.Organization
}

// match reports whether a glob covers a path. "**" covers every input, one
// that has no path below the globs' directory included.
func match(glob, path string) bool {
	return glob == "**" || doublestar.MatchUnvalidated(glob, path)
}

func anyMatch(globs []string, path string) bool {
	return slices.ContainsFunc(globs, func(g string) bool { return match(g, path) })
}

// Walks reports whether a file that a walk found is to be read.
func (c *Config) Walks(path string) bool {
	return (len(c.Include) == 0 || anyMatch(c.Include, path)) && !anyMatch(c.Exclude, path)
}

// Deployments of the file with that path, relative to the directory that globs
// are relative to: one for each target that covers it, or one without target.
func (p *Plan) Deployments(path string) []Deployment {
	zoneIndex := p.config.zoneFor(path)
	var out []Deployment
	for i, t := range p.config.Targets {
		if match(t.Glob, path) {
			out = append(out, p.deployment(i, zoneIndex))
		}
		if len(out) == 1 && p.flags.Account != "" {
			break // the flag names one account, so one target stands for all
		}
	}
	if len(out) == 0 {
		out = append(out, p.deployment(-1, zoneIndex))
	}
	return out
}

// zoneFor returns the index of the zone of trust for a path: the first whose
// paths cover it, else the default, -1 if there is none.
func (c *Config) zoneFor(path string) int {
	for i, z := range c.Zones {
		if anyMatch(z.Paths, path) {
			return i
		}
	}
	for i, z := range c.Zones {
		if z.Default || len(z.Paths) == 0 {
			return i
		}
	}
	return -1
}

func (p *Plan) deployment(target, zoneIndex int) Deployment {
	key := [2]int{target, zoneIndex}
	if d, ok := p.made[key]; ok {
		return d
	}
	d := Deployment{Zone: p.zone(target, zoneIndex), Region: p.flags.Region, Partition: p.flags.Partition, BlockPublicS3: map[string]string{}, PolicyChecks: p.flags.PolicyChecks}
	if target >= 0 {
		t := p.config.Targets[target]
		d.Target = p.targetName(target)
		if d.Region == "" && len(t.Regions) == 1 {
			d.Region = t.Regions[0]
		}
		if d.Partition == "" {
			d.Partition = t.Partition
		}
		d.Given = t.Given
		d.PolicyChecks = cmp.Or(d.PolicyChecks, t.PolicyChecks)
	}
	d.PolicyChecks = cmp.Or(d.PolicyChecks, validate.Default)
	for _, a := range p.config.Accounts {
		if a.BlockPublicS3 {
			d.BlockPublicS3[a.ID] = a.Name
		}
	}
	p.made[key] = d
	return d
}

// targetName is the target's glob; where the glob is repeated the account
// tells which is meant.
func (p *Plan) targetName(i int) string {
	t, repeated := p.config.Targets[i], 0
	for _, other := range p.config.Targets {
		if other.Glob == t.Glob {
			repeated++
		}
	}
	if repeated == 1 {
		return t.Glob
	}
	for _, a := range p.config.Accounts {
		if a.ID == t.Account {
			return t.Glob + " (" + a.Name + ")"
		}
	}
	return t.Glob + " (" + t.Account + ")"
}

// zone builds the zone of trust for a target and a zone block, each -1 when
// there is none.
func (p *Plan) zone(target, index int) *zone.Zone {
	c, f := p.config, p.flags
	z := &zone.Zone{Name: "default", Type: zone.Account, Account: f.Account, Names: map[string]string{}}
	if target >= 0 && z.Account == "" {
		z.Account = c.Targets[target].Account
	}
	trusted := f.Trusted
	if index >= 0 {
		block := c.Zones[index]
		z.Name, trusted = block.Name, block.Trusted.plus(f.Trusted)
		if block.Organization {
			z.Type = zone.Organization
		}
	}
	switch f.Type {
	case "account":
		z.Type = zone.Account
	case "organization":
		z.Type = zone.Organization
	}
	p.organization(z)
	p.name(z)
	z.Accounts, z.OrgPaths, z.Principals = trusted.Accounts, trusted.OrgPaths, trusted.Principals
	z.VPCs, z.VPCEndpoints, z.CIDRs = trusted.VPCs, trusted.VPCEndpoints, trusted.CIDRs
	z.OIDC, z.SAML, z.CanonicalUsers = trusted.OIDC, trusted.SAML, trusted.CanonicalUsers
	return z
}

// organization fills in your organization. A flag that names another
// organization than the file replaces it, members included.
func (p *Plan) organization(z *zone.Zone) {
	c, f := p.config, p.flags
	z.Organization = f.Organization
	o := c.organization(f)
	if o != nil {
		z.Organization, z.ManagementAccount = o.ID, o.ManagementAccount
	}
	if o != nil || c.Organization == nil {
		for _, a := range c.Accounts {
			z.Members = append(z.Members, zone.Member{Name: a.Name, ID: a.ID, OrgPath: orgPathOf(z.Organization, a.OU), Canonical: a.Canonical})
		}
	}
	members := f.Members
	if o == nil && f.Account != "" && len(members) > 0 {
		members = append([]string{f.Account}, members...)
	}
	for _, id := range members {
		known := func(m zone.Member) bool { return m.ID == id }
		if !slices.ContainsFunc(z.Members, known) {
			z.Members = append(z.Members, zone.Member{ID: id})
		}
	}
}

func orgPathOf(organization, ou string) string {
	if organization == "" || ou == "" {
		return ""
	}
	return organization + "/" + ou + "/"
}

func (p *Plan) name(z *zone.Zone) {
	for _, k := range p.config.Known {
		for _, id := range k.IDs {
			z.Names[id] = k.Name
		}
	}
	for _, a := range p.config.Accounts {
		z.Names[a.ID] = a.Name
	}
}

// Unusual returns warnings about flags whose values have an unusual shape.
func (f Flags) Unusual() []string {
	var out []string
	check := func(flag, value, form string, ok func(string) bool) {
		if value != "" && !ok(value) {
			out = append(out, unusual(flag, value, form, ok))
		}
	}
	check("--org", f.Organization, "o-… with 10 to 32 letters and digits", organizationID)
	check("--region", f.Region, "such as eu-west-1", regionName)
	check("--partition", f.Partition, "such as aws", partitionName)
	return out
}
