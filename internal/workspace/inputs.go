// Package workspace finds and opens what a run reads: it resolves arguments, walks
// directories, follows lists of changed files, opens revisions of git, and joins
// every input with its configuration. What an input refers to is confined to the
// input's root.
package workspace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/disk"
	"github.com/iaclint/iaclint/internal/memory"
	"github.com/iaclint/iaclint/internal/parallel"
	"github.com/iaclint/iaclint/loaders"
)

// Largest file that is read. A plan of a big estate has 100 MB.
const Largest = 256 << 20

// StdinPath is the path of standard input without --stdin-filename.
const StdinPath = "<stdin>"

// Input is one file to analyse.
type Input struct {
	Path  string // in reports: below root, with forward slashes
	Shown string // for people: relative to the working directory
	Abs   string
	Root  string // nearest directory above with a .git, else the one given
	Named bool   // by an argument, rather than found in a directory
	// module is set for a directory whose files are one input together.
	Module bool
	Dir    int // index of the directory argument that it was found in
	open   func() (io.ReadCloser, error)
	// tree is the directory that what the input refers to is confined to, and
	// its path; nil: the input's root is opened when it is needed.
	tree     fs.FS
	treePath string
	// as is where configuration has the input, and asRoot its root, if it is
	// compared with what stands there; "": where it is.
	as, asRoot string

	Settings *Settings
}

// Inputs is what the arguments of a run amount to.
type Inputs struct {
	Files   []Input
	Dirs    []Input   // directory arguments; named files are in none of them
	Skipped []Problem // found in a walk and not opened, with the reason
	// SkippedDirs are directories that tools have written, with the reason.
	SkippedDirs []Problem
	Problems    []Problem
}

// Problem is a path that cannot be analysed.
type Problem struct {
	Input   Input
	Warning bool
	Absent  bool // nothing is there
	Message string
}

// Walker collects the inputs of one run.
type Walker struct {
	cwd   string
	stdin io.Reader
	name  string // of standard input
	Hook  bool   // the arguments are changed files
	seen  map[string]int
	roots map[string]string
	// walks tells whether the configuration lets a walk find the file.
	walks    func(*Input) bool
	Settings func(*Input) *Settings
	Revision *Revision         // to look for inputs in; nil: the files as they are
	Modules  map[string]string // directories of modules, by the source that calls name
	// as maps a path to where configuration has it, nil: to itself.
	As func(abs string) (as, root string)
	// hint follows the message about a path that is not there.
	Hint  func(arg string) string
	tools []seenTool
	Inputs
}

func NewWalker(cwd string, stdin io.Reader, stdinName string, walks func(*Input) bool) *Walker {
	return &Walker{Hint: func(string) string { return "" }, cwd: cwd, stdin: stdin, name: stdinName, walks: walks, seen: map[string]int{}, roots: map[string]string{}}
}

// Collect resolves the arguments, in their order.
func (w *Walker) Collect(args []string) Inputs {
	if w.Hook {
		w.collectChanged(args)
		args = nil
	}
	for _, arg := range args {
		if arg == "-" {
			w.addStdin()
			continue
		}
		w.addPath(arg)
	}
	w.tellTools()
	w.tellApart()
	w.leaveOutCalled()
	return w.Inputs
}

// at makes an input of an absolute path.
func (w *Walker) at(abs, root string) Input {
	shown, err := filepath.Rel(w.cwd, abs)
	if err != nil {
		shown = abs
	}
	in := Input{Abs: abs, Root: root, Path: Below(root, abs), Shown: filepath.ToSlash(shown), Dir: -1}
	if w.As != nil {
		in.as, in.asRoot = w.As(abs)
	}
	return in
}

// configuredAt is where configuration has the input, below what root.
func (in *Input) configuredAt() (abs, root string) {
	if in.as != "" {
		return in.as, in.asRoot
	}
	return in.Abs, in.Root
}

