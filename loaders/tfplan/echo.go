package tfplan

import (
	"slices"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// rival is a resource type whose text the attributes of another one repeat, once
// AWS has it. When it is changed or deleted, they still show the old text.
type rival struct {
	parent     string
	attributes []string
	child      string
	join       string // attribute of the child that names the parent
}

var rivals = []rival{
	{"aws_s3_bucket", []string{"policy"}, "aws_s3_bucket_policy", "bucket"},
	{"aws_s3_bucket", []string{"acl", "grant"}, "aws_s3_bucket_acl", "bucket"},
	{"aws_sqs_queue", []string{"policy"}, "aws_sqs_queue_policy", "queue_url"},
	{"aws_sns_topic", []string{"policy"}, "aws_sns_topic_policy", "arn"},
	{"aws_kms_key", []string{"policy"}, "aws_kms_key_policy", "key_id"},
	{"aws_kms_external_key", []string{"policy"}, "aws_kms_key_policy", "key_id"},
	{"aws_kms_replica_key", []string{"policy"}, "aws_kms_key_policy", "key_id"},
	{"aws_kms_replica_external_key", []string{"policy"}, "aws_kms_key_policy", "key_id"},
	{"aws_secretsmanager_secret", []string{"policy"}, "aws_secretsmanager_secret_policy", "secret_arn"},
	{"aws_api_gateway_rest_api", []string{"policy"}, "aws_api_gateway_rest_api_policy", "rest_api_id"},
	{"aws_opensearch_domain", []string{"access_policies"}, "aws_opensearch_domain_policy", "domain_name"},
	{"aws_elasticsearch_domain", []string{"access_policies"}, "aws_elasticsearch_domain_policy", "domain_name"},
	{"aws_s3_access_point", []string{"policy"}, "aws_s3control_access_point_policy", "access_point_arn"},
	{"aws_vpc_endpoint", []string{"policy"}, "aws_vpc_endpoint_policy", "vpc_endpoint_id"},
	{"aws_vpc_endpoint_service", []string{"allowed_principals"}, "aws_vpc_endpoint_service_allowed_principal", "vpc_endpoint_service_id"},
}

// identifiers are attributes that a child may name its parent by.
var identifiers = []string{"id", "arn", "name", "bucket", "url", "key_id", "domain_name"}

// named are the parents that resources of one type name, in the plan or as
// they were; unknown is set when one of them may name any.
type named struct {
	texts   map[string]bool
	unknown bool
}

// dropEchoes removes attributes that are not configured and repeat what another
// resource of the plan has set, or had.
func (l *loader) dropEchoes() {
	for _, r := range rivals {
		names := l.named(r)
		if len(names.texts) == 0 && !names.unknown {
			continue
		}
		for _, o := range l.objects {
			if o.typ == r.parent && o.mode == tfjson.ManagedResourceMode {
				l.dropEcho(o, r, names)
			}
		}
	}
}

func (l *loader) named(r rival) named {
	out := named{texts: map[string]bool{}}
	add := func(v value.Value) {
		switch v.Kind {
		case value.String, value.Number:
			out.texts[v.Text.String()] = true
		default:
			out.unknown = true
		}
	}
	for _, o := range l.objects {
		if o.typ != r.child || o.deposed {
			continue
		}
		if stays(o.actions) {
			add(o.block.Properties.Get(r.join))
		}
		if before, ok := l.str(l.at(o.before, r.join)); ok {
			out.texts[before] = true
		}
	}
	return out
}

func (l *loader) dropEcho(o *object, r rival, names named) {
	is := false
	for _, name := range identifiers {
		if v, ok := attribute(o.block, name); ok && names.texts[v.Text.String()] {
			is = true
		}
		for _, values := range []piece{o.after, o.before} {
			if text, ok := l.str(l.at(values, name)); ok && names.texts[text] {
				is = true
			}
		}
	}
	var echoes []string
	for _, name := range r.attributes {
		if o.code == nil || len(l.written(o.code.expressions, []string{name})) == 0 {
			echoes = append(echoes, name)
		}
	}
	switch {
	case is:
		o.echoes = append(o.echoes, echoes...)
		o.block = without(o.block, echoes)
	case names.unknown:
		o.block = doubted(o.block, echoes)
	}
}

// doubted returns a block in which some of the properties that it has may be
// replaced.
func doubted(b catalog.Block, names []string) catalog.Block {
	b.Properties.Fields = slices.Clone(b.Properties.Fields)
	for i, f := range b.Properties.Fields {
		if slices.Contains(names, f.Key) {
			reference := value.Reference{Name: b.Address + "." + f.Key + " (another resource may set it)"}
			b.Properties.Fields[i].Value = value.Value{Kind: value.Unknown, Span: f.Value.Span, Text: value.Ref(reference)}
		}
	}
	return b
}

// without returns a block without some of its properties.
func without(b catalog.Block, names []string) catalog.Block {
	b.Properties.Fields = slices.DeleteFunc(slices.Clone(b.Properties.Fields), func(f value.Field) bool { return slices.Contains(names, f.Key) })
	return b
}
