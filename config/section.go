package config

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Type of an attribute.
type Type uint8

const (
	Text Type = iota
	Boolean
	Texts  // a list of strings
	Values // an object of strings
)

// Attribute is one that a block may have.
type Attribute struct {
	Name     string
	Type     Type
	Required bool
	Valid    func(Options) []string // the only values; nil: any
	Doc      string
}

// Section is a kind of block: what it is for and what it may hold. The reader,
// the JSON Schema and the reference page are made of this one table.
type Section struct {
	Name       string
	Label      string // what its label is; "" for a block without
	Once       bool   // it may stand once, or once with each label
	Doc        string
	Attributes []Attribute
	Sections   []Section

	read func(*reader, *Config, block)
}

func words(list ...string) func(Options) []string { return func(Options) []string { return list } }

// Sections of the file, in the order in which they are read: names are declared
// before they are used.
func Sections() []Section {
	return []Section{
		{Name: "iaclint", Once: true, Doc: "the program", read: (*reader).general, Attributes: []Attribute{
			{Name: "required_version", Doc: "constraints such as `\">= 0.1, < 2\"`; another version ends with exit status 2"},
			{Name: "root", Type: Boolean, Doc: "the upward search ends here"},
			{Name: "fail_on", Valid: func(Options) []string { return FailOn() }, Doc: "lowest severity that gives exit status 1; `medium` when it is not set"},
			{Name: "strict", Type: Boolean, Doc: "a resource whose access stays undetermined is an error: exit status 3"},
			{Name: "include", Type: Texts, Doc: "globs: walking a directory reads nothing else"},
			{Name: "exclude", Type: Texts, Doc: "globs: walking a directory does not read these"},
		}},
		{Name: "organization", Once: true, Doc: "your organization", read: (*reader).organization, Attributes: []Attribute{
			{Name: "id", Required: true, Doc: "`o-…`"},
			{Name: "management_account", Doc: "id of the account that pays"},
		}},
		{Name: "account", Label: "name", Once: true, Doc: "a member of your organization", read: (*reader).account, Attributes: []Attribute{
			{Name: "id", Required: true, Doc: "12 digits, in quotes"},
			{Name: "ou", Doc: "`r-…/ou-…`: its place, which decides organization paths"},
			{Name: "canonical_user_id", Doc: "its S3 canonical user id, which decides ACLs"},
			{Name: "s3_block_public_access", Type: Boolean, Doc: "Block Public Access is on for the account, set outside the code; findings say that they rest on it"},
		}},
		{Name: "known_account", Label: "name", Once: true, Doc: "outsiders with a display name; it never changes a verdict", read: (*reader).knownAccount, Attributes: []Attribute{
			{Name: "ids", Type: Texts, Required: true, Doc: "account ids"},
			{Name: "source", Doc: "where that can be looked up"},
		}},
		{Name: "zone_of_trust", Label: "name", Once: true, Doc: "who is not external", read: (*reader).zone, Attributes: []Attribute{
			{Name: "type", Valid: words(string(zone.Account), string(zone.Organization)), Doc: "the owner of a resource alone, which is the default, or the organization"},
			{Name: "default", Type: Boolean, Doc: "it is the zone of all that no other zone names"},
			{Name: "paths", Type: Texts, Doc: "globs of the files that it is the zone of"},
			{Name: "trusted_accounts", Type: Texts, Doc: "names of `account` or `known_account` blocks, or ids"},
			{Name: "trusted_org_paths", Type: Texts, Doc: "`o-…/r-…/ou-…`: that and everything below it"},
			{Name: "trusted_principals", Type: Texts, Doc: "ARN patterns with an account"},
			{Name: "trusted_vpcs", Type: Texts, Doc: "callers from these VPCs: ids, or references of the code such as `aws_vpc.main.id`"},
			{Name: "trusted_vpces", Type: Texts, Doc: "callers through these VPC endpoints: ids, or references such as `aws_vpc_endpoint.s3.id`"},
			{Name: "trusted_cidrs", Type: Texts, Doc: "callers from these addresses"},
			{Name: "trusted_saml", Type: Texts, Doc: "ARNs of SAML providers"},
			{Name: "trusted_canonical_users", Type: Texts, Doc: "S3 canonical user ids"},
		}, Sections: []Section{
			{Name: "trusted_oidc", Label: "issuer", Doc: "tokens of an issuer with one of the audiences and one of the subjects", Attributes: []Attribute{
				{Name: "audiences", Type: Texts, Required: true, Doc: "values of `aud`, `*` and `?` allowed"},
				{Name: "subjects", Type: Texts, Required: true, Doc: "values of `sub`, `*` and `?` allowed"},
			}},
		}},
		{Name: "target", Label: "glob", Doc: "where the files of a glob deploy; several for one file are each analysed", read: (*reader).target, Attributes: []Attribute{
			{Name: "account", Doc: "name of an `account` block, or id"},
			{Name: "regions", Type: Texts, Doc: "such as `eu-west-1`; a single one is taken for what the code leaves open"},
			{Name: "partition", Doc: "such as `aws`"},
			{Name: "var_files", Type: Texts, Doc: "files with values of Terraform variables, relative to the module's directory"},
			{Name: "variables", Type: Values, Doc: "values of Terraform variables"},
			{Name: "workspace", Doc: "`terraform.workspace`"},
			{Name: "parameter_files", Type: Texts, Doc: "files with values of CloudFormation parameters, relative to the configuration file"},
			{Name: "parameters", Type: Values, Doc: "values of CloudFormation parameters"},
			{Name: "values", Type: Values, Doc: "values of anything else that the code leaves open, by the name that findings call it: `{ \"data.aws_ssm_parameter.partner.value\" = \"111122223333\" }`; a list or an object is written as JSON"},
			{Name: "policy_checks", Valid: words(validate.LevelNames()...), Doc: "which of AWS's policy checks are findings: each level has those before it; `security` when it is not set"},
		}},
		{Name: "rule", Label: "id", Once: true, Doc: "changes a rule", read: (*reader).rule, Attributes: []Attribute{
			{Name: "severity", Valid: func(Options) []string { return severities() }, Doc: "instead of the rule's own"},
			{Name: "enabled", Type: Boolean, Doc: "`false` switches it off"},
			{Name: "ignorable", Type: Boolean, Doc: "`false`: no comment, archive rule or baseline hides it"},
		}},
		{Name: "suppressions", Once: true, Doc: "what archiving takes", read: (*reader).suppressions, Attributes: []Attribute{
			{Name: "inline", Valid: words("allow", "deny"), Doc: "whether comments archive findings; `allow` when it is not set"},
			{Name: "require_reason", Type: Boolean, Doc: "comments and archive rules need a reason; `true` when it is not set"},
			{Name: "require_owner", Type: Boolean, Doc: "archive rules need an owner; `true` when it is not set"},
			{Name: "max_age", Doc: "days such as `365d`: archive rules and comments must expire, and no later than that"},
			{Name: "expired", Valid: words(levels...), Doc: "how an expired archive rule or comment is reported; `warning` when it is not set"},
			{Name: "unused", Valid: words(levels...), Doc: "how an archive rule, comment or baseline entry that matches nothing is reported; `warning` when it is not set"},
			{Name: "expiring_within", Doc: "days such as `30d`: what expires that soon is reported"},
			{Name: "import_from_iac", Type: Boolean, Doc: "archive rules of analyzers that the analysed code declares apply as well"},
		}},
		{Name: "archive_rule", Label: "name", Once: true, Doc: "findings that are intended", read: (*reader).archiveRule, Attributes: []Attribute{
			{Name: "reason", Doc: "why the access is intended"},
			{Name: "owner", Doc: "who answers for it"},
			{Name: "ticket", Doc: "where it was decided"},
			{Name: "expires", Doc: "last day (UTC) on which it applies, `2027-01-31`"},
			{Name: "max_access", Valid: words(archive.Levels...), Doc: "strongest access level that it was made for: stronger access is a finding again"},
		}, Sections: []Section{
			{Name: "filter", Label: "key", Once: true, Doc: "what a property of the finding must be; several keys must all hold, several values are alternatives", Attributes: []Attribute{
				{Name: "eq", Type: Texts, Doc: "is one of"},
				{Name: "neq", Type: Texts, Doc: "is there and none of"},
				{Name: "contains", Type: Texts, Doc: "has one of these as a part"},
				{Name: "exists", Type: Boolean, Doc: "is there, or is not"},
				{Name: "matches", Type: Texts, Doc: "matches one of these globs; for `iaclint:` keys"},
			}},
		}},
		{Name: "module", Label: "source", Once: true, Doc: "where the code is of Terraform modules of a source that are not installed", read: (*reader).module, Attributes: []Attribute{
			{Name: "dir", Required: true, Doc: "directory, relative to the configuration file"},
		}},
		{Name: "baseline", Once: true, Doc: "findings that were there when the program was introduced", read: (*reader).baseline, Attributes: []Attribute{
			{Name: "file", Required: true, Doc: "relative to the configuration file; `iaclint baseline create` writes it"},
		}},
		{Name: "custom_rules", Once: true, Doc: "custom rules", read: (*reader).customRules, Attributes: []Attribute{
			{Name: "rego", Type: Texts, Doc: "directories or files with rules in Rego, relative to the configuration file"},
			{Name: "timeout", Doc: "how long these rules may take together; `10s` when it is not set, and at most in a configuration that is not named with `--config`"},
		}},
		{Name: "evidence", Once: true, Doc: "exports of the account that say who used what; what nobody used is a finding of the rules `unused-…`", read: (*reader).evidence, Attributes: []Attribute{
			{Name: "paths", Type: Texts, Required: true, Doc: "files and directories, relative to the configuration file"},
			{Name: "age", Doc: "days such as `90d`, which it is when it is not set: what was not used for that long is unused"},
			{Name: "exclude_accounts", Type: Texts, Doc: "names of `account` blocks, or ids: their roles and users are not judged"},
			{Name: "exclude_tags", Type: Texts, Doc: "`key` or `key=value`: roles and users with such a tag are not judged"},
		}},
		{Name: "output", Label: "format", Once: true, Doc: "reports that are written when no `--format` is given", read: (*reader).output, Attributes: []Attribute{
			{Name: "path", Required: true, Doc: "relative to the configuration file; `-` is standard output"},
		}},
	}
}

// levels of a report about archiving.
var levels = []string{"error", "warning", "off"}

// trustLists are the attributes that extend a zone of trust.
var trustLists = []string{
	"trusted_accounts", "trusted_org_paths", "trusted_principals", "trusted_vpcs", "trusted_vpces", "trusted_cidrs",
	"trusted_saml", "trusted_canonical_users",
}

// nested returns the kind of block of that name in a section.
func (s Section) nested(name string) Section {
	return s.Sections[slices.IndexFunc(s.Sections, func(n Section) bool { return n.Name == name })]
}
