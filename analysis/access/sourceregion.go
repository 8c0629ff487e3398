package access

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/value"
)

// regionName is the form of the names of Regions, such as us-gov-west-1.
//
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
var regionName = grammarOf(knowledge.Region)

// isRegion reports whether a pattern can match the Region in an ARN: there is
// none, or it is like eu-west-1.
//
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
func isRegion(p domain.Pattern) bool {
	text, exact := p.IsLiteral()
	if text == "" && exact || value.HasStandIn(text) || p.Match("") {
		return true
	}
	if _, fits := regionName.Fit(p, false); !fits {
		return false
	}
	return !exact || text[len(text)-1] >= '0' && text[len(text)-1] <= '9' && text[0] >= 'a' && text[0] <= 'z'
}

// sourceNeeds is a service that a pattern for aws:SourceArn names, and whether all of
// its ARNs have a Region and an account.
type sourceNeeds struct {
	service         string
	region, account bool
}

// shownSources are services of which an example is made where a pattern matches
// several.
var shownSources = []string{"sns", "events", "lambda", "sqs", "logs", "cloudwatch", "states", "codebuild", "kinesis", "firehose", "secretsmanager", "codepipeline", "cloudtrail", "s3", "iam", "apigateway", "elasticbeanstalk"}

// mostSourceExamples bounds the heads of ARNs that are proposed as examples: each is
// looked up in the cells of all.
const mostSourceExamples = 200

// exampleSource proposes heads of ARNs for what a pattern matches, so that examples
// are ARNs that exist: the shortest text that it matches may lack the Region.
func (m *model) exampleSource(d *dimension, service, region, account domain.Pattern) {
	name, exact := service.IsLiteral()
	switch {
	case service.IsStar() && region.IsStar() && account.IsStar():
		return
	case exact:
		m.needsOf(name)
		if _, all := region.IsLiteral(); all || value.HasStandIn(name) {
			return
		}
	default:
		global, bare := isEmpty(region), isEmpty(account)
		i := slices.IndexFunc(shownSources, func(s string) bool {
			inRegion, ofAccount := knowledge.ARNNeeds(s)
			return service.Match(s) && !(global && inRegion) && !(bare && ofAccount)
		})
		if name = service.Sample(); i >= 0 {
			name = shownSources[i]
		}
		if global || bare { // others must not be an example
			for _, s := range shownSources {
				if service.Match(s) {
					m.needsOf(s)
				}
			}
		}
	}
	m.someRegions = true
	found := false
	if region.Match("") && name == "iam" || isEmpty(region) {
		found = true
		m.proposeSource(d, name+":")
	}
	for _, r := range append([]string{"us-east-1", "eu-west-1"}, knowledge.Regions()...) {
		if found && region.IsStar() {
			break
		}
		if name != "iam" && region.Match(r) && knowledge.PartitionOf(r) == m.partition {
			found = true
			m.proposeSource(d, name+":"+r)
		}
	}
	if !found {
		m.proposeSource(d, name+":"+region.SampleOf(regionName.Min))
	}
}

// boundRegions leaves to the ARNs of sources the Regions that there can be, and stand-ins,
// where patterns have wildcards for them. Else no pattern tells others apart.
func (m *model) boundRegions(d *dimension) {
	if !m.someRegions {
		return
	}
	m.someRegions = false // once
	global := domain.Concat(domain.Literal(m.partition+":"), segment)
	universe := []domain.Pattern{domain.Concat(global, regionName.Universe()), global}
	for _, atom := range d.tuples {
		for _, t := range atom {
			if text, exact := t[2].IsLiteral(); exact && value.HasStandIn(text) && !slices.ContainsFunc(universe, t[2].Equal) {
				universe = append(universe, t[2])
			}
		}
	}
	var shapes []domain.Tuple
	for _, s := range d.shapes {
		if _, exact := s[2].IsLiteral(); exact { // no ARN
			shapes = append(shapes, s)
			continue
		}
		for _, head := range universe {
			shapes = append(shapes, domain.Tuple{s[0], s[1], head, s[3]})
		}
	}
	d.shapes = shapes
}

// needsOf records what the ARNs of a service have.
func (m *model) needsOf(service string) {
	region, account := knowledge.ARNNeeds(service)
	if (region || account) && !slices.ContainsFunc(m.sources, func(s sourceNeeds) bool { return s.service == service }) {
		m.sources = append(m.sources, sourceNeeds{service, region, account})
	}
}

func (m *model) proposeSource(d *dimension, head string) {
	text := m.partition + ":" + head
	if len(d.prefer[2]) < mostSourceExamples && !slices.Contains(d.prefer[2], text) {
		d.prefer[2] = append(d.prefer[2], text)
	}
}

// sourcesAreSomewhere: where all ARNs of a service have a Region and an account, so
// has that of a source.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func (m *model) sourcesAreSomewhere() *expr {
	k, ok := m.keys["aws:sourcearn"]
	if !ok || k.dim.form != text {
		return always
	}
	m.boundRegions(k.dim)
	var ts []domain.Tuple
	for _, s := range m.sources {
		head := m.partition + ":" + s.service + ":"
		for _, shape := range []string{sourceARN, sourceBoth, sourceBare, sourceBareAccount} {
			switch bare := shape == sourceBare || shape == sourceBareAccount; {
			case bare && s.account:
				ts = append(ts, domain.Tuple{domain.Literal(shape), star, domain.Concat(domain.Literal(head), domain.Star(domain.NotColon)), star})
			case s.region:
				ts = append(ts, domain.Tuple{domain.Literal(shape), star, domain.Literal(head), star})
			}
		}
	}
	if len(ts) == 0 {
		return always
	}
	return not(in(k.dim, k.dim.addTuples(ts...)))
}
