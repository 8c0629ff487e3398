package scan

import (
	"context"
	"slices"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/workspace"
)

// Policies are those of one resource of the code, or one policy of an identity, as
// they are deployed.
type Policies struct {
	Resource  resource.Resource
	Documents []*policy.Document
	Boundary  *policy.Document // that the code puts around an identity; nil: none is known
}

// PoliciesIn reads all policies of inputs, and what could not be read of them.
func PoliciesIn(in workspace.Inputs, o Options) (out []Policies, diagnostics []finding.Diagnostic) {
	ctx := context.Background()
	o.Properties = true
	l := Read(ctx, TasksOf(in.Files, o))
	l.Link(ctx)
	for i, t := range l.Tasks {
		for _, d := range t.Deployments {
			var resources []resource.Resource
			for _, r := range l.Stacks[i].Resources {
				resources = append(resources, asDeployed(r, d))
			}
			limits := boundariesOf(resources, d.Zone)
			for _, r := range resources {
				if list := access.PoliciesOf(r, d.Zone); len(list) > 0 {
					out = append(out, Policies{r, list, limits.around(r)})
				}
			}
		}
	}
	run := &Run{In: in, Options: o, Results: ByInput(in.Files, l.Tasks, l.Results)}
	diagnostics = append(run.ReportWithoutBaseline().Diagnostics, unreadWarnings(in, run.Results)...)
	if len(out) == 0 && !o.AllowEmpty && !slices.ContainsFunc(diagnostics, isErrorDiagnostic) {
		diagnostics = append(diagnostics, finding.Diagnostic{Severity: string(source.Error), Message: "there is no policy in the input"})
	}
	slices.SortFunc(diagnostics, CompareDiagnostics)
	return out, diagnostics
}

func isErrorDiagnostic(d finding.Diagnostic) bool { return d.Severity == string(source.Error) }
