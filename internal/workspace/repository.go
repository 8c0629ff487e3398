package workspace

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/iaclint/iaclint/loaders/terraform"
)

// Repository returns the addresses of the git repository that the input is from, as
// its remotes have them; nothing where there is none.
//
// https://git-scm.com/docs/git-config#Documentation/git-config.txt-remotenameurl
func (in *Input) Repository() []string {
	if in.Root == "" {
		return nil
	}
	content, err := readGitConfig(filepath.Join(in.Root, ".git"))
	if err != nil {
		return nil
	}
	var out []string
	remote := false
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			remote = strings.HasPrefix(line, "[remote ")
			continue
		}
		key, url, ok := strings.Cut(line, "=")
		if remote && ok && strings.TrimSpace(key) == "url" {
			if name := terraform.RepositoryName(url); name != "" {
				out = append(out, name)
			}
		}
	}
	return out
}

// readGitConfig returns the configuration in a directory of git. A repository may
// come with links in the place of either, and what they lead to is not read.
func readGitConfig(dir string) ([]byte, error) {
	if info, err := os.Lstat(dir); err != nil || !info.IsDir() {
		return nil, errors.Join(err, errNoDirectory)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if info, err := root.Lstat("config"); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, errNotRegular)
	}
	f, err := root.OpenFile("config", ReadOnly, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readLimited(f)
}

var (
	errNoDirectory = errors.New("not a directory")
	errNotRegular  = errors.New("it is not a regular file")
)

// Beside returns the name that a directory has in the input's file system. One
// outside of the input's root has a name that is not valid there.
func (in *Input) Beside(abs string) string {
	prefix := strings.TrimSuffix(in.Path, Below(in.Root, in.Abs))
	return path.Join(prefix, Below(in.Root, abs))
}

// Modules are directories of the input's file system, by the source that calls of
// modules name: those of its settings, and before them those that are given.
func (in *Input) Modules(s *Settings, given map[string]string) map[string]string {
	out := map[string]string{}
	for _, m := range s.Config.Modules {
		out[m.Source] = in.Beside(filepath.Join(filepath.Dir(s.Abs), filepath.FromSlash(m.Dir)))
	}
	for src, dir := range given {
		out[src] = in.Beside(dir)
	}
	return out
}
