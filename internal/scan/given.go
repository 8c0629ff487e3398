package scan

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders"
	"github.com/iaclint/iaclint/loaders/deployed"
	"github.com/iaclint/iaclint/loaders/terraform"
)

// givenAlike groups deployments for which an input is read in the same way; the
// groups are in the order of their first.
func givenAlike(list []config.Deployment) [][]config.Deployment {
	var out [][]config.Deployment
	for _, d := range list {
		same := func(group []config.Deployment) bool { return reflect.DeepEqual(group[0].Given, d.Given) }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i] = append(out[i], d)
			continue
		}
		out = append(out, []config.Deployment{d})
	}
	return out
}

// ByInput joins the results of the tasks of one input. What its comments say
// does not depend on the deployment.
func ByInput(files []workspace.Input, tasks []Task, results []Result) []Result {
	if len(tasks) == len(files) {
		return results
	}
	at := map[*workspace.Input]int{}
	for i := range files {
		at[&files[i]] = i
	}
	out := make([]Result, len(files))
	seen := make([]bool, len(files))
	for i, r := range results {
		k := at[tasks[i].In]
		o := &out[k]
		if !seen[k] {
			*o, seen[k] = r, true
			continue
		}
		o.read, o.recognised = o.read || r.read, o.recognised || r.recognised
		o.Analysed = append(o.Analysed, r.Analysed...)
		o.Diagnostics = append(o.Diagnostics, r.Diagnostics...)
		o.unread = append(o.unread, r.unread...)
		o.attachments, o.users = append(o.attachments, r.attachments...), append(o.users, r.users...)
		o.assumptions = append(o.assumptions, r.assumptions...)
		o.withdrawn, o.before = append(o.withdrawn, r.withdrawn...), append(o.before, r.before...)
		o.compared = o.compared || r.compared
	}
	return out
}

// addGiven adds what the target says of values. Flags have the last word: their
// files come later, and their values replace those of the same name.
func (t Task) addGiven(o *loaders.Options, in loaders.Input) []source.Diagnostic {
	g, target := t.Deployments[0].Given, t.Deployments[0].Target
	o.Workspace = cmp.Or(o.Workspace, g.Workspace)
	o.Parameters = overlaid(g.Parameters, o.Parameters)
	o.Stated = deployed.State(g.Values, o.Stated)
	var unread []source.Diagnostic
	dir := in.Dir
	if in.File != nil {
		dir = path.Dir(in.File.Name)
	}
	readAll := func(kind string, names []string, read func(name string) (*source.File, error)) (files []*source.File) {
		for _, name := range names {
			f, err := read(name)
			if err != nil {
				unread = append(unread, t.failure(fmt.Sprintf("file %q of %s of target %q %s", name, kind, target, workspace.Reason(err))))
				continue
			}
			files = append(files, f)
		}
		return files
	}
	if in.File == nil || loaders.HasVariables(in.File.Name) {
		var given []terraform.Given
		for _, f := range readAll("variables", g.VariableFiles, func(name string) (*source.File, error) {
			name = path.Join(dir, name)
			if in.FS == nil {
				return nil, fs.ErrNotExist
			}
			content, err := fs.ReadFile(in.FS, name)
			return source.NewFile(name, content), err
		}) {
			given = append(given, terraform.Given{File: f})
		}
		o.Variables = slices.Concat(given, loaders.Variables(g.Variables), o.Variables)
		return unread
	}
	o.ParameterFiles = append(readAll("parameters", g.ParameterFiles, func(name string) (*source.File, error) {
		content, err := t.In.ReadBeside(t.In.Settings.Abs, name)
		return source.NewFile(name, content), err
	}), o.ParameterFiles...)
	return unread
}

// overlaid returns the values of both; those of the second count more.
func overlaid(a, b map[string]string) map[string]string {
	if len(a) == 0 {
		return b
	}
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// unusedValues says which values on the command line are of names that nothing has: a
// misspelt one would be passed over in silence.
func unusedValues(o Options) []finding.Diagnostic {
	var out []finding.Diagnostic
	warn := func(format string, args ...any) {
		out = append(out, finding.Diagnostic{Severity: string(source.Warning), Message: fmt.Sprintf(format, args...)})
	}
	for _, name := range o.Given.Stated.Unused() {
		warn("--value %s: nothing is called so that is not known; findings name it among their needs", name)
	}
	if o.ChangedOnly {
		return out // the rest may have them
	}
	for _, asked := range []struct {
		flag, nothing string
		names         *deployed.Names
	}{{"--parameter", "no template that is analysed has this parameter", o.Given.AskedParameters}, {"--var", "no module that is analysed has this variable", o.Given.AskedVariables}} {
		names, meant := asked.names.Unknown()
		for i, name := range names {
			hint := ""
			if meant[i] != "" {
				hint = fmt.Sprintf("; did you mean %q?", meant[i])
			}
			warn("%s %s: %s%s", asked.flag, name, asked.nothing, hint)
		}
	}
	return out
}
