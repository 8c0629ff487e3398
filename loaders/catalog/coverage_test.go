package catalog

import (
	_ "embed"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/value"
)

var update = flag.Bool("update", false, "write docs/coverage.md")

// Properties that hold policies or name principals: those that CloudFormation's
// resource specification marks, or that are called like it (tools/specification),
// and those of the schema of Terraform's AWS provider 6.13.0.
var (
	//go:embed data/policies.txt
	specified string
	//go:embed data/provider.txt
	provided string
)

// exceptions are properties that the catalogue leaves out, with the reason.
var exceptions = map[string]string{
	// They are called so, and are not policies of IAM.
	"AWS::Config::ConfigRule Source.CustomPolicyDetails.PolicyText":                            "rules of Guard",
	"AWS::Config::OrganizationConfigRule OrganizationCustomPolicyRuleMetadata.PolicyText":      "rules of Guard",
	"AWS::DataSync::LocationHDFS KerberosPrincipal":                                            "a name of Kerberos",
	"AWS::DataSync::LocationSMB KerberosPrincipal":                                             "a name of Kerberos",
	"AWS::EC2::VerifiedAccessEndpoint PolicyDocument":                                          "Cedar, about users of the own trust provider",
	"AWS::EC2::VerifiedAccessGroup PolicyDocument":                                             "Cedar, about users of the own trust provider",
	"AWS::ECR::Repository LifecyclePolicy.LifecyclePolicyText":                                 "when images expire",
	"AWS::ElastiCache::UserGroup UserIds":                                                      "users of the cache",
	"AWS::IVS::Channel MultitrackInputConfiguration.Policy":                                    "a setting",
	"AWS::ImageBuilder::LifecyclePolicy PolicyDetails.ExclusionRules.Amis.SharedAccounts":      "images that are kept",
	"AWS::IoT::PolicyPrincipalAttachment Principal":                                            "a certificate of the account",
	"AWS::IoT::ThingPrincipalAttachment Principal":                                             "a certificate of the account",
	"AWS::Logs::AccountPolicy PolicyDocument":                                                  "data protection, subscriptions, indexes",
	"AWS::Logs::LogGroup DataProtectionPolicy":                                                 "what is masked",
	"AWS::NetworkManager::CoreNetwork PolicyDocument":                                          "the form of the network",
	"AWS::ODB::OdbNetwork KmsPolicyDocument":                                                   "limits what passes the network's endpoint",
	"AWS::ODB::OdbNetwork S3PolicyDocument":                                                    "limits what passes the network's endpoint",
	"AWS::ODB::OdbNetwork StsPolicyDocument":                                                   "limits what passes the network's endpoint",
	"AWS::OpenSearchServerless::LifecyclePolicy Policy":                                        "how long data is kept",
	"AWS::OpenSearchServerless::SecurityPolicy Policy":                                         "encryption and network: who may call is in the access policy",
	"AWS::RAM::Permission PolicyTemplate":                                                      "what a share allows, not whom",
	"AWS::SES::ReceiptFilter Filter.IpFilter.Policy":                                           "Allow or Block, of mail",
	"AWS::SNS::Subscription RedrivePolicy":                                                     "where failed messages go",
	"AWS::SNS::Subscription ReplayPolicy":                                                      "which messages come again",
	"AWS::SNS::Topic ArchivePolicy":                                                            "how long messages are kept",
	"AWS::SNS::Topic DataProtectionPolicy":                                                     "what is masked",
	"AWS::SQS::Queue RedriveAllowPolicy":                                                       "which queues of the account may send failed messages",
	"AWS::Logs::Integration ResourceConfig.OpenSearchResourceConfig.DashboardViewerPrincipals": "identities of the account that see a dashboard",
	"aws_verifiedaccess_endpoint policy_document":                                              "Cedar, about users of the own trust provider",
	"aws_verifiedaccess_group policy_document":                                                 "Cedar, about users of the own trust provider",
	// Identities of your account.
	"AWS::EKS::PodIdentityAssociation Policy":                    "limits the session of an own role",
	"AWS::IoT::Policy PolicyDocument":                            "of certificates of the account, in a language of its own",
	"AWS::Transfer::User Policy":                                 "limits the session of an own role",
	"AWS::DataZone::SubscriptionTarget AuthorizedPrincipals":     "roles that DataZone works with",
	"AWS::QBusiness::DataAccessor Principal":                     "an application that AWS lists, over an own identity provider",
	"AWS::SecurityLake::Subscriber SubscriberIdentity.Principal": "the service makes a role or a RAM share for the subscriber, which is not in the code",
	"AWS::Serverless::Function AssumeRolePolicyDocument":         "the loader makes a role of it",
	// Which side of an access they say is said elsewhere.
	"aws_acmpca_permission source_account":                "a condition of the permission, read with it",
	"aws_lambda_layer_version_permission organization_id": "a condition of the permission, read with it",
	"aws_lambda_permission source_arn":                    "a condition of the permission, read with it",
	"aws_lambda_permission source_account":                "a condition of the permission, read with it",
	"aws_lambda_permission principal_org_id":              "a condition of the permission, read with it",
	"aws_lambda_permission function_url_auth_type":        "a condition of the permission, read with it",
	"aws_ram_resource_share allow_external_principals":    "a limit of the share, read with it",
}

func init() {
	for _, t := range []string{"ActionConnector", "Analysis", "Dashboard", "DataSet", "DataSource", "Flow", "Folder", "KnowledgeBase", "Space", "Template", "Theme", "TopicV2"} {
		exceptions["AWS::QuickSight::"+t+" Permissions.Principal"] = "users and groups of the own QuickSight account"
	}
	exceptions["AWS::QuickSight::Dashboard LinkSharingConfiguration.Permissions.Principal"] = "users and groups of the own QuickSight account"
	exceptions["AWS::QuickSight::DataSet ColumnLevelPermissionRules.Principals"] = "users and groups of the own QuickSight account"
}

