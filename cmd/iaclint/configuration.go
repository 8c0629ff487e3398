package main

import (
	"os"
	"path/filepath"
)

// configuration checks a configuration file without analysing anything.
func (p *program) configuration(args []string) int {
	if len(args) == 0 || len(args) > 2 || args[0] != "verify" {
		return p.usageError("config takes \"verify\" and optionally a file; a directory of that name is ./config")
	}
	cwd, err := os.Getwd()
	if err != nil {
		p.notef("cannot tell the working directory: %s", err)
		return statusUsage
	}
	f := newFlags()
	if len(args) == 2 {
		f.config = args[1]
	}
	finder := newFinder(cwd, f, os.Getenv)
	found := finder.of(&input{abs: filepath.Join(cwd, stdinPath), root: cwd})
	finder.wrong.Write(p.errw)
	switch {
	case finder.wrong.HasErrors():
		return statusUsage
	case found.file == "":
		return p.usageError("no configuration file is found from here upward")
	}
	p.outf("%s is valid", found.file)
	return statusClean
}
