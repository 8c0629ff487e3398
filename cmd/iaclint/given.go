package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/loaders"
)

// given reads what flags say of the values of parameters and variables. The
// files are opened as they are named: they are the user's own words.
func (f *flags) given(cwd string) (loaders.Options, error) {
	o := loaders.Options{ResourceType: f.resourceType}
	var err error
	if o.Parameters, err = namedValues("--parameter", f.parameters); err != nil {
		return o, err
	}
	if o.Variables, err = namedValues("--var", f.variables); err != nil {
		return o, err
	}
	if o.ParameterFiles, err = valueFiles("--parameter-file", cwd, f.parameterFiles); err != nil {
		return o, err
	}
	o.VariableFiles, err = valueFiles("--var-file", cwd, f.variableFiles)
	return o, err
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

func valueFiles(flag, cwd string, names []string) ([]*source.File, error) {
	var out []*source.File
	for _, name := range names {
		abs := name
		if !filepath.IsAbs(abs) {
			abs = filepath.Join(cwd, name)
		}
		content, err := readValues(abs)
		if err != nil {
			return nil, fmt.Errorf("%s %s %s", flag, name, reason(err))
		}
		out = append(out, source.NewFile(filepath.ToSlash(name), content))
	}
	return out, nil
}

func readValues(abs string) ([]byte, error) {
	file, err := openRegular(os.OpenFile(abs, readOnly, 0))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}
