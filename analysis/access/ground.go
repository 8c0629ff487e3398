package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// grounding puts your account, region and so on in the place of references
// that mean them. The name that AWS will give to a resource of the stack becomes
// a stand-in, so that two uses of it are the same text. What is left is not
// known at all.
type grounding struct {
	account, region, partition, organization string
	told                                     bool       // the partition is that of the resource, and not taken from its policies
	arn                                      value.Text // of the resource, as the loader gave it
	free                                     map[string]bool
	declared                                 map[string]bool // see declaredNames
}

// freeKeys returns those of these keys that policies compare, in one way, with
// one value only, which is not known: it is as good as any other then. Of two
// such values it is not known whether they are the same.
func freeKeys(documents []resource.Document) map[string]bool {
	free := map[string]bool{}
	type comparison struct {
		text value.Text
		by   policy.Comparison
	}
	first := map[string]comparison{}
	for _, d := range documents {
		if d.Policy == nil {
			continue
		}
		for _, s := range d.Policy.Statements {
			for _, c := range s.Condition {
				name := strings.ToLower(c.Key)
				if _, seen := free[name]; !seen {
					row, _ := knowledge.KeyRow(name)
					free[name] = row.Free
				}
				for _, v := range c.Values {
					if _, seen := first[name]; !seen {
						first[name] = comparison{v.Text, c.Operator.Compare}
					}
					if f := first[name]; !v.Text.Equal(f.text) || c.Operator.Compare != f.by {
						free[name] = false
					}
					if v.Text.Parts == nil || c.Operator.Compare != policy.StringEquals && c.Operator.Compare != policy.StringLike || c.Operator.Quantifier != policy.Plain {
						free[name] = false
					}
				}
			}
		}
	}
	return free
}

// ground puts what is known of the deployment in the place of references to it.
func (a *analysis) ground() {
	r := &a.resource
	partition, told := a.partition()
	a.grounding = grounding{account: a.out.Owner, region: r.Region, partition: partition, told: told, organization: a.zone.Organization, arn: r.ARN}
	if a.account == "" {
		a.account = ownAccount
	}
	if a.region == "" {
		a.region = value.StandIn("region")
	}
	if a.organization == "" {
		a.organization = ownOrganization
	}
	a.subject = a.inResource().literal(r.ARN)
	if !strings.HasPrefix(a.subject, "arn:") {
		a.subject = ""
	}
	if known, ok := a.text(r.ARN).Known(); ok && !value.HasStandIn(known) {
		a.out.ARN = known
	}
	a.free, a.declared = freeKeys(r.Documents), declaredNames(r.Documents)
	r.Documents = a.documents(r.Documents)
	if namesThings(r.Documents) {
		for _, text := range r.Own {
			a.own = append(a.own, a.literal(text))
		}
	}
	a.adoptName()
}

// declaredNames are what stands in the conditions of policies for what AWS will tell of
// resources that the code declares; nil: none.
func declaredNames(documents []resource.Document) map[string]bool {
	var out map[string]bool
	for _, d := range documents {
		if d.Policy == nil {
			continue
		}
		for _, s := range d.Policy.Statements {
			for _, c := range s.Condition {
				for _, v := range c.Values {
					for _, p := range v.Text.Parts {
						if p.Ref == nil || !p.Ref.Declared {
							continue
						}
						if out == nil {
							out = map[string]bool{}
						}
						out["${"+p.Ref.Name+"}"] = true
					}
				}
			}
		}
	}
	return out
}

// namesThings reports whether a policy looks at anything that a stack can own
// although no account is in its name. Most do not, and a stack may have many.
func namesThings(documents []resource.Document) bool {
	for _, d := range documents {
		if d.Policy == nil {
			continue
		}
		for _, s := range d.Policy.Statements {
			for _, p := range s.Principal.List {
				if p.Kind == policy.CanonicalUser || p.Kind == policy.AWS && strings.Contains(p.Text.String(), "cloudfront") {
					return true
				}
			}
			for _, c := range s.Condition {
				if strings.EqualFold(c.Key, "aws:SourceArn") || strings.EqualFold(c.Key, "aws:PrincipalArn") {
					return true
				}
			}
		}
	}
	return false
}

// inResource is the grounding of ARNs of the resource itself: which region it
// is in makes no difference, as long as all of them say the same.
func (g grounding) inResource() grounding {
	if value.HasStandIn(g.region) {
		g.region = "*"
	}
	return g
}

// adoptName takes the name of a bucket from its policy when AWS or a parameter
// will only give it: S3 refuses a policy about another bucket.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
func (a *analysis) adoptName() {
	if a.out.Kind == nil || a.out.Kind.Type != "AWS::S3::Bucket" || !value.HasStandIn(a.subject) {
		return
	}
	name := ""
	for _, d := range a.resource.Documents {
		if d.Policy == nil || d.Source != resource.Policy && d.Source != "" {
			continue
		}
		for _, s := range d.Policy.Statements {
			for _, p := range s.Resource.List {
				named, ok := arn.Parse(p.Text.Literal)
				if !ok || named.Service != "s3" {
					continue
				}
				bucket, _, _ := strings.Cut(named.Resource, "/")
				if value.HasStandIn(bucket) || strings.ContainsAny(bucket, "*?") || name != "" && name != bucket {
					return
				}
				name = bucket
			}
		}
	}
	if name != "" {
		a.subject = "arn:" + a.grounding.partition + ":s3:::" + name
		a.assume("the bucket is called " + name + ": its policy says so, and S3 refuses a policy about another one")
	}
}

