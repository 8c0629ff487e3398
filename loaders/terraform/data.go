package terraform

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// dataAttribute returns an attribute of a data source: computed where the answer
// follows from the code, else a reference to it.
func (i *instance) dataAttribute(name string, at, span source.Span) *val {
	l := i.m.l
	typ := i.block.Labels[0]
	if typ == "aws_iam_policy_document" {
		switch name {
		case "json", "minified_json":
			v := l.compute(i.policy, i.address, at, i.policyDocument)
			return v
		}
	}
	if compute := dataSources[typ]; compute != nil {
		if v := compute(i, name, span); v != nil {
			return v
		}
	}
	if t, ok := i.named(typ, name, span); ok {
		return textOf(t, span)
	}
	if v := i.argument(name, at); v != nil && !v.isNull() {
		l.doubt(v)
		return v.placed(span)
	}
	l.doubts++
	return i.later(name, span)
}

// textOf returns a text, as an unknown where nothing at all is known of it.
func textOf(t value.Text, span source.Span) *val {
	if len(t.Parts) == 1 && t.Parts[0].Ref.Is == value.Anything {
		return unknownVal(*t.Parts[0].Ref, span)
	}
	return &val{kind: text, text: t, span: span}
}

// dataSources are those whose attributes are computed. A function returns nil
// for an attribute that it does not know.
var dataSources map[string]func(i *instance, name string, span source.Span) *val

func init() { dataSources = offline } // the functions evaluate, which may need other data sources

var offline = map[string]func(i *instance, name string, span source.Span) *val{
	"aws_caller_identity": func(i *instance, name string, span source.Span) *val {
		switch name {
		case "account_id", "id":
			return textOf(i.provider().accountText(), span)
		case "arn":
			// Whoever deploys is a user or a role of the account.
			d := i.provider()
			return textOf(value.Join(value.Lit("arn:"), d.partitionText(), value.Lit(":"), value.Ref(value.Reference{Name: i.address + ".arn service", Values: []string{"iam", "sts"}}),
				value.Lit("::"), d.accountText(), value.Lit(":"), value.Ref(value.Reference{Name: i.address + ".arn"})), span)
		}
		return nil
	},
	"aws_region": func(i *instance, name string, span source.Span) *val {
		d := i.provider()
		switch name {
		case "name", "id", "region":
			for _, set := range []string{"region", "name"} {
				if v := i.argument(set, span); v != nil && !v.isNull() {
					return v.placed(span)
				}
			}
			return textOf(d.regionText(), span)
		case "endpoint":
			return textOf(value.Join(value.Lit("ec2."), d.regionText(), value.Lit("."), d.suffixText()), span)
		}
		return nil
	},
	"aws_partition": func(i *instance, name string, span source.Span) *val {
		d := i.provider()
		switch name {
		case "partition", "id":
			return textOf(d.partitionText(), span)
		case "dns_suffix":
			return textOf(d.suffixText(), span)
		case "reverse_dns_prefix":
			switch s, known := d.suffixText().Known(); {
			case !known:
				return nil
			default:
				labels := strings.Split(s, ".")
				for a, b := 0, len(labels)-1; a < b; a, b = a+1, b-1 {
					labels[a], labels[b] = labels[b], labels[a]
				}
				return textVal(strings.Join(labels, "."), span)
			}
		}
		return nil
	},
	"aws_organizations_organization":                            organization,
	"aws_organizations_organizational_unit_child_accounts":      memberAccounts,
	"aws_organizations_organizational_unit_descendant_accounts": memberAccounts,
	"aws_iam_openid_connect_provider":                           openIDProvider,
	"aws_iam_session_context":                                   sessionContext,
	"aws_arn":                                                   parsedARN,
	"aws_service_principal": func(i *instance, name string, span source.Span) *val {
		service := i.argument("service_name", span)
		if service == nil || service.kind != text {
			return nil
		}
		d := i.provider()
		region := d.regionText()
		if v := i.argument("region", span); v != nil && v.kind == text {
			region = v.string()
		}
		// Service principals end in amazonaws.com, a few in others outside of the
		// main partition.
		if d.partition != "" && d.partition != "aws" && d.partition != "aws-us-gov" {
			return nil
		}
		switch name {
		case "name", "id":
			return textOf(value.Join(service.string(), value.Lit(".amazonaws.com")), span)
		case "suffix":
			return textVal("amazonaws.com", span)
		case "region":
			return textOf(region, span)
		}
		return nil
	},
	"template_file":    templateData,
	"aws_default_tags": func(i *instance, name string, span source.Span) *val { return nil },
	"aws_elb_service_account": func(i *instance, name string, span source.Span) *val {
		return i.serviceAccount(knowledge.ServiceAccounts("ELB"), "", name, span)
	},
	"aws_redshift_service_account": func(i *instance, name string, span source.Span) *val {
		return i.serviceAccount(knowledge.ServiceAccounts("Redshift"), "user/logs", name, span)
	},
	"aws_cloudtrail_service_account": func(i *instance, name string, span source.Span) *val {
		return i.serviceAccount(knowledge.ServiceAccounts("CloudTrail"), "", name, span)
	},
	"aws_billing_service_account": func(i *instance, name string, span source.Span) *val {
		// https://docs.aws.amazon.com/cur/latest/userguide/dataexports-create-legacy.html
		return accountAttribute("386209384616", "aws", "root", name, span)
	},
	"aws_canonical_user_id": func(i *instance, name string, span source.Span) *val {
		if name != "id" && name != "canonical_user_id" {
			return nil
		}
		return textOf(value.Ref(value.Reference{Name: value.OwnCanonicalUser, Is: value.OwnName, Scope: i.provider().scope}), span)
	},
	"aws_cloudfront_log_delivery_canonical_user_id": func(i *instance, name string, span source.Span) *val {
		// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html
		if region, known := i.provider().regionText().Known(); name == "id" && (!known || !strings.HasPrefix(region, "cn-")) {
			return textVal("c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0", span)
		}
		return nil
	},
}

