package scan

import (
	"errors"
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/config"
)

// Question is what a query asks, of the resources that it is about.
type Question struct {
	access.Question
	resources []string // addresses, names or ARNs, with wildcards; nil: all
	// organization is that of the callers who are asked about. Another one than the
	// declared one has none of the callers inside the zone.
	organization string
	asked        finding.Question
	Notes        []string
	unknown      []string // names in it that AWS's tables do not have
}

// NewQuestion reads the question from the command line; the error is for the
// user.
func NewQuestion(principal string, actions, resources, carried []string, everyone bool) (*Question, error) {
	q := &Question{resources: resources}
	q.asked = finding.Question{Scope: "outside", Principals: []string{}, Actions: present(actions), Resources: present(resources), Context: present(carried)}
	q.Inside = everyone
	for _, a := range actions {
		if err := q.knownAction(a); err != nil {
			return nil, err
		}
		q.Actions = append(q.Actions, a)
	}
	for _, r := range resources {
		if _, err := path.Match(r, ""); r == "" || err != nil {
			return nil, fmt.Errorf("--resource %q is not a pattern; an address, a name or an ARN is expected, with * and ? as wildcards", r)
		}
	}
	if principal != "" {
		q.asked.Principals = []string{principal}
		if principal != "*" {
			q.Inside = true
		}
		if err := q.by(principal); err != nil {
			return nil, err
		}
	}
	for _, c := range carried {
		if err := q.carries(c); err != nil {
			return nil, err
		}
	}
	if q.Inside {
		q.asked.Scope = "everyone"
	}
	return q, nil
}

// NewQuestionOfAny asks what any of some principals can do. Several are accounts
// or roles, which nothing but the caller tells apart.
func NewQuestionOfAny(principals []string) (*Question, error) {
	q, err := NewQuestion(principals[0], nil, nil, nil, false)
	if err != nil {
		return nil, err
	}
	for _, p := range principals[1:] {
		other, err := NewQuestion(p, nil, nil, nil, false)
		if err != nil {
			return nil, err
		}
		q.Callers = append(q.Callers, other.Callers...)
	}
	q.asked.Principals = principals
	return q, nil
}

var (
	canonicalID    = once.Regexp(`^[0-9a-f]{64}$`)
	organizationID = once.Regexp(`^o-[a-z0-9]{10,32}$`)
	hostName       = once.Regexp(`^[a-z0-9-]+(\.[a-z0-9-]+)+(/.*)?$`)
)

// by narrows the question to requests of one caller.
func (q *Question) by(who string) error {
	who = strings.TrimPrefix(who, "https://")
	text := func(kind policy.PrincipalKind) {
		q.Callers = []policy.Principal{{Kind: kind, Text: value.Lit(who)}}
	}
	organization, below, isPath := strings.Cut(who, "/")
	if hostName().MatchString(who) {
		if err := knownCaller(who); err != nil {
			return err
		}
	}
	switch {
	case who == "*":
	case strings.EqualFold(who, "anonymous"):
		q.when(policy.StringEquals, "aws:PrincipalType", "Anonymous")
	case config.AccountID(who) == nil:
		text(policy.AWS)
	case digits().MatchString(who):
		return fmt.Errorf("--principal %q: %w", who, config.AccountID(who))
	case organizationID().MatchString(who):
		q.organization = who
		q.when(policy.StringEquals, "aws:PrincipalOrgID", who)
	case isPath && organizationID().MatchString(organization) && below != "":
		q.organization = organization
		q.Conditions = append(q.Conditions, policy.Condition{
			Operator: policy.Operator{Quantifier: policy.ForAnyValue, Compare: policy.StringLike, Text: "ForAnyValue:StringLike"},
			Key:      "aws:PrincipalOrgPaths", Values: []policy.Pattern{{Text: value.Lit(strings.TrimRight(who, "/*") + "/*")}},
		})
	case strings.HasPrefix(who, "arn:"):
		name, ok := arn.Parse(who)
		switch {
		case !ok || name.Service != "iam" && name.Service != "sts":
			return fmt.Errorf("--principal %q is the ARN of nobody who could call: one of iam or sts is expected", who)
		case strings.HasPrefix(name.Resource, "oidc-provider/"), strings.HasPrefix(name.Resource, "saml-provider/"):
			text(policy.Federated)
		case strings.ContainsAny(who, "*?"):
			q.when(policy.ArnLike, "aws:PrincipalArn", who)
		default:
			text(policy.AWS)
		}
	case canonicalID().MatchString(who):
		text(policy.CanonicalUser)
	case who == "cognito-identity.amazonaws.com":
		text(policy.Federated)
	case strings.HasSuffix(who, ".amazonaws.com"), strings.HasSuffix(who, ".amazonaws.com.cn"):
		text(policy.Service)
	case hostName().MatchString(who):
		// A provider of any account that goes by this host, or the host itself.
		q.Callers = []policy.Principal{
			{Kind: policy.Federated, Text: value.Lit("arn:*:iam::*:oidc-provider/" + who)}, {Kind: policy.Federated, Text: value.Lit(who)},
		}
	default:
		return fmt.Errorf("--principal %q is unknown; an account id, an ARN, an organization's id or path, a service such as sns.amazonaws.com, an identity provider, a canonical user id, \"anonymous\" or \"*\" is expected", who)
	}
	return nil
}

