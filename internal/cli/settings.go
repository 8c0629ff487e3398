package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/config"
)

// largestConfig is more than anyone writes by hand.
const largestConfig = 4 << 20

// settings are one configuration file joined with the flags.
type settings struct {
	file    string // for people; "" without a file
	abs     string
	dir     string // that globs are relative to; "" for the input's root
	config  *config.Config
	plan    *config.Plan
	own     *ownRules // nil: none
	minimum int       // rank of the lowest severity that gives exit status 1
}

// path returns what the globs of the configuration see of an input.
func (s *settings) path(in *input) string {
	abs, root := in.configuredAt()
	if s.dir == "" {
		return below(root, abs)
	}
	return below(s.dir, abs)
}

// finder finds the configuration of every input. What is wrong with any of the
// files is collected: the run cannot go on, but the user sees all of it.
type finder struct {
	cwd    string
	today  string
	flags  *flags
	fixed  *settings // given by flag or environment; nil: look upward
	byFile map[string]*settings
	byDir  map[string]*settings
	wrong  config.Diagnostics
	// revision holds the configuration files instead of the work tree; nil: the
	// work tree does.
	revision *revision
}

func newFinder(cwd string, f *flags, env func(string) string) *finder {
	s := &finder{cwd: cwd, today: today(f.today, env), flags: f, byFile: map[string]*settings{}, byDir: map[string]*settings{}}
	file := f.config
	if file == "" {
		file = env("IACLINT_CONFIG")
	}
	switch {
	case f.noConfig:
		s.fixed = s.load("", "")
	case file != "":
		if !filepath.IsAbs(file) {
			file = filepath.Join(cwd, file)
		}
		s.fixed = s.load(file, "") // as it is named: no revision is set yet
	}
	return s
}

// of returns the settings of an input: those of the nearest file at or above
// its directory, up to the repository's root.
func (s *finder) of(in *input) *settings {
	if in.settings == nil {
		in.settings = s.fixed
	}
	if in.settings == nil {
		abs, _ := in.configuredAt()
		dir := filepath.Dir(abs)
		if in.module {
			dir = abs
		}
		in.settings = s.at(dir)
	}
	return in.settings
}

func (s *finder) at(dir string) *settings {
	if found, ok := s.byDir[dir]; ok {
		return found
	}
	s.byDir[dir] = s.look(dir)
	return s.byDir[dir]
}

func (s *finder) look(dir string) *settings {
	var present []string
	for _, name := range config.Names {
		if s.exists(filepath.Join(dir, name)) {
			present = append(present, filepath.Join(dir, name))
		}
	}
	if len(present) > 1 {
		s.fail("%s and %s are both there; keep one", s.shown(present[0]), s.shown(present[1]))
	}
	if len(present) > 0 {
		return s.load(present[0], dir)
	}
	_, err := os.Lstat(filepath.Join(dir, ".git"))
	if s.revision != nil && dir == s.revision.root {
		err = nil
	}
	if parent := filepath.Dir(dir); err != nil && parent != dir {
		return s.at(parent)
	}
	return s.load("", "")
}

func (s *finder) fail(format string, args ...any) {
	s.wrong = append(s.wrong, config.Errorf(format, args...))
}

func (s *finder) shown(file string) string {
	if rel, err := filepath.Rel(s.cwd, file); err == nil {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(file)
}

// outputs are the reports that the configuration of the first input asks for.
func (s *finder) outputs(in inputs) []destination {
	var first *input
	switch {
	case len(in.files) > 0:
		first = &in.files[0]
	case len(in.dirs) > 0:
		first = &input{abs: filepath.Join(in.dirs[0].abs, config.Names[0])}
	default:
		return nil
	}
	var out []destination
	found := s.of(first)
	for _, o := range found.config.Outputs {
		d := destination{format: o.Format}
		if o.Path != "-" {
			d.path, d.made = filepath.Join(filepath.Dir(found.abs), filepath.FromSlash(o.Path)), true
		}
		out = append(out, d)
	}
	return out
}

// writes reports whether a file is a report that the configuration asks for.
func (s *settings) writes(abs string) bool {
	for _, o := range s.config.Outputs {
		if o.Path != "-" && filepath.Join(filepath.Dir(s.abs), filepath.FromSlash(o.Path)) == abs {
			return true
		}
	}
	return s.config.Baseline != "" && s.baselineFile() == abs
}

// load reads a configuration file, "" for none, and joins it with the flags.
func (s *finder) load(file, dir string) *settings {
	if loaded, ok := s.byFile[file]; ok {
		return loaded
	}
	out := &settings{dir: dir, config: config.Default()}
	s.byFile[file] = out
	if file != "" {
		out.file, out.abs = s.shown(file), file
		var content []byte
		if out.config, content = s.parse(file); content != nil {
			out.own = s.ownRules(out, content)
		}
	}
	plan, err := config.NewPlan(out.config, s.flags.deploy)
	if err != nil {
		s.fail("%s", err)
		plan, _ = config.NewPlan(config.Default(), config.Flags{})
	}
	out.plan = plan
	out.minimum = gate(s.flags.failOn, out.config.FailOn)
	return out
}

// exists reports whether there is a file of configuration.
func (s *finder) exists(file string) bool {
	if name, ok := s.revision.has(file); ok {
		_, err := fs.Stat(s.revision.tree, name)
		return err == nil
	}
	_, err := os.Stat(file)
	return err == nil
}

// read reads a file of configuration.
func (s *finder) read(file string) ([]byte, error) {
	if name, ok := s.revision.has(file); ok {
		content, err := fs.ReadFile(s.revision.tree, name)
		if len(content) > largestConfig {
			return nil, errors.New("too large")
		}
		return content, err
	}
	return readConfig(file)
}

// parse reads a configuration file; without its content it cannot be used.
func (s *finder) parse(file string) (*config.Config, []byte) {
	content, err := s.read(file)
	if err != nil {
		s.fail("configuration file %s %s", s.shown(file), reason(err))
		return config.Default(), nil
	}
	c, wrong := config.Parse(s.shown(file), content, configOptions(s.today))
	s.wrong = append(s.wrong, wrong...)
	if c == nil || wrong.HasErrors() {
		// Flags are checked against what is declared, so nothing half-read.
		return config.Default(), nil
	}
	return c, content
}

// configOptions are what the configuration may name.
func configOptions(today string) config.Options {
	return config.Options{Rules: ruleIDs(), Formats: formatNames(), Version: thisBuild().Version, Today: today}
}

// today is the day (UTC) on which archive rules are judged: that of the flag,
// else that of now.
func today(flag string, env func(string) string) string {
	if flag != "" {
		return flag
	}
	return now(env).UTC().Format(time.DateOnly)
}

// now is the time of a reproducible build, else the clock's.
//
// https://reproducible-builds.org/specs/source-date-epoch/
func now(env func(string) string) time.Time {
	if seconds, err := strconv.ParseInt(env("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(seconds, 0)
	}
	return time.Now()
}

func readConfig(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Err: errors.New("not a regular file")}
	}
	f, err := os.OpenFile(file, readOnly, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, largestConfig+1))
	if len(content) > largestConfig {
		return nil, errors.New("too large")
	}
	return content, err
}

// gate returns the rank that a finding must have to give exit status 1: that
// of the flag, else the file's, else medium.
func gate(flag, file string) int {
	for _, name := range []string{flag, file, string(finding.Medium)} {
		if name == "none" {
			return finding.Critical.Rank() + 1
		}
		if name != "" {
			return finding.Severity(name).Rank()
		}
	}
	return finding.Medium.Rank()
}
