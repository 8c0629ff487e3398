package rules

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// message says in one line who can do what to which resource.
func (w *writer) message(g access.Grant, f finding.Finding) string {
	if f.Rule == "unread-policy" {
		if fault := faultOf(g); fault != "" && !w.hidden {
			return "a policy " + w.subject() + " could not be read: " + fault + "; who gets in is not known"
		}
		return "a policy " + w.subject() + " could not be read: who gets in is not known"
	}
	can := "can"
	if !g.Proven {
		can = "could"
	}
	return fmt.Sprintf("%s %s %s %s", w.who(g), can, actionsText(f.Action), w.subject())
}

// faultOf says why the text of a grant's policy cannot be read, "" where it is merely
// not known.
func faultOf(g access.Grant) string {
	for _, s := range g.Statements {
		for _, p := range s.Statement.Action.List {
			for _, part := range p.Text.Parts {
				if part.Ref != nil && part.Ref.Fault != "" {
					return part.Ref.Fault
				}
			}
		}
	}
	return ""
}

func (w *writer) serviceMessage(g access.ServiceGrant, f finding.Finding) string {
	name := g.Service
	if name == "" {
		name = "any AWS service"
	}
	behalf := "on behalf of any account"
	switch {
	case g.Foreign:
		behalf = "on behalf of a named foreign source"
	case g.Unknown:
		behalf = "on behalf of a source that is not known"
	}
	can := "can"
	if !g.Proven {
		can = "could"
	}
	return fmt.Sprintf("%s %s %s %s %s", name, can, actionsText(f.Action), w.subject(), behalf)
}

// actionsText names at most two actions.
func actionsText(names []string) string {
	if len(names) == 0 {
		return "do nothing known"
	}
	return someOf(names)
}

// someOf names at most two of a list that is not empty.
func someOf(names []string) string {
	switch n := len(names); {
	case n == 1:
		return names[0]
	case n == 2:
		return names[0] + " and " + names[1]
	default:
		return fmt.Sprintf("%s, %s and %d more", names[0], names[1], n-2)
	}
}

// who names the party that a grant lets in.
func (w *writer) who(g access.Grant) string {
	switch g.PrincipalKey {
	case "Federated":
		if g.Guest {
			return "anyone on the internet, who gets a guest identity of " + g.Principal + ","
		}
		if g.AnyTenant {
			if issuer, ok := knowledge.SharedIssuer(g.Principal); ok {
				return "any tenant of " + issuer.Name
			}
		}
		return "callers with a token of " + g.Principal
	case "CanonicalUser":
		if name, ok := knowledge.AWSOwned(g.Principal); ok {
			return "AWS's own " + name
		}
		return "the account with canonical user id " + g.Principal
	}
	if g.Principal != "*" {
		return w.named(g) + conditionsText(g.Conditions)
	}
	if len(g.Conditions) == 0 {
		if g.Public && g.Witness != nil && g.Witness.Principal.Type != "Anonymous" && w.signedOnly() {
			return "any AWS account"
		}
		return "anyone"
	}
	return "anyone" + conditionsText(g.Conditions)
}

func (w *writer) signedOnly() bool {
	return w.resource.Signed || w.result.Kind != nil && !w.result.Kind.Unsigned
}

// named names an AWS principal, with the declared name of its account.
func (w *writer) named(g access.Grant) string {
	principal := g.Principal
	if name, ok := knowledge.AWSOwned(principal); ok {
		return fmt.Sprintf("%s (AWS-owned: %s)", principal, name)
	}
	account := principal
	if id := arn.AccountOf(principal); id != "" {
		account = id
	}
	label := principal
	if account == principal {
		label = w.kindOf(g) + " " + principal
	}
	if name := w.zone.Names[account]; name != "" {
		return fmt.Sprintf("%s (%s)", label, name)
	}
	return label
}

// uniqueIDKinds are the kinds of what AWS gives a unique id, by its first letters.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
var uniqueIDKinds = map[string]string{
	"AIDA": "the user with the unique id", "AROA": "the role with the unique id", "AGPA": "the group with the unique id",
	"AIPA": "the instance profile with the unique id", "ANPA": "the policy with the unique id", "ASCA": "the certificate with the unique id",
}

// kindOf says what a principal without an ARN is: an account, what a unique id is
// of or, if its text is a value that is not known, a principal of some kind.
func (w *writer) kindOf(g access.Grant) string {
	if len(g.Principal) >= 16 {
		if kind, ok := uniqueIDKinds[g.Principal[:4]]; ok {
			return kind
		}
	}
	for _, s := range g.Statements {
		for _, p := range s.Statement.Principal.List {
			if len(p.Text.Parts) == 1 && p.Text.Parts[0].Ref != nil && value.Shown(p.Text.String()) == g.Principal {
				return "principal"
			}
		}
	}
	return "account"
}

