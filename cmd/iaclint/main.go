// Command iaclint says who outside a zone of trust can reach the resources that
// infrastructure code declares. This package is the process; everything else is
// done by package cli, which tests call without one.
package main

import (
	"fmt"
	"os"

	"github.com/iaclint/iaclint/internal/cli"
	"github.com/iaclint/iaclint/internal/memory"
)

func main() {
	memory.Keep(func(used, most uint64) {
		fmt.Fprintf(os.Stderr, "iaclint: stopped before memory runs out: %d MiB of %d MiB are used, and there is no report; analyse fewer or smaller inputs at once, or raise the limit of the container or of \"ulimit -v\"\n", used>>20, most>>20)
		os.Exit(3)
	})
	os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
