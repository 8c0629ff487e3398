package config

import (
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/iaclint/iaclint/analysis/zone"
)

var options = Options{Rules: []string{"public-read", "public-write", "external-network"}, Version: "1.2.0", Formats: []string{"text", "sarif", "junit"}, Today: "2026-06-30"}

func parseFile(t *testing.T, name string) *Config {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	c, ds := Parse(name, content, options)
	for _, d := range ds {
		t.Errorf("%s: %s", d.Range, d.Message)
	}
	return c
}

// The JSON form says the same as the HCL form.
func TestFormsAgree(t *testing.T) {
	if d := cmp.Diff(parseFile(t, "full.hcl"), parseFile(t, "full.json"), cmpopts.EquateComparable(netip.Prefix{}), cmpopts.IgnoreFields(ArchiveRule{}, "Range")); d != "" {
		t.Error(d)
	}
}

func TestFull(t *testing.T) {
	c := parseFile(t, "full.hcl")
	if !c.Root || c.FailOn != "high" || !c.Rules["external-network"].Disabled || c.Rules["public-write"].Severity != "critical" || !c.Rules["public-write"].Visible || !c.Strict {
		t.Errorf("general settings or rules: %+v", c)
	}
	plan, err := NewPlan(c, Flags{})
	if err != nil {
		t.Fatal(err)
	}
	prod := plan.Deployments("stacks/prod/a/x.json")
	if len(prod) != 1 {
		t.Fatalf("%d deployments", len(prod))
	}
	want := &zone.Zone{
		Name: "prod-only", Type: zone.Account, Account: "222222222222", Organization: "o-a1b2c3d4e5", ManagementAccount: "111111111111",
		Members: []zone.Member{
			{Name: "shared", ID: "111111111111", OrgPath: "o-a1b2c3d4e5/r-ab12/ou-ab12-core0001/"},
			{Name: "prod", ID: "222222222222", OrgPath: "o-a1b2c3d4e5/r-ab12/ou-ab12-prod0001/", Canonical: strings.Repeat("79a5", 16)},
			{Name: "dev", ID: "333333333333"},
		},
		Accounts: []string{"111111111111"}, OrgPaths: []string{"o-a1b2c3d4e5/r-ab12/ou-ab12-prod0001"},
		Principals: []string{"arn:aws:iam::111111111111:role/deploy-*"},
		VPCs:       []string{"vpc-0a1b2c3d4e5f67890"}, VPCEndpoints: []string{"vpce-0a1b2c3d4e5f67890"},
		CIDRs: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("2001:db8::/32")},
		OIDC:  []zone.OIDC{{Issuer: "token.actions.githubusercontent.com", Audiences: []string{"sts.amazonaws.com"}, Subjects: []string{"repo:acme/*:environment:prod"}}},
		SAML:  []string{"arn:aws:iam::222222222222:saml-provider/okta"},
		Names: map[string]string{"111111111111": "shared", "222222222222": "prod", "333333333333": "dev", "464622532012": "Datadog", "417141415827": "Datadog"},
	}
	if d := cmp.Diff(want, prod[0].Zone, cmpopts.EquateComparable(netip.Prefix{})); d != "" {
		t.Error(d)
	}
	if prod[0].Target != "stacks/prod/**" || prod[0].Region != "" || prod[0].Partition != "aws" || prod[0].BlockPublicS3["222222222222"] != "prod" {
		t.Errorf("deployment: %+v", prod[0])
	}
	cfn := plan.Deployments("cfn/x.json")
	if len(cfn) != 2 || cfn[0].Target != "cfn/** (dev)" || cfn[1].Target != "cfn/** (prod)" || cfn[0].Region != "eu-west-1" {
		t.Errorf("a glob of two targets: %+v", cfn)
	}
	if z := cfn[0].Zone; z.Type != zone.Organization || z.Name != "org" || z.Account != "333333333333" {
		t.Errorf("default zone: %+v", z)
	}
	other := plan.Deployments("x.json")
	if len(other) != 1 || other[0].Target != "" || other[0].Zone.Account != "" {
		t.Errorf("no target: %+v", other)
	}
}

// rule is an archive rule with something more in it.
func rule(more string) string {
	return "archive_rule \"x\" {\n reason = \"r\"\n owner = \"o\"\n filter \"principal.AWS\" { eq = [\"1\"] }\n " + more + "\n}"
}

