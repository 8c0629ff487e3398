package catalog

import (
	_ "embed"
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// plain are types that no policy attaches to, and that policies name: what
// references to them give, by attribute. CloudFormation's ARNs are those of the
// resource specification, see arns.txt.
var plain = map[string]map[string]string{
	"AWS::CloudFront::CloudFrontOriginAccessIdentity": {"Id": "{name}", "S3CanonicalUserId": "{S3CanonicalUserId}", "(iam)": "arn:{partition}:iam::cloudfront:user/CloudFront Origin Access Identity {name}"},
	"AWS::CloudFront::Distribution":                   {"Id": "{id}"},
	"Custom::AWSCDKOpenIdConnectProvider":             {"Ref": "arn:{partition}:iam::{account}:oidc-provider/{issuer:Url}"},
	"AWS::IAM::OIDCProvider":                          {"Ref": "arn:{partition}:iam::{account}:oidc-provider/{issuer:Url}", "Arn": "arn:{partition}:iam::{account}:oidc-provider/{issuer:Url}"},
	"AWS::IAM::SAMLProvider":                          {"Ref": "arn:{partition}:iam::{account}:saml-provider/{Name|}", "Arn": "arn:{partition}:iam::{account}:saml-provider/{Name|}"},
	"AWS::IAM::ManagedPolicy":                         {"Ref": "arn:{partition}:iam::{account}:policy/{id}", "PolicyArn": "arn:{partition}:iam::{account}:policy/{id}"},
	"AWS::IAM::User":                                  {"Arn": "arn:{partition}:iam::{account}:user{path:Path}{UserName|}"},
	"AWS::IAM::InstanceProfile":                       {"Arn": "arn:{partition}:iam::{account}:instance-profile{path:Path}{InstanceProfileName|}"},
	"AWS::Lambda::Alias":                              {"Ref": "{function:FunctionName}:{Name}", "AliasArn": "{function:FunctionName}:{Name}"},
	"AWS::Lambda::Version":                            {"Ref": "{function:FunctionName}:{Version}", "FunctionArn": "{function:FunctionName}"},
	"AWS::Cognito::IdentityPool":                      {"Ref": "{region}:{id}", "Id": "{region}:{id}"},
	"AWS::ElasticLoadBalancingV2::LoadBalancer":       {"Ref": "arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{id}"},
	"AWS::Events::Rule":                               {"Arn": "arn:{partition}:events:{region}:{account}:rule/{Name|}"},
	"AWS::StepFunctions::StateMachine":                {"Ref": stateMachineARN, "Arn": stateMachineARN},

	"aws_cloudfront_origin_access_identity": {
		"iam_arn": "arn:{partition}:iam::cloudfront:user/CloudFront Origin Access Identity {id}", "s3_canonical_user_id": "{s3_canonical_user_id}",
		"cloudfront_access_identity_path": "origin-access-identity/cloudfront/{id}",
	},
	// IAM keeps the URL without its scheme, and so does the attribute.
	"aws_iam_openid_connect_provider":      {"arn": issuerARN, "id": issuerARN, "url": "{issuer:url}"},
	"aws_iam_saml_provider":                {"arn": "arn:{partition}:iam::{account}:saml-provider/{name}", "id": "arn:{partition}:iam::{account}:saml-provider/{name}"},
	"aws_iam_user":                         {"arn": "arn:{partition}:iam::{account}:user{path:path}{name}", "id": "{name}", "unique_id": "{unique_id}"},
	"aws_iam_group":                        {"arn": "arn:{partition}:iam::{account}:group{path:path}{name}", "id": "{name}", "unique_id": "{unique_id}"},
	"aws_iam_instance_profile":             {"arn": "arn:{partition}:iam::{account}:instance-profile{path:path}{name}", "id": "{name}"},
	"aws_iam_service_linked_role":          {"arn": "arn:{partition}:iam::{account}:role/aws-service-role/{aws_service_name}/{name}"},
	"aws_lambda_alias":                     {"arn": "{function:function_name}:{name}", "id": "{function:function_name}:{name}", "invoke_arn": "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{function:function_name}:{name}/invocations"},
	"aws_cognito_identity_pool":            {"id": "{region}:{id}", "arn": "arn:{partition}:cognito-identity:{region}:{account}:identitypool/{region}:{id}"},
	"aws_api_gateway_stage":                {"execution_arn": "arn:{partition}:execute-api:{region}:{account}:{rest_api_id}/{stage_name}", "arn": "arn:{partition}:apigateway:{region}::/restapis/{rest_api_id}/stages/{stage_name}"},
	"aws_api_gateway_deployment":           {"execution_arn": "arn:{partition}:execute-api:{region}:{account}:{rest_api_id}/{id}"},
	"aws_apigatewayv2_stage":               {"execution_arn": "arn:{partition}:execute-api:{region}:{account}:{api_id}/{name}", "arn": "arn:{partition}:apigateway:{region}::/apis/{api_id}/stages/{name}"},
	"aws_cloudfront_distribution":          {"arn": "arn:{partition}:cloudfront::{account}:distribution/{id}"},
	"aws_cloudwatch_event_rule":            {"arn": "arn:{partition}:events:{region}:{account}:rule/{name}", "id": "{name}"},
	"aws_cloudwatch_log_group":             {"arn": "arn:{partition}:logs:{region}:{account}:log-group:{name}", "id": "{name}"},
	"aws_cloudwatch_metric_alarm":          {"arn": "arn:{partition}:cloudwatch:{region}:{account}:alarm:{alarm_name}", "id": "{alarm_name}"},
	"aws_cloudtrail":                       {"arn": "arn:{partition}:cloudtrail:{region}:{account}:trail/{name}", "id": "{name}"},
	"aws_codepipeline":                     {"arn": "arn:{partition}:codepipeline:{region}:{account}:{name}"},
	"aws_sfn_state_machine":                {"arn": "arn:{partition}:states:{region}:{account}:stateMachine:{name}", "id": "arn:{partition}:states:{region}:{account}:stateMachine:{name}"},
	"aws_ecs_cluster":                      {"arn": "arn:{partition}:ecs:{region}:{account}:cluster/{name}", "id": "arn:{partition}:ecs:{region}:{account}:cluster/{name}"},
	"aws_eks_cluster":                      {"arn": "arn:{partition}:eks:{region}:{account}:cluster/{name}", "id": "{name}"},
	"aws_instance":                         {"arn": "arn:{partition}:ec2:{region}:{account}:instance/{id}"},
	"aws_vpc":                              {"arn": "arn:{partition}:ec2:{region}:{account}:vpc/{id}"},
	"aws_subnet":                           {"arn": "arn:{partition}:ec2:{region}:{account}:subnet/{id}"},
	"aws_security_group":                   {"arn": "arn:{partition}:ec2:{region}:{account}:security-group/{id}"},
	"aws_kinesis_firehose_delivery_stream": {"arn": "arn:{partition}:firehose:{region}:{account}:deliverystream/{name}"},
	"aws_config_configuration_recorder":    {"id": "{name}"},
	"aws_scheduler_schedule":               {"arn": "arn:{partition}:scheduler:{region}:{account}:schedule/{group_name}/{name}"},
	"aws_ses_receipt_rule":                 {"arn": "arn:{partition}:ses:{region}:{account}:receipt-rule-set/{rule_set_name}:receipt-rule/{name}"},
	"aws_iot_topic_rule":                   {"arn": "arn:{partition}:iot:{region}:{account}:rule/{name}"},
	"aws_cognito_user_pool":                {"arn": "arn:{partition}:cognito-idp:{region}:{account}:userpool/{id}"},
	"aws_rolesanywhere_trust_anchor":       {"arn": "arn:{partition}:rolesanywhere:{region}:{account}:trust-anchor/{id}"},
	"aws_lb":                               {"arn": balancerARN, "id": balancerARN},
	"aws_alb":                              {"arn": balancerARN, "id": balancerARN},
	"aws_lb_target_group":                  {"arn": targetGroupARN, "id": targetGroupARN},
	"aws_dms_replication_task":             {"replication_task_arn": "arn:{partition}:dms:{region}:{account}:task:{id}"},
}

const (
	issuerARN       = "arn:{partition}:iam::{account}:oidc-provider/{issuer:url}"
	stateMachineARN = "arn:{partition}:states:{region}:{account}:stateMachine:{StateMachineName|}"
	balancerARN     = "arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{id}"
	targetGroupARN  = "arn:{partition}:elasticloadbalancing:{region}:{account}:targetgroup/{id}"
)

// elsewhere are types whose ids or ARNs are not of your account: an account
// that is created, what another account offers.
var elsewhere = map[string]bool{
	"AWS::Organizations::Account": true, "aws_organizations_account": true, "aws_servicecatalog_provisioned_product": true,
	"AWS::ServiceCatalog::CloudFormationProvisionedProduct": true, "aws_ram_resource_share_accepter": true,
	"aws_vpc_peering_connection_accepter": true, "aws_cloudformation_stack_set_instance": true, "AWS::CloudFormation::StackSet": true,
	"aws_controltower_control": true, "aws_macie2_member": true, "aws_guardduty_member": true, "aws_securityhub_member": true,
}

// otherAttribute returns what a reference to a type gives that no policy
// attaches to.
func otherAttribute(l Language, b Block, name string) (value.Text, bool) {
	if elsewhere[b.Type] && (name == "id" || name == "arn" || name == "Ref" || name == "AccountId" || name == "Arn") {
		return value.Ref(value.Reference{Name: b.Address + "." + name}), true
	}
	row := index().kinds[functionKind]
	form := Form{Name: nameProperty(b)}
	if template, ok := plain[b.Type][name]; ok {
		return place{row, &form, false}.fill(template, b), true
	}
	if l == CloudFormation {
		return specifiedARN(place{row, &form, false}, b, name)
	}
	if name == "arn" && strings.HasPrefix(b.Type, "aws_") && plain[b.Type] == nil {
		// The service is not known, the account is.
		return place{row, &form, false}.fill("arn:{partition}:{service}:{region}:{account}:{id}", Block{Type: b.Type, Address: b.Address, ID: b.ID, Scope: b.Scope, Account: b.Account, Region: b.Region}), true
	}
	return value.Text{}, false
}

func nameProperty(b Block) string {
	if languageOf(b.Type) == Terraform {
		return "name"
	}
	return ""
}

// arns are the forms of ARNs in CloudFormation's resource specification: type,
// what gives the ARN, its form, the property that names the resource. See
// tools/specification.
//
//go:embed data/arns.txt
var arns string

// specifiedARN returns the ARN of a type that the specification has.
func specifiedARN(p place, b Block, attribute string) (value.Text, bool) {
	_, line, found := strings.Cut("\n"+arns, "\n"+b.Type+"\t")
	line, _, _ = strings.Cut(line, "\n")
	fields := strings.Split(line, "\t")
	if !found || len(fields) != 3 || !contains(strings.Split(fields[0], ","), attribute) {
		return value.Text{}, false
	}
	var texts []value.Text
	rest := fields[1]
	for {
		head, tail, more := strings.Cut(rest, "${")
		texts = append(texts, value.Lit(head))
		if !more {
			return value.Join(texts...), true
		}
		variable, after, _ := strings.Cut(tail, "}")
		last := !strings.Contains(after, "${")
		switch variable {
		case "Partition", "Region", "Account":
			texts = append(texts, p.word(strings.ToLower(variable), b))
		default:
			t, ok := written(b.Properties, variable)
			if !ok && last && fields[2] != "" {
				t, ok = written(b.Properties, fields[2])
			}
			switch {
			case ok:
				texts = append(texts, nameOf(t, b))
			case last:
				texts = append(texts, generated(b, ""))
			default:
				texts = append(texts, generated(b, variable))
			}
		}
		rest = after
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
