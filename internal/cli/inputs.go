package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/loaders"
)

// largest file that is read. A plan of a big estate has 100 MB.
const largest = 256 << 20

// stdinPath is the path of standard input without --stdin-filename.
const stdinPath = "<stdin>"

// input is one file to analyse.
type input struct {
	path  string // in reports: below root, with forward slashes
	shown string // for people: relative to the working directory
	abs   string
	root  string // nearest directory above with a .git, else the one given
	named bool   // by an argument, rather than found in a directory
	// module is set for a directory whose files are one input together.
	module bool
	dir    int // index of the directory argument that it was found in
	open   func() (io.ReadCloser, error)
	// tree is the directory that what the input refers to is confined to, and
	// its path; nil: the input's root is opened when it is needed.
	tree     fs.FS
	treePath string
	// as is where configuration has the input, and asRoot its root, if it is
	// compared with what stands there; "": where it is.
	as, asRoot string

	settings *settings
}

// inputs is what the arguments of a run amount to.
type inputs struct {
	files    []input
	dirs     []input // directory arguments; named files are in none of them
	skipped  int
	problems []problem
}

// problem is a path that cannot be analysed.
type problem struct {
	input   input
	warning bool
	absent  bool // nothing is there
	message string
}

// walker collects the inputs of one run.
type walker struct {
	cwd   string
	stdin io.Reader
	name  string // of standard input
	hook  bool   // the arguments are changed files
	seen  map[string]int
	roots map[string]string
	// walks tells whether the configuration lets a walk find the file.
	walks    func(*input) bool
	settings func(*input) *settings
	revision *revision // to look for inputs in; nil: the files as they are
	// as maps a path to where configuration has it, nil: to itself.
	as func(abs string) (as, root string)
	inputs
}

func newWalker(cwd string, stdin io.Reader, stdinName string, walks func(*input) bool) *walker {
	return &walker{cwd: cwd, stdin: stdin, name: stdinName, walks: walks, seen: map[string]int{}, roots: map[string]string{}}
}

// collect resolves the arguments, in their order.
func (w *walker) collect(args []string) inputs {
	if w.hook {
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
	w.tellApart()
	w.leaveOutCalled()
	return w.inputs
}

// at makes an input of an absolute path.
func (w *walker) at(abs, root string) input {
	shown, err := filepath.Rel(w.cwd, abs)
	if err != nil {
		shown = abs
	}
	in := input{abs: abs, root: root, path: below(root, abs), shown: filepath.ToSlash(shown), dir: -1}
	if w.as != nil {
		in.as, in.asRoot = w.as(abs)
	}
	return in
}

// configuredAt is where configuration has the input, below what root.
func (in *input) configuredAt() (abs, root string) {
	if in.as != "" {
		return in.as, in.asRoot
	}
	return in.abs, in.root
}

// below returns the path of a file relative to a directory, with forward slashes.
func below(dir, abs string) string {
	rel, err := filepath.Rel(dir, abs)
	if err != nil {
		rel = abs
	}
	return filepath.ToSlash(rel)
}

// root returns the nearest directory at or above dir that is a git work tree,
// dir itself when there is none.
func (w *walker) root(dir string) string {
	if w.revision != nil {
		return w.revision.root
	}
	if root, ok := w.roots[dir]; ok {
		return root
	}
	root := dir
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Lstat(filepath.Join(d, ".git")); err == nil {
			root = d
			break
		}
		if d == filepath.Dir(d) {
			break
		}
	}
	w.roots[dir] = root
	return root
}

func (w *walker) addStdin() {
	name := w.name
	if name == "" {
		name = stdinPath
	}
	abs := name
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(w.cwd, name)
	}
	root := w.root(filepath.Dir(abs))
	if within(w.cwd, root) {
		root = w.root(w.cwd) // no directory was given, so it is the current one
	}
	in := w.at(abs, root)
	in.path, in.shown, in.named = filepath.ToSlash(name), filepath.ToSlash(name), true
	content := sync.OnceValues(func() ([]byte, error) { return io.ReadAll(io.LimitReader(w.stdin, largest+1)) })
	in.open = func() (io.ReadCloser, error) {
		text, err := content()
		return io.NopCloser(bytes.NewReader(text)), err
	}
	w.files = append(w.files, in)
}

func (w *walker) addPath(arg string) {
	abs := arg
	if !filepath.IsAbs(arg) {
		abs = filepath.Join(w.cwd, arg)
	}
	abs = filepath.Clean(abs)
	if w.revision != nil {
		w.addRevised(abs)
		return
	}
	info, err := os.Stat(abs)
	if err == nil && info.IsDir() {
		w.addDir(abs)
		return
	}
	in := w.at(abs, w.root(filepath.Dir(abs)))
	in.named = true
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file; use - for standard input")
	}
	if err != nil {
		w.problems = append(w.problems, problem{input: in, message: reason(err) + suggestCommand(arg), absent: errors.Is(err, fs.ErrNotExist)})
		return
	}
	in.open = func() (io.ReadCloser, error) { return openRegular(os.OpenFile(abs, readOnly, 0)) }
	w.add(in)
}

// readOnly opens without waiting for the writer of a FIFO that has taken the
// file's place since it was looked at.
const readOnly = os.O_RDONLY | syscall.O_NONBLOCK

