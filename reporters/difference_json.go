package reporters

import (
	"io"

	"github.com/iaclint/iaclint/analysis/finding"
)

// differenceVersion is the version of docs/schema/diff-v1.json.
const differenceVersion = 1

type jsonComparison struct {
	SchemaVersion int                  `json:"schemaVersion"`
	Tool          finding.Tool         `json:"tool"`
	Base          string               `json:"base"`
	Head          string               `json:"head"`
	Zones         []finding.Zone       `json:"zones"`
	Changes       []jsonDifference     `json:"changes"`
	Diagnostics   []finding.Diagnostic `json:"diagnostics"`
	Summary       jsonCounts           `json:"summary"`
}

type jsonDifference struct {
	Kind           finding.DifferenceKind `json:"kind"`
	Wider          bool                   `json:"wider"`
	Finding        finding.Finding        `json:"finding"`
	Before         *finding.Finding       `json:"before"`
	AddedActions   []string               `json:"addedActions"`
	RemovedActions []string               `json:"removedActions"`
	Gained         []finding.Finding      `json:"gained"`
	Lost           []finding.Finding      `json:"lost"`
	PolicyBefore   []string               `json:"policyBefore"`
	PolicyAfter    []string               `json:"policyAfter"`
}

type jsonCounts struct {
	Granted      int `json:"granted"`
	Changed      int `json:"changed"`
	Undetermined int `json:"undetermined"`
	Archived     int `json:"archived"`
	Withdrawn    int `json:"withdrawn"`
	Failing      int `json:"failing"`
	Both         int `json:"resourcesOnBoth"`
	OnlyBase     int `json:"resourcesOnlyInBase"`
	OnlyHead     int `json:"resourcesOnlyInHead"`
}

// writeDifferenceJSON writes a comparison as docs/schema/diff-v1.json describes
// it: every key there, no array null.
func writeDifferenceJSON(w io.Writer, c finding.Comparison, _ Options) error {
	whole := complete(finding.Report{Zones: c.Zones, Diagnostics: c.Diagnostics})
	out := jsonComparison{
		SchemaVersion: differenceVersion, Tool: c.Tool, Base: c.Base, Head: c.Head, Zones: whole.Zones, Changes: []jsonDifference{}, Diagnostics: whole.Diagnostics,
		Summary: jsonCounts{c.Count(finding.Granted), c.Count(finding.Altered), c.Count(finding.NewlyUndetermined), c.Count(finding.NewlyArchived),
			c.Count(finding.Withdrawn), c.Failing, c.Both, c.OnlyBase, c.OnlyHead},
	}
	for _, d := range c.Differences {
		x := jsonDifference{
			Kind: d.Kind, Wider: d.Wider, Finding: d.Finding, AddedActions: list(d.Added), RemovedActions: list(d.Removed),
			Gained: each(d.Gained, completeFinding), Lost: each(d.Lost, completeFinding), PolicyBefore: list(d.PolicyBefore), PolicyAfter: list(d.PolicyAfter),
		}
		completeFinding(&x.Finding)
		if d.Before != nil {
			before := *d.Before
			completeFinding(&before)
			x.Before = &before
		}
		out.Changes = append(out.Changes, x)
	}
	return encode(w, out)
}
