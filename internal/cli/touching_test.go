package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// touching lists what packages may do with files and programs. SECURITY.md says
// why; nothing is added here without a word there.
var touching = map[string][]string{
	"internal/disk": {
		"os.OpenRoot", "os.OpenFile", "os.MkdirAll", "os.Stat", "os.Lstat", "os.Readlink", "filepath.EvalSymlinks",
	},
	"internal/workspace": {"os.OpenRoot", "os.OpenFile", "os.ReadDir", "os.Stat", "os.Lstat", "filepath.EvalSymlinks"},
	"internal/cli":       {"os.Stat", "os.Lstat", "filepath.EvalSymlinks"},
	"internal/watch":     {"os.Lstat", "os.ReadDir"},
	"internal/memory":    {"os.ReadFile", "os.Getpagesize"}, // of /proc/self: how much the process uses
	"gitfs":              {"exec.CommandContext", "exec.LookPath"},
}

// untouching are the functions of these packages that touch no file and no program.
var untouching = map[string][]string{
	"os":   {"Args", "DevNull", "Environ", "ErrExist", "ErrNotExist", "Exit", "File", "FileInfo", "FileMode", "Getenv", "Geteuid", "Getpid", "Getwd", "Interrupt", "LookupEnv", "ModePerm", "O_APPEND", "O_CREATE", "O_EXCL", "O_RDONLY", "O_WRONLY", "PathError", "Root", "SameFile", "Stderr", "Stdin", "Stdout"},
	"exec": {"Cmd", "Error", "ErrNotFound", "ExitError"},
}

// reached are packages that touch the system past os, and who may import them.
var reached = map[string][]string{
	"syscall":          {"internal/workspace", "internal/disk", "internal/memory", "internal/watch", "internal/cli"}, // flags, locks, owners, limits, names of errors
	"net":              {"loaders/terraform"},                                                                        // arithmetic of addresses
	"unsafe":           nil,
	"plugin":           nil,
	"net/http":         nil,
	"os/signal":        {"internal/cli"}, // that ends a watch
	"golang.org/x/sys": nil,
}

// TestSecurityListsWhatTouchesFiles compares the table of SECURITY.md with touching.
func TestSecurityListsWhatTouchesFiles(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("..", "..", "SECURITY.md"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(string(content), -1) {
		listed = append(listed, row[1])
	}
	slices.Sort(listed)
	if want := slices.Sorted(maps.Keys(touching)); !slices.Equal(listed, want) {
		t.Errorf("SECURITY.md lists %q, expected %q", listed, want)
	}
}

// reaching are the functions of path/filepath that look at the disk.
var reaching = []string{"EvalSymlinks", "Glob", "Walk", "WalkDir"}

// Few packages open, create, rename or execute, so that what a stranger's files
// can reach is read in a few places.
func TestFewPackagesTouchFiles(t *testing.T) {
	top := filepath.Join("..", "..")
	used := map[string]bool{}
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(top, path)
		rel = filepath.ToSlash(rel)
		if d.IsDir() && (rel == "tools" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && rel != ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		names := map[string]string{}
		for _, i := range file.Imports {
			p := strings.Trim(i.Path.Value, `"`)
			if p != "os" && p != "os/exec" && p != "path/filepath" && p != "io/ioutil" {
				continue
			}
			name := p[strings.LastIndexByte(p, '/')+1:]
			if i.Name != nil {
				t.Errorf("%s gives %s another name", rel, p)
			}
			names[name] = p
		}
		dir := filepath.ToSlash(filepath.Dir(rel))
		for _, i := range file.Imports {
			p := strings.Trim(i.Path.Value, `"`)
			if in, ok := reached[p]; ok && !slices.Contains(in, dir) {
				t.Errorf("%s imports %s", rel, p)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := s.X.(*ast.Ident)
			if !ok || names[x.Name] == "" || x.Obj != nil {
				return true
			}
			call := x.Name + "." + s.Sel.Name
			if x.Name == "filepath" && !slices.Contains(reaching, s.Sel.Name) || slices.Contains(untouching[x.Name], s.Sel.Name) {
				return true
			}
			used[dir+" "+call] = true
			if !slices.Contains(touching[dir], call) {
				t.Errorf("%s uses %s", rel, call)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir, calls := range touching {
		for _, call := range calls {
			if !used[dir+" "+call] {
				t.Errorf("%s may use %s, and does not", dir, call)
			}
		}
	}
	if !used["internal/disk os.OpenRoot"] || !used["internal/workspace os.OpenRoot"] {
		t.Error("the sources were not looked at")
	}
}
