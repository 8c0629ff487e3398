package terraform

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// Every argument that names what a resource belongs to names it where a condition
// may make it null: Terraform refuses a resource without one.
func TestOwnerMayBeNull(t *testing.T) {
	coverage, err := os.ReadFile("../../docs/coverage.md")
	if err != nil {
		t.Fatal(err)
	}
	types := regexp.MustCompile(`aws_[a-z0-9_]+`).FindAllString(string(coverage), -1)
	slices.Sort(types)
	tried := 0
	for _, typ := range slices.Compact(types) {
		for _, path := range catalog.Owners(typ) {
			keys := strings.Split(path, ".")
			body := keys[len(keys)-1] + ` = var.on ? "x" : null`
			for i := len(keys) - 2; i >= 0; i-- {
				body = fmt.Sprintf("%s {\n%s\n}", keys[i], body)
			}
			files := fstest.MapFS{"main.tf": {Data: fmt.Appendf(nil, "variable \"on\" {}\nresource %q \"p\" {\n%s\n}\n", typ, body)}}
			blocks, _ := Blocks(files, ".", Options{})
			if len(blocks) != 1 {
				t.Fatalf("%s: %d blocks", typ, len(blocks))
			}
			if got := at(blocks[0].Properties, keys); got.Kind != value.String || got.Text.Literal != "x" {
				t.Errorf("%s: %s is %v %v", typ, path, got.Kind, got.Text)
			}
			tried++
		}
	}
	if tried < 40 {
		t.Errorf("%d arguments were tried", tried)
	}
}

// at returns the value at a path, the first in each list on the way.
func at(v value.Value, keys []string) value.Value {
	for v.Kind == value.List && len(v.Items) > 0 {
		v = v.Items[0]
	}
	if len(keys) == 0 {
		return v
	}
	for _, f := range v.Fields {
		if f.Key == keys[0] {
			return at(f.Value, keys[1:])
		}
	}
	return value.Value{}
}
