package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// validateFlags are those of validate-policy.
type validateFlags struct {
	set          *pflag.FlagSet
	document     string
	policyType   string
	resourceType string
	format       string
	failOn       string
}

// validateFormats are the formats of validate-policy: aws is the answer of the
// service.
var validateFormats = []string{"text", "json", "aws"}

// failOn are the values of --fail-on, from the lightest finding type on.
var failOnTypes = []string{"suggestion", "warning", "security-warning", "error", "none"}

func newValidateFlags() *validateFlags {
	f := &validateFlags{set: pflag.NewFlagSet("validate-policy", pflag.ContinueOnError)}
	f.set.SortFlags = false
	f.set.SetOutput(io.Discard)
	f.set.StringVar(&f.document, "policy-document", "", "the policy: `JSON`, file://PATH or a path, in the place of the argument")
	f.set.StringVar(&f.policyType, "policy-type", "", "`TYPE` of the policy: "+strings.Join(policyTypes(), ", ")+" (default: by whether it names principals)")
	f.set.StringVar(&f.resourceType, "validate-policy-resource-type", "", "`TYPE` of the resource that a resource policy is attached to")
	f.set.StringVar(&f.format, "format", "text", "text, json, or aws as the service answers")
	f.set.StringVar(&f.failOn, "fail-on", "security-warning", "lightest `TYPE` that gives exit status 1: "+strings.Join(failOnTypes, ", "))
	return f
}

func validateFlagSet() *pflag.FlagSet { return newValidateFlags().set }

func aboutValidate() string {
	return "It checks one policy document as \"aws accessanalyzer validate-policy\" does, offline.\n" +
		"Exit status: 0 nothing at or above --fail-on, 1 findings, 2 usage, 3 not readable.\n\n" +
		"Types of resources with checks of their own:\n  " + strings.Join(validate.ResourceTypes, "\n  ") + "\n"
}

func policyTypes() []string {
	var names []string
	for _, t := range validate.PolicyTypes {
		names = append(names, string(t))
	}
	return names
}

// validatePolicy checks one policy document.
func (p *program) validatePolicy(args []string) error {
	f := newValidateFlags()
	if err := f.set.Parse(args); err != nil {
		return usageError("validate-policy: %s", err)
	}
	for _, choice := range []struct {
		flag, value string
		valid       []string
	}{
		{"policy-type", f.policyType, policyTypes()},
		{"validate-policy-resource-type", f.resourceType, validate.ResourceTypes},
		{"format", f.format, validateFormats},
		{"fail-on", f.failOn, failOnTypes},
	} {
		if f.set.Changed(choice.flag) && !slices.Contains(choice.valid, choice.value) {
			return usageError("--%s: unknown value %q%s", choice.flag, choice.value, config.Hint(choice.value, choice.valid))
		}
	}
	if f.resourceType != "" && f.policyType != "" && f.policyType != string(validate.Resource) {
		return usageError("--validate-policy-resource-type goes with --policy-type %s only", validate.Resource)
	}
	if f.set.NArg() > 1 || f.set.NArg() == 1 && f.document != "" || f.set.NArg() == 0 && f.document == "" {
		return usageError("validate-policy takes one policy document: a file, - for standard input, or --policy-document")
	}
	file, err := p.document(f.set.Arg(0), f.document)
	if err != nil {
		return failed(statusIncomplete, "%s", err)
	}
	findings := validated(file, validate.Options{Type: validate.PolicyType(f.policyType), ResourceType: f.resourceType, Length: utf8.RuneCount(file.Content)})
	p.writeValidated(f.format, findings)
	for _, x := range findings {
		if slices.Index(failOnTypes, failOnName(x.Type)) >= slices.Index(failOnTypes, f.failOn) {
			return ended(statusFindings)
		}
	}
	return nil
}

func failOnName(t validate.FindingType) string {
	return strings.ToLower(strings.ReplaceAll(string(t), "_", "-"))
}

// maxDocument is more than any policy may have.
const maxDocument = 4 << 20

