package workspace

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/gitfs"
	"github.com/iaclint/iaclint/loaders"
	"github.com/iaclint/iaclint/loaders/deployed"
	"github.com/iaclint/iaclint/loaders/terraform"
)

// Values are what flags say of parameters and variables, as it is written there.
type Values struct {
	ResourceType   string
	Parameters     []string // K=V
	ParameterFiles []string
	Variables      []Variable // in the order of the command line
	Workspace      string     // of Terraform
	Environ        []string   // where variables may have values; nil: nowhere
	SourceRoot     string
	Stated         []string // NAME=VALUE of anything that is not known
	Deployed       []string // files that tell what is deployed
	AllInputs      bool     // no default counts
}

// Variable is what one flag says of the variables of Terraform.
type Variable struct {
	Text   string // NAME=VALUE, or the name of a file
	IsFile bool
}

// Read reads what flags say of the values of parameters and variables. The
// files are opened as they are named: they are the user's own words.
// Those of a repository are read from a revision of it, if one is given; what it
// does not have yet is left out, and unread names it.
func (v Values) Read(cwd string, at *Revision) (o loaders.Options, unread []string, err error) {
	o = loaders.Options{ResourceType: v.ResourceType, Workspace: v.Workspace}
	if v.AllInputs {
		o.Open = []string{"*"}
	}
	if v.Environ != nil {
		o.Environ = environ(v.Environ)
	}
	if o.Parameters, err = namedValues("--parameter", v.Parameters); err != nil {
		return o, nil, err
	}
	o.AskedParameters = &deployed.Names{Given: slices.Collect(maps.Keys(o.Parameters))}
	o.AskedVariables = &deployed.Names{}
	stated, err := namedValues("--value", v.Stated)
	if err != nil {
		return o, nil, err
	}
	o.Stated = deployed.State(stated, nil)
	files := valueReader{cwd: cwd, at: at}
	o.ParameterFiles = files.read("--parameter-file", v.ParameterFiles)
	if told := files.read("--values", v.Deployed); len(told) > 0 && files.err == nil {
		var diags []source.Diagnostic
		if o.Deployed, diags = loaders.Deployed(told); len(diags) > 0 {
			path, at := diags[0].Where()
			if at.Line == 0 {
				return o, nil, fmt.Errorf("--values %s: %s", path, diags[0].Message)
			}
			return o, nil, fmt.Errorf("--values %s:%d:%d: %s", path, at.Line, at.Column, diags[0].Message)
		}
	}
	for _, variable := range v.Variables {
		if variable.IsFile {
			for _, f := range files.read("--var-file", []string{variable.Text}) {
				o.Variables = append(o.Variables, terraform.Given{File: f})
			}
			continue
		}
		name, text, err := namedValue("--var", variable.Text)
		if err != nil {
			return o, nil, err
		}
		o.Variables = append(o.Variables, terraform.Given{Name: name, Text: text})
		o.AskedVariables.Given = append(o.AskedVariables.Given, name)
	}
	if files.err != nil || v.SourceRoot == "" {
		return o, files.unread, files.err
	}
	dir := v.SourceRoot
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(cwd, dir)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return o, files.unread, fmt.Errorf("--source-root %s is not a directory", v.SourceRoot)
	}
	if name, ok := at.has(dir); ok {
		o.Source, o.SourceRoot = at.Tree, name
		return o, files.unread, nil
	}
	root := RootOf(dir)
	o.Source, o.SourceRoot = newRooted(root), Below(root, dir)
	return o, files.unread, nil
}

// environ are the variables of the environment that Terraform reads values from.
func environ(list []string) map[string]string {
	out := map[string]string{}
	for _, item := range list {
		if name, text, ok := strings.Cut(item, "="); ok && (strings.HasPrefix(name, "TF_VAR_") || name == "TF_WORKSPACE") {
			out[name] = text
		}
	}
	return out
}

func namedValues(flag string, list []string) (map[string]string, error) {
	out := map[string]string{}
	for _, item := range list {
		name, text, err := namedValue(flag, item)
		if err != nil {
			return nil, err
		}
		out[name] = text
	}
	return out, nil
}

func namedValue(flag, item string) (name, text string, err error) {
	name, text, ok := strings.Cut(item, "=")
	if !ok || name == "" {
		return "", "", fmt.Errorf("%s %q: NAME=VALUE is expected", flag, item)
	}
	return name, text, nil
}

// valueReader reads files of values.
type valueReader struct {
	cwd    string
	at     *Revision
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
			if content, err = fs.ReadFile(r.at.Tree, inTree); errors.Is(err, fs.ErrNotExist) {
				r.unread = append(r.unread, fmt.Sprintf("%s %s is not in revision %s, which is analysed without it", flag, name, r.at.name))
				continue
			}
		} else {
			content, err = ReadFile(abs)
		}
		if err != nil && r.err == nil {
			r.err = fmt.Errorf("%s %s %s", flag, name, Reason(err))
		}
		out = append(out, source.NewFile(filepath.ToSlash(name), content))
	}
	return out
}

// ReadFile returns the content of a regular file.
func ReadFile(abs string) ([]byte, error) {
	file, err := OpenFile(abs)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

// ReadBeside is readBeside in the revision that the input is of, if it is of one.
func (in *Input) ReadBeside(configuration, name string) ([]byte, error) {
	if tree, ok := in.tree.(*gitfs.Tree); ok {
		if dir := Below(in.treePath, filepath.Dir(configuration)); fs.ValidPath(dir) {
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
	f, err := newVisible(root).open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
