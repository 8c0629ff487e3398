package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/validate"
	"github.com/iaclint/iaclint/analysis/value"
)

// PolicyChecks returns the rules of AWS's policy checks, made of the table of
// checks. Their findings are not about access, so that none of All fits them.
var PolicyChecks = sync.OnceValue(func() []Rule {
	var out []Rule
	for i := range validate.Checks {
		c := &validate.Checks[i]
		out = append(out, Rule{c.Rule(), checkSeverity[c.Type], c.Page().Summary})
	}
	slices.SortFunc(out, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	return out
})

// Every returns all rules: All, then PolicyChecks.
func Every() []Rule { return append(slices.Clone(All), PolicyChecks()...) }

// checkSeverity is the severity of each of AWS's finding types.
var checkSeverity = map[validate.FindingType]finding.Severity{
	validate.Error: finding.High, validate.SecurityWarning: finding.Medium,
	validate.Warning: finding.Low, validate.Suggestion: finding.Low,
}

// checkPage is the page of a policy check.
func checkPage(r Rule, c *validate.Check) Page {
	page := c.Page()
	text := page.Text + "\n\nAWS's code is `" + c.Code + "`, its type `" + string(c.Type) + "`. The check rests on: " + string(c.Basis) + ".\n\n* <" + c.Link() + ">"
	p := Page{Rule: r, Help: "change the policy as AWS's page on the check says", Text: text}
	for _, e := range page.Examples {
		name := "good"
		if e.Bad {
			name = "bad"
		}
		p.Examples = append(p.Examples, Example{Name: name, Bad: e.Bad, Files: []ExampleFile{{e.File, e.Content}}, Want: e.Want})
	}
	return p
}

// mostOfCheck is how many findings of one check a policy has at most: a policy of
// megabytes could have a hundred thousand.
const mostOfCheck = 200

// policyFindings checks the policies of the resource that are there as written.
// A security warning about a statement that a finding about access is about says the
// same with less: who gets in, and an example, are in the other one.
//
// Of one check at most so many are made, as all of them are equally severe: left says
// how many are not made for that; 0 is no bound.
func (w *writer) policyFindings(level validate.Level, others []finding.Finding, most int) (out []finding.Finding, left int) {
	if most == 0 || most > mostOfCheck {
		most = mostOfCheck
	}
	if level == "" || level == validate.Off {
		return out, 0
	}
	for _, d := range w.resource.Documents {
		count, first := map[string]int{}, len(out) // by code
		for _, f := range CheckPolicy(w.resource, d) {
			if slices.Contains(accepted, f.Code) {
				continue
			}
			asks := !w.resource.IdentityPolicy && w.resource.PolicyType == "" && slices.Contains(decided, f.Code)
			warns := asks || f.Type == validate.SecurityWarning
			if !level.Includes(f.Type) || warns && slices.ContainsFunc(others, isAbout(f.Locations[0].Span)) {
				continue
			}
			if slices.ContainsFunc(others, func(o finding.Finding) bool { return o.Rule == "unread-policy" && o.Span == f.Locations[0].Span }) {
				continue // the finding that nothing is known says why beside it
			}
			if asks && !level.Includes(validate.Warning) {
				continue
			}
			if count[f.Code]++; count[f.Code] <= most {
				out = append(out, w.policyFinding(d, f))
			}
		}
		for _, n := range count {
			left += max(min(n, mostOfCheck)-most, 0)
		}
		for i := first; i < len(out); i++ {
			if n := count[out[i].IssueCode] - mostOfCheck; n > 0 {
				out[i].Message += fmt.Sprintf(" (%d more like it in this policy are left out)", n)
				delete(count, out[i].IssueCode)
			}
		}
	}
	if level.Includes(validate.SecurityWarning) {
		errors := slices.DeleteFunc(slices.Clone(out), func(f finding.Finding) bool { return f.FindingType != string(validate.Error) })
		for _, i := range w.result.Idle {
			if !slices.ContainsFunc(errors, func(f finding.Finding) bool { return f.Span == i.Span && !f.Span.IsZero() }) {
				out = append(out, w.idleFinding(i))
			}
		}
	}
	return out, left
}

// decided are checks that ask who gets in by the policy of a resource, which the
// analysis of access decides: what it finds is a finding of its own.
var decided = []string{
	"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
	"WILDCARD_USAGE_TOO_PERMISSIVE", "VARIABLE_USAGE_TOO_PERMISSIVE",
}

// accepted are checks of what AWS has taken for some time, although its validation
// has them still.
//
// https://aws.amazon.com/about-aws/whats-new/2025/09/aws-organizations-iam-language-service-control-policies/
var accepted = []string{"SCP_SYNTAX_ERROR_ACTION_WILDCARD"}

// isAbout returns whether a finding is about a place, or about a statement that the
// place is in.
func isAbout(place source.Span) func(finding.Finding) bool {
	return func(f finding.Finding) bool {
		if place.IsZero() {
			return false
		}
		return f.Span == place || slices.ContainsFunc(f.Statements, func(s finding.Statement) bool {
			return s.Span.File == place.File && s.Span.Start <= place.Start && place.End <= s.Span.End
		})
	}
}

// isOfIAM reports whether a document is a policy of IAM, maybe a faulty one. Other
// languages of policies, such as that of data protection, have statements too: with
// neither an effect nor an action.
//
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-policies.html
func isOfIAM(tree value.Value) bool {
	list := tree.Get("Statement")
	statements := list.Items
	if list.Kind == value.Map {
		statements = []value.Value{list}
	}
	other := func(s value.Value) bool {
		return s.Kind == value.Map && len(s.Fields) > 0 && !slices.ContainsFunc(s.Fields, func(f value.Field) bool {
			return slices.Contains([]string{"Effect", "Action", "NotAction", "Resource", "NotResource"}, f.Key)
		})
	}
	return len(statements) == 0 || !slices.ContainsFunc(statements, other)
}

// isNamed reports whether a policy is there by a name, as SAM's templates are: it has
// the name as its Id, and all of it stands where the name does. Its words are AWS's.
func isNamed(tree value.Value) bool {
	id := tree.Get("Id")
	return id.Kind == value.String && id.Span == tree.Span && tree.Get("Statement").Span == tree.Span && !tree.Span.IsZero()
}

// CheckPolicy returns what AWS's checks find in a policy of a resource, if it is there
// as its author wrote it.
func CheckPolicy(r resource.Resource, d resource.Document) []validate.Finding {
	if d.Policy == nil || d.Policy.Tree.Kind == value.Absent || d.Implied || !isOfIAM(d.Policy.Tree) || r.IdentityPolicy && isNamed(d.Policy.Tree) {
		return nil
	}
	return validate.Policy(policy.WithPlaceholders(d.Policy.Tree), kindOfPolicy(r, d))
}

// kindOfPolicy says what the policies of a resource are to AWS's checks.
func kindOfPolicy(r resource.Resource, d resource.Document) validate.Options {
	switch {
	case r.PolicyType != "":
		return validate.Options{Type: validate.PolicyType(r.PolicyType)}
	case r.IdentityPolicy:
		return validate.Options{Type: validate.Identity, Whole: true}
	case r.Type == "AWS::IAM::Role":
		return validate.Options{Type: validate.Resource, ResourceType: validate.Trust}
	case d.Source == resource.AccessPoint:
		return validate.Options{Type: validate.Resource, ResourceType: validate.AccessPoint}
	case slices.Contains(validate.ResourceTypes, r.Type):
		return validate.Options{Type: validate.Resource, ResourceType: r.Type}
	}
	o := validate.Options{Type: validate.Resource, ResourceOptional: r.Type == "" && !isDocument(r) || slices.Contains(aboutItself, r.Type)}
	if k, ok := knowledge.KindOf(r.Type); ok {
		if slices.Contains(k.Services, "execute-api") {
			// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
			o.Short = "execute-api:/"
		}
		for _, a := range k.Unlisted {
			for _, service := range k.Services {
				o.Taken = append(o.Taken, service+":"+strings.ToLower(a.Name))
			}
		}
	}
	return o
}

// isDocument reports whether a resource is a policy of which nothing else is known.
func isDocument(r resource.Resource) bool { return strings.HasPrefix(r.Address, "(policy)") }

// aboutItself are the types whose policies need no Resource: each is about the
// resource that it belongs to.
//
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
// https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
var aboutItself = []string{"AWS::ECR::Repository", "AWS::ECR::PublicRepository", "AWS::ECR::RepositoryCreationTemplate", "AWS::EFS::FileSystem"}

func (w *writer) policyFinding(d resource.Document, c validate.Finding) finding.Finding {
	rule := Rule{ID: c.Rule(), Severity: checkSeverity[c.Type]}
	statements := w.responsible(d, c.Locations)
	if w.hidden {
		statements = w.withoutPlaces(statements)
	}
	f := w.finding(rule, statements)
	f.Action, f.AccessLevels, f.Sources = []string{}, []string{}, []finding.Source{}
	f.IssueCode, f.FindingType, f.LearnMoreLink = c.Code, string(c.Type), c.Link()
	f.Span = c.Locations[0].Span
	f.Location = finding.Place(f.Span)
	f.Message = c.Details
	f.Help = "see AWS's page on the check, " + c.Link()
	if c.Basis == validate.Tables {
		f.Help += "; names are those of the service authorization reference of " + knowledge.DataDate
	}
	for _, l := range c.Locations[1:] {
		f.Related = append(f.Related, finding.Related{Span: l.Span, Message: "and this"})
	}
	if w.hidden {
		f.Message = c.Page().Summary
	}
	where := d.Address
	if len(f.Statements) > 0 {
		if where += "#" + f.Statements[0].Sid; f.Statements[0].Sid == "" {
			where += strconv.Itoa(f.Statements[0].Index)
		}
	}
	f.ID = w.idOf(f, where, f.Message)
	return f
}

// idleFinding is the finding of a statement that can never apply.
func (w *writer) idleFinding(i access.Idle) finding.Finding {
	f := w.finding(ruleOf("policy-no-effect"), []access.Responsible{{Statement: i.Statement}})
	f.Action, f.AccessLevels, f.Sources = []string{}, []string{}, []finding.Source{}
	f.Span = i.Span
	f.Location = finding.Place(f.Span)
	f.Message = w.idle(i)
	f.Help = help["policy-no-effect"]
	f.ID = w.idOf(f, i.Statement.Sid, f.Message)
	return f
}

func (w *writer) idOf(f finding.Finding, parts ...string) string {
	h := sha256.New()
	if w.resource.Root != "" {
		parts = append(parts, w.resource.Root)
	}
	for _, s := range append([]string{"iaclint/check/1", f.Path, f.Address, f.Rule}, parts...) {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// responsible returns the statement that the first location is in.
func (w *writer) responsible(d resource.Document, at []validate.Location) []access.Responsible {
	for i, s := range d.Policy.Statements {
		if span := at[0].Span; s.Span.File == span.File && s.Span.Start <= span.Start && span.End <= s.Span.End && len(at[0].Path) > 0 {
			return []access.Responsible{{Statement: &d.Policy.Statements[i], Document: d}}
		}
	}
	return nil
}
