// Command notices writes THIRD_PARTY_NOTICES: the licences and notices of
// everything that is linked into the program, on any platform that it is released
// for.
//
//	go run ./tools/notices          writes the file
//	go run ./tools/notices -check   fails where it is not what would be written
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const name = "THIRD_PARTY_NOTICES"

func main() {
	log.SetFlags(0)
	check := flag.Bool("check", false, "compare with the file instead of writing it")
	flag.Parse()
	text, err := notices()
	if err != nil {
		log.Fatal(err)
	}
	if !*check {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			log.Fatal(err)
		}
		return
	}
	old, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	if !bytes.Equal(old, text) {
		log.Fatalf("%s is not that of the modules that are linked: go run ./tools/notices", name)
	}
}

// module is one that is linked, with the directories of its packages that are.
type module struct {
	name string
	dirs []string
}

// legal are the names of files that a copy has to come with.
var legal = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|copyright|patents)(|[-.].*)$`)

func notices() ([]byte, error) {
	modules, err := linked()
	if err != nil {
		return nil, err
	}
	var order []string
	of := map[string][]string{} // modules, by the text that they come with
	add := func(module, file string) error {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		text := strings.TrimSpace(strings.ReplaceAll(string(content), "\r\n", "\n"))
		if of[text] == nil {
			order = append(order, text)
		}
		if !slices.Contains(of[text], module) {
			of[text] = append(of[text], module)
		}
		return nil
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	if err := add("the Go programming language and its standard library", filepath.Join(strings.TrimSpace(string(root)), "LICENSE")); err != nil {
		return nil, err
	}
	for _, m := range modules {
		found := 0
		for _, dir := range m.dirs {
			entries, err := os.ReadDir(dir)
			if err != nil {
				return nil, err
			}
			for _, e := range entries {
				if !e.Type().IsRegular() || !legal.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
					continue
				}
				if err := add(m.name, filepath.Join(dir, e.Name())); err != nil {
					return nil, err
				}
				found++
			}
		}
		if found == 0 {
			return nil, fmt.Errorf("%s has no licence", m.name)
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "iaclint contains the software below, under the licences that follow. The source of a\nmodule is at https://proxy.golang.org/MODULE/@v/VERSION.zip, unchanged.\n\nWritten by tools/notices.\n")
	for _, text := range order {
		fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 80), strings.Join(of[text], "\n"), text)
	}
	return b.Bytes(), nil
}

// linked returns the modules of the program on all platforms, by name.
func linked() ([]module, error) {
	dirs := map[string][]string{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}", "./cmd/iaclint")
		list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		list.Stderr = os.Stderr
		out, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("go list for %s: %w", system, err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
			fields := strings.Split(line, "\t")
			if len(fields) != 3 {
				continue // of the standard library, or ours
			}
			// What is between the module and the package may have a licence of its own.
			for dir := fields[2]; len(dir) >= len(fields[1]); dir = filepath.Dir(dir) {
				if !slices.Contains(dirs[fields[0]], dir) {
					dirs[fields[0]] = append(dirs[fields[0]], dir)
				}
			}
		}
	}
	if len(dirs) == 0 {
		return nil, errors.New("no module is linked")
	}
	var out []module
	for name, d := range dirs {
		slices.Sort(d)
		out = append(out, module{name, d})
	}
	slices.SortFunc(out, func(a, b module) int { return strings.Compare(a.name, b.name) })
	return out, nil
}
