package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
)

// flags of the check command.
type flags struct {
	set     *pflag.FlagSet
	command []string // that has these flags, for help; nil is check
	// formatNames are the formats of the command, its default first; nil: those of
	// reports.
	formatNames []string

	config   string
	noConfig bool
	deploy   config.Flags
	// properties of resources are kept, for rules in Rego, whatever is configured.
	properties bool
	trust      map[string]*[]string // by the name of the list in the configuration file

	parameters     []string // K=V
	parameterFiles []string
	deployed       []string
	stated         []string
	variables      []workspace.Variable
	workspace      string
	varEnv         bool
	sourceRoot     string
	modules        []string // SOURCE=DIR
	onlyNew        bool
	newFrom        string
	mergeBase      bool

	resourceType  string
	findings      string
	formats       []string
	output        string
	failOn        string
	exitZero      bool
	minSeverity   string
	filter        scan.RuleFilter
	quiet         bool
	verbose       bool
	color         string
	pathPrefix    string
	showFiles     bool
	stdinFilename string
	strict        bool
	allInputs     bool
	allowEmpty    bool

	statistics      bool
	suggest         bool
	sarifSuppressed bool
	sarifCategory   string
	junitExtended   bool
	maxBytes        int
	noIgnores       bool
	baseline        string
	fromHook        bool
	evidence        workspace.EvidenceFlags
	today           string
	sinceFile       string
	sinceReport     *finding.Report // what since names
}

// trustFlags extend the zone of trust. list is the name in the configuration file.
var trustFlags = []struct{ flag, list, metavar, usage string }{
	{"trust-account", "trusted_accounts", "ID", "trust this account as well"},
	{"trust-org-path", "trusted_org_paths", "PATH", "trust o-…/r-…/ou-… and everything below it"},
	{"trust-principal", "trusted_principals", "ARN", "trust principals that match this ARN pattern"},
	{"trust-vpc", "trusted_vpcs", "ID", "trust callers from this VPC"},
	{"trust-vpce", "trusted_vpces", "ID", "trust callers through this VPC endpoint"},
	{"trust-cidr", "trusted_cidrs", "RANGE", "trust callers from these addresses"},
	{"trust-oidc", "trusted_oidc", "ISSUER,AUD,SUB", "trust tokens of this issuer with this audience and subject"},
	{"trust-saml", "trusted_saml", "ARN", "trust this SAML provider"},
	{"trust-canonical-user", "trusted_canonical_users", "ID", "trust this S3 canonical user"},
}

