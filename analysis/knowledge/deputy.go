package knowledge

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// deputies are the services that act on a resource for whichever customer has
// told them to, signing with their own service principal: unless the resource's
// policy limits whom they may act for, a stranger reaches it through them.
// Services that only take roles are not here; a role's trust policy is not
// asked about confused deputies.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
// https://developer.amazon.com/docs/custom-skills/host-a-custom-skill-as-an-aws-lambda-function.html
// read 2026-11
var deputies = [...]struct {
	name string
	// open are the types of resources at which any customer of the service
	// can point it in the ordinary course: what comes through is then the
	// stranger's to read or to send.
	open []string
}{
	{"acm-pca", nil},
	{"alexa-appkit.amazon.com", []string{"AWS::Lambda::Function"}},
	{"alexa-connectedhome.amazon.com", []string{"AWS::Lambda::Function"}},
	{"apigateway", []string{"AWS::Lambda::Function"}},
	{"appflow", nil},
	{"backup", nil},
	{"bedrock", nil},
	{"budgets", nil},
	{"cloudfront", []string{"AWS::S3::Bucket", "AWS::S3::AccessPoint", "AWS::Lambda::Function", "AWS::MediaStore::Container", "AWS::MediaPackageV2::OriginEndpoint", "AWS::KMS::Key"}},
	{"cloudtrail", nil},
	{"cloudwatch", nil},
	{"codestar-notifications", nil},
	{"cognito-idp", nil},
	{"config", nil},
	{"costalerts", nil},
	{"delivery.logs", nil},
	{"elasticloadbalancing", nil},
	{"events", nil},
	{"events.rds", nil},
	{"guardduty", nil},
	{"inspector2", nil},
	{"iot", nil},
	{"lex", nil},
	{"lexv2", nil},
	{"logdelivery.elasticloadbalancing", nil},
	{"logdelivery.elb", nil},
	{"logging.s3", nil},
	{"logs", nil},
	{"macie", nil},
	{"redshift", nil},
	{"s3", []string{"AWS::Lambda::Function"}},
	{"secretsmanager", nil},
	{"serverlessrepo", nil},
	{"ses", nil},
	{"sns", []string{"AWS::Lambda::Function"}},
	{"ssm", nil},
	{"vpc-lattice", nil},
}

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
	return false, false
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