// Below returns the path of a file relative to a directory, with forward slashes.
func Below(dir, abs string) string {
	rel, err := filepath.Rel(dir, abs)
	if err != nil {
		rel = abs
	}
	return filepath.ToSlash(rel)
}

// root returns the nearest directory at or above dir that is a git work tree,
// dir itself when there is none.
func (w *Walker) root(dir string) string {
	if w.Revision != nil {
		return w.Revision.root
	}
	if root, ok := w.roots[dir]; ok {
		return root
	}
	w.roots[dir] = RootOf(dir)
	return w.roots[dir]
}

// RootOf returns the nearest directory at or above dir that is a git work tree,
// dir itself when there is none.
func RootOf(dir string) string {
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Lstat(filepath.Join(d, ".git")); err == nil {
			return d
		}
		if d == filepath.Dir(d) {
			return dir
		}
	}
}

func (w *Walker) addStdin() {
	name := w.name
	if name == "" {
		name = StdinPath
	}
	abs := name
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(w.cwd, name)
	}
	root := w.root(filepath.Dir(abs))
	if Within(w.cwd, root) {
		root = w.root(w.cwd) // no directory was given, so it is the current one
	}
	in := w.at(abs, root)
	in.Path, in.Shown, in.Named = filepath.ToSlash(name), filepath.ToSlash(name), true
	content := sync.OnceValues(func() ([]byte, error) { return readAll(w.stdin, 0, memory.Fits) })
	in.open = func() (io.ReadCloser, error) {
		text, err := content()
		return io.NopCloser(bytes.NewReader(text)), err
	}
	w.Files = append(w.Files, in)
}

func (w *Walker) addPath(arg string) {
	abs := arg
	if !filepath.IsAbs(arg) {
		abs = filepath.Join(w.cwd, arg)
	}
	abs = filepath.Clean(abs)
	if w.Revision != nil {
		w.addRevised(abs)
		return
	}
	info, err := os.Stat(abs)
	if err == nil {
		err = checkLinks(abs)
	}
	if err == nil && info.IsDir() {
		w.addDir(abs)
		return
	}
	in := w.at(abs, w.root(filepath.Dir(abs)))
	in.Named = true
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file; use - for standard input")
	}
	if err != nil {
		w.Problems = append(w.Problems, Problem{Input: in, Message: Reason(err) + w.Hint(arg), Absent: errors.Is(err, fs.ErrNotExist)})
		return
	}
	in.open = func() (io.ReadCloser, error) { return OpenFile(abs) }
	w.add(in)
}

// ReadOnly opens without waiting for the writer of a FIFO that has taken the
// file's place since it was looked at.
const ReadOnly = disk.ReadOnly

// OpenFile opens a file that is named, if it is a regular one.
func OpenFile(abs string) (io.ReadCloser, error) {
	if err := checkLinks(abs); err != nil {
		return nil, err
	}
	return openRegular(os.OpenFile(abs, ReadOnly, 0))
}

// OpenDocument opens a file that is named, or a stream of the process such as
// /dev/fd/63, which a shell gives for the output of a command.
func OpenDocument(abs string) (io.ReadCloser, error) {
	info, err := os.Stat(abs)
	switch {
	case err == nil && !info.Mode().IsRegular() && (strings.HasPrefix(abs, "/dev/") || strings.HasPrefix(abs, "/proc/")):
		return os.OpenFile(abs, ReadOnly, 0)
	case err == nil && !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file; use - for standard input")
	}
	return OpenFile(abs)
}

// checkLinks reports why a name that leads through links is not followed: one of
// them is part of the git work tree that the name lies in, which may be a
// stranger's, and leads out of that or to files of git. A shell that expands
// "*.tf" names links as well.
func checkLinks(abs string) error {
	top := RootOf(filepath.Dir(abs))
	if _, err := os.Lstat(filepath.Join(top, ".git")); err != nil {
		return nil
	}
	real, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return nil // opening it says why
	}
	realTop, err := filepath.EvalSymlinks(top)
	if err != nil || real == filepath.Join(realTop, filepath.FromSlash(Below(top, abs))) {
		return err
	}
	root, err := os.OpenRoot(realTop)
	if err != nil {
		return err
	}
	defer root.Close()
	if _, err := newVisible(root).resolve(Below(top, abs)); err != nil {
		return fmt.Errorf("%w; name its target if that is meant", Bare(err))
	}
	return nil
}

