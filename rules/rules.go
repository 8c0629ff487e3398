// Package rules turns what analysis computed into findings: it chooses the rule
// and with it the severity, and puts the access into words.
package rules

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Options of a run.
type Options struct {
	Complete bool          // Access Analyzer's granularity instead of a smallest covering set
	Effort   access.Effort // 0 is all that a resource is worth
	Most     int           // findings, the most severe; 0 is no bound
	Target   string
	// PolicyChecks says which findings of AWS's policy checks are wanted; "" is none.
	PolicyChecks validate.Level
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
	// Short is set when more effort might have given a more exact answer.
	Short bool
	// Left is how many findings were left out, see Options.Most.
	Left int
	// Kept is set when a plan leaves the resource as it is.
	Kept bool
	// LeftToIdentity is set in the answer to a question if identity-based policies
	// of the owner account may allow what is asked about.
	LeftToIdentity bool
}

// Run analyses one resource against a zone of trust. It changes neither.
func Run(r resource.Resource, z *zone.Zone, o Options) Output {
	result := access.AnalyzeWithin(r, z, o.Complete, cmp.Or(o.Effort, access.FullEffort))
	w := writer{resource: r, zone: z, result: result, arn: result.ARN, hidden: IsSensitive(r)}
	if w.hidden && r.Account == "" && z.Account == "" {
		w.result.Owner = "" // inferred from the policy
	}
	out := Output{Assumptions: result.Assumptions, Kept: r.Kept, Short: result.Short}
	for _, g := range result.Grants {
		out.Findings = append(out.Findings, w.grant(g))
	}
	verdict := verdictOf(out.Findings)
	if verdict != finding.Public {
		for _, s := range result.Services {
			if s.Service == "" && !s.Proven && mayBePublic(out.Findings) {
				continue // everyone is asked about already
			}
			out.Findings = append(out.Findings, w.service(s))
			out.OpenToServices = true
		}
	}
	checks, left := w.policyFindings(o.PolicyChecks, out.Findings, o.Most)
	out.Findings = append(out.Findings, checks...)
	uniqueIDs(out.Findings)
	out.Findings, out.Left = mostSevere(out.Findings, o.Most)
	out.Left += left
	out.Diagnostics = warnings(r)
	w.tell(&out, o.PolicyChecks.Includes(validate.SecurityWarning))
	out.Resource = w.described(o)
	out.Resource.Verdict = verdict
	return out
}

// mostSevere keeps so many findings in their order, and returns how many it leaves out.
func mostSevere(list []finding.Finding, most int) (kept []finding.Finding, left int) {
	if most == 0 || len(list) <= most {
		return list, 0
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(list[k].Severity.Rank(), list[i].Severity.Rank()) })
	slices.Sort(order[:most])
	for _, i := range order[:most] {
		kept = append(kept, list[i])
	}
	return kept, len(list) - most
}

// tell adds what is to be said of the analysis itself, and of statements that
// never apply unless they were found by a policy check. Of a policy that is a
// secret nothing is quoted.
func (w *writer) tell(out *Output, idleFound bool) {
	add := func(severity source.Severity, message string) {
		out.Diagnostics = append(out.Diagnostics, source.Diagnostic{Severity: severity, Path: w.resource.Path, Span: w.resource.Span, Message: message})
	}
	for _, p := range w.result.Problems {
		add(source.Error, "internal error: "+p)
	}
	for _, n := range w.result.Notes {
		add(source.Warning, n)
	}
	for _, i := range w.result.Idle {
		if idleFound {
			break // they are findings
		}
		out.Diagnostics = append(out.Diagnostics, source.Diagnostic{Severity: source.Warning, Path: w.resource.Path, Span: i.Span, Message: w.idle(i)})
	}
	if w.hidden {
		out.Diagnostics = hideText(out.Diagnostics)
		out.Assumptions = nil
	}
}

func mayBePublic(list []finding.Finding) bool {
	return slices.ContainsFunc(list, func(f finding.Finding) bool { return f.IsPublic })
}

// verdictOf is the strongest of the findings; those about services do not count.
func verdictOf(list []finding.Finding) finding.Verdict {
	v := finding.None
	for _, f := range list {
		switch {
		case f.Certainty == finding.Proven && f.IsPublic:
			return finding.Public
		case f.Certainty == finding.Proven:
			v = finding.External
		case v == finding.None:
			v = finding.Undetermined
		}
	}
	return v
}

// writer puts the grants of one resource into words.
type writer struct {
	resource resource.Resource
	zone     *zone.Zone
	result   access.Result
	arn      string // "" when it is not known
	hidden   bool   // a policy is sensitive: none of its text is shown
}

