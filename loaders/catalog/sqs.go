package catalog

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/value"
)

var sqsRows = []Row{
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
}

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

const queueURL = "https://sqs.{region}.{suffix}/{account}/{name}"

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
var queueURLs = once.Regexp(`^https://(?:sqs\.([a-z0-9-]+|\x{100001})\.|([a-z0-9-]+|\x{100001})\.queue\.)(?:amazonaws\.com(\.cn)?|[\x{100001}-\x{10000F}])/([0-9]{12}|[\x{100001}-\x{10000F}])/([^/]+)$`)