// openRegular looks again at what was opened: it may have been replaced.
func openRegular(f *os.File, err error) (io.ReadCloser, error) {
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	if err == nil && info.Size() > Largest {
		err = errTooLarge
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

var errTooLarge = fmt.Errorf("larger than %d MiB, which is the most that is read", Largest>>20)

// errNoRoom is said of an input for which there is no memory.
var errNoRoom = errors.New("too large for the memory that is left; analyse it alone, or give the program more memory")

// Read returns the content of an input. Before memory is taken for so many bytes,
// fits is asked.
func (in *Input) Read(fits func(bytes int) bool) ([]byte, error) {
	f, err := in.open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size := 0
	if s, ok := f.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if info, err := s.Stat(); err == nil && info.Mode().IsRegular() {
			size = int(min(info.Size(), Largest))
		}
	}
	return readAll(f, size, fits)
}

// readAll reads what has a size, if that is known, into one piece of memory.
func readAll(r io.Reader, size int, fits func(bytes int) bool) ([]byte, error) {
	var content []byte
	for want := size + 1; ; want = 2 * cap(content) { // one more byte tells where it ends
		want = min(max(want, 1<<12), Largest+1)
		if !fits(want) {
			return nil, errNoRoom
		}
		content = append(make([]byte, 0, want), content...)
		for len(content) < cap(content) {
			n, err := r.Read(content[len(content):cap(content)])
			content = content[:len(content)+n]
			switch {
			case len(content) > Largest:
				return nil, errTooLarge
			case err == io.EOF:
				return content, nil
			case err != nil:
				return nil, err
			}
		}
	}
}

// add keeps an input unless it is there already; a name given outright counts
// more than being found.
func (w *Walker) add(in Input) {
	if i, ok := w.seen[in.Abs]; ok {
		w.Files[i].Named = w.Files[i].Named || in.Named
		return
	}
	w.seen[in.Abs] = len(w.Files)
	w.Files = append(w.Files, in)
}

func (w *Walker) fail(in Input, err error) {
	w.Problems = append(w.Problems, Problem{Input: in, Message: Reason(err)})
}

// Reason words an error of the file system without the path, which stands
// before it anyway.
func Reason(err error) string {
	return "cannot be read: " + Bare(err).Error()
}

// Bare is an error of the file system without the path.
func Bare(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return err
}

// skippedDirs hold what others wrote or tools left behind.
func skippedDir(name string) bool {
	return strings.HasPrefix(name, ".") || name == "node_modules"
}

// Unwatched reports whether nothing below a directory of that name is read, so that a
// change there is none of an input.
func Unwatched(name string) bool {
	return disk.Versioned(name) || skippedDir(name) && name != ".terraform"
}

// addDir walks a directory that was named. Links are followed only to files
// below the input's root, which os.Root guarantees.
func (w *Walker) addDir(abs string) {
	dir := w.at(abs, w.root(abs))
	confine, start := dir.Root, filepath.FromSlash(dir.Path)
	root, err := os.OpenRoot(confine)
	if err == nil {
		if _, missing := root.Stat(start); missing != nil { // the name itself is a link out of the root
			root.Close()
			confine, start = abs, "."
			root, err = os.OpenRoot(abs)
		}
	}
	if err != nil {
		w.fail(dir, err)
		return
	}
	w.Dirs = append(w.Dirs, dir)
	files := newVisible(root)
	t := tree{Walker: w, files: files, open: files.open, confine: confine, dir: dir, index: len(w.Dirs) - 1}
	t.walk(start)
}

// tree is one walk. Its root stays open for the files that are read later.
type tree struct {
	*Walker
	files   fs.FS
	open    func(rel string) (io.ReadCloser, error)
	confine string
	dir     Input
	index   int
}

// at makes an input of a path below the confining directory.
func (t *tree) at(rel string) Input {
	in := t.Walker.at(filepath.Join(t.confine, rel), t.dir.Root)
	in.Dir = t.index
	return in
}

func (t *tree) walk(rel string) {
	entries, err := t.list(rel)
	if err != nil {
		t.fail(t.at(rel), err)
	}
	if t.isModule(rel, entries) {
		t.foundModule(rel)
	}
	t.lookForTools(rel, entries)
	for _, e := range entries {
		child := filepath.Join(rel, e.Name())
		switch {
		case e.IsDir():
			switch {
			case skippedDir(e.Name()):
				if why, made := madeByTools[e.Name()]; made {
					t.SkippedDirs = append(t.SkippedDirs, Problem{Input: t.at(child), Warning: true, Message: why})
				}
			case strings.Count(child, string(filepath.Separator)) >= deepest:
				t.fail(t.at(child), errTooDeep)
			default:
				t.walk(child)
			}
		case isStacksFile(e.Name()):
			if in := t.at(child); t.walks(&in) {
				t.Problems = append(t.Problems, Problem{Input: in, Message: "Terraform Stacks are not read: analyse the modules of the components, with --var for their inputs"})
			}
		case ofInterest(e.Name()) && e.Name() != ".iaclint.json" && !loaders.IsModuleFile(e.Name()):
			t.found(child, e)
		}
	}
}

// isModule reports whether the files of a directory are one input together: it is a
// module, or a unit that names one.
func (t *tree) isModule(rel string, entries []fs.DirEntry) bool {
	has := func(is func(name string) bool) bool {
		return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !e.IsDir() && is(e.Name()) })
	}
	return has(loaders.IsModuleFile) || has(func(name string) bool { return name == loaders.UnitFile }) && loaders.IsUnit(t.files, filepath.ToSlash(rel))
}

