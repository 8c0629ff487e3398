package scan

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders"
)

// A file that is not a text is said: with a warning where a walk met it, as an error
// where it is named.
func TestNoText(t *testing.T) {
	for name, content := range map[string]string{
		"policy.json":       "\xff\xfe{\x00}\x00",
		"template.yaml":     "R\x00e\x00s\x00o\x00",
		"template.template": "\x00R\x00e\x00s\x00o",
		"bytes.json":        "\x80\x91\xa2\xb3\xff",
		"latin.yaml":        "caf\xe9: 1\n",
		"sealed.json":       "\x00GITCRYPT\x00abc",
	} {
		for _, named := range []bool{false, true} {
			in, err := workspace.InMemory(map[string]string{name: content}, &workspace.Settings{Config: &config.Config{}})
			if err != nil {
				t.Fatal(err)
			}
			in.Files[0].Named = named
			want := source.Warning
			if named {
				want = source.Error
			}
			_, out := Task{In: &in.Files[0], load: loaders.Load, Deployments: []config.Deployment{{Zone: &zone.Zone{}}}}.Read(nil)
			if len(out.Diagnostics) != 1 || out.Diagnostics[0].Severity != want {
				t.Errorf("%s, named %v: %v", name, named, out.Diagnostics)
			}
		}
	}
}
