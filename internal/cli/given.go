package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/gitfs"
	"github.com/iaclint/iaclint/loaders"
)

// given reads what flags say of the values of parameters and variables. The
// files are opened as they are named: they are the user's own words.
// Those of a repository are read from a revision of it, if one is given; what it
// does not have yet is left out, and unread names it.
func (f *flags) given(cwd string, at *revision) (o loaders.Options, unread []string, err error) {
	o = loaders.Options{ResourceType: f.resourceType}
	if f.varEnv {
		o.Environ = environ(os.Environ())
	}
	if o.Parameters, err = namedValues("--parameter", f.parameters); err != nil {
		return o, nil, err
	}
	if o.Variables, err = namedValues("--var", f.variables); err != nil {
		return o, nil, err
	}
	files := valueReader{cwd: cwd, at: at}
	o.ParameterFiles = files.read("--parameter-file", f.parameterFiles)
	o.VariableFiles = files.read("--var-file", f.variableFiles)
	if files.err != nil || f.sourceRoot == "" {
		return o, files.unread, files.err
	}
	dir := f.sourceRoot
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(cwd, dir)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return o, files.unread, fmt.Errorf("--source-root %s is not a directory", f.sourceRoot)
	}
	if name, ok := at.has(dir); ok {
		o.Source, o.SourceRoot = at.tree, name
		return o, files.unread, nil
	}
	root := newWalker(cwd, nil, "", nil).root(dir)
	o.Source, o.SourceRoot = rooted(root), below(root, dir)
	return o, files.unread, nil
}

// environ are the variables of the environment that Terraform reads values from.
func environ(list []string) map[string]string {
	out := map[string]string{}
	for _, item := range list {
		if name, text, ok := strings.Cut(item, "="); ok && strings.HasPrefix(name, "TF_VAR_") {
			out[name] = text
		}
	}
	return out
}

func namedValues(flag string, list []string) (map[string]string, error) {
	out := map[string]string{}
	for _, item := range list {
		name, text, ok := strings.Cut(item, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("%s %q: NAME=VALUE is expected", flag, item)
		}
		out[name] = text
	}
	return out, nil
}

// valueReader reads files of values.
type valueReader struct {
	cwd    string
	at     *revision
	unread []string
	err    error // the first
}

func (r *valueReader) read(flag string, names []string) []*source.File {
	var out []*source.File
	for _, name := range names {
		abs := name
		if !filepath.IsAbs(abs) {
			abs = filepath.Join(r.cwd, name)
		}
		var content []byte
		var err error
		if inTree, ok := r.at.has(abs); ok {
			if content, err = fs.ReadFile(r.at.tree, inTree); errors.Is(err, fs.ErrNotExist) {
				r.unread = append(r.unread, fmt.Sprintf("%s %s is not in revision %s, which is analysed without it", flag, name, r.at.name))
				continue
			}
		} else {
			content, err = readValues(abs)
		}
		if err != nil && r.err == nil {
			r.err = fmt.Errorf("%s %s %s", flag, name, reason(err))
		}
		out = append(out, source.NewFile(filepath.ToSlash(name), content))
	}
	return out
}

func readValues(abs string) ([]byte, error) {
	file, err := openRegular(os.OpenFile(abs, readOnly, 0))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

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

// byInput joins the results of the tasks of one input. What its comments say
// does not depend on the deployment.
func byInput(files []input, tasks []task, results []result) []result {
	if len(tasks) == len(files) {
		return results
	}
	at := map[*input]int{}
	for i := range files {
		at[&files[i]] = i
	}
	out := make([]result, len(files))
	seen := make([]bool, len(files))
	for i, r := range results {
		k := at[tasks[i].in]
		o := &out[k]
		if !seen[k] {
			*o, seen[k] = r, true
			continue
		}
		o.read, o.recognised = o.read || r.read, o.recognised || r.recognised
		o.analysed = append(o.analysed, r.analysed...)
		o.diagnostics = append(o.diagnostics, r.diagnostics...)
		o.withdrawn, o.before = append(o.withdrawn, r.withdrawn...), append(o.before, r.before...)
		o.compared = o.compared || r.compared
	}
	return out
}

// addGiven adds what the target says of values. Flags have the last word: their
// files come later, and their values replace those of the same name.
func (t task) addGiven(o *loaders.Options, in loaders.Input) []source.Diagnostic {
	g, target := t.deployments[0].Given, t.deployments[0].Target
	o.Workspace = g.Workspace
	o.Variables, o.Parameters = overlaid(g.Variables, o.Variables), overlaid(g.Parameters, o.Parameters)
	var unread []source.Diagnostic
	dir := in.Dir
	if in.File != nil {
		dir = path.Dir(in.File.Name)
	}
	add := func(to *[]*source.File, kind string, names []string, read func(name string) (*source.File, error)) {
		var files []*source.File
		for _, name := range names {
			f, err := read(name)
			if err != nil {
				unread = append(unread, t.failure(fmt.Sprintf("file %q of %s of target %q %s", name, kind, target, reason(err))))
				continue
			}
			files = append(files, f)
		}
		*to = append(files, *to...)
	}
	if in.File == nil || loaders.IsModuleFile(in.File.Name) {
		add(&o.VariableFiles, "variables", g.VariableFiles, func(name string) (*source.File, error) {
			name = path.Join(dir, name)
			if in.FS == nil {
				return nil, fs.ErrNotExist
			}
			content, err := fs.ReadFile(in.FS, name)
			return source.NewFile(name, content), err
		})
		return unread
	}
	add(&o.ParameterFiles, "parameters", g.ParameterFiles, func(name string) (*source.File, error) {
		content, err := t.in.readBeside(t.in.settings.abs, name)
		return source.NewFile(name, content), err
	})
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

// readBeside is readBeside in the revision that the input is of, if it is of one.
func (in *input) readBeside(configuration, name string) ([]byte, error) {
	if tree, ok := in.tree.(*gitfs.Tree); ok {
		if dir := below(in.treePath, filepath.Dir(configuration)); fs.ValidPath(dir) {
			return fs.ReadFile(tree, path.Join(dir, filepath.ToSlash(name)))
		}
	}
	return readBeside(configuration, name)
}

// readBeside reads a file that a configuration file names. A configuration is
// part of what is analysed, so that it cannot name files elsewhere.
func readBeside(configuration, name string) ([]byte, error) {
	root, err := os.OpenRoot(filepath.Dir(configuration))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := openRegular(root.OpenFile(filepath.FromSlash(name), readOnly, 0))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