func conditionsText(list []access.Condition) string {
	var parts []string
	for _, c := range list {
		parts = append(parts, c.Key+" "+c.Value)
	}
	if len(parts) == 0 {
		return ""
	}
	sort.Strings(parts)
	return " with " + strings.Join(parts, " and ")
}

// subject names the resource.
func (w *writer) subject() string {
	switch {
	case w.arn != "":
		return "on " + w.arn
	case w.resource.Address != "" && w.resource.Address != "(policy)":
		return "on " + w.resource.Address
	case w.result.Kind != nil:
		return "on the " + kindName(w.result.Kind.Type) + " with this policy"
	}
	return "on the resource with this policy"
}

// idle says that a statement can never apply.
func (w *writer) idle(i access.Idle) string {
	kind := kindName(w.result.Kind.Type)
	if strings.HasSuffix(i.Element, "Action") {
		return fmt.Sprintf("the statement never applies: its %s is nothing that the policy of this resource (%s) decides", i.Element, kind)
	}
	if strings.Contains(i.Element, ":") {
		return fmt.Sprintf("the statement never applies: no request has a value of %s like the one that it asks for", i.Element)
	}
	name := w.arn
	if name == "" {
		name = w.resource.Address
	}
	if strings.HasPrefix(i.Element, "Not") {
		return fmt.Sprintf("the statement never applies: its %s covers all of %s (%s), to which the policy is attached", i.Element, name, kind)
	}
	return fmt.Sprintf("the statement never applies: its %s does not match %s (%s), to which the policy is attached", i.Element, name, kind)
}

// kindName is the last part of a type's name in words: AWS::S3::Bucket is
// "S3 bucket".
func kindName(t string) string {
	parts := strings.Split(t, "::")
	if len(parts) != 3 {
		return t
	}
	var b strings.Builder
	for i, r := range parts[2] {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteString(strings.ToLower(string(r)))
	}
	return parts[1] + " " + b.String()
}

// refusedSecret says of a policy that is a secret that AWS would refuse it: why quotes it.
const refusedSecret = "AWS would refuse the statement"

// notes say what a grant rests on beside the policy.
func (w *writer) notes(g access.Grant) []string {
	var out []string
	if g.Public && g.Source.Source != resource.AccessPoint && w.resource.Type == "AWS::S3::Bucket" && w.resource.Block == nil {
		out = append(out, "Block Public Access is not part of the input and taken to be off")
	}
	for _, s := range g.Statements {
		switch {
		case s.Statement.Refused == "":
		case !w.hidden:
			out = append(out, "AWS would refuse the statement: "+s.Statement.Refused)
		case !slices.Contains(out, refusedSecret):
			out = append(out, refusedSecret)
		}
	}
	out = append(out, w.denies(g)...)
	for _, c := range g.Conditions {
		if strings.EqualFold(c.Key, "aws:SourceArn") && arn.AccountOf(c.Value) == "" && strings.HasPrefix(c.Value, "arn:") {
			out = append(out, "the source's ARN names no account: add aws:SourceAccount to fix whose it is")
		}
	}
	if w.result.Key != "" && g.NeedsKey() {
		note := "the value is under the key " + w.result.Key + ", whose policy decides as well"
		if !w.hidden {
			note += "; it lets " + someOf(w.result.KeyUsers) + " decrypt"
		}
		out = append(out, note)
	}
	if w.resource.KeyNotInCode != "" {
		out = append(out, "the policy of the key "+w.resource.KeyNotInCode+" decides as well and is not part of the input")
	}
	return out
}

// helpOf is what can be done about a finding. One that depends on a value says how that
// is given.
func helpOf(rule string, needs []string) string {
	out := help[rule]
	if len(needs) == 0 || !strings.HasPrefix(out, stateIt) && !strings.Contains(out, anyFlag) {
		return out
	}
	how := ""
	switch kind, name := GivenBy(needs[0]); kind {
	case ByVariable:
		how = "--var " + name + "=…"
	case ByParameter:
		how = "--parameter " + name + "=…"
	case ByName:
		how = "--value '" + name + "=…'"
	default:
		return out
	}
	if rest, stated := strings.CutPrefix(out, stateIt); stated {
		return "give the value with " + how + rest
	}
	return strings.Replace(out, anyFlag, "the value with "+how, 1)
}

// Given is how users can give a value that is not known.
type Given int

const (
	NotGiven    Given = iota // it is not a value
	ByVariable               // of Terraform, in the root module
	ByParameter              // of a template
	ByName                   // that findings call it by
)

// GivenBy tells how a need of a finding can be given, and by what name.
func GivenBy(need string) (Given, string) {
	need = strings.TrimSuffix(need, " (known after apply)")
	switch {
	case rootVariable().MatchString(need):
		return ByVariable, strings.TrimPrefix(need, "var.")
	case parameterName().MatchString(need):
		return ByParameter, need
	case valueName().MatchString(need):
		return ByName, need
	}
	return NotGiven, ""
}

