package access

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// subjectOf is what requests are made to, if there is any action on it.
func (a *analysis) subjectOf(k *knowledge.Kind) (s Subject, ok bool) {
	arn := ""
	if a.out.Kind != nil {
		arn = a.subject
	}
	s = Subject{Kind: k, ARN: arn, Account: a.out.Owner, Partition: a.grounding.partition, own: a.own, signed: a.resource.Signed}
	s.actions = a.usableActions(k)
	if len(s.actions) == 0 {
		if s.actions = a.unknownActions(k); len(s.actions) == 0 {
			return s, false
		}
		s.untabled = true
	}
	for i := range k.Shapes {
		s.shapes = append(s.shapes, k.Resource(i, arn))
	}
	return s, true
}

// sorted are the documents of the resource by the way on which they grant.
func (a *analysis) sorted(k *knowledge.Kind) (policies, lists, points []resource.Document) {
	arn := ""
	if a.out.Kind != nil {
		arn = a.subject
	}
	for _, d := range append(implied(k, arn), a.resource.Documents...) {
		d.Policy = spellOut(k, d.Policy)
		switch d.Source {
		case resource.BucketACL:
			lists = append(lists, d)
		case resource.AccessPoint:
			points = append(points, d)
		default:
			policies = append(policies, a.withoutBlocked(d))
		}
	}
	return a.inDoubt(k, policies, lists, points)
}

// inForce returns the policies that can be in force together: where a resource
// has one only, each of several that the code gives it.
func inForce(policies []resource.Document) [][]resource.Document {
	var soles, others []resource.Document
	for _, d := range policies {
		if d.Sole {
			soles = append(soles, d)
		} else {
			others = append(others, d)
		}
	}
	if len(soles) < 2 {
		return [][]resource.Document{policies}
	}
	var out [][]resource.Document
	for _, d := range soles {
		out = append(out, append([]resource.Document{d}, others...))
	}
	return out
}

// partition: the resource's own, else that of the first ARN in its policies; told is
// false where it is not the resource itself that says.
func (a *analysis) partition() (name string, told bool) {
	if a.resource.Partition != "" {
		return a.resource.Partition, true
	}
	if name := arn.PartitionOf(a.resource.ARN.Literal); name != "" {
		return name, true
	}
	if name := knowledge.PartitionOf(a.resource.Region); a.resource.Region != "" && name != "" {
		return name, true
	}
	for _, d := range a.resource.Documents {
		for _, s := range d.Policy.Statements {
			for _, p := range s.Resource.List {
				if name := arn.PartitionOf(p.Text.String()); strings.HasPrefix(name, "aws") {
					return name, false
				}
			}
			for _, p := range s.Principal.List {
				if name := arn.PartitionOf(p.Text.String()); strings.HasPrefix(name, "aws") {
					return name, false
				}
			}
		}
	}
	for _, d := range a.resource.Documents {
		for _, s := range d.Policy.Statements {
			for _, c := range s.Condition {
				for _, v := range c.Values {
					if name := arn.PartitionOf(v.Text.String()); strings.HasPrefix(name, "aws") {
						return name, false
					}
				}
			}
		}
	}
	return "aws", false
}

// secretValue are the actions on a secret that need its key: under the key that
// AWS manages they cannot be used from another account.
//
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
var secretValue = map[string]bool{"secretsmanager:getsecretvalue": true, "secretsmanager:batchgetsecretvalue": true, "secretsmanager:putsecretvalue": true}

// usableActions are the actions of the kind that those who are asked about can
// use: another account cannot use all of them.
func (a *analysis) usableActions(k *knowledge.Kind) []knowledge.KindAction {
	all := k.Actions()
	if k.Type == "" {
		all = genericActions(k)
	}
	whole := true
	for _, x := range all {
		if !a.usable(x) {
			whole = false
			break
		}
	}
	if whole {
		return all
	}
	var out []knowledge.KindAction
	for _, x := range all {
		if a.usable(x) {
			out = append(out, x)
		}
	}
	return out
}

