package cli

import (
	"errors"
	"fmt"
	"slices"
)

// readSince reads the report that --since names, before one of this run may take
// its place.
func (c *checker) readSince() error {
	f := c.flags
	if f.sinceFile == "" {
		return nil
	}
	if !slices.ContainsFunc(c.destinations, func(d destination) bool { return d.format == "events" }) {
		return errors.New("--since is for the format events: --format events --since REPORT")
	}
	r, err := readReport(c.absolute(f.sinceFile))
	if err != nil {
		return fmt.Errorf("--since: %s %w", f.sinceFile, err)
	}
	if r == nil {
		return fmt.Errorf("--since: %s is not there, or is not a report of iaclint in JSON", f.sinceFile)
	}
	f.sinceReport = r
	return nil
}
