// Package iaclint says who outside a zone of trust can reach the resources that
// infrastructure code declares: Terraform, CloudFormation, plans and policies in JSON.
// It is what the command of that name does, for programs.
//
// This package is stable, as are the form of its report (package analysis/finding) and
// the formats (package reporters); everything below internal is not, and the other
// packages may change with any version.
package iaclint

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime/debug"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders"
	"github.com/iaclint/iaclint/reporters"
	"github.com/iaclint/iaclint/rules"
)

// Options say whose the code is, where it is deployed and whom its owner trusts.
// Without any, the account that owns a resource is the one that the code names, or
// whichever it is deployed to, and nobody outside that account is trusted.
type Options struct {
	Account      string   // the account that owns what is analysed
	Organization string   // the owner's organization; it is trusted if Zone is "organization"
	Members      []string // accounts of that organization
	Zone         string   // "account" (the default) or "organization"
	Region       string   // that the code deploys to
	Partition    string

	Variables    map[string]string // of Terraform
	Parameters   map[string]string // of CloudFormation
	ResourceType string            // of policy documents that do not tell theirs, such as AWS::S3::Bucket

	// Configuration is the text of a configuration file in HCL, with zones of trust,
	// targets, severities and archive rules. What stands above takes precedence.
	// Custom rules and a baseline, which are further files, are refused.
	Configuration []byte

	// Complete asks for all findings, as Access Analyzer words them, instead of a
	// smallest choice that covers the access.
	Complete bool

	// Today is the day on which archive rules are judged; the zero time is now.
	Today time.Time
}

// Check analyses all that a file system holds and returns the report: findings,
// resources, what could not be read, archived findings, and their summary. The error
// is about the options, or says why the context ended; what is wrong with the input is
// in the report's diagnostics. A panic of the analysis is a diagnostic too.
func Check(ctx context.Context, files fs.FS, o Options) (*finding.Report, error) {
	today := o.Today
	if today.IsZero() {
		today = time.Now()
	}
	s, err := o.settings(today.UTC().Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	run, err := scan.OverContext(ctx, workspace.OfTree(files, s), scan.Options{
		Version: version(), Today: today.UTC().Format(time.DateOnly), Complete: o.Complete,
		Given: loaders.Options{Variables: loaders.Variables(o.Variables), Parameters: o.Parameters, ResourceType: o.ResourceType},
	})
	if err != nil {
		return nil, err
	}
	out, err := run.Report()
	if err != nil {
		return nil, err
	}
	return &out.Report, nil
}

// Write writes a report in a format of the command, such as "text", "json" or "sarif".
func Write(w io.Writer, format string, r *finding.Report) error {
	return reporters.Write(format, w, *r, reporters.Options{Relative: func(path string) string { return path }})
}

// settings joins the configuration with the other options.
func (o Options) settings(today string) (*workspace.Settings, error) {
	c := config.Default()
	if o.Configuration != nil {
		parsed, wrong := config.Parse("configuration.hcl", o.Configuration, config.Options{Rules: rules.IDs(), Formats: reporters.Names(), Version: version(), Today: today})
		if wrong.HasErrors() {
			var text strings.Builder
			wrong.Write(&text)
			return nil, errors.New(strings.TrimSpace(text.String()))
		}
		if len(parsed.Rego) > 0 || parsed.Baseline != "" {
			return nil, errors.New("the configuration names further files (custom_rules, baseline): these are for the command")
		}
		c = parsed
	}
	for _, id := range append([]string{o.Account}, o.Members...) {
		if id == "" {
			continue
		}
		if err := config.AccountID(id); err != nil {
			return nil, fmt.Errorf("account %q: %w", id, err)
		}
	}
	if o.Zone != "" && o.Zone != "account" && o.Zone != "organization" {
		return nil, fmt.Errorf("zone %q is unknown%s", o.Zone, config.Hint(o.Zone, []string{"account", "organization"}))
	}
	return workspace.NewSettings(c, config.Flags{
		Account: o.Account, Type: o.Zone, Organization: o.Organization, Members: o.Members, Region: o.Region, Partition: o.Partition,
	})
}

// version is that of this module in the program that uses it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	for _, m := range append([]*debug.Module{&info.Main}, info.Deps...) {
		if m.Path == "github.com/iaclint/iaclint" && strings.HasPrefix(m.Version, "v") && !strings.HasPrefix(m.Version, "v0.0.0-") {
			return strings.TrimPrefix(m.Version, "v")
		}
	}
	return "devel"
}
