package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// corpusDir returns the directory of third-party inputs, which is not part of
// the repository, or skips the test.
func corpusDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("IACLINT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		t.Skipf("no corpus at %s; set IACLINT_CORPUS to run this test", dir)
	}
	return dir
}

// recordedOwner owns the buckets of the recorded findings.
const recordedOwner = "222634363387"

// recorded is a finding as IAM Access Analyzer recorded it.
type recorded struct {
	Principal            map[string]string `json:"principal"`
	Action               []string          `json:"action"`
	Condition            map[string]string `json:"condition"`
	IsPublic             bool              `json:"isPublic"`
	Resource             string            `json:"resource"`
	ResourceType         string            `json:"resourceType"`
	ResourceOwnerAccount string            `json:"resourceOwnerAccount"`
	Status               string            `json:"status"`
}

func (r recorded) String() string {
	return fmt.Sprintf("%s %s %s public=%t %s %s %s %s", pairs(r.Principal, ":"), slices.Sorted(slices.Values(r.Action)),
		pairs(r.Condition, "="), r.IsPublic, r.Resource, r.ResourceType, r.ResourceOwnerAccount, r.Status)
}

// The complete findings on a policy are those that IAM Access Analyzer gave for
// it. It reports no service principals, so confused deputies are left out.
func TestRecordedFindings(t *testing.T) {
	dir := filepath.Join(corpusDir(t), "labelled", "accessrefinery")
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.findings.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded findings in %s: %v", dir, err)
	}
	for _, file := range files {
		name, _ := filepath.Rel(dir, strings.TrimSuffix(file, ".findings.json"))
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var records []recorded
			if err := json.Unmarshal(text, &records); err != nil {
				t.Fatal(err)
			}
			want, got := map[string]int{}, map[string]int{}
			for _, r := range records {
				want[r.String()]++
			}
			_, report := runJSON(t, "--account", recordedOwner, "--findings", "complete", strings.TrimSuffix(file, ".findings.json")+".json")
			for _, f := range external(report) {
				got[recorded{f.Principal, f.Action, f.Condition, f.IsPublic, f.Resource, f.ResourceType, f.ResourceOwnerAccount, string(f.Status)}.String()]++
			}
			for _, r := range slices.Sorted(maps.Keys(want)) {
				if got[r] != want[r] {
					t.Errorf("recorded %d times, found %d times: %s", want[r], got[r], r)
				}
			}
			for _, f := range slices.Sorted(maps.Keys(got)) {
				if want[f] == 0 {
					t.Errorf("not recorded: %s", f)
				}
			}
		})
	}
}

// Recorded findings, given as an export of the account, match those of the policy
// one to one.
func TestRecordedFindingsReconcile(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpusDir(t), "labelled", "accessrefinery", "*", "*.findings.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded findings: %v", err)
	}
	joined := 0
	for _, file := range files {
		var out, errs bytes.Buffer
		status := Run([]string{"reconcile", "--no-config", "--account", recordedOwner, "--format", "json", "--console", file, strings.TrimSuffix(file, ".findings.json") + ".json"}, strings.NewReader(""), &out, &errs)
		var r struct {
			Summary map[string]int `json:"summary"`
			Pairs   []any          `json:"pairs"`
		}
		if err := json.Unmarshal(out.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		joined += r.Summary["both"]
		if status != statusClean || r.Summary["both"] != len(r.Pairs) || r.Summary["differing"] > 0 {
			t.Errorf("%s: status %d, %v", file, status, r.Summary)
		}
	}
	if joined < 20 {
		t.Errorf("%d findings are joined: are they still read?", joined)
	}
}

// external returns the findings of external access.
func external(report finding.Report) []finding.Finding {
	return slices.DeleteFunc(slices.Clone(report.Findings), func(f finding.Finding) bool {
		return strings.HasPrefix(f.Rule, "confused-deputy")
	})
}