// bearing are the properties that have to be covered.
func bearing(t *testing.T) [][2]string {
	var out [][2]string
	for _, line := range strings.Split(strings.TrimSpace(specified)+"\n"+strings.TrimSpace(provided), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			t.Fatalf("line %q", line)
		}
		switch f[2] {
		case "InlineResourcePolicy", "ResourcePolicyResource", "LambdaPermission", "name", "policy", "grant":
			out = append(out, [2]string{f[0], f[1]})
		}
	}
	return out
}

// identity are types whose policies name no principal.
var identity = []string{"AWS::IAM::Group", "AWS::IAM::User"}

// A property that grants is read: where nothing is known of it, something is
// undetermined.
func TestNoPolicyIsMissing(t *testing.T) {
	used := map[string]bool{}
	for _, x := range bearing(t) {
		name := x[0] + " " + x[1]
		if slices.Contains(identity, x[0]) || x[0] == "AWS::IAM::Role" && strings.HasPrefix(x[1], "Policies.") {
			continue
		}
		read := x[1] == "" && Relevant(languageOf(x[0]), x[0]) || grantsSomething(x[0], x[1])
		reason, excepted := exceptions[name]
		used[name] = true
		switch {
		case !read && !excepted:
			t.Errorf("%s is neither read nor excepted", name)
		case read && excepted:
			t.Errorf("%s is read, and excepted: %s", name, reason)
		}
	}
	for name := range exceptions {
		if !used[name] {
			t.Errorf("%s is excepted, and nothing holds it", name)
		}
	}
}

// grantsSomething reports whether a property of which nothing is known makes a
// document, beside those that are there without it.
func grantsSomething(typ, path string) bool {
	if places := index().types[typ]; len(places) == 1 && places[0].row.kind().LimitsOnly {
		return slices.Contains(places[0].form.Policy, path) // listed, and not read
	}
	count := func(v value.Value) int {
		n := 0
		for _, r := range Resources(languageOf(typ), []Block{{Type: typ, Address: "x", Properties: v}}).Resources {
			for _, d := range r.Documents {
				if !d.Implied {
					n += len(d.Policy.Statements)
				}
			}
		}
		return n
	}
	without, with := value.Value{Kind: value.Map}, value.Value{Kind: value.Unknown, Text: value.Ref(value.Reference{Name: "unknown"})}
	keys := strings.Split(path, ".")
	for i := len(keys) - 1; i >= 0; i-- {
		with = value.Value{Kind: value.Map, Fields: []value.Field{{Key: keys[i], Value: with}}}
	}
	if n := count(with); n > count(without) {
		return true
	}
	// A permission grants as a whole; then the property must at least be named.
	for _, p := range index().types[typ] {
		if p.form.Read != nil && strings.Contains(strings.ToLower(p.form.Where), strings.ToLower(keys[len(keys)-1])) && count(with) > 0 {
			return true
		}
	}
	return false
}

// Every path that a row gives for a policy leads to one.
func TestPathsAreRead(t *testing.T) {
	for _, row := range rows() {
		for _, f := range slices.Concat(row.Resource, row.Parts) {
			for _, path := range f.Policy {
				if strings.HasPrefix(path, "Body") || f.Has != nil {
					continue
				}
				if !grantsSomething(f.Type, path) && f.Type != "aws_s3_bucket_policy" {
					t.Errorf("%s: nothing at %s", f.Type, path)
				}
			}
		}
	}
}

func TestCoverageIsDocumented(t *testing.T) {
	got := coverage()
	const name = "../../docs/coverage.md"
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Error("docs/coverage.md is not what the catalogue says; go test ./loaders/catalog -update writes it")
	}
}

func coverage() string {
	var b strings.Builder
	b.WriteString(`# Coverage

What is read of CloudFormation and Terraform, and what decides together. Generated from the catalogue (` + "`loaders/catalog`" + `).

Findings: **yes** where IAM Access Analyzer has findings of external access for the type, **check** where its check for public access
takes the type's policy, **beyond** where it does not know the type.

| type | findings | CloudFormation | Terraform | combined |
|---|---|---|---|---|
`)
	for _, row := range rows() {
		kind := row.kind()
		by := "beyond"
		switch {
		case kind.AccessAnalyzer:
			by = "yes"
		case kind.CheckPublic:
			by = "check"
		case kind.LimitsOnly:
			by = "limits only"
		}
		cells := map[Language][]string{}
		for _, f := range slices.Concat(row.Resource, row.Parts) {
			l := languageOf(f.Type)
			text := "`" + f.Type + "`"
			var where []string
			for _, path := range f.Policy {
				where = append(where, "`"+path+"`")
			}
			if f.Where != "" {
				where = append(where, f.Where)
			}
			if len(where) > 0 {
				text += ": " + strings.Join(where, ", ")
			}
			cells[l] = append(cells[l], text)
		}
		cell := func(l Language) string {
			if len(cells[l]) == 0 {
				return "–"
			}
			return strings.Join(cells[l], "<br>")
		}
		combined := row.Combined
		if combined == "" {
			combined = "policy"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", row.Kind, by, cell(CloudFormation), cell(Terraform), combined)
	}
	b.WriteString("\n## Left out\n\nProperties that look like a grant, by name or by the mark of CloudFormation's specification, and are none or none of ours.\n\n| property | why |\n|---|---|\n")
	var names []string
	for name := range exceptions {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		typ, path, _ := strings.Cut(name, " ")
		fmt.Fprintf(&b, "| `%s` `%s` | %s |\n", typ, path, exceptions[name])
	}
	return b.String()
}