// Every mistake is reported, with its place and, where one is near, a suggestion.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ content, want string }{
		{`iaclint { fail_on = "hihg" }`, `1:21: fail_on "hihg" is unknown; did you mean "high"?`},
		{`iaclint { requierd_version = "1" }`, `1:11: "requierd_version" is not known in iaclint; did you mean "required_version"?`},
		{`iaclint { required_version = ">= 2" }`, `1:30: this is iaclint 1.2.0, and the configuration requires >= 2`},
		{`iaclint { required_version = "~> 1" }`, `1:30: "~>" is not a comparison; valid are =, !=, >, >=, <, <=`},
		{`iaclint { extends = "x" }`, `1:11: "extends" is not supported by this version`},
		{`iaclint { include = "x" }`, `1:21: include must be a list of strings`},
		{`iaclint { include = ["["] }`, `1:22: glob "[" is malformed`},
		{`iaclint { exclude = ["/x"] }`, `1:22: glob "/x" cannot match: globs are relative to the directory of the file, without ./ or ../`},
		{`iaclint { root = "yes" }`, `1:18: root must be true or false`},
		{"iaclint {}\niaclint {}", `2:1: iaclint is declared twice, first on line 1`},
		{`acount "x" { id = "1" }`, `1:1: "acount" is not known in the file; did you mean "account"?`},
		{`account "x" { id = "11111111111" }`, `1:20: account id "11111111111" has 11 digits instead of 12`},
		{`account "x" { id = 111111111111 }`, `1:20: id is a number, which loses leading zeros; write it in quotes`},
		{`account "x" {}`, `1:1: "id" is missing`},
		{`account "x" { id = aws.x }`, `1:20: variables not allowed: Variables may not be used here`},
		{`organization { id = "o-1" }`, `1:21: organization id "o-1" does not look like one (o-… with 10 to 32 letters and digits)`},
		{`zone_of_trust "z" { type = "ORGANISATION" }`, `1:28: type "ORGANISATION" is unknown; did you mean "ORGANIZATION"?`},
		{`zone_of_trust "z" { trusted_accounts = ["shard"] }` + "\naccount \"shared\" { id = \"111111111111\" }", `1:41: account "shard" is unknown; did you mean "shared"?`},
		{`zone_of_trust "z" { trusted_accounts = ["1234"] }`, `1:41: account id "1234" has 4 digits instead of 12`},
		{`zone_of_trust "z" { trusted_cidrs = ["10.0.0/8"] }`, `1:38: "10.0.0/8" is not an address range such as 203.0.113.0/24`},
		{`zone_of_trust "z" { trusted_principals = ["*"] }`, `1:43: principal "*" would trust everyone; an ARN pattern with an account is expected`},
		{"zone_of_trust \"z\" {\n trusted_oidc \"i\" {\n audiences = [\"a\"]\n }\n}", `2:2: "subjects" is missing|2:15: issuer "i" is trusted for nobody: audiences and subjects must not be empty`},
		{"zone_of_trust \"a\" {}\nzone_of_trust \"b\" { default = true }", `1:1: zone "a" applies nowhere: it needs paths, or default = true`},
		{"zone_of_trust \"a\" { default = true }\nzone_of_trust \"b\" { default = true }", `2:1: zone "b" cannot be the default: zone "a" is`},
		{"organization { id = \"o-a1b2c3d4e5\" }\ntarget \"**\" { account = \"999999999999\" }", `2:25: account 999999999999 is not of organization o-a1b2c3d4e5; declare it in an account block`},
		{`rule "public-reed" {}`, `1:6: rule "public-reed" is unknown; did you mean "public-read"?`},
		{`rule "public-read" { severity = "none" }`, `1:33: severity "none" is unknown; valid are low, medium, high, critical`},
		{`archive_rule "x" {}`, `1:1: archive rule "x" gives no reason: say why the access is intended|1:1: archive rule "x" has no owner: say who answers for it|1:1: archive rule "x" has no filter, so it matches nothing`},
		{rule(`expire = "x"`), `5:2: "expire" is not known in archive_rule; did you mean "expires"?`},
		{rule(`expires = "2027-02-30"`), `5:12: expires "2027-02-30" is not a date such as 2027-01-31`},
		{rule(`max_access = "Raed"`), `5:15: max_access "Raed" is unknown; did you mean "Read"?`},
		{rule(`filter "resourcetype" { eq = ["x"] }`), `5:9: filter key "resourcetype" is unknown; did you mean "resourceType"?`},
		{rule(`filter "aws:SourceIp" { eq = ["x"] }`), `5:9: filter key "aws:SourceIp" is unknown; did you mean "condition.aws:SourceIp"?`},
		{rule(`filter "condition.aws:SourceArn" { eq = ["x"] }`), `5:9: filter key "condition.aws:SourceArn" is unknown; Access Analyzer cannot filter by this condition, iaclint can: "iaclint:condition.aws:SourceArn"`},
		{rule(`filter "path" { eq = ["x"] }`), `5:9: filter key "path" is unknown; did you mean "iaclint:path"?`},
		{rule(`filter "status" { eq = ["x"] }`), `5:9: filter key "status" is unknown; it filters lists of findings, not archive rules`},
		{rule(`filter "isPublic" { equals = ["true"] }`), `5:2: filter "isPublic" has no operator; one of eq, neq, contains, exists is expected|5:22: "equals" is not known in filter; valid are eq, neq, contains, exists, matches`},
		{rule(`filter "isPublic" { eq = [true] }`), `5:28: element of eq is bool; a string is expected`},
		{rule(`filter "isPublic" { eq = [] }`), `5:27: eq is empty: it matches nothing`},
		{rule(`filter "isPublic" { exists = "yes" }`), `5:31: exists must be true or false`},
		{rule(`filter "isPublic" { matches = ["x"] }`), `5:22: matches is for iaclint: keys; Access Analyzer has eq, neq, contains and exists`},
		{rule(`filter "principal.AWS" { eq = ["x"] }`), `5:2: filter of archive rule "x" principal.AWS is declared twice, first on line 4`},
		{"archive_rule \"x\" {\nreason = \"r\"\nowner = \"o\"\nfilter \"isPublic\" {\neq = [\"true\"]\nneq = [\"x\"]\n}\n}", `4:1: filter "isPublic" has several operators; Access Analyzer takes one for each key`},
		{"suppressions { max_age = \"365d\" }\n" + rule(``), `2:1: archive rule "x" never expires; max_age is 365 days`},
		{"suppressions { max_age = \"365d\" }\n" + rule(`expires = "2027-07-01"`), `6:12: archive rule "x" expires later than max_age allows, which is 2027-06-30`},
		{"suppressions { max_age = \"365d\" }\n" + rule(`expires = "2027-06-30"`), ``},
		{`suppressions { max_age = "1y" }`, `1:26: max_age "1y" is not a number of days such as 30d`},
		{`suppressions { expired = "eror" }`, `1:26: expired "eror" is unknown; did you mean "error"?`},
		{`archive_rule "x" {
 reason = "r"
 owner = "o"
 filter "isPublic" { eq = ["true"] }
}`, `1:1: archive rule "x": its filter names no resource, principal, condition, path or address: it would archive findings that nobody has seen`},
		{`baseline {}`, `1:1: "file" is missing`},
		{`baseline { file = "/x" }`, `1:19: path "/x" must be relative to the configuration file, with forward slashes`},
		{`output "sarfi" { path = "x" }`, `1:8: format "sarfi" is unknown; did you mean "sarif"?`},
		{"output \"text\" { path = \"-\" }\noutput \"sarif\" { path = \"-\" }", `2:25: both text and sarif would go to -`},
		{`custom_rules { timeout = "ten seconds" }`, `1:26: timeout "ten seconds" is not a time between 1ms and 10m0s, such as 10s`},
		{`custom_rules { timeout = "1h" }`, `1:26: timeout "1h" is not a time between 1ms and 10m0s, such as 10s`},
		{`custom_rules { rego = ["/policy"] }`, `1:24: path "/policy" must be relative to the configuration file, with forward slashes`},
		{`rule "own" { severity = "low" }`, `1:6: rule "own" is unknown; valid are public-read, public-write, external-network`},
		{"iaclint { fail_on = \"x\" }\nrule \"y\" {}", `1:21: fail_on "x" is unknown; valid are low, medium, high, critical, none|2:6: rule "y" is unknown; valid are public-read, public-write, external-network`},
	} {
		_, ds := Parse("c.hcl", []byte(c.content), options)
		var got []string
		for _, d := range ds {
			start := d.Range.Start
			got = append(got, strings.Join([]string{strconv.Itoa(start.Line), strconv.Itoa(start.Column), " " + d.Message}, ":"))
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.content, strings.Join(got, "|"), c.want)
		}
	}
}