// labelledRow is a row of the index of labelled inputs.
type labelledRow struct {
	ID           string `json:"id"`
	Kind         string `json:"kind"`
	Path         string `json:"path"`
	Resource     string `json:"resource"` // address, of the resource or of what attaches to it
	ResourceType string `json:"resource_type"`
	Label        string `json:"label"`
	Dispute      string `json:"dispute"`
	TrustZone    struct {
		Owner     string   `json:"owner_account"`
		Accounts  []string `json:"accounts"`
		Orgs      []string `json:"org_ids"`
		OrgUnits  []string `json:"org_units"`
		VPCs      []string `json:"vpcs"`
		VPCEs     []string `json:"vpces"`
		IPs       []string `json:"ips"`
		Federated []string `json:"federated"`
	} `json:"trust_zone"`
}

// mayBeEndpoint is why a document for everyone about rds is not proven public.
//
// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
const mayBeEndpoint = "no resource of rds has a policy, so that one for everyone without a type is a VPC endpoint's if it is anything's"

// disputed holds what the documented semantics say about rows that their
// author labels otherwise, with the reason.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var disputed = map[string]struct{ label, why string }{
	"pu-test_statement-test_statement_internet_accessible-9":  {"undetermined_public", "ForAllValues and IfExists hold when aws:SourceArn is absent; " + mayBeEndpoint},
	"pu-test_statement-test_statement_internet_accessible-26": {"undetermined_public", "ForAllValues and IfExists hold when aws:SourceArn is absent; " + mayBeEndpoint},
	"pu-test_statement-test_statement_internet_accessible-25": {"not_public", "a fixed ARN without an account: only what presents exactly that source gets in"},
	"pu-test_statement-test_statement_internet_accessible-33": {"not_public", "StringEquals takes * literally, and no organization path holds one"},
	"pu-test_statement-test_statement_internet_accessible-34": {"not_public", "a fixed user id: one session at most"},
}

// ours holds what the documented semantics say about rows whose label nobody
// disputes, with the reason.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var ours = map[string]struct{ label, why string }{
	"pu-test_policy-test_internet_accessible-3":               {"external", "the row is a bucket's policy, and the statement that lets everyone in is about ec2, which no bucket is asked for"},
	"pu-test_policy-test_internet_accessible-1":               {"undetermined_public", mayBeEndpoint},
	"pu-test_policy-test_non_list_sequence_statement-1":       {"undetermined_public", mayBeEndpoint},
	"pu-test_statement-test_statement_internet_accessible-1":  {"undetermined_public", mayBeEndpoint},
	"pu-test_statement-test_statement_internet_accessible-2":  {"undetermined_public", mayBeEndpoint},
	"pu-test_statement-test_statement_internet_accessible-12": {"undetermined_public", mayBeEndpoint},
	"pu-test_statement-test_statement_internet_accessible-21": {"undetermined_public", mayBeEndpoint},
	"pu-test_statement-test_statement_internet_accessible-22": {"undetermined_public", mayBeEndpoint},
	"pu-test_statement-test_statement_internet_accessible-23": {"undetermined_public", mayBeEndpoint},
	"pu-test_statement-test_statement_internet_accessible-29": {"undetermined_public", mayBeEndpoint},
	"secmonkey-es-THREE":                     {"none", "aws:SourceIp holds public addresses only, the policy names private ones"},
	"secmonkey-es-SEVEN":                     {"none", "aws:SourceIp holds public addresses only, the policy names private ones"},
	"secmonkey-test_inspect_entity-policy03": {"none", "no request carries aws:SourceIp and aws:SourceVpc, and no user's id has a session"},
	"secmonkey-test_inspect_entity-policy04": {"none", "no request carries aws:SourceIp and aws:SourceVpc, and no user's id has a session"},
	"cfnnag-IamRoleNotPrincipalOnTrustPolicyRule-iam_role_not_principal_on_trust.json-NotPrincipalTrustRole": {
		"undetermined", "the statement has dAction in place of Action: AWS refuses it, and as it would be meant it is public"},
	"cfnnag-LambdaPermissionWildcardPrincipalRule-lambda_with_wildcard_principal_and_non_invoke_function_permission.json-lambdaPermission": {
		"external", "only one named foreign account's topic gets in"},
}

