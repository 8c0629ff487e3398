package loaders

import (
	"io/fs"
	"path"
	"strings"

	"github.com/iaclint/iaclint/loaders/terraform"
)

// IsModuleFile reports whether a file of that name makes its directory a module
// of Terraform or OpenTofu.
func IsModuleFile(name string) bool {
	for _, suffix := range []string{".tf", ".tofu", ".tf.json", ".tofu.json"} {
		if strings.HasSuffix(name, suffix) && name != suffix {
			return true
		}
	}
	return false
}

// HasVariables reports whether variables of Terraform are given to a file of that
// name when it is an input of its own.
func HasVariables(name string) bool { return IsModuleFile(name) || path.Base(name) == UnitFile }

// UnitFile is the file that makes its directory a unit of Terragrunt.
const UnitFile = terraform.UnitFile

// IsUnit reports whether a directory is a unit of Terragrunt that names its module.
func IsUnit(fsys fs.FS, dir string) bool {
	return fsys != nil && terraform.IsUnit(fsys, dir)
}

// Mentions reports whether a module may read one of some files, which it does by
// their names.
func Mentions(fsys fs.FS, dir string, names []string) bool {
	return fsys != nil && terraform.Mentions(fsys, dir, names)
}

// Called returns the directories that a module calls: those that are named by their
// paths, and those of some sources.
func Called(fsys fs.FS, dir string, modules map[string]string) []string {
	if fsys == nil {
		return nil
	}
	return terraform.Called(fsys, dir, modules)
}
