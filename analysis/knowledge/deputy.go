package knowledge

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// deputies are the services that act on a resource for whichever customer has
// told them to, signing with their own service principal: unless the resource's
// policy limits whom they may act for, a stranger reaches it through them. Each
// has the page on which AWS asks for such a limit, or shows a policy with it.
// Services that only take roles are not here, see roleDeputies.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
//
// A page is where the service's guide treats the limit. Not all of them were
// opened for this table: a row rests on the guides having such a page, and says
// where to look.
var deputies = [...]struct {
	name string // of the service principal, see serviceName
	page string
	// open are the types of resources at which any customer of the service
	// can point it in the ordinary course: what comes through is then the
	// stranger's to read or to send.
	open []string
}{
	{"acm-pca", docs + "privateca/latest/userguide/crl-planning.html", nil},
	{"alexa-appkit.amazon.com", "https://developer.amazon.com/docs/custom-skills/host-a-custom-skill-as-an-aws-lambda-function.html", []string{"AWS::Lambda::Function"}},
	{"alexa-connectedhome.amazon.com", "https://developer.amazon.com/docs/custom-skills/host-a-custom-skill-as-an-aws-lambda-function.html", []string{"AWS::Lambda::Function"}},
	{"apigateway", docs + "lambda/latest/dg/services-apigateway.html", []string{"AWS::Lambda::Function"}},
	{"appflow", docs + "appflow/latest/userguide/s3-policies-management.html", nil},
	{"appsync", docs + "appsync/latest/devguide/security-authz.html", nil},
	{"auditmanager", docs + "audit-manager/latest/userguide/cross-service-confused-deputy-prevention.html", nil},
	{"backup", docs + "aws-backup/latest/devguide/cross-service-confused-deputy-prevention.html", nil},
	{"bcm-data-exports", docs + "cur/latest/userguide/dataexports-s3-bucket.html", nil},
	{"bedrock", docs + "bedrock/latest/userguide/cross-service-confused-deputy-prevention.html", nil},
	{"billingreports", docs + "cur/latest/userguide/cur-s3.html", nil},
	{"budgets", docs + "cost-management/latest/userguide/cross-service-confused-deputy-prevention.html", nil},
	{"cloudfront", docs + "AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html", []string{"AWS::S3::Bucket", "AWS::S3::AccessPoint", "AWS::Lambda::Function", "AWS::MediaStore::Container", "AWS::MediaPackageV2::OriginEndpoint", "AWS::KMS::Key"}},
	{"cloudtrail", docs + "awscloudtrail/latest/userguide/cross-service-confused-deputy-prevention.html", nil},
	{"cloudwatch", docs + "AmazonCloudWatch/latest/monitoring/cross-service-confused-deputy-prevention.html", nil},
	{"codecommit", docs + "codecommit/latest/userguide/how-to-notify-lambda-cc.html", nil},
	{"codestar-notifications", docs + "dtconsole/latest/userguide/set-up-sns.html", nil},
	{"cognito-idp", docs + "cognito/latest/developerguide/cross-service-confused-deputy-prevention.html", nil},
	{"compute-optimizer", docs + "compute-optimizer/latest/ug/create-s3-bucket-policy-for-compute-optimizer.html", nil},
	{"config", docs + "config/latest/developerguide/cross-service-confused-deputy-prevention.html", nil},
	{"connect", docs + "connect/latest/adminguide/cross-service-confused-deputy-prevention.html", nil},
	{"costalerts", docs + "cost-management/latest/userguide/cross-service-confused-deputy-prevention.html", nil},
	{"delivery.logs", docs + "AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html", nil},
	{"devops-guru", docs + "devops-guru/latest/userguide/cross-service-confused-deputy-prevention.html", nil},
	{"dnssec-route53", docs + "Route53/latest/DeveloperGuide/access-control-managing-permissions.html", nil},
	{"ds", docs + "directoryservice/latest/admin-guide/cross-service-confused-deputy-prevention.html", nil},
	{"elasticloadbalancing", docs + "elasticloadbalancing/latest/application/mutual-authentication.html", nil},
	{"es", docs + "opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html", nil},
	{"events", docs + "eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html", nil},
	{"events.rds", docs + "AmazonRDS/latest/UserGuide/cross-service-confused-deputy-prevention.html", nil},
	{"gamelift", docs + "gameliftservers/latest/developerguide/cross-service-confused-deputy-prevention.html", nil},
	{"glue", docs + "glue/latest/dg/cross-service-confused-deputy-prevention.html", nil},
	{"guardduty", docs + "guardduty/latest/ug/guardduty_exportfindings.html", nil},
	{"inspector2", docs + "inspector/latest/user/findings-managing-exporting-reports.html", nil},
	{"iot", docs + "iot/latest/developerguide/cross-service-confused-deputy-prevention.html", nil},
	{"iotanalytics", docs + "iotanalytics/latest/userguide/cross-service-confused-deputy-prevention.html", nil},
	{"iotfleetwise", docs + "iot-fleetwise/latest/developerguide/controlling-access.html", nil},
	{"ivschat", docs + "ivs/latest/ChatUserGuide/chat-message-review-handler.html", nil},
	{"lambda", docs + "lambda/latest/dg/images-create.html", nil},
	{"lambda.alarms.cloudwatch", docs + "AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html", nil},
	{"lex", docs + "lex/latest/dg/cross-service-confused-deputy-prevention.html", nil},
	{"lexv2", docs + "lexv2/latest/dg/security_iam_cross-service-confused-deputy-prevention.html", nil},
	{"logdelivery.elasticloadbalancing", docs + "elasticloadbalancing/latest/application/enable-access-logging.html", nil},
	{"logdelivery.elb", docs + "elasticloadbalancing/latest/application/enable-access-logging.html", nil},
	{"logging.s3", docs + "AmazonS3/latest/userguide/enable-server-access-logging.html", nil},
	{"logs", docs + "AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html", nil},
	{"macie", docs + "macie/latest/user/discovery-results-repository-s3.html", nil},
	{"maintenance.s3tables", docs + "AmazonS3/latest/userguide/s3-tables-kms-permissions.html", nil},
	{"mediapipelines.chime", docs + "chime-sdk/latest/dg/create-s3-bucket.html", nil},
	{"metadata.s3", docs + "AmazonS3/latest/userguide/metadata-tables-permissions.html", nil},
	{"personalize", docs + "personalize/latest/dg/cross-service-confused-deputy-prevention.html", nil},
	{"pinpoint", docs + "pinpoint/latest/developerguide/segments-dynamic.html", nil},
	{"profile", docs + "connect/latest/adminguide/cross-service-confused-deputy-prevention.html", nil},
	{"redshift", docs + "redshift/latest/mgmt/cross-service-confused-deputy-prevention.html", nil},
	{"rekognition", docs + "rekognition/latest/dg/cross-service-confused-deputy-prevention.html", nil},
	{"route53", docs + "Route53/latest/DeveloperGuide/query-logs.html", nil},
	{"s3", docs + "AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html", []string{"AWS::Lambda::Function"}},
	{"secretsmanager", docs + "secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html", nil},
	{"serverlessrepo", docs + "serverlessrepo/latest/devguide/cross-service-confused-deputy-prevention.html", nil},
	{"ses", docs + "ses/latest/dg/receiving-email-permissions.html", nil},
	{"sms-voice", docs + "sms-voice/latest/userguide/configuration-sets-event-destinations-sns.html", nil},
	{"sns", docs + "sns/latest/dg/cross-service-confused-deputy-prevention.html", []string{"AWS::Lambda::Function"}},
	{"ssm", docs + "systems-manager/latest/userguide/cross-service-confused-deputy-prevention.html", nil},
	{"ssm-incidents", docs + "incident-manager/latest/userguide/chat.html", nil},
	{"storage-lens.s3", docs + "AmazonS3/latest/userguide/storage_lens_iam_permissions.html", nil},
	{"timestream-influxdb", docs + "timestream/latest/developerguide/timestream-for-influx-managing-modifying-db.html", nil},
	{"transfer", docs + "transfer/latest/userguide/confused-deputy.html", nil},
	{"vpc-lattice", docs + "vpc-lattice/latest/ug/lambda-functions.html", nil},
	{"workmail", docs + "workmail/latest/adminguide/lambda.html", nil},
	{"workspaces-web", docs + "workspaces-web/latest/adminguide/cross-service-confused-deputy-prevention.html", nil},
	{"xray", docs + "xray/latest/devguide/xray-concepts.html", nil},
}