// Names of what is not known, as findings call it: a variable of the root module, a
// parameter, anything else that has a value.
var (
	rootVariable  = once.Regexp(`^var\.[\w-]+$`)
	parameterName = once.Regexp(`^[A-Za-z][A-Za-z0-9]*$`)
	valueName     = once.Regexp(`^(module\.|data\.|aws_\w+\.|awscc_\w+\.|Fn::ImportValue |\{\{resolve:|[A-Za-z][A-Za-z0-9]*\.[\w.]+$)[^\s'\x60]*$`)
)

// stateIt begins the help of findings that depend on a value.
const stateIt = "state the value that is not known"

// anyFlag is where the help of other rules has the flag.
const anyFlag = "the value (--var, --parameter)"

// help says, for each rule, what would close the access.
var help = map[string]string{
	"unused-role":              "remove the role, or what assumes it is yet to be deployed: archive the finding until then",
	"unused-permission":        "take the permissions out of the statement",
	"unused-access-key":        "deactivate the key, and delete it when nobody misses it",
	"unused-password":          "delete the user's login profile, or the user",
	"policy-no-effect":         "name actions and resources that requests to this resource have, or move the statement to the policy that it was meant for",
	"oidc-subject":             "compare the subject, or another claim that only your organization's tokens have, with a value that spells your organization out; ForAllValues and IfExists hold when the claim is missing",
	"public-endpoint":          "if it is not for everyone, limit the principal, or the network with aws:SourceVpce or aws:SourceIp",
	"guarded-endpoint":         "make sure that the authorizer lets only those in who are meant; whom it lets in is not part of the code",
	"public-admin":             "name the principals that need it; nobody else should hold these permissions",
	"public-write":             "name the principals that need it, or limit them with aws:PrincipalOrgID or aws:SourceArn under an operator that does not hold when the key is absent",
	"public-read":              "name the principals that need it, or limit them with aws:PrincipalOrgID, aws:SourceVpce or a narrow aws:SourceIp",
	"public-access":            "name the principals that need it, or limit them with a condition that the caller cannot choose",
	"own-federation":           "this is how workloads and people of your own sign in; declare the provider as trusted if that is intended",
	"external-federation":      "declare the provider, audience and subject as trusted if this is intended, or narrow the subject",
	"own-organization":         "use an organization as the zone of trust if its accounts are trusted, or name the accounts that need access",
	"external-organization":    "declare the organization if it is your own, or name the accounts that need access",
	"own-network":              "add aws:PrincipalOrgID or name the principals: a network alone lets any credentials in; declare the network as trusted if that is meant",
	"external-network":         "add aws:PrincipalOrgID or name the principals: a network alone lets any credentials in; declare the network as trusted if it is yours",
	"aws-owned-account":        "this account is AWS's own; where the service has a service principal by now, use it with aws:SourceArn",
	"external-admin":           "do not let another account change permissions; grant the actions that it needs",
	"external-account":         "declare the account as trusted if this is intended, or remove it; narrow it to a role and, for an assumed role, require sts:ExternalId",
	UnreadModule:               "give the module: install it with \"terraform init\", name a copy (--module SOURCE=DIR), or analyse the directory that holds it as well; or archive the finding with a reason",
	UnreadTemplate:             "give the template: analyse what is deployed (sam build, cdk synth, or the processed template of a change set); or archive the finding with a reason",
	UnreadBudget:               "analyse fewer inputs at once, or make the code smaller: fewer resources by loops, fewer patterns with several wildcards; or archive the finding with a reason",
	"unread-policy":            "give what could not be read: the value (--var, --parameter), the module or file it comes from, or, for a plan, the configuration (--source-root); correct what AWS would refuse",
	"undetermined-public":      stateIt + ", or make the statement one that AWS accepts",
	"undetermined-external":    stateIt + ", or make the statement one that AWS accepts; declare who is named as trusted if the access is intended",
	"undetermined-access":      stateIt + ", or make the statement one that AWS accepts",
	"confused-deputy-open":     "add aws:SourceArn or aws:SourceAccount with your own resource or account: any customer of the service can direct it here",
	"confused-deputy-metadata": "add aws:SourceArn or aws:SourceAccount here too, as AWS's own examples do",
	"undetermined-deputy":      "give the value that is not known; the limit is yours if it is your own account or resource",
	"confused-deputy-unlisted": "no documentation that iaclint knows says whether this service acts for other customers: add aws:SourceArn or aws:SourceAccount, or accept the finding with the reason",
	"confused-deputy":          "add aws:SourceArn, aws:SourceAccount or aws:SourceOrgID with your own resource, account or organization",
}
