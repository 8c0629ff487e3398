package cli

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/loaders/policyjson"
)

// vector is a token and a condition of a trust policy, with a third party's
// answer whether they match and its judgement of the condition.
type vector struct {
	ID        string
	Issuer    string
	Subject   string
	Claims    map[string]string
	Condition vectorCondition
	Expect    string
	Judgment  struct{ Grade, Reason string }
}

type vectorCondition struct {
	Consumer string // aws-stringequals, aws-stringlike, or aws-all: several conditions
	Claim    string
	Pattern  json.RawMessage // a text or several
	Of       []vectorCondition
}

// vectorIssuers are the issuers of the vectors as IAM names them. CircleCI and
// Bitbucket have an issuer for each customer.
var vectorIssuers = map[string]string{
	"github":          "token.actions.githubusercontent.com",
	"gitlab":          "gitlab.com",
	"terraform-cloud": "app.terraform.io",
	"circleci":        "oidc.circleci.com/org/2a3b4c5d-1111-2222-3333-444455556666",
	"bitbucket":       "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
}

// Conditions that are judged safe, or mild, and that leave the role open to any
// tenant of the issuer when they are all that the policy tests.
var vectorsOfAnyTenant = map[string]string{
	"gh-aws-aud-pinned-official-action":            "judged as a part of a policy: whoever asks for a token chooses its audience",
	"gh-aws-aud-default-owner-url-rejected":        "judged as a part of a policy: whoever asks for a token chooses its audience",
	"gh-aws-environment-key-absent-claim-rejected": "judged by its token, which has no environment: a repository of anyone's may have one called prod",
}

// Conditions that are judged dangerous because more of one tenant gets in than
// has to: what the tenant trusts its own people with. No other tenant does.
var vectorsWithinOneTenant = map[string]string{
	"bitbucket-aws-aud-only-workspace-wide":           "any repository of one workspace, whose issuer has no other",
	"circleci-aws-project-wildcard-org-wide":          "any project of one organization, whose issuer has no other",
	"circleci-aws-ssh-rerun-debug-token-admitted":     "a debug session of one project",
	"gh-aws-org-wide-wildcard-repo":                   "any repository of octo-org",
	"gh-aws-pull-request-subject":                     "any pull request of octo-org/octo-repo",
	"gh-aws-multivalue-loose-value-poisons-list":      "any repository of octo-org",
	"gh-aws-all-aws-branch-wildcard-example":          "any pull request of octo-org/octo-repo",
	"gitlab-aws-group-wide-wildcard-stringlike":       "any project of mygroup",
	"gitlab-aws-subgroup-nesting-wildcard":            "any project of mygroup and its subgroups",
	"gitlab-aws-ref-type-confusion-wildcard":          "a tag called like the branch, in one project",
	"gitlab-aws-any-branch-no-refprotected":           "any branch of one project",
	"gitlab-aws-merge-request-source-branch-admitted": "any branch of one project",
	"gitlab-aws-path-reuse-no-projectid":              "one path has one owner at a time; who has it after a rename is another question",
	"gitlab-aws-all-pipeline-source-gates-mr":         "any branch of one project",
	"tfc-aws-run-phase-wildcard-collapses-plan-apply": "both phases of one workspace",
	"tfc-aws-workspace-wildcard-project-wide":         "any workspace of one project",
	"tfc-aws-org-wide-wildcard":                       "any workspace of my-org",
}

// Every vector, made a role's trust policy, matches or not as its author says,
// to the evaluator and to the engine; and the role is open to any tenant of the
// issuer only where the condition leaves the tenant open.
func TestSubjectVectors(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpusDir(t), "oidc-subvectors", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var suite struct{ Vectors []vector }
		if err := json.Unmarshal(text, &suite); err != nil {
			t.Fatal(err)
		}
		for _, v := range suite.Vectors {
			seen[v.ID] = true
			t.Run(v.ID, func(t *testing.T) { checkVector(t, v) })
		}
	}
	for _, id := range slices.Concat(slices.Collect(maps.Keys(vectorsOfAnyTenant)), slices.Collect(maps.Keys(vectorsWithinOneTenant))) {
		if !seen[id] {
			t.Errorf("no vector %s", id)
		}
	}
}