// roleDeputies are services that take a role for whichever customer tells them
// to: the account that owns a role does not pass it to them first.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
// read 2026-12
var roleDeputies = [...]string{"account-access"}

// TakesRoles reports whether a service, by its principal, takes a role for any
// customer unless the role's trust policy says for whom.
func TakesRoles(principal string) bool {
	return slices.Contains(roleDeputies[:], serviceName(principal))
}

// metadata are actions, in lower case, by which a service looks at how a resource
// is set up before it uses it: nothing that is in the resource passes.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasks.html
// https://docs.aws.amazon.com/cur/latest/userguide/dataexports-s3-bucket.html
// read 2026-12
var metadata = [...]string{
	"kms:describekey", "logs:describeloggroups", "logs:describelogstreams", "logs:describeresourcepolicies",
	"s3:getbucketacl", "s3:getbucketlocation", "s3:getbucketownershipcontrols", "s3:getbucketpolicystatus",
	"s3:getbucketpublicaccessblock", "s3:getbucketversioning", "s3:getencryptionconfiguration",
	"sns:gettopicattributes", "sqs:getqueueattributes", "sqs:getqueueurl",
}

// IsMetadata reports whether an action, in lower case, tells no more than how a
// resource is set up.
func IsMetadata(lower string) bool { return slices.Contains(metadata[:], lower) }