// openIDProvider finds an identity provider of the account by its ARN, which has
// the issuer in it, or by its issuer.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_openid_connect_provider
func openIDProvider(i *instance, name string, span source.Span) *val {
	arn, url := i.argument("arn", span), i.argument("url", span)
	switch {
	case arn != nil && arn.kind == text:
		if s, known := arn.known(); known && name == "url" {
			if _, issuer, ok := strings.Cut(s, ":oidc-provider/"); ok {
				return textVal(issuer, span)
			}
		}
	case url != nil && (url.kind == text || url.kind == unknown):
		d := i.provider()
		issuer := issuerOf(url.string(), d.scope)
		switch name {
		case "arn", "id":
			return textOf(value.Join(value.Lit("arn:"), d.partitionText(), value.Lit(":iam::"), d.accountText(), value.Lit(":oidc-provider/"), issuer), span)
		case "url":
			return textOf(issuer, span)
		}
	}
	return nil
}

// issuerOf returns the URL of an issuer as IAM has it: without the scheme. Of
// one that is not known it is known that it names a provider of the account.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
func issuerOf(url value.Text, scope string) value.Text {
	if url.Parts == nil {
		return value.Lit(strings.TrimSuffix(strings.TrimPrefix(url.Literal, "https://"), "/"))
	}
	parts := slices.Clone(url.Parts)
	parts[0].Literal = strings.TrimPrefix(parts[0].Literal, "https://")
	for i, p := range parts {
		if p.Ref != nil && p.Ref.Is == value.Anything && p.Ref.Values == nil {
			parts[i].Ref = &value.Reference{Name: p.Ref.Name, Is: value.OwnName, Scope: scope}
		}
	}
	return value.Join(value.Text{Parts: parts})
}

// accountAttribute returns the attributes that data sources of accounts of AWS have.
func accountAttribute(account, partition, name, attribute string, span source.Span) *val {
	switch attribute {
	case "id":
		return textVal(account, span)
	case "arn":
		return textVal("arn:"+partition+":iam::"+account+":"+name, span)
	}
	return nil
}

// serviceAccount looks the account of a service up by Region. In a Region that
// is not known it is one of all of the table, which are all of AWS.
func (i *instance) serviceAccount(table map[string]string, name, attribute string, span source.Span) *val {
	region := i.provider().regionText()
	if v := i.argument("region", span); v != nil && !v.isNull() {
		if v.kind != text {
			return nil
		}
		region = v.string()
	}
	if name == "" {
		name = "root"
	}
	if s, known := region.Known(); known {
		account, ok := table[s]
		if !ok {
			return nil
		}
		return accountAttribute(account, knowledge.PartitionOf(s), name, attribute, span)
	}
	if attribute != "id" && attribute != "arn" {
		return nil
	}
	seen := map[string]bool{}
	var values []string
	for _, r := range sortedKeys(table) {
		if d := i.provider(); d.partition != "" && knowledge.PartitionOf(r) != d.partition {
			continue
		}
		v := accountAttribute(table[r], knowledge.PartitionOf(r), name, attribute, span).text.Literal
		if !seen[v] {
			seen[v] = true
			values = append(values, v)
		}
	}
	return unknownVal(value.Reference{Name: i.address + "." + attribute, Values: values}, span)
}