func (q *Question) when(by policy.Comparison, key, text string) {
	q.Conditions = append(q.Conditions, policy.Condition{
		Operator: policy.Operator{Compare: by, Text: operatorNames[by]}, Key: key, Values: []policy.Pattern{{Text: value.Lit(text)}},
	})
}

var operatorNames = map[policy.Comparison]string{
	policy.StringEquals: "StringEquals", policy.StringLike: "StringLike", policy.ArnLike: "ArnLike", policy.Bool: "Bool", policy.NumericEquals: "NumericEquals",
	policy.DateEquals: "DateEquals", policy.IpAddress: "IpAddress", policy.NullCheck: "Null", policy.BinaryEquals: "BinaryEquals",
}

// carries narrows the question to requests with a context key: key=value, or
// !key for requests without it.
func (q *Question) carries(text string) error {
	if key, without := strings.CutPrefix(text, "!"); without {
		if !strings.Contains(key, ":") {
			return fmt.Errorf("--context %q names no condition key; !aws:SourceVpc is expected", text)
		}
		if err := q.knownKey(key); err != nil {
			return err
		}
		q.when(policy.NullCheck, key, "true")
		return nil
	}
	key, val, ok := strings.Cut(text, "=")
	if !ok || !strings.Contains(key, ":") {
		return fmt.Errorf("--context %q is not a condition key with a value; aws:SourceVpc=vpc-1a2b, or !aws:SourceVpc for requests without it, is expected", text)
	}
	for _, c := range q.Conditions {
		if strings.EqualFold(c.Key, key) {
			return fmt.Errorf("--context and --principal give condition key %s more than once", key)
		}
	}
	if err := q.knownKey(key); err != nil {
		return err
	}
	t, _ := knowledge.KeyOf(key)
	by, err := comparisonWith(t.Type, val)
	if err != nil {
		return fmt.Errorf("--context %q: %w", text, err)
	}
	q.when(by, key, val)
	if t.Multi {
		c := &q.Conditions[len(q.Conditions)-1]
		c.Operator.Quantifier, c.Operator.Text = policy.ForAnyValue, "ForAnyValue:"+c.Operator.Text
	}
	return nil
}

// comparisonWith is how a value of a condition key's type is asked for.
func comparisonWith(kind, val string) (policy.Comparison, error) {
	switch kind {
	case "Bool":
		if val != "true" && val != "false" {
			return 0, errors.New("true or false is expected")
		}
		return policy.Bool, nil
	case "Numeric":
		if _, err := strconv.ParseFloat(val, 64); err != nil {
			return 0, errors.New("a number is expected")
		}
		return policy.NumericEquals, nil
	case "Date":
		_, err := time.Parse(time.RFC3339, val)
		_, seconds := strconv.ParseInt(val, 10, 64)
		if err != nil && seconds != nil {
			return 0, errors.New("a date such as 2027-01-31T00:00:00Z is expected")
		}
		return policy.DateEquals, nil
	case "IPAddress":
		_, err := netip.ParseAddr(val)
		_, block := netip.ParsePrefix(val)
		if err != nil && block != nil {
			return 0, errors.New("an address or a range such as 203.0.113.0/24 is expected")
		}
		return policy.IpAddress, nil
	case "ARN":
		return policy.ArnLike, nil
	case "Binary":
		return policy.BinaryEquals, nil
	}
	if strings.ContainsAny(val, "*?") {
		return policy.StringLike, nil
	}
	return policy.StringEquals, nil
}

// about says whether the question is about a resource, and which ARNs of it: nil
// is all that it has.
func (q *Question) about(r resource.Resource, z *zone.Zone) (answer access.Answer, arns []string) {
	if r.IdentityPolicy {
		return access.No, nil // whoever has it is asked about where they get in
	}
	if q.resources == nil {
		return access.Yes, nil
	}
	answer = access.No
	for _, text := range q.resources {
		switch {
		case !strings.HasPrefix(text, "arn:"):
			if isCalled(r, text) {
				return access.Yes, nil
			}
		case access.Names(r, z, text) == access.Yes:
			answer, arns = access.Yes, append(arns, text)
		case access.Names(r, z, text) == access.NotKnown && answer == access.No:
			answer = access.NotKnown // of which part of it is not known either
		}
	}
	return answer, arns
}

// isCalled reports whether a resource has an address or a name that matches a
// glob.
func isCalled(r resource.Resource, glob string) bool {
	names := []string{r.Address, r.Name, r.Address[strings.LastIndexByte(r.Address, '.')+1:]}
	if name, ok := arn.Parse(r.ARN.Literal); r.ARN.Parts == nil && ok {
		names = append(names, name.Resource, name.Resource[strings.LastIndexAny(name.Resource, ":/")+1:])
	}
	return slices.ContainsFunc(names, func(name string) bool {
		if name == glob {
			return name != ""
		}
		matched, err := path.Match(glob, name)
		return err == nil && matched && name != ""
	})
}