// deepest is how many directories stand inside one another at most: the path of
// each is gone through from the root for everything in it.
const deepest = 200

var errTooDeep = fmt.Errorf("directories stand more than %d levels deep inside one another", deepest)

func (t *tree) list(rel string) ([]fs.DirEntry, error) {
	return fs.ReadDir(t.files, filepath.ToSlash(rel))
}

// isStacksFile reports whether a file has configuration of Terraform Stacks.
//
// https://developer.hashicorp.com/terraform/language/stacks
func isStacksFile(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".json")
	return slices.ContainsFunc([]string{".tfstack.hcl", ".tfcomponent.hcl", ".tfdeploy.hcl", ".tfstack", ".tfcomponent", ".tfdeploy"}, func(suffix string) bool { return strings.HasSuffix(name, suffix) })
}

// ofInterest reports whether a file may be an input by its name; its content
// decides.
func ofInterest(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json", ".yaml", ".yml", ".template":
		return true
	}
	return false
}

// foundModule adds a directory whose files are one input together.
func (t *tree) foundModule(rel string) {
	in := t.at(rel)
	in.Module = true
	if !t.walks(&in) {
		return
	}
	in.tree, in.treePath = t.files, t.confine
	t.add(in)
}

// called are the modules that an input calls, by their paths.
func (w *Walker) called(in *Input) []string {
	return loaders.Called(in.FS(), in.Path, w.modulesFor(in))
}

// modulesFor are the directories of modules that are given, by their sources.
func (w *Walker) modulesFor(in *Input) map[string]string {
	if w.Settings == nil {
		return nil
	}
	return in.Modules(w.Settings(in), w.Modules)
}

