package workspace

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/disk"
	"github.com/iaclint/iaclint/rules/rego"
)

// largestConfig is more than anyone writes by hand.
const largestConfig = 4 << 20

// Settings are one configuration file joined with the flags.
type Settings struct {
	File    string // for people; "" without a file
	Abs     string
	dir     string // that globs are relative to; "" for the input's root
	Config  *config.Config
	Plan    *config.Plan
	Custom  *CustomRules // nil: none
	Unused  *Evidence    // nil: none
	Minimum int          // rank of the lowest severity that gives exit status 1
	// ReportFile is the path of the file below the root of what it configures.
	ReportFile string
	revised    bool // read from a revision
}

// Found reports whether the file was found beside what is analysed, rather than
// named by the operator.
func (s *Settings) Found() bool { return s.dir != "" && s.File != "" }

// RegoLimit returns how long the custom rules of a configuration may take together.
// One that was found may shorten the usual time: to prolong it is for the operator.
func (s *Settings) RegoLimit() time.Duration {
	limit := cmp.Or(s.Config.Timeout, rego.DefaultTimeout)
	if s.Found() {
		limit = min(limit, rego.DefaultTimeout)
	}
	return limit
}

// Path returns what the globs of the configuration see of an input.
func (s *Settings) Path(in *Input) string {
	abs, root := in.configuredAt()
	if s.dir == "" {
		return Below(root, abs)
	}
	return Below(s.dir, abs)
}

// Finder finds the configuration of every input. What is wrong with any of the
// files is collected: the run cannot go on, but the user sees all of it.
type Finder struct {
	Cwd    string
	Today  string
	given  FinderOptions
	named  *Evidence // that the flags name, once it is read
	Fixed  *Settings // given by flag or environment; nil: look upward
	byFile map[string]*Settings
	byDir  map[[2]string]*Settings
	Wrong  config.Diagnostics
	told   map[string]bool // files that are not used
	// revision holds the configuration files instead of the work tree; nil: the
	// work tree does.
	Revision *Revision
}

// FinderOptions are what is said of configuration beside its files.
type FinderOptions struct {
	File   string // the configuration file of all inputs; "": it is looked for
	None   bool   // there is no configuration file
	Deploy config.Flags
	FailOn string
	Known  config.Options // what a configuration may name, and the day on which archive rules are judged
	// Evidence is what the flags say of exports of the account.
	Evidence EvidenceFlags
	// IsReport and IsBaseline recognise what a configuration may replace.
	IsReport   func(name string, content []byte) bool
	IsBaseline func(content []byte) bool
}

func NewFinder(cwd string, o FinderOptions) *Finder {
	s := &Finder{Cwd: cwd, Today: o.Known.Today, given: o, byFile: map[string]*Settings{}, told: map[string]bool{}, byDir: map[[2]string]*Settings{}}
	switch file := o.File; {
	case o.None:
		s.Fixed = s.load("", "")
	case file != "":
		if !filepath.IsAbs(file) {
			file = filepath.Join(cwd, file)
		}
		s.Fixed = s.load(file, "") // as it is named: no revision is set yet
	}
	return s
}

// Of returns the settings of an input: those of the nearest file at or above
// its directory, up to the repository's root.
func (s *Finder) Of(in *Input) *Settings {
	if in.Settings == nil {
		in.Settings = s.Fixed
	}
	if in.Settings == nil {
		abs, _ := in.configuredAt()
		dir := filepath.Dir(abs)
		if in.Module {
			dir = abs
		}
		_, root := in.configuredAt()
		in.Settings = s.at(dir, root)
	}
	return in.Settings
}

// At returns the settings of a directory.
func (s *Finder) At(dir string) *Settings { return s.at(dir, RootOf(dir)) }

// at looks upward from a directory of the tree that has that root.
func (s *Finder) at(dir, root string) *Settings {
	key := [2]string{dir, root}
	if found, ok := s.byDir[key]; ok {
		return found
	}
	s.byDir[key] = s.look(dir, root)
	return s.byDir[key]
}