// sessionContext returns the role behind the ARN of an assumed role.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_session_context
func sessionContext(i *instance, name string, span source.Span) *val {
	given := i.argument("arn", span)
	if given == nil || given.kind != text {
		return nil
	}
	s, known := given.known()
	if !known {
		// A session of your account has a role of your account behind it.
		if session, ok := arn.ParseText(given.string()); ok && name == "issuer_arn" {
			return textOf(value.Join(value.Lit("arn:"), session.Partition, value.Lit(":iam::"), session.Account, value.Lit(":"),
				value.Ref(value.Reference{Name: i.address + "." + name})), span)
		}
		return nil
	}
	session, ok := arn.Parse(s)
	if !ok || !strings.HasPrefix(session.Resource, "assumed-role/") {
		if name == "issuer_arn" {
			return textVal(s, span)
		}
		return nil
	}
	role := strings.Split(session.Resource, "/")
	switch {
	case name == "issuer_name" && len(role) == 3:
		return textVal(role[1], span)
	case name == "session_name" && len(role) == 3:
		return textVal(role[2], span)
	case name == "issuer_arn" && len(role) == 3: // the path is not in the session's ARN
		return textOf(value.Join(value.Lit("arn:"+session.Partition+":iam::"+session.Account+":role/"), value.Ref(value.Reference{Name: i.address + ".path"}), value.Lit(role[1])), span)
	}
	return nil
}

// parsedARN is data.aws_arn.
func parsedARN(i *instance, name string, span source.Span) *val {
	given := i.argument("arn", span)
	if given == nil || given.kind != text {
		return nil
	}
	if name == "arn" || name == "id" {
		return given
	}
	parsed, ok := arn.ParseText(given.string())
	parts := map[string]value.Text{"partition": parsed.Partition, "service": parsed.Service, "region": parsed.Region, "account": parsed.Account, "resource": parsed.Resource}
	if part, is := parts[name]; ok && is {
		return textOf(part, span)
	}
	return nil
}

// namedARNs are the forms of the ARNs of what a data source finds by its name in
// your account.
var namedARNs = map[string]struct{ argument, arn string }{
	"aws_s3_bucket":            {"bucket", "arn:{partition}:s3:::{name}"},
	"aws_sqs_queue":            {"name", "arn:{partition}:sqs:{region}:{account}:{name}"},
	"aws_sns_topic":            {"name", "arn:{partition}:sns:{region}:{account}:{name}"},
	"aws_dynamodb_table":       {"name", "arn:{partition}:dynamodb:{region}:{account}:table/{name}"},
	"aws_lambda_function":      {"function_name", "arn:{partition}:lambda:{region}:{account}:function:{name}"},
	"aws_ecr_repository":       {"name", "arn:{partition}:ecr:{region}:{account}:repository/{name}"},
	"aws_iam_role":             {"name", "arn:{partition}:iam::{account}:role/{path}{name}"},
	"aws_iam_user":             {"user_name", "arn:{partition}:iam::{account}:user/{path}{name}"},
	"aws_kms_alias":            {"name", "arn:{partition}:kms:{region}:{account}:{name}"},
	"aws_kinesis_stream":       {"name", "arn:{partition}:kinesis:{region}:{account}:stream/{name}"},
	"aws_cloudwatch_log_group": {"name", "arn:{partition}:logs:{region}:{account}:log-group:{name}"},
	"aws_eks_cluster":          {"name", "arn:{partition}:eks:{region}:{account}:cluster/{name}"},
}

// named returns the ARN of what a data source finds by its name.
func (i *instance) named(typ, attribute string, span source.Span) (value.Text, bool) {
	form, ok := namedARNs[typ]
	if !ok || attribute != "arn" {
		return value.Text{}, false
	}
	v := i.argument(form.argument, span)
	if v == nil || v.kind != text {
		return value.Text{}, false
	}
	d := i.provider()
	var texts []value.Text
	for template := form.arn; template != ""; {
		lit, rest, found := strings.Cut(template, "{")
		texts = append(texts, value.Lit(lit))
		if !found {
			break
		}
		word, after, _ := strings.Cut(rest, "}")
		template = after
		switch word {
		case "partition":
			texts = append(texts, d.partitionText())
		case "region":
			texts = append(texts, d.regionText())
		case "account":
			texts = append(texts, d.accountText())
		case "name":
			texts = append(texts, v.string())
		case "path":
			texts = append(texts, value.Ref(value.Reference{Name: i.address + ".path"}))
		}
	}
	return value.Join(texts...), true
}