func (g grounding) text(t value.Text) value.Text {
	t, _ = t.Replace(func(r value.Reference) (value.Text, bool) {
		if r.Is == value.Anything {
			return value.Text{}, false
		}
		return value.Lit(g.own(r)), true
	})
	return t
}

func (g grounding) own(r value.Reference) string {
	switch r.Is {
	case value.OwnAccount:
		return g.account
	case value.OwnRegion:
		return g.region
	case value.OwnPartition:
		return g.partition
	case value.OwnSuffix:
		return cmp.Or(knowledge.SuffixOf(g.partition), "amazonaws.com")
	case value.OwnOrganization:
		return g.organization
	case value.OwnMember:
		return memberAccount
	}
	return value.StandInOf(r.Name, r.Length)
}

// literal is the text with a stand-in for whatever is not known.
func (g grounding) literal(t value.Text) string {
	return t.Write(func(r value.Reference) string {
		if r.Is == value.Anything {
			return value.StandIn(r.Name)
		}
		return g.own(r)
	})
}

func (g grounding) documents(list []resource.Document) []resource.Document {
	out := make([]resource.Document, len(list))
	for i, d := range list {
		d.Policy = g.document(d.Policy)
		out[i] = d
	}
	return out
}

// document returns the document itself when it has no references.
func (g grounding) document(d *policy.Document) *policy.Document {
	if d == nil || !hasReferences(d) {
		return d
	}
	out := *d
	out.Statements = make([]policy.Statement, len(d.Statements))
	for i, s := range d.Statements {
		s.Principal.List = g.principals(s.Principal.List)
		s.Action.List = g.patterns(s.Action.List)
		s.Resource.List = g.resources(s.Resource.List)
		conditions := make([]policy.Condition, len(s.Condition))
		for j, c := range s.Condition {
			if g.free[strings.ToLower(c.Key)] {
				c.Values = g.literals(c.Values)
			} else {
				c.Values = g.patterns(c.Values)
			}
			conditions[j] = c
		}
		s.Condition = conditions
		out.Statements[i] = s
	}
	return &out
}

func hasReferences(d *policy.Document) bool {
	some := false
	for i := range d.Statements {
		eachText(&d.Statements[i], func(t value.Text) { some = some || t.Parts != nil })
	}
	return some
}

// eachText calls f with every text of a statement that can be a reference.
func eachText(s *policy.Statement, f func(value.Text)) {
	for _, p := range s.Principal.List {
		f(p.Text)
	}
	for _, list := range [][]policy.Pattern{s.Action.List, s.Resource.List} {
		for _, p := range list {
			f(p.Text)
		}
	}
	for _, c := range s.Condition {
		for _, v := range c.Values {
			f(v.Text)
		}
	}
}

func (g grounding) patterns(list []policy.Pattern) []policy.Pattern {
	var out []policy.Pattern
	for _, p := range list {
		for _, choice := range choices(g.text(p.Text)) {
			q := p
			q.Text = choice.text
			if choice.maybe != "" {
				q.Maybe = choice.maybe
			}
			out = append(out, q)
		}
	}
	return out
}

// literals grounds values of which any is as good as another.
func (g grounding) literals(list []policy.Pattern) []policy.Pattern {
	out := slices.Clone(list)
	for i := range out {
		out[i].Text = value.Lit(g.literal(out[i].Text))
	}
	return out
}

// resources grounds a Resource element. What is not known in the ARN of the
// resource itself is the same wherever it is used.
func (g grounding) resources(list []policy.Pattern) []policy.Pattern {
	g = g.inResource()
	own := map[string]bool{}
	for _, name := range g.arn.References() {
		own[name] = true
	}
	whole := len(g.arn.Parts) > 0 && g.arn.Parts[0].Ref != nil && g.arn.Parts[0].Ref.Is == value.Anything
	out := make([]policy.Pattern, 0, len(list))
	for _, p := range list {
		if whole && len(p.Text.Parts) > 0 && p.Text.Parts[0].Ref != nil && p.Text.Parts[0].Ref.Name == g.arn.Parts[0].Ref.Name {
			p.Text = value.Lit("*") // the resource, or something in it
			out = append(out, p)
			continue
		}
		p.Text, _ = p.Text.Replace(func(r value.Reference) (value.Text, bool) {
			return value.Lit(value.StandIn(r.Name)), r.Is == value.Anything && own[r.Name]
		})
		out = append(out, p)
	}
	return g.patterns(out)
}

