// Package rules turns what analysis computed into findings: it chooses the rule
// and with it the severity, words the message, and sorts the result.
package rules

import (
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Options of a run.
type Options struct {
	Complete bool // Access Analyzer's granularity instead of a smallest covering set
	Target   string
}

// Output is what one resource gives.
type Output struct {
	Resource    finding.Resource
	Findings    []finding.Finding
	Diagnostics []source.Diagnostic
	Assumptions []string // what the answer rests on, in sentences
	// OpenToServices is set when a service principal may act without a limit to
	// own sources.
	OpenToServices bool
}

// Run analyses one resource against a zone of trust. It changes neither.
func Run(r resource.Resource, z *zone.Zone, o Options) Output {
	return Output{}
}