// document reads a policy: a file, standard input, or what a flag of AWS's
// command line takes: JSON, or file:// and a path.
func (p *program) document(path, given string) (*source.File, error) {
	if trimmed := strings.TrimSpace(given); strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[") {
		return source.NewFile("(policy)", []byte(given)), nil
	}
	if given != "" {
		path = strings.TrimPrefix(given, "file://")
	}
	in, name := p.in, "<stdin>"
	if path != "-" {
		abs, err := filepath.Abs(path)
		if err != nil {
			return nil, fmt.Errorf("%s: cannot read the policy: %w", path, workspace.Bare(err))
		}
		file, err := workspace.OpenDocument(abs)
		if err != nil {
			return nil, fmt.Errorf("%s: cannot read the policy: %w", path, workspace.Bare(err))
		}
		defer file.Close()
		in, name = file, path
	}
	content, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: cannot read the policy: %w", path, workspace.Bare(err))
	case len(content) > maxDocument:
		return nil, fmt.Errorf("%s is longer than %d bytes, expected a policy document", name, maxDocument)
	}
	return source.NewFile(name, content), nil
}

// validated returns the findings for a file. Without a type, a policy that names
// principals is that of a resource.
func validated(file *source.File, o validate.Options) []validate.Finding {
	tree, diags := jsontree.Parse(file)
	if len(diags) > 0 {
		at := diags[0].Span
		if at.IsZero() {
			at = source.Span{File: file}
		}
		return []validate.Finding{validate.Syntax(at)}
	}
	if o.Type == "" {
		o.Type = validate.Identity
		if o.ResourceType != "" || namesPrincipals(tree) {
			o.Type = validate.Resource
		}
	}
	return validate.Policy(tree, o)
}

func namesPrincipals(tree value.Value) bool {
	list := tree.Get("Statement")
	statements := list.Items
	if list.Kind == value.Map {
		statements = []value.Value{list}
	}
	return slices.ContainsFunc(statements, func(s value.Value) bool {
		return s.Get("Principal").Kind != value.Absent || s.Get("NotPrincipal").Kind != value.Absent
	})
}

func (p *program) writeValidated(format string, findings []validate.Finding) {
	if format == "text" {
		for _, f := range findings {
			start, _ := f.Locations[0].Span.Range(source.Runes)
			details := f.Details
			if f.Basis == validate.Tables {
				details += " (tables of " + knowledge.DataDate + ")"
			}
			p.outf("%s:%d:%d: %s: %s [%s]", f.Locations[0].Span.Path(), start.Line, start.Column, strings.ToLower(strings.ReplaceAll(string(f.Type), "_", " ")), details, f.Code)
		}
		return
	}
	out := validateOutput{Findings: []validateFinding{}}
	for _, f := range findings {
		out.Findings = append(out.Findings, jsonOf(f, format == "json"))
	}
	e := json.NewEncoder(p.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "    ")
	_ = e.Encode(out) // Run reports what standard output does not take
}

// validateOutput is the answer of the service; Rule is ours.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html
type validateOutput struct {
	Findings []validateFinding `json:"findings"`
}

type validateFinding struct {
	FindingDetails string             `json:"findingDetails"`
	FindingType    string             `json:"findingType"`
	IssueCode      string             `json:"issueCode"`
	LearnMoreLink  string             `json:"learnMoreLink"`
	Locations      []validateLocation `json:"locations"`
	Rule           string             `json:"rule,omitempty"`
	File           string             `json:"file,omitempty"`
}

type validateLocation struct {
	Path []map[string]any `json:"path"`
	Span validateSpan     `json:"span"`
}

type validateSpan struct {
	End   validatePosition `json:"end"`
	Start validatePosition `json:"start"`
}

type validatePosition struct {
	Column int `json:"column"`
	Line   int `json:"line"`
	Offset int `json:"offset"`
}

func jsonOf(f validate.Finding, own bool) validateFinding {
	out := validateFinding{FindingDetails: f.Details, FindingType: string(f.Type), IssueCode: f.Code, LearnMoreLink: f.Link(), Locations: []validateLocation{}}
	if own {
		out.Rule, out.File = f.Rule(), f.Locations[0].Span.Path()
	}
	for _, l := range f.Locations {
		at := validateLocation{Path: []map[string]any{}}
		for _, s := range l.Path {
			at.Path = append(at.Path, map[validate.StepKind]map[string]any{
				validate.ToValue: {"value": s.Name}, validate.ToKey: {"key": s.Name}, validate.ToItem: {"index": s.Index},
			}[s.Kind])
		}
		start, end := l.Span.Range(source.Bytes)
		at.Span = validateSpan{
			Start: validatePosition{start.Column - 1, start.Line, l.Span.Start},
			End:   validatePosition{end.Column - 1, end.Line, l.Span.End},
		}
		out.Locations = append(out.Locations, at)
	}
	return out
}
