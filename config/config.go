// Package config is the configuration file: who we are, whom we trust, where
// what is written here deploys, and how severe each rule is. It turns a file's
// bytes, and flags that override it, into zones of trust; it reads no files
// itself. The file is HCL, or JSON of the same structure.
package config

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/validate"
)

// Names of the file, in the order in which they are looked for.
var Names = []string{".iaclint.hcl", ".iaclint.json"}

// Config is one configuration file. The zero Config is that of a run without one.
type Config struct {
	Root    bool // nothing above it is looked for
	FailOn  string
	Strict  bool     // what stays undetermined is an error
	Include []string // globs: only these files of a walked tree
	Exclude []string // globs: none of these

	Organization *Organization
	Accounts     []Account
	Known        []KnownAccount
	Zones        []Zone
	Targets      []Target
	Rules        map[string]Rule

	Suppressions Suppressions
	Archive      []ArchiveRule
	Modules      []Module
	Baseline     string        // file, relative to the configuration's
	Rego         []Rego        // directories and files with own rules
	Timeout      time.Duration // of own rules; 0: as long as it is by default
	Evidence     Evidence
	OwnRules     []NamedRule // rule blocks about rules that only Rego can have
	Outputs      []Output
}

// Suppressions is what archiving takes.
type Suppressions struct {
	InlineDenied   bool
	RequireReason  bool
	RequireOwner   bool
	MaxAge         int    // days; 0: no limit
	Expired        string // error, warning or off
	Unused         string
	ExpiringWithin int // days; 0: nothing is said
	ImportFromIaC  bool
}

// ArchiveRule is an archive rule as it is written.
type ArchiveRule struct {
	archive.Rule
	Range hcl.Range
}

// Module is where the code of a Terraform module is that is not installed.
type Module struct {
	Source string // as calls name it
	Dir    string // relative to the configuration's file
}

// Rego is where own rules are.
type Rego struct {
	Path  string // relative to the configuration's file
	Range hcl.Range
}

// Evidence says where exports of the account are, and how they are judged.
type Evidence struct {
	Paths           []EvidencePath
	Age             int // days; 0: as long as it is by default
	ExcludeAccounts []string
	ExcludeTags     []string // key, or key=value
}

// EvidencePath is a file or a directory.
type EvidencePath struct {
	Path  string // relative to the configuration's file
	Range hcl.Range
}

// NamedRule is a rule block whose rule the program itself has not.
type NamedRule struct {
	ID    string
	Range hcl.Range
}

// Output is a report to be written.
type Output struct {
	Format string
	Path   string // relative to the configuration's file; "-" is standard output
}

// Organization is your organization.
type Organization struct {
	ID                string
	ManagementAccount string
}

// Account is a member of your organization.
type Account struct {
	Name          string
	ID            string
	OU            string // r-…/ou-…, below the organization
	Canonical     string // S3 canonical user id
	BlockPublicS3 bool   // Block Public Access is on for the account, which no code here shows
}

// KnownAccount names outsiders, for people; it never changes a verdict.
type KnownAccount struct {
	Name string
	IDs  []string
}

// Zone is a zone of trust as it is written.
type Zone struct {
	Name         string
	Organization bool // the whole organization is trusted; else the owner account alone
	Default      bool
	Paths        []string
	Trusted      Trusted
}

// Target says where the files of a glob deploy.
type Target struct {
	Glob      string
	Account   string // id
	Regions   []string
	Partition string
	Given     Given
	// PolicyChecks is which of AWS's policy checks are findings, "" if it is not said.
	PolicyChecks validate.Level
}

// Rule changes a rule.
type Rule struct {
	Severity string // "" leaves the rule's own
	Disabled bool
	Visible  bool // nothing archives its findings
}

// Default is the configuration of a run without a file.
func Default() *Config {
	return &Config{Rules: map[string]Rule{}, Suppressions: Suppressions{RequireReason: true, RequireOwner: true, Expired: "warning", Unused: "warning"}}
}

// Options of reading a file.
type Options struct {
	Rules   []string // ids that a rule block may name
	Formats []string // names that an output block may have
	Today   string   // 2006-01-02, for the age of archive rules
	Version string   // of the program, for required_version
}

// Parse reads a configuration file; name decides the syntax and stands in
// messages. The Config is usable unless there are errors.
func Parse(name string, content []byte, o Options) (*Config, Diagnostics) {
	r := &reader{options: o, names: map[string]hcl.Range{}}
	body := r.parse(name, content)
	if body == nil {
		return nil, r.diagnostics(content)
	}
	c := r.config(body)
	return c, r.diagnostics(content)
}
