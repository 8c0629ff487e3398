package catalog

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

const (
	keyKind      = "AWS::KMS::Key"
	functionKind = "AWS::Lambda::Function"
)

var rolesAndKeys = []Row{
	{
		Kind:     "AWS::IAM::Role",
		ARN:      "arn:{partition}:iam::{account}:role{path:Path}{name}",
		Combined: "trust policy",
		Resource: []Form{
			{Type: "AWS::IAM::Role", Name: "RoleName", Policy: p("AssumeRolePolicyDocument"), Attr: map[string]string{"RoleId": "{RoleId}"}},
			{Type: "aws_iam_role", Name: "name", Policy: p("assume_role_policy"), ARN: "arn:{partition}:iam::{account}:role{path:path}{name}", Attr: map[string]string{
				"unique_id": "{unique_id}",
			}},
		},
	},
	{
		Kind:     keyKind,
		ARN:      "arn:{partition}:kms:{region}:{account}:key/{name}",
		Combined: "key policy (without one KMS's default), grants",
		Resource: []Form{
			{Type: "AWS::KMS::Key", Policy: p("KeyPolicy"), Attr: map[string]string{"KeyId": "{name}"}},
			{Type: "AWS::KMS::ReplicaKey", Policy: p("KeyPolicy"), Attr: map[string]string{"KeyId": "{name}"}},
			{Type: "aws_kms_key", Policy: p("policy"), Attr: map[string]string{"key_id": "{name}"}},
			{Type: "aws_kms_external_key", Policy: p("policy"), Attr: map[string]string{"key_id": "{name}"}},
			{Type: "aws_kms_replica_key", Policy: p("policy"), Attr: map[string]string{"key_id": "{name}"}},
			{Type: "aws_kms_replica_external_key", Policy: p("policy"), Attr: map[string]string{"key_id": "{name}"}},
		},
		Parts: []Form{
			{Type: "aws_kms_key_policy", Of: p("key_id"), Policy: p("policy")},
			{Type: "aws_kms_grant", Of: p("key_id"), Read: keyGrant, Where: "grantee_principal, retiring_principal"},
		},
		Settle: settleKey,
	},
}

// settleKey: a key has a policy in any case.
func settleKey(b *building) {
	if b.parent == nil {
		return
	}
	for _, d := range b.res.Documents {
		if d.Source == "" && !b.grantsOnly[d.Address] && !b.unsure[d.Address] {
			return
		}
	}
	doc := grants.DefaultKeyPolicy(own(*b.parent, value.OwnPartition), own(*b.parent, value.OwnAccount), b.res.Span)
	b.res.Documents = append(b.res.Documents, resource.Document{Policy: doc, Implied: true})
}

// keyGrant reads aws_kms_grant.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_grant
func keyGrant(b *building, block Block) {
	v := block.Properties
	g := grants.KeyGrant{
		Span:       block.Span,
		Grantee:    one(v, "grantee_principal"),
		Retiring:   one(v, "retiring_principal"),
		Operations: one(v, "operations"),
	}
	for _, path := range []string{"constraints.encryption_context_equals", "constraints.encryption_context_subset"} {
		for _, pairs := range at(v, path) {
			g.EncryptionContexts = append(g.EncryptionContexts, pairs.Fields...)
			if pairs.Kind == value.Unknown {
				g.MaybeContexts = b.Text(pairs, "constraints", block.Span)
			}
		}
	}
	doc := &policy.Document{Span: block.Span, Version: "2008-10-17", Statements: b.KeyGrant(0, g)}
	b.grantsOnly[block.Address] = true
	b.add(resource.Document{Policy: b.joiner.seenDocument(doc, block.Scope), Grant: true}, block)
}

var queues = []Row{
	{
		Kind: "AWS::SQS::Queue",
		ARN:  "arn:{partition}:sqs:{region}:{account}:{name}",
		Resource: []Form{
			{Type: "AWS::SQS::Queue", Name: "QueueName", Attr: map[string]string{"Ref": queueURL, "QueueUrl": queueURL, "QueueName": "{name}"}},
			{Type: "aws_sqs_queue", Name: "name", Policy: p("policy"), Attr: map[string]string{"id": queueURL, "url": queueURL}},
		},
		Parts: []Form{
			{Type: "AWS::SQS::QueuePolicy", Of: p("Queues"), Policy: p("PolicyDocument")},
			{Type: "AWS::SQS::QueueInlinePolicy", Of: p("Queue"), Policy: p("PolicyDocument")},
			{Type: "aws_sqs_queue_policy", Of: p("queue_url"), Policy: p("policy")},
		},
		FromURL: queueFromURL, FromParts: queueFromParts,
	},
	{
		Kind: "AWS::SNS::Topic",
		ARN:  "arn:{partition}:sns:{region}:{account}:{name}",
		Resource: []Form{
			{Type: "AWS::SNS::Topic", Name: "TopicName", Attr: map[string]string{"Ref": "{arn}", "TopicArn": "{arn}", "TopicName": "{name}"}},
			{Type: "aws_sns_topic", Name: "name", Policy: p("policy"), Attr: map[string]string{"id": "{arn}"}},
		},
		Parts: []Form{
			{Type: "AWS::SNS::TopicPolicy", Of: p("Topics"), Policy: p("PolicyDocument")},
			{Type: "AWS::SNS::TopicInlinePolicy", Of: p("TopicArn"), Policy: p("PolicyDocument")},
			{Type: "aws_sns_topic_policy", Of: p("arn"), Policy: p("policy")},
		},
	},
}

const queueURL = "https://sqs.{region}.{suffix}/{account}/{name}"

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
var queueURLs = once.Regexp(`^https://(?:sqs\.([a-z0-9-]+|\x{100001})\.|([a-z0-9-]+|\x{100001})\.queue\.)(?:amazonaws\.com(\.cn)?|[\x{100001}-\x{10000F}])/([0-9]{12}|[\x{100001}-\x{10000F}])/([^/]+)$`)

func queueFromURL(text string) (string, bool) {
	m := queueURLs().FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	partition := "aws"
	switch region := m[1] + m[2]; {
	case m[3] != "":
		partition = "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		partition = "aws-us-gov"
	}
	return "arn:" + partition + ":sqs:" + m[1] + m[2] + ":" + m[4] + ":" + m[5], true
}

// queueFromParts does the same for a URL with references in it.
func queueFromParts(t value.Text, _ Block) (value.Text, bool) {
	pieces := split(t, "/", 5)
	if len(pieces) != 5 || pieces[0].Literal != "https:" {
		return value.Text{}, false
	}
	host := split(pieces[2], ".", 3)
	if len(host) != 3 || host[0].Literal != "sqs" {
		return value.Text{}, false
	}
	var partition value.Text
	switch suffix, known := host[2].Known(); {
	case !known && len(host[2].Parts) == 1 && host[2].Parts[0].Ref.Is == value.OwnSuffix:
		partition = value.Ref(value.Reference{Name: value.OwnPartition.String(), Is: value.OwnPartition, Scope: host[2].Parts[0].Ref.Scope})
	case known && suffix == "amazonaws.com":
		partition = value.Lit("aws")
		if strings.HasPrefix(host[1].Literal, "us-gov-") {
			partition = value.Lit("aws-us-gov")
		}
	case known && suffix == "amazonaws.com.cn":
		partition = value.Lit("aws-cn")
	default:
		return value.Text{}, false
	}
	return joined([]value.Text{value.Lit("arn"), partition, value.Lit("sqs"), host[1], pieces[3], pieces[4]}), true
}