func TestOwnerOutsideOrganization(t *testing.T) {
	file, ds := Parse("c.hcl", []byte("organization { id = \"o-a1b2c3d4e5\" }\naccount \"a\" { id = \"111111111111\" }"), options)
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	for _, c := range []struct {
		config *Config
		flags  Flags
		ok     bool
	}{
		{file, Flags{Account: "111111111111"}, true},
		{file, Flags{Account: "999999999999"}, false},
		{file, Flags{Account: "999999999999", Members: []string{"999999999999"}}, true},
		{file, Flags{Account: "999999999999", Organization: "o-zzzzzzzzzz"}, true},                                         // another organization, members unknown
		{&Config{}, Flags{Account: "999999999999", Organization: "o-zzzzzzzzzz", Members: []string{"111111111111"}}, true}, // the owner is a member as well
		{&Config{}, Flags{Account: "999999999999", Organization: "o-zzzzzzzzzz"}, true},
		{&Config{}, Flags{Account: "999999999999"}, true},
	} {
		if _, err := NewPlan(c.config, c.flags); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c.flags, err)
		}
	}
}

// An organization of flags has the owner for a member.
func TestOwnerIsMember(t *testing.T) {
	plan, err := NewPlan(&Config{}, Flags{Account: "999999999999", Organization: "o-zzzzzzzzzz", Members: []string{"111111111111"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []zone.Member{{ID: "999999999999"}, {ID: "111111111111"}}
	if d := cmp.Diff(want, plan.Deployments("x.json")[0].Zone.Members); d != "" {
		t.Error(d)
	}
}

func TestFlagsOverride(t *testing.T) {
	c := parseFile(t, "full.hcl")
	plan, err := NewPlan(c, Flags{Account: "333333333333", Type: "account", Region: "us-west-2", Trusted: Trusted{VPCs: []string{"vpc-1"}}})
	if err != nil {
		t.Fatal(err)
	}
	got := plan.Deployments("cfn/x.json")
	if len(got) != 1 || got[0].Zone.Account != "333333333333" || got[0].Zone.Type != zone.Account || got[0].Region != "us-west-2" || len(got[0].Zone.VPCs) != 1 {
		t.Errorf("%+v", got)
	}
	if other := plan.Deployments("cfn/y.json"); other[0].Zone != got[0].Zone {
		t.Error("equal deployments do not share their zone")
	}
}

func TestWalks(t *testing.T) {
	c := &Config{Include: []string{"a/**", "*.json"}, Exclude: []string{"**/test/**"}}
	for path, want := range map[string]bool{"x.json": true, "a/b/x.json": true, "b/x.json": false, "a/test/x.json": false, "../x.json": false} {
		if c.Walks(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
}

func TestSatisfies(t *testing.T) {
	for _, c := range []struct {
		version, constraints string
		ok                   bool
	}{
		{"1.2.0", ">= 1.2", true}, {"1.2.0", "> 1.2", false}, {"1.10.0", ">= 1.9", true}, {"1.2.0", ">= 1, < 2", true},
		{"2.0.0", ">= 1, < 2", false}, {"v1.0.0", "1", true}, {"1.0.0", "!= 1.0.0", false}, {"devel", ">= 9", true}, {"1.0.0-rc1", "<= 1", true},
	} {
		if ok, err := satisfies(c.version, c.constraints); err != nil || ok != c.ok {
			t.Errorf("%s %s: %v %v", c.version, c.constraints, ok, err)
		}
	}
	for _, bad := range []string{"", ">=", "x", ">= 1.2.3.4", "1 2", ">= -1"} {
		if _, err := satisfies("1.0.0", bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// What is shown of a file cannot drive a terminal.
func TestNoControls(t *testing.T) {
	_, ds := Parse("c\x1b[2J.hcl", []byte("rule \"\x1b[31m\u202e\" {}\n"), options)
	var b strings.Builder
	ds.Write(&b)
	if got := b.String(); len(ds) == 0 || strings.ContainsAny(got, "\x1b\u202e") || !strings.Contains(got, `c\x1b[2J.hcl:1:6`) {
		t.Errorf("%q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"full.hcl", "full.json"} {
		content, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(content), strings.HasSuffix(name, ".json"))
	}
	f.Fuzz(func(t *testing.T, content string, isJSON bool) {
		name := "c.hcl"
		if isJSON {
			name = "c.json"
		}
		c, ds := Parse(name, []byte(content), options)
		var b strings.Builder
		ds.Write(&b)
		if c == nil {
			if !ds.HasErrors() {
				t.Fatal("nothing is read, and nothing said")
			}
			return
		}
		if ds.HasErrors() {
			return
		}
		plan, err := NewPlan(c, Flags{})
		if err != nil {
			t.Fatal(err)
		}
		if len(plan.Deployments("a/b.json")) == 0 {
			t.Fatal("no deployment")
		}
	})
}