func TestLabelledPolicies(t *testing.T) {
	dir := corpusDir(t)
	rows := labelledRows(t, dir, "policy")
	if len(rows) == 0 {
		t.Fatal("no labelled policies")
	}
	for _, row := range rows {
		t.Run(row.ID, func(t *testing.T) {
			label := row.Label
			if row.Dispute != "" {
				d, ok := disputed[row.ID]
				if !ok {
					t.Fatalf("disputed, and no answer of ours is recorded: %s", row.Dispute)
				}
				label = d.label
				t.Logf("labelled %s, disputed: %s", row.Label, d.why)
			}
			if d, ok := ours[row.ID]; ok {
				label = d.label
				t.Logf("labelled %s: %s", row.Label, d.why)
			}
			args := append(row.flags(), filepath.Join(dir, filepath.FromSlash(row.Path)))
			_, report := runJSON(t, args...)
			if len(report.Resources) != 1 {
				t.Fatalf("%d resources in the report, want 1; diagnostics: %v", len(report.Resources), report.Diagnostics)
			}
			if err := holds(label, report); err != nil {
				t.Errorf("iaclint %s: %v", strings.Join(args, " "), err)
				for _, f := range report.Findings {
					t.Logf("got finding: %s", describe(f))
				}
			}
		})
	}
}

func labelledRows(t *testing.T, dir string, kinds ...string) []labelledRow {
	t.Helper()
	index, err := os.ReadFile(filepath.Join(dir, "labelled", "index.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []labelledRow
	for line := range bytes.Lines(index) {
		var row labelledRow
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		if slices.Contains(kinds, row.Kind) {
			rows = append(rows, row)
		}
	}
	return rows
}

// Templates, modules and plans get the verdicts of their labels.
func TestLabelledCode(t *testing.T) {
	dir := corpusDir(t)
	rows := labelledRows(t, dir, "cfn", "tfhcl", "tfplan")
	if len(rows) == 0 {
		t.Fatal("no labelled code")
	}
	for _, row := range rows {
		t.Run(row.ID, func(t *testing.T) {
			label := row.Label
			if d, ok := ours[row.ID]; ok {
				label = d.label
				t.Logf("labelled %s: %s", row.Label, d.why)
			}
			kind := row.ResourceType
			row.ResourceType = "" // the code tells
			args := append(row.flags(), filepath.Join(dir, filepath.FromSlash(row.Path)))
			_, report := runJSON(t, args...)
			mine := report
			mine.Resources = slices.DeleteFunc(slices.Clone(report.Resources), func(r finding.Resource) bool {
				return r.Address != row.Resource && !slices.Contains(r.Attachments, row.Resource)
			})
			other := func(r finding.Resource) bool { return r.ResourceType != kind } // of the same block: a role's policies beside its trust
			if slices.ContainsFunc(mine.Resources, func(r finding.Resource) bool { return !other(r) }) {
				mine.Resources = slices.DeleteFunc(mine.Resources, other)
			}
			if len(mine.Resources) == 0 {
				t.Fatalf("no resource %s in the report: %v; diagnostics: %v", row.Resource, report.Resources, report.Diagnostics)
			}
			for _, r := range mine.Resources { // a policy may be attached to several
				one := report
				one.Resources = []finding.Resource{r}
				one.Findings = slices.DeleteFunc(slices.Clone(report.Findings), func(f finding.Finding) bool { return f.Address != r.Address })
				if err := holds(label, one); err != nil {
					t.Errorf("iaclint %s: %v", strings.Join(args, " "), err)
					for _, f := range one.Findings {
						t.Logf("got finding: %s", describe(f))
					}
				}
			}
		})
	}
}

// flags declares the zone of trust of a row.
func (r labelledRow) flags() []string {
	var args []string
	add := func(flag string, values ...string) {
		for _, v := range values {
			if v != "" {
				args = append(args, flag, v)
			}
		}
	}
	z := r.TrustZone
	add("--account", z.Owner)
	add("--trust-account", slices.DeleteFunc(slices.Clone(z.Accounts), func(a string) bool { return a == z.Owner })...)
	for i, org := range z.Orgs {
		if i == 0 {
			args = append(args, "--zone", "organization", "--org", org)
		} else {
			add("--trust-org-path", org)
		}
	}
	add("--trust-org-path", z.OrgUnits...)
	add("--trust-vpc", z.VPCs...)
	add("--trust-vpce", z.VPCEs...)
	add("--trust-cidr", z.IPs...)
	for _, provider := range z.Federated {
		switch {
		case strings.Contains(provider, ":saml-provider/"):
			add("--trust-saml", provider)
		default:
			issuer := provider[strings.LastIndex(provider, ":oidc-provider/")+1:]
			add("--trust-oidc", strings.TrimPrefix(issuer, "oidc-provider/")+",*,*")
		}
	}
	add("--resource-type", r.ResourceType)
	return args
}

// holds reports how a report contradicts a label.
func holds(label string, report finding.Report) error {
	verdict := report.Resources[0].Verdict
	has := func(rule string) bool {
		return slices.ContainsFunc(report.Findings, func(f finding.Finding) bool { return strings.HasPrefix(f.Rule, rule) })
	}
	ok := false
	switch label {
	case "public":
		ok = verdict == finding.Public
	case "not_public":
		ok = verdict != finding.Public
	case "external":
		ok = verdict == finding.External || verdict == finding.Public
	case "undetermined":
		ok = verdict == finding.Undetermined
	case "undetermined_public":
		ok = verdict == finding.Undetermined && has("undetermined-public")
	case "none":
		ok = verdict == finding.None
	case "service_unscoped", "service_cross_account":
		ok = has("confused-deputy")
	case "service_scoped":
		ok = !has("confused-deputy")
	case "oidc_open":
		ok = has("oidc-subject")
	case "oidc_scoped":
		ok = !has("oidc-subject")
	default:
		return fmt.Errorf("unknown label %q", label)
	}
	if !ok {
		return fmt.Errorf("verdict %s, label %s", verdict, label)
	}
	return nil
}

// Real policies, some of them broken, are all answered.
func TestWildPolicies(t *testing.T) {
	dir := filepath.Join(corpusDir(t), "wild", "policy")
	read, incomplete := 0, 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		read++
		name, _ := filepath.Rel(dir, path)
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			code, report := runJSON(t, path)
			if want := wantStatus(report); code != want {
				t.Errorf("exit status %d, want %d", code, want)
			}
			for _, d := range report.Diagnostics {
				if strings.Contains(d.Message, "internal error") {
					t.Errorf("%s:%d: %s", d.Path, d.Line, d.Message)
				}
				if d.Severity == "error" {
					t.Logf("incomplete: %s:%d: %s", d.Path, d.Line, d.Message)
				}
			}
			if code == 3 {
				incomplete++
			} else if len(report.Resources) == 0 {
				t.Errorf("no resource in the report, exit status %d", code)
			}
		})
		return nil
	})
	if err != nil || read == 0 {
		t.Fatalf("%d files read: %v", read, err)
	}
	t.Logf("%d of %d files are incomplete", incomplete, read)
}