// leaveOutCalled drops the modules that another one calls: they are analysed
// through their callers. Modules that only call each other stay.
func (w *Walker) leaveOutCalled() {
	byPath := map[string]*Input{}
	for i := range w.Files {
		if w.Files[i].Module {
			byPath[w.Files[i].Path] = &w.Files[i]
		}
	}
	if len(byPath) < 2 {
		return
	}
	calls := map[string][]string{}
	called := map[string]bool{}
	inputs := slices.Collect(maps.Values(byPath))
	modules, found := make([]map[string]string, len(inputs)), make([][]string, len(inputs))
	for i, in := range inputs {
		modules[i] = w.modulesFor(in)
	}
	parallel.Each(context.Background(), len(inputs), func(i int) {
		found[i] = loaders.Called(inputs[i].FS(), inputs[i].Path, modules[i])
	})
	for i, in := range inputs {
		calls[in.Path] = found[i]
		for _, c := range found[i] {
			called[c] = called[c] || c != in.Path
		}
	}
	reached := map[string]bool{}
	var reach func(path string)
	reach = func(path string) {
		for _, c := range calls[path] {
			if !reached[c] {
				reached[c] = true
				reach(c)
			}
		}
	}
	for path := range byPath {
		if !called[path] {
			reach(path)
		}
	}
	w.Files = slices.DeleteFunc(w.Files, func(in Input) bool { return in.Module && !in.Named && called[in.Path] && reached[in.Path] })
}

// found looks at a file of the tree that is of interest by its name.
func (t *tree) found(rel string, e fs.DirEntry) {
	in := t.at(rel)
	if !t.walks(&in) {
		return
	}
	if e.Type()&fs.ModeSymlink != 0 {
		info, err := fs.Stat(t.files, filepath.ToSlash(rel))
		if err != nil {
			p := Problem{Input: in, Warning: true, Message: "symbolic link is not followed: it leads nowhere, or out of the tree"}
			t.Skipped, t.Problems = append(t.Skipped, p), append(t.Problems, p)
			return
		}
		if info.IsDir() {
			return
		}
	} else if !e.Type().IsRegular() {
		t.Skipped = append(t.Skipped, Problem{Input: in, Warning: true, Message: "not read: it is not a regular file"})
		return
	}
	in.open = func() (io.ReadCloser, error) { return t.open(rel) }
	in.tree, in.treePath = t.files, t.confine
	t.add(in)
}

// tellApart moves the root of every input up to their common directory when
// inputs of different roots would have one path in the report.
func (w *Walker) tellApart() {
	owner, collide := map[string]string{}, false
	for _, in := range w.Files {
		other, ok := owner[in.Path]
		collide = collide || ok && other != in.Abs
		owner[in.Path] = in.Abs
	}
	if !collide {
		return
	}
	common := w.Files[0].Root
	for _, in := range w.Files {
		for !Within(common, in.Root) && common != filepath.Dir(common) {
			common = filepath.Dir(common)
		}
	}
	move := func(in *Input) { in.Path = Below(common, in.Abs) }
	for i := range w.Files {
		move(&w.Files[i])
	}
	for i := range w.Dirs {
		move(&w.Dirs[i])
	}
	for i := range w.Problems {
		move(&w.Problems[i].Input)
	}
}

// Within reports whether a path is dir or below it.
func Within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// Diagnostic is the problem as the report has it.
func (p Problem) Diagnostic() finding.Diagnostic {
	severity := source.Error
	if p.Warning {
		severity = source.Warning
	}
	return finding.Diagnostic{Severity: string(severity), Path: p.Input.Path, Message: escape.Brief(p.Message)}
}

// LooksAt reports whether a run would have seen a finding with that path: in a
// file that was named, or below a directory that was.
func (in Inputs) LooksAt(name string) bool {
	below := func(d Input) bool { return d.Path == "." || name == d.Path || strings.HasPrefix(name, d.Path+"/") }
	return slices.ContainsFunc(in.Dirs, below) || slices.ContainsFunc(in.Files, func(f Input) bool { return f.Named && f.Path == name })
}

// CoveredBy reports whether a run looked at everything that a configuration is
// for, so that a rule without a finding has none.
func CoveredBy(s *Settings, in Inputs) bool {
	return slices.ContainsFunc(in.Dirs, func(d Input) bool { return s.dir == "" || Within(d.Abs, s.dir) })
}
