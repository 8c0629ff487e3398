package catalog

var iamRows = []Row{
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
		Kind: "AWS::IAM::Policy",
		ARN:  "arn:{partition}:iam::{account}:policy{path:Path}{name}",
		Resource: []Form{
			{Type: "AWS::IAM::ManagedPolicy", Name: "ManagedPolicyName", Policy: p("PolicyDocument"), Attr: map[string]string{"Ref": "{arn}", "PolicyArn": "{arn}"}},
			{Type: "AWS::IAM::Policy", AnyARN: true, Policy: p("PolicyDocument")},
			{Type: "AWS::IAM::RolePolicy", AnyARN: true, Policy: p("PolicyDocument")},
			{Type: "AWS::IAM::UserPolicy", AnyARN: true, Policy: p("PolicyDocument")},
			{Type: "AWS::IAM::GroupPolicy", AnyARN: true, Policy: p("PolicyDocument")},
			{Type: "aws_iam_policy", Name: "name", ARN: policyARN, Policy: p("policy"), Attr: map[string]string{"id": policyARN}},
			{Type: "aws_iam_role_policy", Name: "name", AnyARN: true, Policy: p("policy")},
			{Type: "aws_iam_user_policy", Name: "name", AnyARN: true, Policy: p("policy")},
			{Type: "aws_iam_group_policy", Name: "name", AnyARN: true, Policy: p("policy")},
			{Type: "AWS::IAM::Role", AnyARN: true, Policy: p("Policies.PolicyDocument"), Has: p("Policies")},
			{Type: "AWS::IAM::User", Name: "UserName", ARN: "arn:{partition}:iam::{account}:user{path:Path}{name}", AnyARN: true, Policy: p("Policies.PolicyDocument"), Has: p("Policies")},
			{Type: "AWS::IAM::Group", Name: "GroupName", ARN: "arn:{partition}:iam::{account}:group{path:Path}{name}", AnyARN: true, Policy: p("Policies.PolicyDocument"), Has: p("Policies")},
			{Type: "AWS::SSO::PermissionSet", AnyARN: true, Policy: p("InlinePolicy"), Has: p("InlinePolicy")},
			{Type: "aws_iam_role", AnyARN: true, Policy: p("inline_policy.policy"), Has: p("inline_policy")},
			{Type: "aws_ssoadmin_permission_set_inline_policy", AnyARN: true, Policy: p("inline_policy")},
		},
		Combined: "grants to identities of the account, no principal",
	},
}

const policyARN = "arn:{partition}:iam::{account}:policy{path:path}{name}"