func newFlags() *flags {
	f := &flags{set: newFlagSet("iaclint"), trust: map[string]*[]string{}}
	s := f.set
	s.StringVar(&f.config, "config", "", "use this configuration `FILE`; else .iaclint.hcl or .iaclint.json is found upward from each input")
	s.BoolVar(&f.noConfig, "no-config", false, "use no configuration file")
	s.StringVar(&f.deploy.Account, "account", "", "`ID` of the account that owns what is analysed")
	s.StringVar(&f.deploy.Type, "zone", "", "zone of trust: account (default) or organization")
	s.StringVar(&f.deploy.Organization, "org", "", "`ID` of your organization")
	s.StringSliceVar(&f.deploy.Members, "member", nil, "`ID` of an account of your organization (repeatable)")
	s.StringVar(&f.deploy.Region, "region", "", "region that the code deploys to")
	s.StringVar(&f.deploy.Partition, "partition", "", "partition that the code deploys to")
	for _, t := range trustFlags {
		f.trust[t.list] = s.StringArray(t.flag, nil, t.usage+"; `"+t.metavar+"` (repeatable)")
	}
	s.StringArrayVar(&f.parameters, "parameter", nil, "value of a CloudFormation parameter; `NAME=VALUE` (repeatable)")
	s.StringArrayVar(&f.parameterFiles, "parameter-file", nil, "`FILE` with values of CloudFormation parameters (repeatable)")
	s.Var(variableFlag{&f.variables, false}, "var", "value of a Terraform variable; `NAME=VALUE` (repeatable; of --var and --var-file the later one counts)")
	s.Var(variableFlag{&f.variables, true}, "var-file", "`FILE` with values of Terraform variables (repeatable)")
	s.BoolVar(&f.varEnv, "var-env", false, "take values of Terraform variables and the workspace from the environment: TF_VAR_name, TF_WORKSPACE, .terraform/environment")
	s.StringArrayVar(&f.stated, "value", nil, "value of something else that the code leaves open, by the name that findings call it; `NAME=VALUE` (repeatable)")
	s.StringArrayVar(&f.deployed, "values", nil, "`FILE` with names and values of what is deployed: a Terraform state, outputs, resources and exports of stacks (repeatable)")
	s.StringVar(&f.workspace, "workspace", "", "`NAME` of the Terraform workspace")
	s.StringArrayVar(&f.modules, "module", nil, "directory of a Terraform module that is not installed; `SOURCE=DIR` (repeatable)")
	s.BoolVar(&f.allInputs, "all-inputs", false, "take root parameters and variables without a given value as unknown, within their allowed values, whatever their defaults are")
	s.StringVar(&f.sourceRoot, "source-root", "", "`DIR` with the configuration that a Terraform plan was made from (default: that of the plan)")
	s.BoolVar(&f.onlyNew, "new", false, "exit status 1 only for access that a plan or a change adds or widens")
	s.StringVar(&f.newFrom, "new-from", "", "compare with this git `REVISION`: exit status 1 only for access that is new or wider since")
	s.BoolVar(&f.mergeBase, "merge-base", false, "compare with the commit at which the histories part, instead of the revision itself")
	s.StringVar(&f.resourceType, "resource-type", "", "`TYPE` of the resource of a policy document that does not tell")
	s.StringVar(&f.findings, "findings", "minimal", "minimal, or complete as Access Analyzer words them")
	s.StringArrayVar(&f.formats, "format", nil, "write this `FORMAT[=PATH]`, see below (repeatable)")
	s.StringVarP(&f.output, "output", "o", "", "write to this `PATH` instead of standard output")
	s.StringVar((*string)(&f.deploy.PolicyChecks), "policy-checks", "", "`LEVEL` of AWS's policy checks: "+strings.Join(validate.LevelNames(), ", ")+" (default "+string(validate.Default)+")")
	s.StringVar(&f.failOn, "fail-on", "", "lowest `SEVERITY` that gives exit status 1: "+strings.Join(config.FailOn(), ", ")+" (default medium)")
	s.BoolVar(&f.exitZero, "exit-zero", false, "exit status 0 although there are findings")
	s.StringVar(&f.minSeverity, "min-severity", "", "lowest `SEVERITY` that is reported")
	s.StringSliceVar(&f.filter.Only, "rule", nil, "report only the rules of this `ID` or glob (repeatable)")
	s.StringSliceVar(&f.filter.Skip, "skip-rule", nil, "do not report the rules of this `ID` or glob (repeatable)")
	s.BoolVarP(&f.quiet, "quiet", "q", false, "findings and errors only")
	s.BoolVarP(&f.verbose, "verbose", "v", false, "more detail")
	s.StringVar(&f.color, "color", "auto", "auto, always or never")
	s.BoolVar(&f.showFiles, "show-files", false, "list the files that would be analysed")
	s.StringVar(&f.stdinFilename, "stdin-filename", "", "`NAME` of standard input in the report")
	s.BoolVar(&f.strict, "strict", false, "exit status 3 for code and policies that could not be read, rules unread-*")
	s.BoolVar(&f.allowEmpty, "allow-empty", false, "a directory with nothing to analyse is not an error")
	s.StringVar(&f.pathPrefix, "path-prefix", "", "put this `DIR` before the paths of text and compact, which are those of the working directory")
	s.BoolVar(&f.statistics, "statistics", false, "count findings by rule and account instead of listing them")
	s.BoolVar(&f.suggest, "suggest", false, "say with text and SARIF what would close each finding at or above the gate, see suggest")
	s.BoolVar(&f.sarifSuppressed, "sarif-suppressed", false, "write archived findings to SARIF too, marked as suppressed")
	s.StringVar(&f.sarifCategory, "sarif-category", "", "`NAME` that tells this analysis apart from others of the same commit")
	s.BoolVar(&f.junitExtended, "junit-extended", false, "write file and line of JUnit test cases, which no schema allows")
	s.IntVar(&f.maxBytes, "max-bytes", 0, "most bytes of Markdown (default 60000)")
	s.StringVar(&f.sinceFile, "since", "", "with the format events: only findings that differ from this `REPORT` in JSON")
	s.BoolVar(&f.noIgnores, "no-ignores", false, "report what comments, archive rules and the configuration's baseline would archive")
	s.StringVar(&f.baseline, "baseline", "", "archive the findings that this `FILE` records, as far as they grant no more")
	s.BoolVar(&f.fromHook, "from-hook", false, "the arguments are changed files: analyse the modules that they belong to, pass over what is of no interest")
	s.StringVar(&f.today, "today", "", "`DATE` on which archive rules are judged, as 2027-01-31 (default: SOURCE_DATE_EPOCH, or the clock's)")
	return f
}

