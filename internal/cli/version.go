package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/iaclint/iaclint/analysis/knowledge"
)

// version is set by release builds: -ldflags "-X github.com/iaclint/iaclint/internal/cli.version=1.2.3".
var version string

// build is what is known about the program itself.
type build struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Revision string `json:"revision"`
	Date     string `json:"date"` // of the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Data     []data `json:"data"`
}

// data is a table of facts about AWS that the program contains.
type data struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Date    string `json:"date"`
}

var thisBuild = sync.OnceValue(func() build {
	b := build{Name: "iaclint", Version: "devel", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Data: []data{
		{"service authorization reference", knowledge.DataVersion, knowledge.DataDate},
	}}
	if info, ok := debug.ReadBuildInfo(); ok {
		b.Version = released(info.Main.Version)
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				b.Revision = s.Value
			}
			if s.Key == "vcs.time" {
				b.Date = s.Value
			}
		}
	}
	if version != "" {
		b.Version = version
	}
	return b
})

// released returns the version of a module, "devel" unless it is a release: a
// pseudo-version would tell the time of a commit apart from the time of another,
// and says nothing that required_version could compare.
func released(module string) string {
	if module == "" || module == "(devel)" || strings.HasPrefix(module, "v0.0.0-") || strings.Contains(module, "+dirty") {
		return "devel"
	}
	return strings.TrimPrefix(module, "v")
}

func (p *program) version(args []string) error {
	switch {
	case len(args) == 0:
		b := thisBuild()
		fmt.Fprintln(p.out, "iaclint", b.Version)
		if b.Revision != "" {
			fmt.Fprintf(p.out, "revision %s of %s\n", b.Revision, b.Date)
		}
		for _, d := range b.Data {
			fmt.Fprintf(p.out, "%s of %s\n", d.Name, d.Date)
		}
	case len(args) == 1 && args[0] == "--json":
		text, err := json.Marshal(thisBuild())
		if err != nil {
			panic(err) // strings
		}
		p.json(append(text, '\n'))
	default:
		return usageError("version takes no argument but --json")
	}
	return nil
}