func (g grounding) principals(list []policy.Principal) []policy.Principal {
	var out []policy.Principal
	for _, p := range list {
		for _, choice := range choices(g.text(p.Text)) {
			q := p
			q.Text = choice.text
			if choice.maybe != "" {
				q.Maybe = choice.maybe
			}
			if parts := q.Text.Parts; q.Kind == policy.Service && len(parts) == 1 && parts[0].Ref != nil {
				// Which service it is, is not known: it may be one that acts for nobody else.
				name := parts[0].Ref.Name
				q.Text, q.Maybe = value.Lit(value.StandIn(name)+".amazonaws.com"), cmp.Or(q.Maybe, name)
			}
			if q.Kind == policy.Service {
				q.Text = value.Lit(g.literal(q.Text)) // one service, whichever it is: AWS takes no wildcard there
			}
			if q.Kind == policy.Federated {
				q.Text = g.ownProvider(q.Text)
			}
			if q.Kind == policy.AWS {
				q.Text = g.someName(q.Text)
				if s, known := q.Text.Known(); known && s == "*" {
					q.Kind = policy.Anyone
				}
			}
			out = append(out, q)
		}
	}
	return out
}

// someName gives a principal whose account is known, but not its name, a
// stand-in for the name: whoever it is, it is of that account.
func (g grounding) someName(t value.Text) value.Text {
	if t.Parts == nil || t.Parts[0].Ref != nil {
		return t
	}
	head, ok := arn.Parse(t.Parts[0].Literal)
	if !ok || head.Account != g.account && !isAccount(head.Account) || !strings.Contains(head.Resource, "/") {
		return t
	}
	return value.Lit(g.literal(t))
}

// ownProvider puts your account into the ARN of an identity provider whose
// account is not known: IAM refuses the trust in another account's.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
func (g grounding) ownProvider(t value.Text) value.Text {
	if len(t.Parts) < 3 || t.Parts[1].Ref == nil {
		return t
	}
	head, rest := t.Parts[0].Literal, t.Parts[2].Literal
	if !strings.HasPrefix(head, "arn:") || !strings.HasSuffix(head, ":iam::") || strings.Count(head, ":") != 4 ||
		!strings.HasPrefix(rest, ":oidc-provider/") && !strings.HasPrefix(rest, ":saml-provider/") {
		return t
	}
	texts := []value.Text{value.Lit(head + g.account)}
	for i := range t.Parts[2:] {
		texts = append(texts, value.Text{Parts: t.Parts[2+i : 3+i]})
	}
	return value.Join(texts...)
}

// choice is one of the texts that a reference with a list of values leads to.
type choice struct {
	text  value.Text
	maybe string // the reference, "" when there is no choice
}

// maxChoices bounds the combinations of values of one text.
const maxChoices = 64

// choices replaces references that have only certain values by each of these.
func choices(t value.Text) []choice {
	out := []choice{{text: t}}
	for i := 0; i < len(out); {
		c := out[i]
		at := -1
		for j, p := range c.text.Parts {
			if p.Ref != nil && p.Ref.Values != nil {
				at = j
				break
			}
		}
		if at < 0 || len(out)+len(c.text.Parts[at].Ref.Values) > maxChoices {
			i++
			continue
		}
		ref := c.text.Parts[at].Ref
		out = append(out[:i], out[i+1:]...)
		for _, v := range ref.Values {
			parts := append([]value.Part{}, c.text.Parts...)
			for j, p := range parts {
				if p.Ref != nil && p.Ref.Name == ref.Name {
					parts[j] = value.Part{Literal: v}
				}
			}
			out = append(out, choice{value.Join(value.Text{Parts: parts}), ref.Name})
		}
	}
	return out
}

// shownResult writes stand-ins for people, wherever they got into a result. declared are
// the names of what the code declares, as they are shown.
func shownResult(r *Result, declared map[string]bool) {
	for i := range r.Grants {
		g := &r.Grants[i]
		g.Principal = value.Shown(g.Principal)
		for j, c := range g.Conditions {
			shown := value.Shown(c.Value)
			own := false
			for name := range declared { // the id of an identity pool has the Region before it
				own = own || strings.Contains(shown, name)
			}
			g.Conditions[j] = Condition{value.Shown(c.Key), shown, own}
		}
		shownRequest(g.Witness)
	}
	for _, list := range [][]string{r.Notes, r.Assumptions, r.KeyUsers} {
		for i, s := range list {
			list[i] = value.Shown(s)
		}
	}
	for i := range r.Services {
		r.Services[i].Service = value.Shown(r.Services[i].Service)
		shownRequest(r.Services[i].Witness)
	}
	for i, s := range r.Problems {
		r.Problems[i] = value.Shown(s)
	}
}

func shownRequest(r *evaluate.Request) {
	if r == nil {
		return
	}
	r.Principal.ARN, r.Principal.Account = value.Shown(r.Principal.ARN), value.Shown(r.Principal.Account)
	r.Principal.Session = value.Shown(r.Principal.Session)
	r.Resource = value.Shown(r.Resource)
	for key, values := range r.Context {
		for i, v := range values {
			values[i] = value.Shown(v)
		}
		if value.HasStandIn(key) {
			delete(r.Context, key)
			r.Context[value.Shown(key)] = values
		}
	}
}