// scan is what the flags ask of a run.
func (c *checker) scan() scan.Options {
	f := c.flags
	o := scan.Options{
		Version: thisBuild().Version, Today: c.finder.Today, Given: c.given, Complete: f.findings == "complete", Properties: f.properties,
		Filter: f.filter, NoIgnores: f.noIgnores, ChangedOnly: f.fromHook, OnlyNew: f.onlyNew, MinSeverity: finding.Severity(f.minSeverity), AllowEmpty: f.allowEmpty, Strict: f.strict, Excluded: c.excluded,
	}
	for _, m := range f.modules {
		source, dir, _ := strings.Cut(m, "=")
		if i := strings.LastIndexByte(m, '='); strings.Contains(source, "?") { // ?ref=v1
			source, dir = m[:i], m[i+1:]
		}
		if o.Modules == nil {
			o.Modules = map[string]string{}
		}
		o.Modules[source] = c.absolute(dir)
	}
	if f.baseline != "" {
		o.Baseline, o.BaselineAs = c.absolute(f.baseline), f.baseline
	}
	return o
}

// variableFlag appends to a list that several flags share, in the order in which
// they are given.
type variableFlag struct {
	list   *[]workspace.Variable
	isFile bool
}

func (v variableFlag) Set(text string) error {
	*v.list = append(*v.list, workspace.Variable{Text: text, IsFile: v.isFile})
	return nil
}

func (variableFlag) Type() string   { return "stringArray" }
func (variableFlag) String() string { return "[]" }

// values are what the flags say of parameters and variables.
func (f *flags) values() workspace.Values {
	v := workspace.Values{
		ResourceType: f.resourceType, Parameters: f.parameters, ParameterFiles: f.parameterFiles, Stated: f.stated, Deployed: f.deployed,
		Variables: f.variables, Workspace: f.workspace, SourceRoot: f.sourceRoot,
	}
	v.AllInputs = f.allInputs
	if f.varEnv {
		v.Environ = os.Environ()
	}
	return v
}

// configuration is what the flags and the environment say of configuration.
func (f *flags) configuration(env func(string) string) workspace.FinderOptions {
	o := workspace.FinderOptions{File: cmp.Or(f.config, env("IACLINT_CONFIG")), None: f.noConfig, Deploy: f.deploy, FailOn: f.failOn, Evidence: f.evidence, IsReport: isReport, IsBaseline: scan.IsBaseline}
	o.Known = configOptions(today(f.today, env))
	return o
}

// parse reads the command line; the error is for the user.
func (f *flags) parse(args []string) ([]string, error) {
	if err := f.set.Parse(args); err != nil {
		return nil, f.explain(err)
	}
	for _, c := range []struct {
		flag, value string
		valid       []string
	}{
		{"--zone", f.deploy.Type, []string{"account", "organization"}},
		{"--findings", f.findings, []string{"minimal", "complete"}},
		{"--fail-on", f.failOn, config.FailOn()},
		{"--policy-checks", string(f.deploy.PolicyChecks), validate.LevelNames()},
		{"--min-severity", f.minSeverity, severityNames()},
		{"--color", f.color, []string{"auto", "always", "never"}},
	} {
		given := f.set.Changed(strings.TrimPrefix(c.flag, "--"))
		if given && !slices.Contains(c.valid, c.value) {
			return nil, fmt.Errorf("%s %q is unknown%s", c.flag, c.value, config.Hint(c.value, c.valid))
		}
	}
	if err := f.consistent(); err != nil {
		return nil, err
	}
	f.quiet = f.quiet || f.fromHook
	f.onlyNew = f.onlyNew || f.newFrom != ""
	return f.set.Args(), nil
}