// grant is the finding of a grant.
func (w *writer) grant(g access.Grant) finding.Finding {
	g.Actions = w.graded(g.Actions)
	rule := w.rule(g)
	if w.hidden {
		g = w.withoutText(g)
	}
	f := w.finding(rule, g.Statements)
	f.IsPublic = g.Public
	f.Principal = map[string]string{g.PrincipalKey: g.Principal}
	f.Condition = map[string]string{}
	for _, c := range g.Conditions {
		f.Condition[c.Key] = c.Value
	}
	if !g.Proven {
		f.Certainty = finding.NotProven
		f.Needs = append(f.Needs, value.Settling(g.Needs)...)
	}
	f.Action, f.AccessLevels = actionsOf(slices.Concat(g.Actions, g.Along))
	f.Sources = []finding.Source{sourceOf(g)}
	f.Witness = WitnessOf(g.Witness)
	f.Span = spanOf(g.Statements, g.PrincipalKey, g.Principal)
	f.Location = finding.Place(f.Span)
	f.ID = w.id(f)
	f.Message = w.message(g, f)
	if f.Help = help[rule.ID]; f.Span.File == nil || !f.Span.File.Unquoted { // a plan is made with its values
		f.Help = helpOf(rule.ID, f.Needs)
	}
	f.Notes = append(f.Notes, w.resource.Notes...)
	f.Notes = append(f.Notes, w.notes(g)...)
	return f
}

// finding is what all findings of the resource have in common.
func (w *writer) finding(rule Rule, statements []access.Responsible) finding.Finding {
	f := finding.Finding{
		Rule: rule.ID, Severity: rule.Severity, Status: finding.Active, Certainty: finding.Proven,
		Path: w.resource.Path, Address: w.resource.Address, ResourceType: w.resource.Type,
		Resource: w.arn, ResourceOwnerAccount: w.result.Owner, Subject: strings.TrimPrefix(w.subject(), "on "),
		Principal: map[string]string{}, Condition: map[string]string{}, Needs: []string{}, Statements: []finding.Statement{},
	}
	for _, s := range statements {
		st := finding.Statement{Sid: s.Statement.Sid, Index: s.Statement.Index, Location: finding.Place(s.Statement.Span), Span: s.Statement.Span}
		for _, r := range s.Document.Related {
			st.Related = append(st.Related, r.Span)
		}
		f.Statements = append(f.Statements, st)
	}
	f.Related = w.related(statements)
	return f
}

