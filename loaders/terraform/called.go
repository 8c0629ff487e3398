package terraform

import (
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
)

// absence is why a module that is called is not read, and what to do about it.
type absence struct{ why, help string }

var (
	notInstalled  = absence{"is not installed", `run "terraform init" before the analysis, or name a copy below the directory that is analysed: --module SOURCE=DIR`}
	notThere      = absence{"is not in the directory that is named for it, by --module or in the configuration", "name a directory that is there and holds the module"}
	outside       = absence{"is outside of the directory that is analysed", "analyse the directory that holds both, from the root of its git repository or above"}
	sourceUnknown = absence{"has a source that is not known before deployment", "give the values that the source depends on with --var"}
)

// directory returns where the module is that a call names.
func (l *loader) directory(m *module, name, src string) (dir string, why *absence) {
	if dir, ok := l.o.Modules[src]; ok {
		if why = l.inside(dir); why == nil && !l.exists(dir) {
			why = &notThere
		}
		return dir, why
	}
	dir, local := localSource(m.cfg.dir, src)
	switch {
	case !local:
		if key := strings.TrimPrefix(m.keys+"."+name, "."); key != "" {
			if dir = l.installed(key); dir != "" {
				return dir, l.inside(dir)
			}
		}
		if dir, ok := ownSource(src, l.o.Repository); ok && l.exists(dir) {
			return dir, nil
		}
		return "", &notInstalled
	default:
		return dir, l.inside(dir)
	}
}

func (l *loader) inside(dir string) *absence {
	if !fs.ValidPath(dir) {
		return &outside
	}
	return nil
}

func (l *loader) exists(dir string) bool {
	info, err := fs.Stat(l.fsys, dir)
	return err == nil && info.IsDir()
}

// unreadModule records the call of a module that is not here, once.
func (l *loader) unreadModule(m *module, name string, at source.Span, src string, why absence) {
	if l.exhausted {
		return // nothing is known any more, which is said
	}
	if src != "" && slices.ContainsFunc(l.unread, func(u resource.Unread) bool { return u.Span == at }) {
		return
	}
	// A path means a directory, whoever calls it.
	if dir, local := localSource(m.cfg.dir, src); local {
		src = dir
	}
	l.unread = append(l.unread, resource.Unread{
		Kind: resource.Module, Source: src, Path: at.Path(), Address: m.address("module." + name), Span: at, Why: why.why, Help: why.help,
	})
}

// ownSource returns the directory of a module that is named by the address of the
// repository that is analysed.
//
// https://developer.hashicorp.com/terraform/language/modules/sources
func ownSource(src string, repository []string) (dir string, ok bool) {
	address, dir := splitSource(src)
	name := RepositoryName(address)
	if name == "" {
		name = registryRepository(address)
	}
	if name == "" || !slices.Contains(repository, name) {
		return "", false
	}
	dir = path.Clean("./" + dir)
	return dir, fs.ValidPath(dir)
}

// splitSource cuts the directory after "//" off a source.
func splitSource(src string) (address, dir string) {
	src, _, _ = strings.Cut(src, "?")
	rest, scheme := src, ""
	if before, after, ok := strings.Cut(src, "://"); ok {
		scheme, rest = before+"://", after
	}
	rest, dir, _ = strings.Cut(rest, "//")
	return scheme + rest, dir
}

// RepositoryName returns the host and path of the address of a repository, as
// github.com/acme/network; "" for what is no such address.
func RepositoryName(address string) string {
	address = strings.TrimPrefix(strings.TrimSpace(address), "git::")
	if _, rest, ok := strings.Cut(address, "://"); ok {
		address = rest
	} else if host, rest, ok := strings.Cut(address, ":"); ok && !strings.Contains(host, "/") {
		address = host + "/" + rest // git@github.com:acme/network.git
	} else if host, _, _ := strings.Cut(address, "/"); host != "github.com" && host != "bitbucket.org" {
		return ""
	}
	if i := strings.LastIndexByte(strings.SplitN(address, "/", 2)[0], '@'); i >= 0 {
		address = address[i+1:]
	}
	host, rest, ok := strings.Cut(address, "/")
	host, _, _ = strings.Cut(host, ":")
	rest = strings.TrimSuffix(strings.Trim(rest, "/"), ".git")
	if !ok || host == "" || !strings.Contains(rest, "/") {
		return ""
	}
	return strings.ToLower(host + "/" + rest)
}

// registryRepository returns the repository that a module of the public registry is
// published from: acme/network/aws is acme/terraform-aws-network on GitHub.
//
// https://developer.hashicorp.com/terraform/registry/modules/publish#requirements
func registryRepository(address string) string {
	parts := strings.Split(address, "/")
	if len(parts) == 4 && parts[0] == "registry.terraform.io" || len(parts) == 4 && parts[0] == "registry.opentofu.org" {
		parts = parts[1:]
	}
	if len(parts) != 3 || slices.Contains(parts, "") || strings.Contains(parts[0], ".") {
		return ""
	}
	return strings.ToLower("github.com/" + parts[0] + "/terraform-" + parts[2] + "-" + parts[1])
}

// installed returns the directory of a module that "terraform init" fetched.
func (l *loader) installed(key string) string {
	if l.manifest == nil {
		l.manifest = map[string]string{}
		file, err := l.read(path.Join(l.root, ".terraform", "modules", "modules.json"))
		if err == nil {
			var manifest struct {
				Modules []struct{ Key, Dir string }
			}
			if err := json.Unmarshal(file.Content, &manifest); err != nil {
				l.errorf(source.Span{File: file}, "the list of installed modules cannot be read: %s", err)
			}
			for _, m := range manifest.Modules {
				if dir := strings.ReplaceAll(m.Dir, `\`, "/"); !path.IsAbs(dir) {
					l.manifest[m.Key] = path.Join(l.root, dir)
				}
			}
		}
	}
	return l.manifest[key]
}