func checkVector(t *testing.T, v vector) {
	host := vectorIssuers[v.Issuer]
	if host == "" || v.Expect != "match" && v.Expect != "no-match" {
		t.Fatalf("issuer %q, expect %q", v.Issuer, v.Expect)
	}
	token := map[string]string{"sub": v.Subject}
	maps.Copy(token, v.Claims)
	match := v.Expect == "match"
	provider := "arn:aws:iam::111122223333:oidc-provider/" + host
	trust := map[string]any{"Effect": "Allow", "Principal": map[string]string{"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity"}
	condition := map[string]map[string]any{}
	v.Condition.add(t, condition, host)
	trust["Condition"] = condition

	if got := allows(t, document(t, trust), evaluate.Request{
		Principal: evaluate.Principal{Type: evaluate.Federated, ARN: provider},
		Action:    "sts:AssumeRoleWithWebIdentity",
		Resource:  "arn:aws:iam::111122223333:role/deploy",
		Context:   claimKeys(host, token),
	}); got != match {
		t.Errorf("the evaluator lets the token in: %v, want %v", got, match)
	}

	// The engine, asked about this token alone: every other is denied.
	statements := []any{trust}
	for _, claim := range slices.Sorted(maps.Keys(token)) {
		if !knowledge.SendersOf(host+":"+claim, "sts").Has("assumerolewithwebidentity") {
			continue // AWS has no key for the claim: nothing of it is in a request
		}
		statements = append(statements, denial(provider, "StringNotEquals", host+":"+claim, token[claim]))
	}
	for _, keys := range condition {
		for key := range keys {
			if _, ok := token[strings.TrimPrefix(key, host+":")]; !ok {
				statements = append(statements, denial(provider, "Null", key, "false"))
			}
		}
	}
	if got := trustReport(t, document(t, statements...)).Resources[0].Verdict; (got == finding.External) != match || !match && got != finding.None {
		t.Errorf("for this token the verdict is %s, match %v", got, match)
	}

	want := "external-federation"
	_, shared := knowledge.SharedIssuer(host)
	_, anyTenant := vectorsOfAnyTenant[v.ID]
	switch {
	case !shared:
		want = "own-federation"
	case anyTenant:
		want = "oidc-subject"
	}
	if v.Judgment.Grade == "dangerous" && want != "oidc-subject" && vectorsWithinOneTenant[v.ID] == "" {
		t.Errorf("judged dangerous: %s; no reason is given why it is not open to any tenant", v.Judgment.Reason)
	}
	if got := rulesOf(trustReport(t, document(t, trust))); got != want {
		t.Errorf("the rule is %s, want %s", got, want)
	}

	// The same condition with the tenant left open.
	open := map[string]map[string]any{"StringLike": {}}
	for _, keys := range condition {
		for key := range keys {
			open["StringLike"][key] = "*"
		}
	}
	trust["Condition"] = open
	if shared {
		want = "oidc-subject"
	}
	if got := rulesOf(trustReport(t, document(t, trust))); got != want {
		t.Errorf("with wildcards alone the rule is %s, want %s", got, want)
	}
}

// add puts a condition into a Condition element.
func (c vectorCondition) add(t *testing.T, into map[string]map[string]any, host string) {
	t.Helper()
	operator := ""
	switch c.Consumer {
	case "aws-all":
		for _, d := range c.Of {
			d.add(t, into, host)
		}
		return
	case "aws-stringequals":
		operator = "StringEquals"
	case "aws-stringlike":
		operator = "StringLike"
	default:
		t.Fatalf("consumer %q", c.Consumer)
	}
	if into[operator] == nil {
		into[operator] = map[string]any{}
	}
	into[operator][host+":"+c.Claim] = c.Pattern
}

func denial(provider, operator, key, value string) any {
	return map[string]any{
		"Effect": "Deny", "Principal": map[string]string{"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity",
		"Condition": map[string]any{operator: map[string]string{key: value}},
	}
}

func document(t *testing.T, statements ...any) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func claimKeys(host string, token map[string]string) map[string][]string {
	keys := map[string][]string{}
	for claim, value := range token {
		keys[host+":"+claim] = []string{value}
	}
	return keys
}

// allows reports whether the evaluator allows a request, whichever way the
// documentation is read.
func allows(t *testing.T, text []byte, r evaluate.Request) bool {
	t.Helper()
	stack := policyjson.Load(source.NewFile("trust.json", text), policyjson.Options{})
	if len(stack.Resources) != 1 || len(stack.Resources[0].Documents) != 1 || len(stack.Diagnostics) > 0 {
		t.Fatalf("%s: %v", text, stack.Diagnostics)
	}
	doc := stack.Resources[0].Documents[0].Policy
	strict, permissive := evaluate.Evaluate(doc, r, evaluate.Strict), evaluate.Evaluate(doc, r, evaluate.Permissive)
	if strict.Allowed != permissive.Allowed {
		t.Errorf("the answer depends on how the documentation is read")
	}
	return strict.Allowed
}

// trustReport analyses a role's trust policy.
func trustReport(t *testing.T, text []byte, flags ...string) finding.Report {
	t.Helper()
	file := filepath.Join(t.TempDir(), "trust.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	_, report := runJSON(t, append(flags, "--account", "111122223333", "--resource-type", "AWS::IAM::Role", file)...)
	if len(report.Resources) != 1 {
		t.Fatalf("%d resources; diagnostics: %v", len(report.Resources), report.Diagnostics)
	}
	return report
}

// rulesOf lists the rules of the findings of a report.
func rulesOf(report finding.Report) string {
	var rules []string
	for _, f := range report.Findings {
		rules = append(rules, f.Rule)
	}
	slices.Sort(rules)
	return strings.Join(slices.Compact(rules), " ")
}
