package reporters

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// Limits of GitHub's code scanning. Above the first it refuses a file; the others
// are what it keeps.
//
// https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
const (
	sarifResults       = 25_000
	sarifRelated       = 100
	sarifFlowLocations = 1_000
	sarifDescription   = 1_024 // characters of a rule's descriptions
)

const homepage = "https://github.com/iaclint/iaclint"

// writeSARIF writes one run of SARIF 2.1.0 as GitHub's code scanning reads it.
// Paths are relative to the root of the repository; archived findings are left
// out unless they are asked for, as code scanning would show them as open.
//
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
func writeSARIF(w io.Writer, r finding.Report, o Options) error {
	s := sarifWriter{o: o, hashes: hasher{}, index: map[string]int{}}
	return encode(w, s.log(r))
}

type sarifWriter struct {
	o      Options
	hashes hasher
	index  map[string]int // of a rule
}

func (s sarifWriter) log(r finding.Report) sarifLog {
	findings := causes(r.Findings, func(f finding.Finding) bool {
		return !removed(f) && (!archived(f) || s.o.Suppressed)
	}, Options{})
	invocation := sarifInvocation{ExitCode: s.o.ExitStatus, ExecutionSuccessful: true, Notifications: notifications(r)}
	if n := len(findings) - sarifResults; n > 0 {
		findings = findings[:sarifResults]
		text := fmt.Sprintf("%d of %d findings are left out, the least severe: code scanning takes %d", n, n+sarifResults, sarifResults)
		invocation.Notifications = append(invocation.Notifications, sarifNotification{Level: "warning", Message: sarifMessage{text + "."}})
		s.o.say("sarif: %s", text)
	}
	run := sarifRun{
		Tool:        sarifTool{s.driver(r, findings)},
		Invocations: []sarifInvocation{invocation},
		ColumnKind:  "utf16CodeUnits",
		URIBases:    map[string]sarifURIBase{sourceRoot: {sarifMessage{"The root of the repository, or the directory that was analysed."}}},
		Results:     []sarifResult{},
	}
	if s.o.Category != "" {
		run.Automation = &sarifAutomation{strings.TrimSuffix(s.o.Category, "/") + "/"}
	}
	for _, f := range findings {
		run.Results = append(run.Results, s.result(f))
	}
	nameNeighbours(run.Results, findings)
	return sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
}

// driver describes the program and its rules; a rule that the report does not
// describe is listed by what its findings tell.
func (s sarifWriter) driver(r finding.Report, findings []finding.Finding) sarifDriver {
	version := "0.0.0-devel" // a number is demanded
	if isSemantic(r.Tool.Version) {
		version = r.Tool.Version
	}
	d := sarifDriver{Name: "iaclint", FullName: "iaclint " + version, Version: version, SemanticVersion: version, InformationURI: homepage, Rules: []sarifRule{}}
	severity := map[string]finding.Severity{}
	for _, f := range findings {
		if old, ok := severity[f.Rule]; !ok || f.Severity.Rank() > old.Rank() {
			severity[f.Rule] = f.Severity
		}
	}
	add := func(rule finding.Rule) {
		if _, ok := s.index[rule.ID]; ok {
			return
		}
		if own, ok := severity[rule.ID]; ok {
			rule.Severity = own // as the configuration sets it
		}
		s.index[rule.ID] = len(d.Rules)
		d.Rules = append(d.Rules, sarifRuleOf(rule))
	}
	for _, rule := range r.Rules {
		add(rule)
	}
	for _, id := range slices.Sorted(maps.Keys(severity)) {
		add(finding.Rule{ID: id, Summary: "access from outside the zone of trust"})
	}
	return d
}

