package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/internal/scan"
	"github.com/iaclint/iaclint/loaders/jsontree"
	"github.com/iaclint/iaclint/reporters"
	"github.com/iaclint/iaclint/rules"
)

// A customCheck is one of Access Analyzer's custom policy checks.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html
type customCheck struct {
	name, summary string
	document      string   // the flag of the policy that is checked
	short         []string // other names of flags, each "short long"
	pass, fail    string   // AWS's words: the message,
	reason        string   // and the beginning of a reason
	flags         func(*customFlags)
	// prepare reads the flags; the function that it returns checks one policy.
	prepare func(*program, *customFlags) (checkPolicies, error)
}

// checkPolicies checks the policies of one resource, of a type or "".
type checkPolicies func(t access.Terms, resourceType string) access.Verdict

// customChecks are all custom policy checks.
func customChecks() []customCheck {
	return []customCheck{
		{
			name: "check-no-new-access", summary: "check that a policy allows nothing that another does not", document: "new-policy-document",
			short: []string{"new-policy new-policy-document", "existing-policy existing-policy-document"},
			pass:  "The modified permissions grant less or equal access compared to your existing policy.",
			fail:  "The modified permissions grant new access compared to your existing policy.", reason: "New access in the statement with",
			flags: func(f *customFlags) {
				f.set.StringVar(&f.existing, "existing-policy-document", "", "the `POLICY` that says what is allowed: JSON, file://PATH or a path")
				f.set.StringVar(&f.existing, "reference", "", "the same, for every policy of the code: `FILE`")
			},
			prepare: prepareNoNewAccess,
		},
		{
			name: "check-access-not-granted", summary: "check that a policy does not allow some actions on some resources", document: "policy-document",
			short: []string{"policy policy-document"},
			pass:  "The policy document does not grant access to perform the listed actions or resources.",
			fail:  "The policy document grants access to perform one or more of the listed actions or resources.", reason: "One or more of the listed actions or resources in the statement with",
			flags: func(f *customFlags) {
				f.set.StringArrayVar(&f.access, "access", nil, "what must not be granted, as `actions=A,B,resources=ARN`, JSON or file://PATH")
			},
			prepare: prepareAccessNotGranted,
		},
		{
			name: "check-no-public-access", summary: "check that the policy of a resource does not let the public in", document: "policy-document",
			short: []string{"policy policy-document"},
			pass:  "The resource policy does not grant public access for the given resource type.",
			fail:  "The resource policy grants public access for the given resource type.", reason: "Public access granted in the following statement with",
			prepare: prepareNoPublicAccess,
		},
	}
}

// customFlags are those of a custom policy check, beside those of check.
type customFlags struct {
	*flags
	document, existing, boundary, policyType string
	access                                   []string
}

// customFormats are the formats of custom policy checks: aws is the answer of the
// service, json adds to it.
var customFormats = []string{"json", "aws", "text"}

func (k customCheck) newFlags() *customFlags {
	f := &customFlags{flags: flagsOf(k.name, append(readingFlags(), ofGate.only("exit-zero"), ofReport.only("format", "output", "path-prefix", "max-bytes"))...)}
	f.formatNames = customFormats
	f.set.StringVar(&f.document, k.document, "", "the `POLICY` that is checked: JSON, file://PATH or a path; without it, every policy of the paths")
	f.set.StringVar(&f.policyType, "policy-type", "", "`TYPE` of the policy, IDENTITY_POLICY or RESOURCE_POLICY (default: by whether it names principals)")
	f.set.StringVar(&f.boundary, "permissions-boundary", "", "a `POLICY` that limits identity policies: JSON, file://PATH or a path")
	if k.flags != nil {
		k.flags(f)
	}
	f.set.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		for _, s := range k.short {
			if short, long, _ := strings.Cut(s, " "); name == short {
				name = long
			}
		}
		return pflag.NormalizedName(name)
	})
	return f
}

func (k customCheck) about() string {
	return "It answers as the operation of AWS does, offline, and shows a request and places besides.\n" +
		"Exit status: 0 PASS, 1 FAIL, 2 usage, 3 not everything could be read.\n" +
		"Formats: " + strings.Join(customFormats, ", ") + " (as the service answers: aws)\n"
}

func (k customCheck) command() command {
	return command{
		name: k.name, usage: "[flags] [path ...]", summary: k.summary, about: k.about,
		run:   func(p *program, args []string) error { return p.customCheck(k, args) },
		flags: func() *pflag.FlagSet { return k.newFlags().set },
	}
}

// customCheck runs one of the checks on a policy, or on those of the code.
func (p *program) customCheck(k customCheck, args []string) error {
	f := k.newFlags()
	c, paths, err := p.begin(f.flags, args)
	if err != nil {
		return err
	}
	if err := f.suit(c.destinations, customFormats); err != nil {
		return usageError("%s", err)
	}
	if f.set.Changed("policy-type") {
		if f.policyType = policyTypeOf(f.policyType); f.policyType == "" {
			return usageError("--policy-type: IDENTITY_POLICY or RESOURCE_POLICY is expected")
		}
	}
	check, err := k.prepare(p, f)
	if err == nil && f.boundary != "" {
		check, err = p.underBoundary(f, check)
	}
	if err != nil {
		return p.customError(err)
	}
	if f.document != "" {
		if len(paths) > 0 {
			return usageError("--%s is one policy, and the paths name others", k.document)
		}
		return c.checkDocument(k, f, check)
	}
	if paths, err = pathArguments(paths); err != nil {
		return usageError("%s", err)
	}
	c.in = c.walker(nil).Collect(paths)
	if err := c.refused(c.in); err != nil {
		return usageError("%s", err)
	}
	if err := c.configure(); err != nil {
		return err
	}
	return c.checkCode(k, f, check)
}