// SteerableService says whether a service is known to act on resources for
// whichever customer tells it to (known), and whether any customer can point it
// at a resource of a kind (open). A service that is not known may do so too.
func SteerableService(principal, kind string) (open, known bool) {
	name := serviceName(principal)
	for _, d := range deputies {
		if d.name == name {
			return slices.Contains(d.open, kind), true
		}
	}
	return false, TakesRoles(principal)
}

// serviceName is a service principal without what differs between partitions
// and Regions: logs.eu-west-1.amazonaws.com is logs. A Region that is not known
// is a stand-in, or ${…} where it is shown.
func serviceName(principal string) string {
	name := strings.ToLower(principal)
	for _, suffix := range []string{".amazonaws.com", ".amazonaws.com.cn"} {
		if rest, ok := strings.CutSuffix(name, suffix); ok {
			name = rest
			break
		}
	}
	name = value.Shown(name)
	if head, ok := strings.CutSuffix(name, "}"); ok {
		if i := strings.LastIndex(head, ".${"); i >= 0 {
			return name[:i]
		}
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 && isRegion(name[i+1:]) {
		name = name[:i]
	}
	if region, rest, ok := strings.Cut(name, "."); ok && isRegion(region) {
		name = rest
	}
	return name
}

// isRegion reports whether a label has the form of a Region: letters, two or
// more hyphens, a digit at its end.
func isRegion(label string) bool {
	return strings.Count(label, "-") >= 2 && label[len(label)-1] >= '1' && label[len(label)-1] <= '9'
}

// SourceKey is a condition key whose value a service sets, to tell on whose
// behalf it calls.
type SourceKey struct {
	Key     string
	Service string // name of the only service that sets it; "": every service may
	Form    SourceForm
}

// SourceForm is what the values of a source key are.
type SourceForm string

const (
	SourceARN     SourceForm = "arn"          // of the resource that makes the service call
	SourceAccount SourceForm = "account"      // its account
	SourceOrg     SourceForm = "organization" // its account's organization
	SourceOrgPath SourceForm = "path"         // its account's organization path
	SourceToken   SourceForm = "token"        // something that the customer and the service agreed on
)

// SourceKeys are the keys that limit the source of a service's call. When
// someone else than the service calls, those with a service say nothing: the
// caller chooses their values.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
// https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html (formerly by the referer)
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html (EventSourceToken)
// read 2026-11
var SourceKeys = []SourceKey{
	{"aws:SourceArn", "", SourceARN},
	{"aws:SourceAccount", "", SourceAccount},
	{"aws:SourceOrgID", "", SourceOrg},
	{"aws:SourceOrgPaths", "", SourceOrgPath},
	{"aws:SourceOwner", "", SourceAccount},
	{"kms:EncryptionContext:aws:logs:arn", "logs", SourceARN},
	{"kms:EncryptionContext:aws:cloudtrail:arn", "cloudtrail", SourceARN},
	{"aws:referer", "ses", SourceAccount},
	{"lambda:EventSourceToken", "alexa-appkit.amazon.com", SourceToken},
	{"lambda:EventSourceToken", "alexa-connectedhome.amazon.com", SourceToken},
}

// SourceKeyOf returns the source key of a name, in any letter case, if calls of
// the service principal carry it.
func SourceKeyOf(key, principal string) (SourceKey, bool) {
	service := serviceName(principal)
	for _, s := range SourceKeys {
		if strings.EqualFold(s.Key, key) && (s.Service == "" || s.Service == service) {
			return s, true
		}
	}
	return SourceKey{}, false
}
