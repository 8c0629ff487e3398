package terraform

import (
	"io/fs"
	"path"
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// unitFunctions are those that Terragrunt adds to Terraform's.
//
// https://terragrunt.gruntwork.io/docs/reference/hcl/functions/
var unitFunctions map[string]funcDef

func init() { // some of the functions evaluate files, which call functions
	unitFunctions = map[string]funcDef{
		// places
		"find_in_parent_folders":      {min: 0, max: 2, call: findInParents},
		"get_terragrunt_dir":          {min: 0, max: 0, call: dirOf(func(f *unitFile) string { return f.dir })},
		"get_original_terragrunt_dir": {min: 0, max: 0, call: dirOf(func(f *unitFile) string { return f.u.dir })},
		"get_parent_terragrunt_dir":   {min: 0, max: 1, call: parentDir},
		"get_repo_root":               {min: 0, max: 0, call: dirOf(func(*unitFile) string { return "." })},
		"get_path_from_repo_root":     {min: 0, max: 0, call: between(func(*call) string { return "." }, func(c *call) string { return c.of().dir })},
		"get_path_to_repo_root":       {min: 0, max: 0, call: between(func(c *call) string { return c.of().dir }, func(*call) string { return "." })},
		"path_relative_to_include":    {min: 0, max: 1, call: between((*call).includer, func(c *call) string { return c.of().dir })},
		"path_relative_from_include":  {min: 0, max: 1, call: between(func(c *call) string { return c.of().dir }, (*call).includer)},
		"get_working_dir":             {min: 0, max: 0, is: unknowable},

		// other files
		"read_terragrunt_config": {min: 1, max: 2, call: readUnitFile},
		"read_tfvars_file":       {min: 1, max: 1, is: unknowable},
		"mark_as_read":           {min: 1, max: 1, call: argument}, "mark_glob_as_read": {min: 1, max: 1, is: unknowable},
		"sops_decrypt_file": {min: 1, max: 1, is: unknowable},

		// values
		"deep_merge":         {min: 1, max: -1, call: deepMerge},
		"get_aws_account_id": {min: 0, max: 0, call: callersAccount},

		// the environment and the machine
		"get_env": {min: 1, max: 2, call: environment}, "run_cmd": {min: 1, max: -1, is: unknowable}, "get_platform": {min: 0, max: 0, is: unknowable},
		"get_aws_account_alias": {min: 0, max: 0, is: unknowable}, "get_aws_caller_identity_arn": {min: 0, max: 0, is: unknowable}, "get_aws_caller_identity_user_id": {min: 0, max: 0, is: unknowable},
		"get_terraform_command": {min: 0, max: 0, is: unknowable}, "get_terraform_cli_args": {min: 0, max: 0, is: unknowable}, "get_tf_command": {min: 0, max: 0, is: unknowable}, "get_tf_cli_args": {min: 0, max: 0, is: unknowable},
		"get_terraform_commands_that_need_vars": {min: 0, max: 0, is: unknowable}, "get_terraform_commands_that_need_input": {min: 0, max: 0, is: unknowable},
		"get_terraform_commands_that_need_locking": {min: 0, max: 0, is: unknowable}, "get_terraform_commands_that_need_parallelism": {min: 0, max: 0, is: unknowable},
		"get_default_retryable_errors": {min: 0, max: 0, is: unknowable}, "get_terragrunt_source_cli_flag": {min: 0, max: 0, is: unknowable}, "constraint_check": {min: 2, max: 2, is: unknowable},
	}
}

// unitCosts are the costs of unitFunctions.
var unitCosts = map[string]func(*call) int{}

func init() {
	for name := range unitFunctions {
		unitCosts[name] = each(lookupSteps)
	}
	unitCosts["deep_merge"] = linear
}

// ofUnit reports whether the call stands in a file of Terragrunt.
func (c *call) ofUnit() bool { return c.sc != nil && c.sc.m != nil && c.sc.m.of != nil }

// of is the file of Terragrunt that the call stands in.
func (c *call) of() *unitFile { return c.sc.m.of }

func dirOf(dir func(*unitFile) string) func(*call) *val {
	return func(c *call) *val { return absolute(dir(c.of()), c.span) }
}

// between is the path from one directory to another.
func between(from, to func(*call) string) func(*call) *val {
	return func(c *call) *val { return textVal(pathBetween(from(c), to(c)), c.span) }
}

func pathBetween(from, to string) string {
	a, b := strings.Split(from, "/"), strings.Split(to, "/")
	if from == "." {
		a = nil
	}
	if to == "." {
		b = nil
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	var steps []string
	for range a {
		steps = append(steps, "..")
	}
	if steps = append(steps, b...); len(steps) == 0 {
		return "."
	}
	return path.Join(steps...)
}

// includer is the directory of the file that the call stands in where that is
// included, else of the file that the unit includes under the name that is given, or
// of the first.
func (c *call) includer() string {
	f := c.of()
	if f.included {
		return path.Dir(f.name)
	}
	if f.name != path.Join(f.u.dir, UnitFile) {
		return f.dir // it is only read
	}
	label := ""
	if len(c.args) > 0 {
		label, _ = c.args[0].known()
	}
	for _, p := range f.u.parts {
		if p.included && (label == "" || p.label == label) {
			return path.Dir(p.name)
		}
	}
	return f.dir
}

func parentDir(c *call) *val { return absolute(c.includer(), c.span) }

// findInParents looks for a file or directory in the directories above.
func findInParents(c *call) *val {
	name := UnitFile
	if len(c.args) > 0 {
		s, known := c.args[0].known()
		if !known || c.args[0].maybe != nil {
			return c.derived()
		}
		name = s
	}
	l := c.l
	for dir := c.of().dir; dir != "."; {
		dir = path.Dir(dir)
		if found := path.Join(dir, name); l.spend(lookupSteps, c.span) && fs.ValidPath(found) && l.there(found) {
			return absolute(found, c.span)
		}
	}
	if len(c.args) > 1 {
		return c.args[1]
	}
	// It may lie above what is analysed.
	l.doubts++
	return unknownVal(value.Reference{Name: "find_in_parent_folders(\"" + name + "\")"}, c.span)
}

// lookupSteps is what it takes to look for a file.
const lookupSteps = 100

// readUnitFile is what another file of Terragrunt has, evaluated where it lies.
func readUnitFile(c *call) *val {
	f, l := c.of(), c.l
	name, ok := f.u.path(c.args[0], f.dir)
	switch {
	case !ok:
		return c.derived()
	case !l.has(name) && len(c.args) > 1:
		return c.args[1]
	case !l.has(name):
		return c.errorf("file %q cannot be read: it is not there", name)
	}
	if v, done := f.u.read[name]; done {
		if v == nil {
			return c.errorf("the file %q reads itself", name)
		}
		return v
	}
	f.u.read[name] = nil
	other := f.u.file(name, path.Dir(name))
	if other == nil {
		f.u.read[name] = l.failed(c.span) // said already
		return f.u.read[name]
	}
	v := other.shown()
	f.u.read[name] = v
	return v
}

// environment is a variable of the environment, which is not known.
func environment(c *call) *val {
	name, known := c.args[0].known()
	if !known || c.args[0].maybe != nil {
		return c.derived()
	}
	c.l.doubts++
	return unknownVal(value.Reference{Name: "get_env(\"" + name + "\")"}, c.span)
}

// callersAccount is the account that deploys, which is that of the zone.
func callersAccount(c *call) *val {
	o := c.l.o
	return textOf((&deployment{account: o.Account, region: o.Region, partition: o.Partition}).accountText(), c.span)
}

func deepMerge(c *call) *val {
	out := c.args[0]
	for _, a := range c.args[1:] {
		out = c.of().u.deep(out, a)
	}
	return out
}