// unreadable is the error of a policy that cannot be read.
type unreadable struct{ error }

func (p *program) customError(err error) error {
	if _, ok := err.(unreadable); ok {
		return failed(statusIncomplete, "%s", err)
	}
	return usageError("%s", err)
}

// policyTypeOf reads a type as AWS's API or its validators write it.
func policyTypeOf(s string) string {
	for _, t := range []string{"IDENTITY_POLICY", "RESOURCE_POLICY"} {
		if strings.EqualFold(s, t) || strings.EqualFold(s+"_POLICY", t) {
			return t
		}
	}
	return ""
}

// policyGiven reads the policy that a flag gives.
func (p *program) policyGiven(given string) (*policy.Document, value.Value, error) {
	file, err := p.document("", given)
	if err != nil {
		return nil, value.Value{}, unreadable{err}
	}
	tree, wrong := jsontree.Parse(file)
	var d *policy.Document
	if len(wrong) == 0 {
		d, wrong = policy.Decode(tree)
	}
	for _, w := range wrong {
		if w.Severity == source.Error || d == nil {
			start, _ := w.Span.Range(source.Runes)
			return nil, tree, unreadable{fmt.Errorf("%s:%d:%d: %s", file.Name, start.Line, start.Column, w.Message)}
		}
	}
	if d == nil {
		return nil, tree, unreadable{fmt.Errorf("%s: a policy document is expected", file.Name)}
	}
	return d, tree, nil
}

// checkDocument checks the policy that a flag gives.
func (c *checker) checkDocument(k customCheck, f *customFlags, check checkPolicies) error {
	d, tree, err := c.policyGiven(f.document)
	if err != nil {
		return c.customError(err)
	}
	t := access.Terms{Policies: []*policy.Document{d}, Identity: f.policyType == "IDENTITY_POLICY" || f.policyType == "" && !namesPrincipals(tree)}
	if !t.Identity && !namesPrincipals(tree) {
		c.notef("the policy names no principal: as one of a resource it grants nothing")
	}
	one := k.answer(check(t, f.resourceType), false)
	return c.writeCustom(one, nil, c.exitOf(one.Result))
}

func (c *checker) exitOf(result customResult) int {
	if result == passes || c.flags.exitZero {
		return statusClean
	}
	return statusFindings
}

// checkCode checks every policy of the inputs that is of the wanted type.
func (c *checker) checkCode(k customCheck, f *customFlags, check checkPolicies) error {
	policies, diagnostics := scan.PoliciesIn(c.in, c.scan())
	effort := scan.Sharing(len(policies))
	out := customAnswer{Result: passes, Message: k.pass, Reasons: []customReason{}, Policies: []customPolicy{}}
	for _, x := range policies {
		r := x.Resource
		if r.PolicyType != "" || f.policyType != "" && r.IdentityPolicy != (f.policyType == "IDENTITY_POLICY") {
			continue
		}
		if k.name == "check-no-public-access" && (r.IdentityPolicy || f.resourceType != "" && !sameType(r.Type, f.resourceType)) {
			continue
		}
		a := k.answer(check(access.Terms{Policies: x.Documents, Boundary: x.Boundary, Identity: r.IdentityPolicy, Effort: effort}, r.Type), rules.IsSensitive(r))
		one := customPolicy{Path: r.Path, Address: r.Address, ResourceType: r.Type, Result: a.Result, Message: a.Message, Reasons: a.Reasons}
		out.Policies = append(out.Policies, one)
		if a.Result != passes {
			out.Result, out.Message = a.Result, a.Message
			for _, reason := range a.Reasons {
				reason.Path, reason.Address = r.Path, r.Address
				out.Reasons = append(out.Reasons, reason)
			}
		}
	}
	status := c.status(finding.Report{Diagnostics: diagnostics}, 0)
	switch {
	case status == statusClean:
		status = c.exitOf(out.Result)
	case out.Result == passes: // of what could not be read nothing is known
		out.Result, out.Message = fails, "Not everything could be read, so that nothing is shown of it."
	}
	return c.writeCustom(out, diagnostics, status)
}

// writeCustom writes an answer. It has no place for what could not be read: that is
// told beside it in every format, as a policy that is not there grants nothing.
func (c *checker) writeCustom(a customAnswer, ds []finding.Diagnostic, status int) error {
	for _, d := range ds {
		c.tellOne(d, c.relative(c.in))
	}
	return c.writeEach(nil, c.relative(c.in), status, func(format string, w io.Writer, o reporters.Options) error {
		if format == "text" {
			return a.text(w, o.Relative)
		}
		if format == "aws" {
			a = a.asAWS()
		}
		var text bytes.Buffer
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false)
		e.SetIndent("", "    ")
		if err := e.Encode(a); err != nil {
			return err
		}
		_, err := w.Write(escape.JSON(text.Bytes()))
		return err
	})
}
