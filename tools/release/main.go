// Command release builds the archives of a release: for each platform the program with
// licence, completions and manual page, a list of what is in it (CycloneDX), and
// the checksums of all. The same commit gives the same bytes.
//
//	go run tools/release/main.go -version 0.1.0 [-out dist] [-platforms linux/amd64,...]
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/knowledge"
)

func main() {
	log.SetFlags(0)
	version := flag.String("version", "", "version, without v")
	out := flag.String("out", "dist", "directory to write to")
	platforms := flag.String("platforms", "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64", "what to build for")
	flag.Parse()
	if *version == "" || flag.NArg() > 0 {
		log.Fatal("usage: go run tools/release/main.go -version 0.1.0 [-out dist] [-platforms linux/amd64,...]")
	}
	if err := release(*version, *out, strings.Split(*platforms, ",")); err != nil {
		log.Fatal(err)
	}
}

// file is one in an archive.
type file struct {
	name    string
	mode    int64
	content []byte
}

// oldest is how old the tables of a release may be without a warning: a quarter.
const oldest = 92 * 24 * time.Hour

// warnOfAge says if the tables are old on the day of the release.
func warnOfAge(when time.Time) error {
	made, err := time.Parse(time.DateOnly, knowledge.DataDate)
	if err != nil {
		return err
	}
	if age := when.Sub(made); age > oldest {
		log.Printf("warning: the tables of %s are of %s, %d days old; tools/knowledge says how to refresh them", knowledge.DataVersion, knowledge.DataDate, int(age.Hours()/24))
	}
	return nil
}

func release(version, out string, platforms []string) error {
	stamp, err := output(nil, "git", "show", "-s", "--format=%cI")
	if err != nil {
		return err
	}
	when, err := time.Parse(time.RFC3339, strings.TrimSpace(string(stamp)))
	if err != nil {
		return err
	}
	when = when.UTC()
	if err := warnOfAge(when); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	common, err := documents()
	if err != nil {
		return err
	}
	sums := map[string][]byte{}
	write := func(name string, content []byte) error {
		sums[name] = content
		return os.WriteFile(filepath.Join(out, name), content, 0o644)
	}
	for _, platform := range platforms {
		system, arch, ok := strings.Cut(platform, "/")
		if !ok {
			return fmt.Errorf("%q is not a platform such as linux/amd64", platform)
		}
		program, bill, err := build(version, system, arch, when)
		if err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
		name := fmt.Sprintf("iaclint_%s_%s_%s", version, system, arch)
		files := append([]file{program}, common...)
		pack, suffix := tarball, ".tar.gz"
		if system == "windows" {
			pack, suffix = zipped, ".zip"
		}
		content, err := pack(files, when)
		if err != nil {
			return err
		}
		if err := write(name+suffix, content); err != nil {
			return err
		}
		if err := write(name+".cdx.json", bill); err != nil {
			return err
		}
	}
	if err := write("version.txt", []byte(version+"\n")); err != nil {
		return err
	}
	var list bytes.Buffer
	names := make([]string, 0, len(sums))
	for name := range sums {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(&list, "%x  %s\n", sha256.Sum256(sums[name]), name)
	}
	_, _ = os.Stdout.Write(list.Bytes())
	return os.WriteFile(filepath.Join(out, "checksums.txt"), list.Bytes(), 0o644)
}

func output(env []string, name string, args ...string) ([]byte, error) {
	command := exec.Command(name, args...)
	command.Env = append(os.Environ(), env...)
	command.Stderr = os.Stderr
	return command.Output()
}

// documents are what every archive has beside the program.
func documents() ([]file, error) {
	var out []file
	for _, name := range []string{"LICENSE", "NOTICE", "THIRD_PARTY_NOTICES", "README.md"} {
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, file{name, 0o644, content})
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		content, err := output(nil, "go", "run", "./cmd/iaclint", "completion", shell)
		if err != nil {
			return nil, err
		}
		out = append(out, file{"completions/iaclint." + shell, 0o644, content})
	}
	content, err := output(nil, "go", "run", "./cmd/iaclint", "man")
	return append(out, file{"man/iaclint.1", 0o644, content}), err
}

func build(version, system, arch string, when time.Time) (file, []byte, error) {
	dir, err := os.MkdirTemp("", "release")
	if err != nil {
		return file{}, nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	name := "iaclint"
	if system == "windows" {
		name += ".exe"
	}
	path := filepath.Join(dir, name)
	_, err = output([]string{"CGO_ENABLED=0", "GOOS=" + system, "GOARCH=" + arch},
		"go", "build", "-trimpath", "-ldflags", "-s -w -X github.com/iaclint/iaclint/internal/cli.version="+version, "-o", path, "./cmd/iaclint")
	if err != nil {
		return file{}, nil, err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return file{}, nil, err
	}
	bill, err := billOfMaterials(path, version, when)
	return file{name, 0o755, content}, bill, err
}

// component is one of CycloneDX.
//
// https://cyclonedx.org/docs/1.6/json/
type component struct {
	Type    string `json:"type"`
	Ref     string `json:"bom-ref"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
}

// billOfMaterials lists the modules that the program says it was built of.
func billOfMaterials(path, version string, when time.Time) ([]byte, error) {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return nil, err
	}
	of := func(kind, name, version string) component {
		purl := "pkg:golang/" + name + "@" + version
		return component{kind, purl, name, version, purl}
	}
	list := []component{of("library", "std", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, d := range info.Deps {
		if d.Replace != nil {
			d = d.Replace
		}
		list = append(list, of("library", d.Path, d.Version))
	}
	text, err := json.MarshalIndent(map[string]any{
		"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
		"metadata": map[string]any{
			"timestamp": when.Format(time.RFC3339), "component": of("application", info.Main.Path, "v"+version),
		},
		"components": list,
	}, "", "  ")
	return append(text, '\n'), err
}

func tarball(files []file, when time.Time) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, f := range files {
		h := &tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(f.content)), ModTime: when, Format: tar.FormatPAX}
		if err := w.WriteHeader(h); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.content); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	err := z.Close()
	return b.Bytes(), err
}

func zipped(files []file, when time.Time) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: when}
		h.SetMode(os.FileMode(f.mode))
		part, err := w.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(part, bytes.NewReader(f.content)); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