// The policies that Kang et al. (FSE 2026) measure scale with: every pair of a
// wildcard pattern of one statement is a complete finding there, and few
// findings say the same.
func TestScalabilityPolicies(t *testing.T) {
	dir := filepath.Join(corpusDir(t), "bench", "fse2026")
	complete := map[string]int{"05keys_15statements.json": 225, "06keys_15statements.json": 225}
	minimal := map[string]int{"06keys_15statements.json": 15}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no policies in %s: %v", dir, err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var document struct{ Statement []json.RawMessage }
			if err := json.Unmarshal(text, &document); err != nil {
				t.Fatal(err)
			}
			_, all := runJSON(t, "--account", recordedOwner, "--findings", "complete", file)
			_, few := runJSON(t, "--account", recordedOwner, "--findings", "minimal", file)
			nAll, nFew := len(external(all)), len(external(few))
			t.Logf("%d complete and %d minimal findings for %d statements", nAll, nFew, len(document.Statement))
			if want, ok := complete[name]; ok && nAll != want {
				t.Errorf("%d complete findings, want %d", nAll, want)
			}
			if want, ok := minimal[name]; ok && nFew != want {
				t.Errorf("%d minimal findings, want %d", nFew, want)
			}
			if nFew == 0 || nFew > len(document.Statement) || nFew > nAll {
				t.Errorf("%d minimal findings for %d statements and %d complete findings", nFew, len(document.Statement), nAll)
			}
		})
	}
}