func (a *analysis) usable(x knowledge.KindAction) bool {
	return a.inside || x.CrossAccount && !(a.resource.AWSManagedKey != "" && secretValue[x.Lower])
}

// unknownActions are actions of a service that no table has, one for each
// pattern that a statement allows: AWS may know the service by now.
func (a *analysis) unknownActions(k *knowledge.Kind) []knowledge.KindAction {
	var out []knowledge.KindAction
	seen := map[string]bool{}
	for _, d := range a.resource.Documents {
		for _, s := range d.Policy.Statements {
			for _, p := range s.Action.List {
				text := p.Text.String()
				prefix, name, ok := strings.Cut(text, ":")
				if s.Effect != policy.Allow || !ok || !contains(k.Services, strings.ToLower(prefix)) || strings.ContainsAny(text, " \t\r\n,$") || name == "" {
					continue
				}
				full := prefix + ":" + anAction.Replace(name)
				if lower := strings.ToLower(full); !seen[lower] {
					seen[lower] = true
					out = append(out, knowledge.KindAction{Full: full, Lower: lower, Level: knowledge.Write, CrossAccount: true, Shapes: everyShape(k)})
				}
			}
		}
	}
	return out
}

// implied is what a kind grants without any policy: everyone may pull from a
// public repository, whose policy is about pushing only.
//
// https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policies.html
func implied(k *knowledge.Kind, arn string) []resource.Document {
	if k.Type != "AWS::ECR::PublicRepository" {
		return nil
	}
	st := policy.Statement{Sid: "public by kind", Effect: policy.Allow,
		Principal: policy.Principals{Present: true, List: []policy.Principal{{Kind: policy.Anyone, Text: value.Lit("*")}}},
		Action:    policy.Patterns{Present: true},
	}
	for _, x := range k.Actions() {
		if x.Level == knowledge.Read || x.Level == knowledge.List {
			st.Action.List = append(st.Action.List, policy.Pattern{Text: value.Lit(x.Full)})
		}
	}
	return []resource.Document{{Policy: &policy.Document{Version: "2012-10-17", Statements: []policy.Statement{st}}}}
}

// spellOut writes the short form of resources that API Gateway takes,
// execute-api:/stage/method/path, as the ARN that it stands for.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-policy-language-overview.html
func spellOut(k *knowledge.Kind, d *policy.Document) *policy.Document {
	if k.Type == "AWS::OpenSearchService::Domain" {
		return httpOnly(d)
	}
	if !contains(k.Services, "execute-api") {
		return d
	}
	out := *d
	out.Statements = append([]policy.Statement{}, d.Statements...)
	for i := range out.Statements {
		s := &out.Statements[i]
		s.Resource.List = append([]policy.Pattern{}, s.Resource.List...)
		for j, p := range s.Resource.List {
			const short, long = "execute-api:/", "arn:*:execute-api:*:*:*/"
			if rest, ok := strings.CutPrefix(p.Text.Literal, short); ok && p.Text.Parts == nil {
				s.Resource.List[j].Text.Literal = long + rest
			} else if len(p.Text.Parts) > 0 && strings.HasPrefix(p.Text.Parts[0].Literal, short) {
				parts := append([]value.Part{}, p.Text.Parts...)
				parts[0].Literal = long + strings.TrimPrefix(parts[0].Literal, short)
				s.Resource.List[j].Text = value.Text{Parts: parts}
			}
		}
	}
	return &out
}

// httpOnly reads all actions of a domain's policy as what they stand for there:
// the requests over HTTP.
//
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
func httpOnly(d *policy.Document) *policy.Document {
	out := *d
	out.Statements = append([]policy.Statement{}, d.Statements...)
	for i := range out.Statements {
		s := &out.Statements[i]
		s.Action.List = append([]policy.Pattern{}, s.Action.List...)
		for j, p := range s.Action.List {
			if text, known := p.Text.Known(); known && (text == "*" || strings.EqualFold(text, "es:*")) {
				s.Action.List[j].Text = value.Lit("es:ESHttp*")
			}
		}
	}
	return &out
}
