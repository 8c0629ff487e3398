package cli

import (
	"bytes"
	"errors"
	"io/fs"
	"os"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/internal/disk"
	"github.com/iaclint/iaclint/reporters"
)

// largestSummary is what GitHub takes for one step; what is larger it refuses as a
// whole.
//
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
const largestSummary = 1 << 20

// stepSummary appends the Markdown report to the summary of a workflow's step, when
// annotations are asked for and the runner says where it is. That it cannot be
// written is told; the run goes on, as the report does not depend on it.
func (c *checker) stepSummary(r finding.Report, o reporters.Options) {
	file := os.Getenv("GITHUB_STEP_SUMMARY")
	asked := false
	for _, d := range c.destinations {
		asked = asked || d.format == "github"
	}
	if !asked || file == "" {
		return
	}
	if err := appendSummary(file, c.trees, r, o); err != nil {
		c.notef("cannot write the step summary: %s", err)
	}
}

func appendSummary(file string, trees []string, r finding.Report, o reporters.Options) error {
	used := int64(0)
	info, err := os.Stat(file)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return errors.New("it is not a regular file")
	case err == nil:
		used = info.Size()
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	o.MaxBytes = int(largestSummary - used - 1)
	if o.MaxBytes < 4096 {
		return errors.New("there is no room left in it")
	}
	var b bytes.Buffer
	if err := reporters.Write("markdown", &b, r, o); err != nil {
		return err
	}
	return disk.Append(file, b.Bytes(), trees)
}
