package workspace

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/loaders"
)

// collectChanged makes inputs of changed files, as a hook gives them: a file of
// a module, or one that it reads, stands for all modules that it is part of, a
// configuration file for its whole directory, and an own rule for that of its
// configuration. What a walk would not find, or nobody knows, is passed over.
func (w *Walker) collectChanged(args []string) {
	dirs, values, read := map[string]bool{}, map[string]bool{}, map[string]bool{}
	above := map[string]bool{} // directories of files that units below may include
	for _, arg := range args {
		abs := arg
		if !filepath.IsAbs(arg) {
			abs = filepath.Join(w.cwd, arg)
		}
		abs = filepath.Clean(abs)
		name := filepath.Base(abs)
		switch {
		case slices.Contains(config.Names, name):
			w.addDir(filepath.Dir(abs))
		case loaders.IsModuleFile(name):
			dirs[filepath.Dir(abs)] = true
		case strings.HasSuffix(name, ".tfvars"), strings.HasSuffix(name, ".tfvars.json"):
			dirs[filepath.Dir(abs)], values[abs] = true, true
		case isUnitPart(name):
			above[filepath.Dir(abs)], read[abs] = true, true
		case filepath.Ext(name) == ".rego":
			if dir, ok := w.configured(filepath.Dir(abs)); ok {
				w.addDir(dir)
			}
		case mayBeRead(name):
			if ofInterest(name) {
				w.addChanged(arg, abs)
			}
			if w.speaksOfAccess(abs) {
				read[abs] = true
			}
		}
	}
	roots := map[string][]string{}
	for _, changed := range []map[string]bool{dirs, above} {
		for dir := range changed {
			roots[w.root(dir)] = nil
		}
	}
	for abs := range read {
		root := w.root(filepath.Dir(abs))
		roots[root] = append(roots[root], filepath.Base(abs))
	}
	for root, names := range roots {
		w.addModules(root, changes{dirs: dirs, above: above, values: values, names: names})
	}
	slices.SortFunc(w.Files, func(a, b Input) int { return strings.Compare(a.Abs, b.Abs) })
	for i, in := range w.Files {
		w.seen[in.Abs] = i
	}
}

// addChanged adds a file if a walk would find it. One that a directory has
// brought is there already, and is not named by being given as well.
func (w *Walker) addChanged(arg, abs string) {
	if _, ok := w.seen[abs]; ok {
		return
	}
	before := len(w.Files)
	w.addPath(arg)
	if len(w.Files) == before {
		return
	}
	in := &w.Files[before]
	in.Named = false
	if !w.walks(in) {
		w.Files = w.Files[:before]
		delete(w.seen, abs)
	}
}

// mayBeRead reports whether a module may read a file of that name for a policy.
func mayBeRead(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".tpl", ".tftpl", ".tmpl", ".policy", ".txt", ".csv":
		return true
	}
	return ofInterest(name)
}

// access is in files that say something of who gets in: policies, and the values
// that policies are made of.
var access = once.Regexp(`Statement|Principal|arn:|[0-9]{12}|\bo-[a-z0-9]{10}|\bvpce?-|\*`)

// speaksOfAccess reports whether a changed file can matter to a module that reads it.
// Most cannot, and looking for those modules is not free. One that cannot be read
// may.
func (w *Walker) speaksOfAccess(abs string) bool {
	in := w.at(abs, w.root(filepath.Dir(abs)))
	files := in.FS()
	info, err := fs.Stat(files, in.Path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > mostLookedAt {
		return true
	}
	content, err := fs.ReadFile(files, in.Path)
	return err != nil || access().Match(content)
}

// mostLookedAt is the size of a file above which a module that reads it is analysed
// without a look into the file.
const mostLookedAt = 1 << 20

// configured returns the nearest directory at or above one, up to its root, that has
// a configuration file.
func (w *Walker) configured(dir string) (string, bool) {
	root := w.root(dir)
	for {
		for _, name := range config.Names {
			if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
				return dir, true
			}
		}
		if dir == root || dir == filepath.Dir(dir) {
			return "", false
		}
		dir = filepath.Dir(dir)
	}
}

// isUnitPart reports whether a file of that name may be part of a unit of Terragrunt.
func isUnitPart(name string) bool {
	return filepath.Ext(name) == ".hcl" && !isStacksFile(name) && name != ".terraform.lock.hcl"
}

// changes are files that changed: the directories of modules', those whose units may
// include one, files of values, and the names of what modules may read.
type changes struct {
	dirs, above, values map[string]bool
	names               []string
}

// concern reports whether a module is changed, but for the modules that it calls.
func (c changes) concern(w *Walker, in *Input) bool {
	if c.dirs[in.Abs] || w.usesValues(in, c.values) || len(c.names) > 0 && loaders.Mentions(in.FS(), in.Path, c.names) {
		return true
	}
	for dir := range c.above {
		if Within(dir, in.Abs) {
			_, err := fs.Stat(in.FS(), path.Join(in.Path, loaders.UnitFile))
			return err == nil
		}
	}
	return false
}

// addModules adds the modules below a root that changed, or that use what
// changed.
func (w *Walker) addModules(rootDir string, changed changes) {
	root, err := os.OpenRoot(rootDir)
	if err != nil {
		w.fail(w.at(rootDir, rootDir), err)
		return
	}
	t := tree{Walker: w, files: newVisible(root), confine: rootDir, dir: w.at(rootDir, rootDir), index: -1}
	var found []Input
	t.modules(".", &found)
	calls := map[string][]string{}
	var reaches func(name string, seen map[string]bool) bool
	byPath := map[string]*Input{}
	for i := range found {
		byPath[found[i].Path] = &found[i]
	}
	reaches = func(name string, seen map[string]bool) bool {
		in := byPath[name]
		if in == nil || seen[name] {
			return false
		}
		seen[name] = true
		if changed.concern(w, in) {
			return true
		}
		if _, known := calls[name]; !known {
			calls[name] = w.called(in)
		}
		return slices.ContainsFunc(calls[name], func(c string) bool { return reaches(c, seen) })
	}
	for _, in := range found {
		if reaches(in.Path, map[string]bool{}) {
			w.add(in)
		}
	}
}

// usesValues reports whether the configuration gives the module one of the files
// of values.
func (w *Walker) usesValues(in *Input, values map[string]bool) bool {
	if len(values) == 0 || w.Settings == nil {
		return false
	}
	s := w.Settings(in)
	for _, d := range s.Plan.Deployments(s.Path(in)) {
		for _, name := range d.Given.VariableFiles {
			if values[filepath.Join(in.Abs, filepath.FromSlash(name))] {
				return true
			}
		}
	}
	return false
}

// modules finds the directories that are modules.
func (t *tree) modules(rel string, found *[]Input) {
	entries, err := t.list(rel)
	if err != nil {
		t.fail(t.at(rel), err)
	}
	if t.isModule(rel, entries) {
		in := t.at(rel)
		in.Module, in.tree, in.treePath = true, t.files, t.confine
		if t.walks(&in) {
			*found = append(*found, in)
		}
	}
	for _, e := range entries {
		if e.IsDir() && !skippedDir(e.Name()) {
			t.modules(filepath.Join(rel, e.Name()), found)
		}
	}
}
