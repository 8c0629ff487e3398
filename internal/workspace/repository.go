package workspace

import (
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
	content, err := ReadConfig(filepath.Join(in.Root, ".git", "config"))
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

// Beside returns the name that a directory has in the input's file system. One
// outside of the input's root has a name that is not valid there.
func (in *Input) Beside(abs string) string {
	prefix := strings.TrimSuffix(in.Path, Below(in.Root, in.Abs))
	return path.Join(prefix, Below(in.Root, abs))
}