// related are the places between the resource's declaration and the grant: the
// declaration, what led to it, and what led to the documents that grant.
func (w *writer) related(statements []access.Responsible) []finding.Related {
	var out []finding.Related
	add := func(span source.Span, message string) {
		r := finding.Related{Span: span, Message: message}
		if !span.IsZero() && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	for _, r := range w.resource.Related {
		add(r.Span, r.Message)
	}
	if len(w.resource.Attachments) > 0 || len(out) > 0 {
		add(w.resource.Span, finding.DeclaredHere)
	}
	for _, s := range statements {
		for _, r := range s.Document.Related {
			add(r.Span, r.Message)
		}
	}
	return out
}

// levels of access, from the least.
var levels = []string{knowledge.List, knowledge.Read, knowledge.Tagging, knowledge.Write, knowledge.Permissions}

func levelRank(level string) int {
	for i, l := range levels {
		if l == level {
			return i
		}
	}
	return len(levels)
}

// objectACLs are actions that change permissions only where the access control
// lists of objects are in force; elsewhere S3 takes no list but the owner's.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
var objectACLs = map[string]bool{"s3:putobjectacl": true, "s3:putobjectversionacl": true}

// graded returns the actions with the access levels that they have here.
func (w *writer) graded(list []knowledge.KindAction) []knowledge.KindAction {
	if w.resource.ObjectACLs || !slices.ContainsFunc(list, func(a knowledge.KindAction) bool { return objectACLs[a.Lower] }) {
		return list
	}
	out := slices.Clone(list)
	for i := range out {
		if objectACLs[out[i].Lower] {
			out[i].Level = knowledge.Write
		}
	}
	return out
}

// actionsOf returns the names of actions, and their access levels in rising order.
func actionsOf(list []knowledge.KindAction) (names, accessLevels []string) {
	names, accessLevels = []string{}, []string{}
	seen := map[string]bool{}
	for _, a := range list {
		if a.Full == access.AnyAction {
			a.Full = "*" // as the policy has it
		}
		names = append(names, a.Full)
		if !seen[a.Level] {
			seen[a.Level] = true
			accessLevels = append(accessLevels, a.Level)
		}
	}
	sort.Strings(names)
	sort.Slice(accessLevels, func(i, j int) bool { return levelRank(accessLevels[i]) < levelRank(accessLevels[j]) })
	return names, accessLevels
}

// sourceOf says through what access is granted. A bucket policy that leaves the
// decision to another account's access points has a source of its own.
func sourceOf(g access.Grant) finding.Source {
	switch g.Source.Source {
	case resource.BucketACL:
		return finding.Source{Type: string(resource.BucketACL)}
	case resource.AccessPoint:
		return finding.Source{Type: string(resource.AccessPoint), Detail: &finding.SourceDetail{AccessPointARN: g.Source.AccessPointARN.String()}}
	}
	for _, c := range g.Conditions {
		switch strings.ToLower(c.Key) {
		case "s3:dataaccesspointaccount":
			return finding.Source{Type: string(resource.AccessPointAccount), Detail: &finding.SourceDetail{AccessPointAccount: c.Value}}
		case "s3:dataaccesspointarn":
			return finding.Source{Type: string(resource.AccessPointAccount), Detail: &finding.SourceDetail{AccessPointARN: c.Value}}
		}
	}
	return finding.Source{Type: string(resource.Policy)}
}

// WitnessOf writes a request as reports have it.
func WitnessOf(r *evaluate.Request) *finding.Witness {
	if r == nil || r.Action == access.AnyAction { // no request names it
		return nil
	}
	w := &finding.Witness{
		Principal: finding.WitnessPrincipal{Type: string(r.Principal.Type), ARN: r.Principal.ARN, Account: r.Principal.Account, Session: r.Principal.Session},
		Action:    r.Action, Resource: r.Resource, Context: map[string][]string{},
	}
	for k, v := range r.Context {
		w.Context[k] = append([]string{}, v...)
	}
	return w
}

// spanOf is the narrowest place that someone would edit: the principal that the
// finding names, else the principals of the first statement, else the statement.
func spanOf(statements []access.Responsible, key, name string) source.Span {
	for _, s := range statements {
		for _, p := range s.Statement.Principal.List {
			text := value.Shown(p.Text.String())
			if p.Kind.Key() == key && !p.Span.IsZero() && (text == name || strings.HasSuffix(text, ":"+name+":root")) {
				return p.Span
			}
		}
	}
	for _, s := range statements {
		if span := s.Statement.Principal.Span; !span.IsZero() {
			return span
		}
		if span := s.Statement.Span; !span.IsZero() {
			return span
		}
	}
	return source.Span{}
}

// id identifies a finding by where it is and who gets in how, not by line,
// action or rule, so that a widening keeps its identity.
func (w *writer) id(f finding.Finding) string {
	h := sha256.New()
	add := func(s string) {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	add("iaclint/1")
	if w.resource.Root != "" {
		add(w.resource.Root)
	}
	add(f.Path)
	add(f.Address)
	for _, m := range []map[string]string{f.Principal, f.Condition} {
		keys := make([]string, 0, len(m))
		for k := range m {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			add(k)
			add(m[k])
		}
		add("")
	}
	for _, s := range f.Sources {
		add(s.Type)
		if s.Detail != nil {
			add(s.Detail.AccessPointARN)
			add(s.Detail.AccessPointAccount)
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// uniqueIDs tells apart findings that differ in nothing that an id counts, such
// as a proven and an undetermined one of the same principal.
func uniqueIDs(list []finding.Finding) {
	seen := map[string]int{}
	for i := range list {
		id := list[i].ID
		if n := seen[id]; n > 0 {
			h := sha256.Sum256([]byte(id + string(rune('0'+n)) + string(list[i].Certainty)))
			list[i].ID = hex.EncodeToString(h[:])[:32]
		}
		seen[id]++
	}
}

// service is the finding of a service principal.
func (w *writer) service(g access.ServiceGrant) finding.Finding {
	rule := ruleOf(w.serviceRule(g))
	if w.hidden {
		g = w.withoutTextOfService(g)
	}
	f := w.serviceFinding(rule, g)
	f.Message = w.serviceMessage(g, f)
	f.Help = help[rule.ID]
	return f
}

// serviceFinding is what a finding of a service principal has without words.
func (w *writer) serviceFinding(rule Rule, g access.ServiceGrant) finding.Finding {
	f := w.finding(rule, g.Statements)
	name := g.Service
	if name == "" {
		name = "*"
	}
	f.Principal = map[string]string{"Service": name}
	if !g.Proven {
		f.Certainty = finding.NotProven
		f.Needs = append(f.Needs, value.Settling(g.Needs)...)
	}
	f.Action, f.AccessLevels = actionsOf(g.Actions)
	f.Sources = []finding.Source{{Type: string(resource.Policy)}}
	f.Witness = WitnessOf(g.Witness)
	f.Span = spanOf(g.Statements, "Service", g.Service)
	f.Location = finding.Place(f.Span)
	f.ID = w.id(f)
	return f
}