func (s *Finder) look(dir, root string) *Settings {
	var present []string
	for _, name := range config.Names {
		if s.exists(filepath.Join(dir, name)) && s.trusted(filepath.Join(dir, name), root) {
			present = append(present, filepath.Join(dir, name))
		}
	}
	if len(present) > 1 {
		s.fail("%s and %s are both there; keep one", s.Shown(present[0]), s.Shown(present[1]))
	}
	if len(present) > 0 {
		return s.load(present[0], dir)
	}
	_, err := os.Lstat(filepath.Join(dir, ".git"))
	if s.Revision != nil && dir == s.Revision.root {
		err = nil
	}
	if parent := filepath.Dir(dir); err != nil && parent != dir {
		return s.at(parent, root)
	}
	return s.load("", "")
}

func (s *Finder) fail(format string, args ...any) {
	s.Wrong = append(s.Wrong, config.Errorf(format, args...))
}

func (s *Finder) Shown(file string) string {
	if rel, err := filepath.Rel(s.Cwd, file); err == nil {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(file)
}

// Output is a report that a configuration asks for.
type Output struct {
	Format string
	Path   string // absolute; "" for standard output
	Place  Place
}

// Outputs are the reports that the configuration of the first input asks for.
func (s *Finder) Outputs(in Inputs) []Output {
	var first *Input
	switch {
	case len(in.Files) > 0:
		first = &in.Files[0]
	case len(in.Dirs) > 0:
		first = &Input{Abs: filepath.Join(in.Dirs[0].Abs, config.Names[0])}
	default:
		return nil
	}
	var out []Output
	found := s.Of(first)
	for _, o := range found.Config.Outputs {
		d := Output{Format: o.Format}
		if o.Path != "-" {
			d.Place = found.Place(o.Path)
			d.Path = d.Place.Abs
		}
		out = append(out, d)
	}
	return out
}

// Writes reports whether a file is a report that the configuration asks for. In a
// revision nothing is: what is committed there is an input.
func (s *Settings) Writes(abs string) bool {
	if s.revised {
		return false
	}
	for _, o := range s.Config.Outputs {
		if o.Path != "-" && filepath.Join(filepath.Dir(s.Abs), filepath.FromSlash(o.Path)) == abs {
			return true
		}
	}
	return s.Config.Baseline != "" && s.BaselineFile() == abs
}

// load reads a configuration file, "" for none, and joins it with the flags.
func (s *Finder) load(file, dir string) *Settings {
	if loaded, ok := s.byFile[file]; ok {
		return loaded
	}
	out := &Settings{dir: dir, Config: config.Default(), revised: s.Revision != nil}
	s.byFile[file] = out
	var configuration []byte
	if file != "" {
		out.File, out.Abs = s.Shown(file), file
		out.ReportFile = Below(RootOf(filepath.Dir(file)), file)
		var content []byte
		if out.Config, content = s.parse(file, dir != ""); content != nil {
			s.confine(out)
			out.Custom = s.customRules(out, content)
			configuration = content
		}
	}
	out.Unused = s.evidence(out, configuration)
	plan, err := config.NewPlan(out.Config, s.given.Deploy)
	if err != nil {
		s.fail("%s", err)
		plan, _ = config.NewPlan(config.Default(), config.Flags{})
	}
	out.Plan = plan
	out.Minimum = Gate(s.given.FailOn, out.Config.FailOn)
	return out
}

// exists reports whether there is a file of configuration.
func (s *Finder) exists(file string) bool {
	if name, ok := s.Revision.has(file); ok {
		_, err := fs.Stat(s.Revision.Tree, name)
		return err == nil
	}
	_, err := os.Lstat(file)
	return err == nil
}

// trusted reports whether a file that is found may configure what is below a root.
// One above the root, such as in /tmp, is not part of what is analysed: it has to
// belong to the user, the superuser or the owner of the root.
func (s *Finder) trusted(file, root string) bool {
	if s.Revision != nil || Within(root, file) {
		return true
	}
	info, err := os.Stat(file)
	if err != nil {
		return true // it is told when it is read
	}
	owner, known := disk.Owner(info)
	if !known || owner == 0 || owner == os.Geteuid() {
		return true
	}
	if top, err := os.Stat(root); err == nil {
		if same, _ := disk.Owner(top); same == owner {
			return true
		}
	}
	if !s.told[file] {
		s.told[file] = true
		d := config.Errorf("configuration file %s is not used: it is above what is analysed and belongs to another user; name it with --config to use it", s.Shown(file))
		d.Warning = true
		s.Wrong = append(s.Wrong, d)
	}
	return false
}

// Read reads a file of configuration.
func (s *Finder) Read(file string) ([]byte, error) {
	if name, ok := s.Revision.has(file); ok {
		content, err := fs.ReadFile(s.Revision.Tree, name)
		if len(content) > largestConfig {
			return nil, errors.New("too large")
		}
		return content, err
	}
	return ReadConfig(file)
}

// readFound reads a file that was found: by a link only if that leads to a file of
// the same tree, and never to what version control keeps there, such as a token.
func readFound(file string) ([]byte, error) {
	root, err := filepath.EvalSymlinks(RootOf(filepath.Dir(file)))
	if err != nil {
		return nil, err
	}
	real, err := filepath.EvalSymlinks(file)
	if err != nil {
		return nil, err
	}
	if !Within(root, real) {
		return nil, errors.New("it is a link out of " + filepath.ToSlash(root))
	}
	return disk.Tree(root).Read(Below(root, real), largestConfig)
}

// parse reads a configuration file; without its content it cannot be used.
func (s *Finder) parse(file string, found bool) (*config.Config, []byte) {
	read := s.Read
	if _, revised := s.Revision.has(file); found && !revised {
		read = readFound
	}
	content, err := read(file)
	if err != nil {
		s.fail("configuration file %s %s", s.Shown(file), Reason(err))
		return config.Default(), nil
	}
	c, wrong := config.Parse(s.Shown(file), content, s.given.Known)
	s.Wrong = append(s.Wrong, wrong...)
	if c == nil || wrong.HasErrors() {
		// Flags are checked against what is declared, so nothing half-read.
		return config.Default(), nil
	}
	return c, content
}

func ReadConfig(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Err: errNotRegular}
	}
	abs, err := filepath.Abs(file)
	if err == nil {
		err = checkLinks(abs)
	}
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(file, ReadOnly, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readLimited(f)
}

