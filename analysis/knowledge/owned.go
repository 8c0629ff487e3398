package knowledge

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
)

// owned are accounts that AWS documents as its own, because customers name them
// in policies.
//
// ELB: https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-access-logs.html#attach-bucket-policy
// Redshift: https://docs.aws.amazon.com/redshift/latest/mgmt/db-auditing.html (as of 2022; it now uses its service principal)
// CloudTrail: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-supported-regions.html
// read 2026-11 in Terraform's AWS provider (internal/service/{elb,redshift,cloudtrail}/service_account_data_source.go),
// which transcribes these pages.
var owned = [...]struct{ account, service, region string }{
	{"098369216593", "ELB", "af-south-1"},
	{"754344448648", "ELB", "ap-east-1"},
	{"582318560864", "ELB", "ap-northeast-1"},
	{"600734575887", "ELB", "ap-northeast-2"},
	{"383597477331", "ELB", "ap-northeast-3"},
	{"718504428378", "ELB", "ap-south-1"},
	{"114774131450", "ELB", "ap-southeast-1"},
	{"783225319266", "ELB", "ap-southeast-2"},
	{"589379963580", "ELB", "ap-southeast-3"},
	{"985666609251", "ELB", "ca-central-1"},
	{"638102146993", "ELB", "cn-north-1"},
	{"037604701340", "ELB", "cn-northwest-1"},
	{"054676820928", "ELB", "eu-central-1"},
	{"897822967062", "ELB", "eu-north-1"},
	{"635631232127", "ELB", "eu-south-1"},
	{"156460612806", "ELB", "eu-west-1"},
	{"652711504416", "ELB", "eu-west-2"},
	{"009996457667", "ELB", "eu-west-3"},
	{"076674570225", "ELB", "me-south-1"},
	{"507241528517", "ELB", "sa-east-1"},
	{"127311923021", "ELB", "us-east-1"},
	{"033677994240", "ELB", "us-east-2"},
	{"190560391635", "ELB", "us-gov-east-1"},
	{"048591011584", "ELB", "us-gov-west-1"},
	{"027434742980", "ELB", "us-west-1"},
	{"797873946194", "ELB", "us-west-2"},

	{"365689465814", "Redshift", "af-south-1"},
	{"313564881002", "Redshift", "ap-east-1"},
	{"404641285394", "Redshift", "ap-northeast-1"},
	{"760740231472", "Redshift", "ap-northeast-2"},
	{"090321488786", "Redshift", "ap-northeast-3"},
	{"865932855811", "Redshift", "ap-south-1"},
	{"361669875840", "Redshift", "ap-southeast-1"},
	{"762762565011", "Redshift", "ap-southeast-2"},
	{"907379612154", "Redshift", "ca-central-1"},
	{"111890595117", "Redshift", "cn-north-1"},
	{"660998842044", "Redshift", "cn-northwest-1"},
	{"053454850223", "Redshift", "eu-central-1"},
	{"729911121831", "Redshift", "eu-north-1"},
	{"945612479654", "Redshift", "eu-south-1"},
	{"210876761215", "Redshift", "eu-west-1"},
	{"307160386991", "Redshift", "eu-west-2"},
	{"915173422425", "Redshift", "eu-west-3"},
	{"013126148197", "Redshift", "me-south-1"},
	{"075028567923", "Redshift", "sa-east-1"},
	{"193672423079", "Redshift", "us-east-1"},
	{"391106570357", "Redshift", "us-east-2"},
	{"665727464434", "Redshift", "us-gov-east-1 and us-gov-west-1"},
	{"262260360010", "Redshift", "us-west-1"},
	{"902366379725", "Redshift", "us-west-2"},

	{"525921808201", "CloudTrail", "af-south-1"},
	{"119688915426", "CloudTrail", "ap-east-1"},
	{"216624486486", "CloudTrail", "ap-northeast-1"},
	{"492519147666", "CloudTrail", "ap-northeast-2"},
	{"765225791966", "CloudTrail", "ap-northeast-3"},
	{"977081816279", "CloudTrail", "ap-south-1"},
	{"582488909970", "CloudTrail", "ap-south-2"},
	{"903692715234", "CloudTrail", "ap-southeast-1"},
	{"284668455005", "CloudTrail", "ap-southeast-2"},
	{"069019280451", "CloudTrail", "ap-southeast-3"},
	{"187074758985", "CloudTrail", "ap-southeast-4"},
	{"819402241893", "CloudTrail", "ca-central-1"},
	{"193415116832", "CloudTrail", "cn-north-1"},
	{"681348832753", "CloudTrail", "cn-northwest-1"},
	{"035351147821", "CloudTrail", "eu-central-1"},
	{"453052556044", "CloudTrail", "eu-central-2"},
	{"829690693026", "CloudTrail", "eu-north-1"},
	{"669305197877", "CloudTrail", "eu-south-1"},
	{"757211635381", "CloudTrail", "eu-south-2"},
	{"859597730677", "CloudTrail", "eu-west-1"},
	{"282025262664", "CloudTrail", "eu-west-2"},
	{"262312530599", "CloudTrail", "eu-west-3"},
	{"683224464357", "CloudTrail", "il-central-1"},
	{"585772288577", "CloudTrail", "me-central-1"},
	{"034638983726", "CloudTrail", "me-south-1"},
	{"814480443879", "CloudTrail", "sa-east-1"},
	{"086441151436", "CloudTrail", "us-east-1"},
	{"475085895292", "CloudTrail", "us-east-2"},
	{"608710470296", "CloudTrail", "us-gov-east-1 and us-gov-west-1"},
	{"388731089494", "CloudTrail", "us-west-1"},
	{"113285607260", "CloudTrail", "us-west-2"},
}

// grantees are AWS's own grantees of S3 access control lists.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html (canned ACLs, the log delivery group)
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html#AccessLogsBucketAndFileOwnership
// read 2026-11
var grantees = [...]struct{ id, name string }{
	{"6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c", "EC2 (aws-exec-read)"},
	{"c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0", "CloudFront log delivery"},
	{"a52cb28745c0c06e84ec548334e44bfa7fc2a85c54af20cd59e4969344b7af56", "CloudFront log delivery in China"},
	{"http://acs.amazonaws.com/groups/s3/LogDelivery", "S3 log delivery"},
}

// originAccess is how the user name of a CloudFront origin access identity
// starts; its account is the word cloudfront.
//
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
const originAccess = "user/CloudFront Origin Access Identity "

// AWSOwned names the AWS service behind a principal that AWS documents as its
// own: an account id, an ARN, an S3 canonical user id or group.
func AWSOwned(principal string) (name string, ok bool) {
	for _, g := range grantees {
		if g.id == principal {
			return g.name, true
		}
	}
	account := principal
	if name, ok := arn.Parse(principal); ok {
		account = name.Account
		if name.Service == "iam" && account == "cloudfront" && strings.HasPrefix(name.Resource, originAccess) {
			return "CloudFront origin access identity", true
		}
	}
	for _, o := range owned {
		if o.account == account {
			return o.service + " " + o.region, true
		}
	}
	return "", false
}

// ServiceAccounts returns the account of each Region that a service of AWS writes
// from: of ELB, Redshift or CloudTrail.
func ServiceAccounts(service string) map[string]string {
	accounts := map[string]string{}
	for _, o := range owned {
		if o.service == service {
			for region := range strings.SplitSeq(o.region, " and ") {
				accounts[region] = o.account
			}
		}
	}
	return accounts
}
