package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/rules"
	"github.com/iaclint/iaclint/rules/rego"
)

// CustomRules are the rules in Rego of one configuration.
type CustomRules struct {
	Set   *rego.Set
	Files []*source.File
	Limit time.Duration
	Shown map[string]string // for people, by path in the report
}

// Ids of the rules; none without any.
func (o *CustomRules) Ids() []string {
	var out []string
	if o != nil {
		for _, r := range o.Set.Rules {
			out = append(out, r.ID)
		}
	}
	return out
}

// RuleIDs are the ids that the configuration and comments may name.
func (s *Settings) RuleIDs() []string { return append(rules.IDs(), s.Custom.Ids()...) }

// ruleFiles are read for one configuration.
type ruleFiles struct {
	files fs.FS
	root  string // directory of files
	tests bool   // files with tests count
	found []*source.File
	names map[string]bool
	size  int
}

const (
	mostRuleFiles = 2000
	mostRuleBytes = 32 << 20
)

// ruleTree is what the rules of a configuration are confined to: the work tree or
// the revision that it is in.
func (s *Finder) ruleTree(abs string) *ruleFiles {
	out := &ruleFiles{names: map[string]bool{}}
	if _, ok := s.Revision.has(abs); ok {
		out.files, out.root = s.Revision.Tree, s.Revision.root
		return out
	}
	out.root = RootOf(filepath.Dir(abs))
	out.files = newRooted(out.root)
	return out
}

// add reads a file, or all files with rules in a directory.
func (r *ruleFiles) add(abs string) error {
	if !Within(r.root, abs) {
		return errors.New("is not below the directory that is analysed")
	}
	name := Below(r.root, abs)
	before := len(r.found)
	info, err := fs.Stat(r.files, name)
	if err != nil {
		return errors.New(Reason(err))
	}
	if info.IsDir() {
		err = r.walk(name)
	} else {
		err = r.read(name)
	}
	if err == nil && len(r.found) == before {
		err = errors.New("has no rules in it: there is no file whose name ends in .rego")
	}
	return err
}