// readLimited returns all of a file that is no larger than configurations are.
func readLimited(f io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(f, largestConfig+1))
	if len(content) > largestConfig {
		return nil, errors.New("too large")
	}
	return content, err
}

// Gate returns the rank that a finding must have to give exit status 1: that
// of the flag, else the file's, else medium.
func Gate(flag, file string) int {
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

// ReportPath is the path of the configuration file as reports have it: below
// the input's root, where it lies there.
func (s *Settings) ReportPath(in *Input) string {
	root := in.Root
	if dir, ok := strings.CutSuffix(filepath.ToSlash(in.Abs), "/"+in.Path); ok && dir != "" {
		root = filepath.FromSlash(dir) // reports of several roots have longer paths
	}
	if s.Abs == "" || !Within(root, s.Abs) {
		return s.File
	}
	return Below(root, s.Abs)
}

// ShownBeside is the path for people of a file beside a configuration.
func (s *Settings) ShownBeside(c *Settings) string {
	return path.Join(path.Dir(c.File), filepath.ToSlash(s.File))
}

// BaselineFile is the absolute path of the configuration's baseline.
func (s *Settings) BaselineFile() string {
	return filepath.Join(filepath.Dir(s.Abs), filepath.FromSlash(s.Config.Baseline))
}

// ArchivingAs are the settings with the archive rules of others.
func (s *Settings) ArchivingAs(other *Settings) *Settings {
	out, c := *s, *s.Config
	c.Archive, c.Baseline = other.Config.Archive, other.Config.Baseline
	out.Config, out.File, out.Abs = &c, other.File, other.Abs
	return &out
}
