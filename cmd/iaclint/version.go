package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// version is set by release builds: -ldflags "-X main.version=1.2.3".
var version string

// build is what is known about the program itself.
type build struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Revision string `json:"revision"`
	Go       string `json:"go"`
}

var thisBuild = sync.OnceValue(func() build {
	b := build{Name: "iaclint", Version: "devel", Go: runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		b.Version = released(info.Main.Version)
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				b.Revision = s.Value
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

func (p *program) version(args []string) int {
	switch {
	case len(args) == 0:
		fmt.Fprintln(p.out, "iaclint", thisBuild().Version)
	case len(args) == 1 && args[0] == "--json":
		text, err := json.Marshal(thisBuild())
		if err != nil {
			panic(err) // a struct of strings
		}
		fmt.Fprintf(p.out, "%s\n", text)
	default:
		return p.usageError("version takes no argument but --json")
	}
	return statusClean
}