// suit reports formats that a command does not have.
func (f *flags) suit(to []destination, formats []string) error {
	for _, d := range to {
		if !slices.Contains(formats, d.format) {
			return fmt.Errorf("format %q is not for %s%s", d.format, f.command[0], config.Hint(d.format, formats))
		}
	}
	return nil
}

func severityNames() []string {
	var out []string
	for _, s := range finding.Severities {
		out = append(out, string(s))
	}
	return out
}

// explain words an error of pflag.
func (f *flags) explain(err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return err
	}
	var names []string
	f.set.VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
	name := unknown.GetSpecifiedName()
	if checkFlags().Lookup(name) != nil && len(f.command) > 0 {
		return fmt.Errorf("--%s is not for %s", name, strings.Join(f.command, " "))
	}
	if near := spelling.Nearest(name, names); near != "" {
		return fmt.Errorf("unknown flag --%s; did you mean --%s?", name, near)
	}
	return fmt.Errorf("unknown flag --%s", name)
}

// consistent checks values and what no flag shows alone.
func (f *flags) consistent() error {
	if f.noConfig && f.config != "" {
		return errors.New("--config and --no-config exclude each other")
	}
	for _, m := range f.modules {
		if source, dir, ok := strings.Cut(m, "="); !ok || source == "" || dir == "" {
			return fmt.Errorf("--module %q: SOURCE=DIR is expected", m)
		}
	}
	if f.maxBytes < 0 || f.maxBytes > 0 && f.maxBytes < 2000 {
		return errors.New("--max-bytes must be at least 2000")
	}
	if f.quiet && f.verbose {
		return errors.New("--quiet and --verbose exclude each other")
	}
	for _, required := range []string{"config", "account", "org", "output", "resource-type", "stdin-filename", "region", "partition", "sarif-category", "baseline", "today", "new-from", "since"} {
		if flag := f.set.Lookup(required); flag != nil && flag.Changed && flag.Value.String() == "" {
			return fmt.Errorf("--%s needs a value", required)
		}
	}
	if f.stdinFilename != "" && !slices.Contains(f.set.Args(), "-") {
		return errors.New("--stdin-filename needs - among the paths, for standard input")
	}
	if f.today != "" {
		if err := config.Date(f.today); err != nil {
			return fmt.Errorf("--today: %w", err)
		}
	}
	if f.baseline != "" && f.noIgnores {
		return errors.New("--baseline and --no-ignores exclude each other")
	}
	for _, partial := range []string{"rule", "skip-rule", "min-severity", "from-hook", "new", "new-from"} {
		if flag := f.set.Lookup(partial); f.sinceFile != "" && flag != nil && flag.Changed {
			return fmt.Errorf("--since and --%s exclude each other: what is left out would be taken for resolved", partial)
		}
	}
	if f.deploy.Account != "" {
		if err := config.AccountID(f.deploy.Account); err != nil {
			return fmt.Errorf("--account: %w", err)
		}
	}
	for _, id := range f.deploy.Members {
		if err := config.AccountID(id); err != nil {
			return fmt.Errorf("--member: %w", err)
		}
	}
	if _, known := knowledge.KindOf(f.resourceType); !known && f.resourceType != "" {
		return fmt.Errorf("--resource-type %q is unknown%s", f.resourceType, typeHint(f.resourceType))
	}
	return nil
}

// typeHint names the type that was probably meant.
func typeHint(name string) string {
	var names []string
	for _, k := range knowledge.Kinds {
		names = append(append(names, k.Type), k.Names...)
	}
	if near := spelling.Nearest(name, names); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return "; CloudFormation's or Terraform's name of a resource is expected, such as AWS::S3::Bucket or aws_sqs_queue_policy"
}

// trusted reads the flags that extend the zone of trust; warnings are about
// values that are taken although their shape is unusual.
func (f *flags) trusted() (warnings []string, err error) {
	for _, t := range trustFlags {
		for _, item := range *f.trust[t.list] {
			switch err := f.deploy.Trusted.Add(t.list, item); {
			case err == nil:
			case config.IsWarning(err):
				warnings = append(warnings, fmt.Sprintf("--%s: %s", t.flag, err))
			default:
				return nil, fmt.Errorf("--%s: %w", t.flag, err)
			}
		}
	}
	return append(warnings, f.deploy.Unusual()...), nil
}
