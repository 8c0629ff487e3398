// Command iaclint says who outside a zone of trust can reach the resources that
// infrastructure code declares. This package is the process; everything else is
// done by package cli, which tests call without one.
package main

import (
	"os"
	"runtime/debug"

	"github.com/iaclint/iaclint/internal/cli"
)

func main() {
	// A run is short: collecting garbage seldom is faster, and up to the limit
	// it costs only memory that nobody misses.
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(400 << 20)
	os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
