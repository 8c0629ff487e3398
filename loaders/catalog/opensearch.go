package catalog

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

var opensearchRows = []Row{
	{
		Kind:     "AWS::OpenSearchService::Domain",
		ARN:      "arn:{partition}:es:{region}:{account}:domain/{name}",
		Combined: "access policy; in a VPC only its network reaches the domain",
		Resource: []Form{
			{Type: "AWS::OpenSearchService::Domain", Name: "DomainName", Policy: p("AccessPolicies"), Read: searchDomain, Attr: map[string]string{"DomainArn": "{arn}"}},
			{Type: "AWS::Elasticsearch::Domain", Name: "DomainName", Policy: p("AccessPolicies"), Read: searchDomain, Attr: map[string]string{"DomainArn": "{arn}"}},
			{Type: "aws_opensearch_domain", Name: "domain_name", Policy: p("access_policies"), Read: searchDomain, Attr: idARN},
			{Type: "aws_elasticsearch_domain", Name: "domain_name", Policy: p("access_policies"), Read: searchDomain, Attr: idARN},
		},
		Parts: []Form{
			{Type: "aws_opensearch_domain_policy", Of: p("domain_name"), ByName: true, Policy: p("access_policies")},
			{Type: "aws_elasticsearch_domain_policy", Of: p("domain_name"), ByName: true, Policy: p("access_policies")},
		},
		Settle: settleSearch,
	},
	{
		Kind: "AWS::OpenSearchService::VpcEndpointAccess",
		ARN:  "arn:{partition}:es:{region}:{account}:domain/{name}",
		Resource: []Form{
			{Type: "aws_opensearch_authorize_vpc_endpoint_access", Name: "domain_name", Read: shared("account"), Where: "account"},
		},
	},
	{
		Kind: "AWS::OpenSearchServerless::Collection",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::OpenSearchServerless::AccessPolicy", Name: "Name", Read: dataAccess, Where: "Policy"},
			{Type: "aws_opensearchserverless_access_policy", Name: "name", Read: dataAccess, Where: "policy"},
		},
	},
}

// searchNetwork reads whether a domain is in a VPC.
func searchNetwork(b *building, block Block) {
	for _, path := range []string{"VPCOptions.SubnetIds", "vpc_options.subnet_ids"} {
		for _, v := range at(block.Properties, path) {
			if v.Kind == value.Unknown {
				b.note("whether %s is in a VPC is not known: it is taken to have a public endpoint", block.Address)
			} else if len(items(v)) > 0 && !b.maybe {
				b.vpc = value.StandIn("the VPC of " + block.Address)
			}
		}
	}
}

// searchDomain reads what beside the access policy decides who gets to a domain's
// data: its network, and the roles of fine-grained access control.
//
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
func searchDomain(b *building, block Block) {
	searchNetwork(b, block)
	for _, path := range []string{"AdvancedSecurityOptions.Enabled", "advanced_security_options.enabled"} {
		for _, v := range at(block.Properties, path) {
			if b.flag(v, "fine-grained access control", block) {
				b.note("fine-grained access control is on: its roles and users decide as well, and are not part of the code")
			}
		}
	}
}

// settleSearch: only its network reaches a domain in a VPC.
//
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
func settleSearch(b *building) { settlePoint(b) }

// dataAccess reads a data access policy of OpenSearch Serverless: a list of
// rules with the principals that they are for.
//
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html
func dataAccess(b *building, block Block) {
	for _, name := range []string{"Policy", "policy"} {
		v := b.Tree(one(block.Properties, name))
		if v.Kind == value.Absent {
			continue
		}
		if v.Kind == value.Unknown { // as a whole
			b.addPolicy(v, block)
			continue
		}
		var entries []value.Value
		for _, rule := range items(v) {
			for _, list := range at(rule, "Principal") {
				for _, item := range b.entries(list) {
					if text, _ := item.Text.Known(); item.Kind != value.String || !strings.HasPrefix(text, "saml/") && !strings.HasPrefix(text, "iamidentitycenter/") {
						entries = append(entries, item)
					}
				}
			}
		}
		for i := range entries {
			entries[i] = b.joiner.seen(entries[i], block.Scope)
		}
		b.shareWith(block, p("aoss:APIAccessAll"), entries)
	}
}