// openRegular looks again at what was opened: it may have been replaced.
func openRegular(f *os.File, err error) (io.ReadCloser, error) {
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err == nil && info.Size() > largest {
		err = errTooLarge
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

var errTooLarge = fmt.Errorf("larger than %d MiB, which is the most that is read", largest>>20)

// read returns the content of an input.
func (in *input) read() ([]byte, error) {
	f, err := in.open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err == nil && len(content) > largest {
		err = errTooLarge
	}
	return content, err
}

// add keeps an input unless it is there already; a name given outright counts
// more than being found.
func (w *walker) add(in input) {
	if i, ok := w.seen[in.abs]; ok {
		w.files[i].named = w.files[i].named || in.named
		return
	}
	w.seen[in.abs] = len(w.files)
	w.files = append(w.files, in)
}

func (w *walker) fail(in input, err error) {
	w.problems = append(w.problems, problem{input: in, message: reason(err)})
}

// reason words an error of the file system without the path, which stands
// before it anyway.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return "cannot be read: " + err.Error()
}

// skippedDirs hold what others wrote or tools left behind.
func skippedDir(name string) bool {
	return strings.HasPrefix(name, ".") || name == "node_modules"
}

// addDir walks a directory that was named. Links are followed only to files
// below the input's root, which os.Root guarantees.
func (w *walker) addDir(abs string) {
	dir := w.at(abs, w.root(abs))
	confine, start := dir.root, filepath.FromSlash(dir.path)
	root, err := os.OpenRoot(confine)
	if err == nil {
		if _, err := root.Stat(start); err != nil { // the name itself is a link out of the root
			root.Close()
			confine, start = abs, "."
			root, err = os.OpenRoot(abs)
		}
	}
	if err != nil {
		w.fail(dir, err)
		return
	}
	w.dirs = append(w.dirs, dir)
	open := func(rel string) (io.ReadCloser, error) { return openRegular(root.OpenFile(rel, readOnly, 0)) }
	t := tree{walker: w, files: root.FS(), open: open, confine: confine, dir: dir, index: len(w.dirs) - 1}
	t.walk(start)
}

// tree is one walk. Its root stays open for the files that are read later.
type tree struct {
	*walker
	files   fs.FS
	open    func(rel string) (io.ReadCloser, error)
	confine string
	dir     input
	index   int
}

// at makes an input of a path below the confining directory.
func (t *tree) at(rel string) input {
	in := t.walker.at(filepath.Join(t.confine, rel), t.dir.root)
	in.dir = t.index
	return in
}

func (t *tree) walk(rel string) {
	entries, err := t.list(rel)
	if err != nil {
		t.fail(t.at(rel), err)
	}
	module := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !e.IsDir() && loaders.IsModuleFile(e.Name()) })
	if module {
		t.foundModule(rel)
	}
	for _, e := range entries {
		child := filepath.Join(rel, e.Name())
		switch {
		case e.IsDir():
			if !skippedDir(e.Name()) {
				t.walk(child)
			}
		case ofInterest(e.Name()) && e.Name() != ".iaclint.json" && !loaders.IsModuleFile(e.Name()):
			t.found(child, e)
		}
	}
}

func (t *tree) list(rel string) ([]fs.DirEntry, error) {
	return fs.ReadDir(t.files, filepath.ToSlash(rel))
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
	in.module = true
	if !t.walks(&in) {
		return
	}
	in.tree, in.treePath = t.files, t.confine
	t.add(in)
}

// leaveOutCalled drops the modules that another one calls: they are analysed
// through their callers. Modules that only call each other stay.
func (w *walker) leaveOutCalled() {
	byPath := map[string]*input{}
	for i := range w.files {
		if w.files[i].module {
			byPath[w.files[i].path] = &w.files[i]
		}
	}
	if len(byPath) < 2 {
		return
	}
	calls := map[string][]string{}
	called := map[string]bool{}
	for path, in := range byPath {
		calls[path] = loaders.Called(in.fsys(), path)
		for _, c := range calls[path] {
			called[c] = called[c] || c != path
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
	w.files = slices.DeleteFunc(w.files, func(in input) bool { return in.module && !in.named && called[in.path] && reached[in.path] })
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
			t.skipped++
			t.problems = append(t.problems, problem{input: in, warning: true, message: "symbolic link is not followed: it leads nowhere, or out of the tree"})
			return
		}
		if info.IsDir() {
			return
		}
	} else if !e.Type().IsRegular() {
		t.skipped++
		return
	}
	in.open = func() (io.ReadCloser, error) { return t.open(rel) }
	in.tree, in.treePath = t.files, t.confine
	t.add(in)
}

// tellApart moves the root of every input up to their common directory when
// inputs of different roots would have one path in the report.
func (w *walker) tellApart() {
	owner, collide := map[string]string{}, false
	for _, in := range w.files {
		other, ok := owner[in.path]
		collide = collide || ok && other != in.abs
		owner[in.path] = in.abs
	}
	if !collide {
		return
	}
	common := w.files[0].root
	for _, in := range w.files {
		for !within(common, in.root) && common != filepath.Dir(common) {
			common = filepath.Dir(common)
		}
	}
	move := func(in *input) { in.path = below(common, in.abs) }
	for i := range w.files {
		move(&w.files[i])
	}
	for i := range w.dirs {
		move(&w.dirs[i])
	}
	for i := range w.problems {
		move(&w.problems[i].input)
	}
}

// within reports whether a path is dir or below it.
func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// diagnostic is the problem as the report has it.
func (p problem) diagnostic() finding.Diagnostic {
	severity := source.Error
	if p.warning {
		severity = source.Warning
	}
	return finding.Diagnostic{Severity: string(severity), Path: p.input.path, Message: p.message}
}