func (r *ruleFiles) walk(dir string) error {
	entries, err := fs.ReadDir(r.files, dir)
	if err != nil {
		return errors.New(Reason(err))
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			if err := r.walk(name); err != nil {
				return err
			}
		case path.Ext(name) == ".rego" && (r.tests || !strings.HasSuffix(name, rego.TestSuffix)):
			if err := r.read(name); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

func (r *ruleFiles) read(name string) error {
	if r.names[name] {
		return nil
	}
	info, err := fs.Stat(r.files, name)
	if err != nil {
		return errors.New(Reason(err))
	}
	if !info.Mode().IsRegular() {
		return errors.New("is not a regular file")
	}
	if r.size += int(min(info.Size(), mostRuleBytes)); r.size > mostRuleBytes || len(r.found) >= mostRuleFiles {
		return fmt.Errorf("more than %d files or %d MiB of rules", mostRuleFiles, mostRuleBytes>>20)
	}
	content, err := fs.ReadFile(r.files, name)
	if err != nil {
		return errors.New(Reason(err))
	}
	r.names[name] = true
	r.found = append(r.found, source.NewFile(name, content))
	return nil
}

// customRules compiles the rules of a configuration; nil if there are none.
func (s *Finder) customRules(out *Settings, content []byte) *CustomRules {
	c := out.Config
	if len(c.Rego) == 0 {
		return nil
	}
	files := s.ruleTree(out.Abs)
	ok := true
	for _, r := range c.Rego {
		if err := files.add(filepath.Join(filepath.Dir(out.Abs), filepath.FromSlash(r.Path))); err != nil {
			s.Wrong = append(s.Wrong, config.Elsewhere(r.Range, content, "%s %s", r.Path, err))
			ok = false
		}
	}
	if !ok {
		return nil
	}
	own := &CustomRules{Limit: out.RegoLimit(), Shown: map[string]string{}}
	for _, f := range files.found {
		own.Shown[f.Name] = s.Shown(filepath.Join(files.root, filepath.FromSlash(f.Name)))
	}
	set, wrong := rego.Compile(files.found, rego.Options{Reserved: rules.IDs()})
	s.Wrong = append(s.Wrong, own.Diagnostics(wrong)...)
	if set == nil {
		return nil
	}
	own.Set = set
	if len(set.Rules) == 0 {
		s.Wrong = append(s.Wrong, config.Elsewhere(c.Rego[0].Range, content, "no rule is in %s: a package below iaclint.rules with \"finding\" is expected", c.Rego[0].Path))
	}
	for _, named := range c.OwnRules {
		if !slices.Contains(own.Ids(), named.ID) {
			s.Wrong = append(s.Wrong, config.Elsewhere(named.Range, content, "rule %q is unknown%s", named.ID, config.Hint(named.ID, append(rules.IDs(), own.Ids()...))))
		}
	}
	return own
}

// Diagnostics are mistakes in rules, for people.
func (o *CustomRules) Diagnostics(list []source.Diagnostic) config.Diagnostics {
	var out config.Diagnostics
	for _, d := range list {
		switch at := config.At(d.Span, "%s", d.Message); {
		case at.Range.Filename != "":
			if shown := o.Shown[at.Range.Filename]; shown != "" {
				at.Range.Filename = shown
			}
			out = append(out, at)
		case d.Path != "":
			out = append(out, config.Errorf("%s: %s", ShownPath(o.Shown, d.Path), d.Message))
		default:
			out = append(out, at)
		}
	}
	return out
}

// ShownPath is a path of a report for people.
func ShownPath(shown map[string]string, name string) string {
	if s := shown[name]; s != "" {
		return s
	}
	return name
}

// RuleIDs are all ids of the run: those of every configuration in use.
func (s *Finder) RuleIDs() []string {
	ids := map[string]bool{}
	for _, x := range s.byFile {
		for _, id := range x.Custom.Ids() {
			ids[id] = true
		}
	}
	return append(rules.IDs(), slices.Sorted(maps.Keys(ids))...)
}

// RulesWithTests reads the rules of a configuration and their tests; they are not
// compiled yet.
func (s *Finder) RulesWithTests(of *Settings) (*CustomRules, error) {
	files := s.ruleTree(of.Abs)
	files.tests = true
	for _, r := range of.Config.Rego {
		if err := files.add(filepath.Join(filepath.Dir(of.Abs), filepath.FromSlash(r.Path))); err != nil {
			return nil, fmt.Errorf("%s %w", r.Path, err)
		}
	}
	own := &CustomRules{Files: files.found, Shown: map[string]string{}}
	for _, f := range files.found {
		own.Shown[f.Name] = s.Shown(filepath.Join(files.root, filepath.FromSlash(f.Name)))
	}
	return own, nil
}

// NamedRules reads rules and their tests in files and directories that the user
// names, wherever they are; they are not compiled yet.
func (s *Finder) NamedRules(paths []string) (*CustomRules, error) {
	own := &CustomRules{Shown: map[string]string{}}
	for _, name := range paths {
		abs := name
		if !filepath.IsAbs(abs) {
			abs = filepath.Join(s.Cwd, abs)
		}
		dir, base := abs, "."
		if info, err := os.Stat(abs); err == nil && !info.IsDir() {
			dir, base = filepath.Dir(abs), filepath.Base(abs)
		}
		files := &ruleFiles{files: newRooted(dir), root: dir, tests: true, names: map[string]bool{}}
		if err := files.add(filepath.Join(dir, base)); err != nil {
			return nil, fmt.Errorf("%s %w", name, err)
		}
		for _, f := range files.found {
			f.Name = s.Shown(filepath.Join(dir, filepath.FromSlash(f.Name)))
			if _, twice := own.Shown[f.Name]; !twice {
				own.Shown[f.Name] = f.Name
				own.Files = append(own.Files, f)
			}
		}
	}
	return own, nil
}