// isSemantic reports whether a version is three numbers with, possibly, a
// pre-release.
func isSemantic(version string) bool {
	core, _, _ := strings.Cut(version, "-")
	parts := strings.Split(core, ".")
	for _, p := range parts {
		if p == "" || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return len(parts) == 3 && escape.Plain(version)
}

// securitySeverity is a score in the band that code scanning shows as the
// severity's name, away from the band's ends.
var securitySeverity = map[finding.Severity]string{finding.Critical: "9.5", finding.High: "8.0", finding.Medium: "5.5", finding.Low: "2.0"}

// rulePage is where a rule is explained; of one that users wrote, where rules like
// it are.
func rulePage(id string, own bool) string {
	if own {
		return homepage + "/blob/main/docs/rego.md"
	}
	if strings.HasPrefix(id, "policy-") && id != "policy-no-effect" {
		return homepage + "/blob/main/docs/policy-checks.md#" + relativeURI(id)
	}
	return homepage + "/blob/main/docs/rules.md#" + relativeURI(id)
}

func sarifRuleOf(rule finding.Rule) sarifRule {
	id := printable(rule.ID)
	summary := sentence(printable(rule.Summary))
	description := printable(rule.Description)
	if description == "" {
		description = summary
	}
	help := rule.Help
	if help == "" {
		help = rule.Summary
	}
	out := sarifRule{
		ID: id, Name: pascal(id),
		Short: sarifMessage{clip(summary, sarifDescription)}, Full: sarifMessage{clip(description, sarifDescription)},
		HelpURI: rulePage(rule.ID, rule.Own),
		Help:    sarifText{Text: sentence(printable(help)), Markdown: lines(rule.Page)},
		Configuration: sarifConfiguration{
			Level: string(levelOf(finding.Finding{Severity: rule.Severity})),
		},
		Properties: sarifRuleProperties{
			Precision: "very-high", SecuritySeverity: securitySeverity[rule.Severity],
			// CWE-284: Improper Access Control
			Tags: []string{"security", "access-control", "aws", "external-access", "external/cwe/cwe-284"},
		},
	}
	if out.Properties.SecuritySeverity == "" {
		out.Properties.SecuritySeverity = securitySeverity[finding.Medium]
	}
	if strings.HasPrefix(rule.ID, "undetermined") {
		out.Properties.Precision = "medium"
	}
	return out
}

// pascal turns public-read into PublicRead.
func pascal(id string) string {
	var b strings.Builder
	for _, word := range strings.Split(id, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return clip(b.String(), 255)
}

// sentence returns s with a capital letter and a full stop.
func sentence(s string) string {
	if s == "" {
		return "No description."
	}
	if c := s[0]; c >= 'a' && c <= 'z' && !strings.Contains(strings.SplitN(s, " ", 2)[0], ":") {
		s = strings.ToUpper(s[:1]) + s[1:]
	}
	return stopped(s)
}

func stopped(s string) string {
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// clip returns at most n characters of s.
func clip(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// lines returns a text of the program's own with its line breaks.
func lines(s string) string {
	all := strings.Split(s, "\n")
	for i := range all {
		all[i] = printable(all[i])
	}
	return strings.Join(all, "\n")
}

func (s sarifWriter) result(f finding.Finding) sarifResult {
	at := home(f)
	out := sarifResult{
		RuleID: printable(f.Rule), RuleIndex: s.index[f.Rule], Level: string(levelOf(f)),
		Locations:    []sarifLocation{at.location("")},
		Fingerprints: map[string]string{"iaclintFinding/v1": printable(f.ID)},
	}
	if archived(f) {
		out.Level = string(levelOf(finding.Finding{Severity: f.Severity}))
	}
	if f.Address != "" {
		out.Locations[0].Logical = []sarifLogical{{FullyQualifiedName: printable(f.Address), Kind: "resource"}}
	}
	if at.span.File != nil && !at.span.File.Sensitive {
		if hash := s.hashes.line(at.span.File, at.region.StartLine); hash != "" {
			out.Fingerprints["primaryLocationLineHash"] = hash
		}
	}
	steps := slices.Concat(explained(f, at), alsoAt(f))
	for i, step := range steps {
		if i == sarifRelated {
			break
		}
		l := step.location(step.message)
		l.ID = i + 1
		out.Related = append(out.Related, l)
	}
	if way := explained(f, at); len(way) > 1 {
		out.Flows = []sarifFlow{flow(way, at)}
	}
	out.Message = sarifMessage{s.message(f, steps)}
	if f.Suggested != nil && f.Suggested.Reason == "" {
		out.Fixes = []sarifFix{fixOf(*f.Suggested)}
	}
	if f.IssueCode != "" {
		out.Properties = &sarifProperties{printable(f.IssueCode), printable(f.FindingType), printable(f.LearnMoreLink)}
	}
	if s.o.Suppressed {
		out.Suppressions = &[]sarifSuppression{}
		if archived(f) {
			out.Suppressions = &[]sarifSuppression{suppression(f)}
		}
	}
	return out
}

// nameNeighbours lets every result name the others of its rule on its line: code
// scanning knows an alert by its rule and its line, and may show one of them only.
func nameNeighbours(results []sarifResult, findings []finding.Finding) {
	type key struct {
		rule, uri string
		line      int
	}
	at := map[key][]int{}
	for i, r := range results {
		p := r.Locations[0].Physical
		k := key{r.RuleID, p.Artifact.URI, p.Region.StartLine}
		at[k] = append(at[k], i)
	}
	for _, same := range at {
		for n, i := range same {
			var others []string
			for _, j := range same[max(0, min(n-listed/2, len(same)-listed-1)):] {
				if j != i && len(others) < listed {
					others = append(others, unlinked(printable(findings[j].Message)))
				}
			}
			if len(others) == 0 {
				continue
			}
			if more := len(same) - 1 - len(others); more > 0 {
				others = append(others, fmt.Sprintf("and %d more", more))
			}
			results[i].Message.Text += " On the same line: " + stopped(strings.Join(others, "; "))
		}
	}
}

// flow leads from the first place that explains a finding to the finding's own.
func flow(steps []sarifPlace, at sarifPlace) sarifFlow {
	var locations []sarifFlowLocation
	for _, step := range steps[:min(len(steps), sarifFlowLocations-1)] {
		locations = append(locations, sarifFlowLocation{step.location(step.message)})
	}
	return sarifFlow{[]sarifThreadFlow{{append(locations, sarifFlowLocation{at.location("access is granted here")})}}}
}

// message says what the finding is; its first sentence is the title of an alert.
func (s sarifWriter) message(f finding.Finding, steps []sarifPlace) string {
	parts := []string{unlinked(stopped(printable(f.Message)))}
	var links []string
	for i, step := range steps {
		if step.statement != "" && i < sarifRelated {
			links = append(links, fmt.Sprintf("[%s](%d)", strings.NewReplacer("[", "(", "]", ")", "\\", "/").Replace(step.statement), i+1))
		}
	}
	if len(links) > 0 {
		parts = append(parts, "Granted by "+enumerate(links, listed)+".")
	}
	parts = append(parts, unlinked(strings.Join(facts(f), " ")))
	return strings.TrimSpace(strings.Join(parts, " "))
}

// facts are sentences on a finding besides its message.
func facts(f finding.Finding) []string {
	var out []string
	t := text{limit: listed}
	if conditional(f) {
		out = append(out, "Condition: "+stopped(strings.Join(t.conditions(f), "; ")))
	}
	if f.Witness != nil && !isUnread(f) {
		out = append(out, "For example, "+stopped(example(f, listed)))
	}
	if f.Certainty == finding.NotProven || len(f.Needs) > 0 {
		out = append(out, "Needs: "+stopped(t.needs(f)))
	}
	for _, n := range f.Notes {
		out = append(out, "Note: "+stopped(printable(n)))
	}
	t.also(f, func(label, list string) {
		out = append(out, strings.ToUpper(label[:1])+label[1:]+": "+stopped(list))
	})
	if f.Help != "" {
		out = append(out, "Help: "+stopped(oneLine(f.Help)))
	}
	return out
}

// unlinked breaks what SARIF would take for a link, which no text of the input
// may be.
func unlinked(s string) string { return strings.ReplaceAll(s, "](", "] (") }

func suppression(f finding.Finding) sarifSuppression {
	out := sarifSuppression{Kind: "external", Status: "accepted"}
	if f.Archive != nil {
		out.Justification = archivedBy(*f.Archive)
		if s := f.Archive.Span; !s.IsZero() {
			l := placeOfSpan(s).location("")
			out.Kind, out.Location = "inSource", &l
		}
	}
	return out
}

// notifications are the diagnostics and what the report rests on.
func notifications(r finding.Report) []sarifNotification {
	out := []sarifNotification{}
	for _, d := range notices(r.Diagnostics, Options{}) {
		n := sarifNotification{Level: "warning", Message: sarifMessage{unlinked(stopped(printable(d.Message)))}}
		if d.Severity == string(source.Error) {
			n.Level = "error"
		}
		if d.Path != "" {
			n.Locations = []sarifLocation{{Physical: &sarifPhysical{Artifact: artifact(d.Path)}}}
			if d.Line > 0 {
				n.Locations[0].Physical.Region = &sarifRegion{StartLine: d.Line}
			}
		}
		out = append(out, n)
	}
	for _, z := range r.Zones {
		if len(z.Trusted) > 0 {
			out = append(out, sarifNotification{Level: "note", Message: sarifMessage{unlinked(stopped(zoneSentence(z)))}})
		}
	}
	for _, a := range r.Assumptions {
		out = append(out, sarifNotification{Level: "note", Message: sarifMessage{"Assumption: " + unlinked(stopped(printable(a)))}})
	}
	for _, h := range r.Hidden {
		out = append(out, sarifNotification{Level: "note", Message: sarifMessage{"Hidden by " + unlinked(stopped(printable(h)))}})
	}
	return out
}
