package catalog

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

const (
	get      = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}`
	getText  = `"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"`
	getShown = "Allow AWS:* s3:GetObject on *"
)

// decl is a block: type, address, properties.
type decl [3]string

func blocks(t *testing.T, list []decl) []Block {
	t.Helper()
	var out []Block
	for _, d := range list {
		out = append(out, block(t, out, d[0], d[1], d[2]))
	}
	return out
}

// The same configuration in both languages is the same resource, but for names.
func TestBothLanguages(t *testing.T) {
	for _, tt := range []struct {
		name     string
		cfn, tf  []decl
		want     string
		fromCfn  [2]string // replaced in what CloudFormation gives
		fromCfn2 [2]string
	}{
		{
			name: "bucket with policy and Block Public Access",
			cfn: []decl{
				{"AWS::S3::Bucket", "B", `{"BucketName":"b","PublicAccessBlockConfiguration":{"RestrictPublicBuckets":"true","IgnorePublicAcls":false}}`},
				{"AWS::S3::BucketPolicy", "P", `{"Bucket":{"Get":"B Ref"},"PolicyDocument":` + get + `}`},
			},
			tf: []decl{
				{"aws_s3_bucket", "B", `{"bucket":"b"}`},
				{"aws_s3_bucket_policy", "P", `{"bucket":{"Get":"B id"},"policy":` + getText + `}`},
				{"aws_s3_bucket_public_access_block", "X", `{"bucket":{"Get":"B bucket"},"restrict_public_buckets":true}`},
			},
			want:     "AWS::S3::Bucket B arn:${own partition}:s3:::b with P, X block false true by X\n  P: " + getShown,
			fromCfn:  [2]string{"with P block false true by B", "with P, X block false true by X"},
			fromCfn2: [2]string{},
		},
		{
			name: "queue, by URL and by ARN",
			cfn: []decl{
				{"AWS::SQS::Queue", "Q", `{"QueueName":"q"}`},
				{"AWS::SQS::QueuePolicy", "P", `{"Queues":[{"Get":"Q Ref"},{"Get":"Q QueueUrl"},"https://sqs.eu-west-1.amazonaws.com/111122223333/q"],"PolicyDocument":` + get + `}`},
			},
			tf: []decl{
				{"aws_sqs_queue", "Q", `{"name":"q"}`},
				{"aws_sqs_queue_policy", "P", `{"queue_url":{"Get":"Q id"},"policy":` + getText + `}`},
			},
			want: "AWS::SQS::Queue Q arn:${own partition}:sqs:${own region}:${own account}:q with P\n  P: " + getShown,
		},
		{
			name: "topic",
			cfn: []decl{
				{"AWS::SNS::Topic", "T", `{"TopicName":"t"}`},
				{"AWS::SNS::TopicPolicy", "P", `{"Topics":[{"Get":"T Ref"}],"PolicyDocument":` + get + `}`},
			},
			tf: []decl{
				{"aws_sns_topic", "T", `{"name":"t"}`},
				{"aws_sns_topic_policy", "P", `{"arn":{"Get":"T arn"},"policy":` + getText + `}`},
			},
			want: "AWS::SNS::Topic T arn:${own partition}:sns:${own region}:${own account}:t with P\n  P: " + getShown,
		},
		{
			name: "key without a policy",
			cfn:  []decl{{"AWS::KMS::Key", "K", `{}`}},
			tf:   []decl{{"aws_kms_key", "K", `{}`}},
			want: "AWS::KMS::Key K arn:${own partition}:kms:${own region}:${own account}:key/${K}\n" +
				"  : Allow AWS:arn:${own partition}:iam::${own account}:root kms:* on *",
		},
		{
			name: "role with a path",
			cfn:  []decl{{"AWS::IAM::Role", "R", `{"RoleName":"r","Path":"/team/","AssumeRolePolicyDocument":` + get + `}`}},
			tf:   []decl{{"aws_iam_role", "R", `{"name":"r","path":"/team/","assume_role_policy":` + getText + `}`}},
			want: "AWS::IAM::Role R arn:${own partition}:iam::${own account}:role/team/r\n  : " + getShown,
		},
		{
			name: "permission of a function",
			cfn: []decl{
				{"AWS::Lambda::Function", "F", `{"FunctionName":"f"}`},
				{"AWS::Lambda::Permission", "P", `{"FunctionName":{"Get":"F Arn"},"Action":"lambda:InvokeFunction","Principal":"s3.amazonaws.com","SourceArn":"arn:aws:s3:::b","SourceAccount":"111122223333"}`},
			},
			tf: []decl{
				{"aws_lambda_function", "F", `{"function_name":"f"}`},
				{"aws_lambda_permission", "P", `{"function_name":{"Get":"F function_name"},"action":"lambda:InvokeFunction","principal":"s3.amazonaws.com","source_arn":"arn:aws:s3:::b","source_account":"111122223333"}`},
			},
			want: "AWS::Lambda::Function F arn:${own partition}:lambda:${own region}:${own account}:function:f with P\n" +
				"  P: Allow Service:s3.amazonaws.com lambda:InvokeFunction on arn:${own partition}:lambda:${own region}:${own account}:function:f" +
				" if ArnLike aws:SourceArn arn:aws:s3:::b if StringEquals aws:SourceAccount 111122223333",
		},
		{
			name: "access point in a VPC",
			cfn: []decl{
				{"AWS::S3::Bucket", "B", `{"BucketName":"b"}`},
				{"AWS::S3::AccessPoint", "A", `{"Name":"a","Bucket":{"Get":"B Ref"},"VpcConfiguration":{"VpcId":"vpc-1"},"Policy":` + get + `}`},
			},
			tf: []decl{
				{"aws_s3_bucket", "B", `{"bucket":"b"}`},
				{"aws_s3_access_point", "A", `{"name":"a","bucket":{"Get":"B id"},"vpc_configuration":[{"vpc_id":"vpc-1"}]}`},
				{"aws_s3control_access_point_policy", "AP", `{"access_point_arn":{"Get":"A arn"},"policy":` + getText + `}`},
			},
			want: "AWS::S3::Bucket B arn:${own partition}:s3:::b with A, AP\n" +
				"  AS3_ACCESS_POINT: " + getShown + " through arn:${own partition}:s3:${own region}:${own account}:accesspoint/a vpc-1 <nil>",
			fromCfn: [2]string{"with A\n", "with A, AP\n"},
		},
		{
			name: "canned ACL",
			cfn:  []decl{{"AWS::S3::Bucket", "B", `{"BucketName":"b","AccessControl":"PublicRead"}`}},
			tf:   []decl{{"aws_s3_bucket", "B", `{"bucket":"b","acl":"public-read"}`}},
			want: "AWS::S3::Bucket B arn:${own partition}:s3:::b\n" +
				"  BUCKET_ACL: Allow AWS:* s3:ListBucket,s3:ListBucketMultipartUploads,s3:ListBucketVersions on arn:${own partition}:s3:::b,arn:${own partition}:s3:::b/*\n" +
				"  note: object ownership is not part of the input: access control lists are taken to be in force",
		},
		{
			name: "ACL that ownership disables",
			cfn:  []decl{{"AWS::S3::Bucket", "B", `{"BucketName":"b","AccessControl":"PublicRead","OwnershipControls":{"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]}}`}},
			tf: []decl{
				{"aws_s3_bucket", "B", `{"bucket":"b","acl":"public-read"}`},
				{"aws_s3_bucket_ownership_controls", "O", `{"bucket":{"Get":"B id"},"rule":[{"object_ownership":"BucketOwnerEnforced"}]}`},
			},
			want:    "AWS::S3::Bucket B arn:${own partition}:s3:::b with O",
			fromCfn: [2]string{":s3:::b", ":s3:::b with O"},
		},
		{
			name: "API without a policy",
			cfn:  []decl{{"AWS::ApiGateway::RestApi", "A", `{"Name":"a"}`}},
			tf:   []decl{{"aws_api_gateway_rest_api", "A", `{"name":"a"}`}},
			want: "AWS::ApiGateway::RestApi A arn:${own partition}:execute-api:${own region}:${own account}:${A}\n" +
				"  : Allow AWS:* execute-api:Invoke on arn:${own partition}:execute-api:${own region}:${own account}:${A}/*\n" +
				"  note: an API without a resource policy is open",
		},
		{
			name: "private API without a policy",
			cfn:  []decl{{"AWS::ApiGateway::RestApi", "A", `{"EndpointConfiguration":{"Types":["PRIVATE"]}}`}},
			tf:   []decl{{"aws_api_gateway_rest_api", "A", `{"endpoint_configuration":[{"types":["PRIVATE"]}]}`}},
			want: "AWS::ApiGateway::RestApi A arn:${own partition}:execute-api:${own region}:${own account}:${A}",
		},
		{
			name: "policy in the definition of an API",
			cfn:  []decl{{"AWS::ApiGateway::RestApi", "A", `{"Body":{"openapi":"3.0.1","x-amazon-apigateway-policy":` + get + `}}`}},
			tf:   []decl{{"aws_api_gateway_rest_api", "A", `{"body":"{\"x-amazon-apigateway-policy\":` + strings.ReplaceAll(get, `"`, `\"`) + `}"}`}},
			want: "AWS::ApiGateway::RestApi A arn:${own partition}:execute-api:${own region}:${own account}:${A}\n  : " + getShown,
		},
		{
			name: "domain in a VPC",
			cfn:  []decl{{"AWS::OpenSearchService::Domain", "D", `{"DomainName":"d","VPCOptions":{"SubnetIds":["subnet-1"]},"AccessPolicies":` + get + `}`}},
			tf:   []decl{{"aws_opensearch_domain", "D", `{"domain_name":"d","vpc_options":[{"subnet_ids":["subnet-1"]}],"access_policies":` + getText + `}`}},
			want: "AWS::OpenSearchService::Domain D arn:${own partition}:es:${own region}:${own account}:domain/d\n  : " + getShown +
				" if StringEquals aws:SourceVpc " + value.StandIn("the VPC of D"),
		},
		{
			name: "Multi-Region access point",
			cfn: []decl{
				{"AWS::S3::Bucket", "B", `{"BucketName":"b"}`},
				{"AWS::S3::MultiRegionAccessPoint", "M", `{"Name":"m","Regions":[{"Bucket":{"Get":"B Ref"}},{"Bucket":"other"}],"PublicAccessBlockConfiguration":{"RestrictPublicBuckets":true}}`},
				{"AWS::S3::MultiRegionAccessPointPolicy", "MP", `{"MrapName":{"Get":"M Ref"},"Policy":` + get + `}`},
			},
			tf: []decl{
				{"aws_s3_bucket", "B", `{"bucket":"b"}`},
				{"aws_s3control_multi_region_access_point", "M", `{"details":[{"name":"m","region":[{"bucket":{"Get":"B id"}},{"bucket":"other"}],"public_access_block":[{"ignore_public_acls":false}]}]}`},
				{"aws_s3control_multi_region_access_point_policy", "MP", `{"details":[{"name":"m","policy":` + getText + `}]}`},
			},
			// A bucket of another template has the access point on its own.
			want: "AWS::S3::Bucket B arn:${own partition}:s3:::b with M, MP\n" +
				"  MS3_ACCESS_POINT: " + getShown + " through arn:${own partition}:s3::${own account}:accesspoint/${M.Alias}  &{false true   M }\n" +
				"AWS::S3::MultiRegionAccessPoint M arn:${own partition}:s3::${own account}:accesspoint/${M.Alias} with MP block false true by M\n  MP: " + getShown,
		},
		{
			name: "secret under the key that AWS manages",
			cfn: []decl{
				{"AWS::SecretsManager::Secret", "S", `{"Name":"s"}`},
				{"AWS::SecretsManager::ResourcePolicy", "P", `{"SecretId":{"Get":"S Ref"},"ResourcePolicy":` + get + `}`},
			},
			tf: []decl{
				{"aws_secretsmanager_secret", "S", `{"name":"s"}`},
				{"aws_secretsmanager_secret_policy", "P", `{"secret_arn":{"Get":"S arn"},"policy":` + getText + `}`},
			},
			want: "AWS::SecretsManager::Secret S arn:${own partition}:secretsmanager:${own region}:${own account}:secret:s-${suffix of s} with P key aws/secretsmanager\n  P: " + getShown,
		},
		{
			name: "secret under a key of the stack",
			cfn: []decl{
				{"AWS::KMS::Key", "K", `{"KeyPolicy":` + get + `}`},
				{"AWS::SecretsManager::Secret", "S", `{"Name":"s","KmsKeyId":{"Get":"K Arn"}}`},
			},
			tf: []decl{
				{"aws_kms_key", "K", `{"policy":` + getText + `}`},
				{"aws_secretsmanager_secret", "S", `{"name":"s","kms_key_id":{"Get":"K key_id"}}`},
			},
			want: "AWS::KMS::Key K arn:${own partition}:kms:${own region}:${own account}:key/${K}\n  : " + getShown + "\n" +
				"AWS::SecretsManager::Secret S arn:${own partition}:secretsmanager:${own region}:${own account}:secret:s-${suffix of s} under K",
		},
		{
			name: "replica under a key of the stack",
			cfn: []decl{
				{"AWS::KMS::Key", "K", `{"KeyPolicy":` + get + `}`},
				{"AWS::SecretsManager::Secret", "S", `{"Name":"s","ReplicaRegions":[{"Region":"us-east-1"},{"Region":"eu-west-2","KmsKeyId":{"Get":"K Arn"}}]}`},
			},
			tf: []decl{
				{"aws_kms_key", "K", `{"policy":` + getText + `}`},
				{"aws_secretsmanager_secret", "S", `{"name":"s","replica":[{"region":"us-east-1"},{"region":"eu-west-2","kms_key_id":{"Get":"K arn"}}]}`},
			},
			want: "AWS::KMS::Key K arn:${own partition}:kms:${own region}:${own account}:key/${K}\n  : " + getShown + "\n" +
				"AWS::SecretsManager::Secret S arn:${own partition}:secretsmanager:${own region}:${own account}:secret:s-${suffix of s} under K\n" +
				"  note: a replica of S has a key of its own",
		},
		{
			name: "replica under another key than the secret",
			cfn: []decl{
				{"AWS::KMS::Key", "K", `{"KeyPolicy":` + get + `}`},
				{"AWS::SecretsManager::Secret", "S", `{"Name":"s","KmsKeyId":{"Get":"K Arn"},"ReplicaRegions":[{"Region":"eu-west-2","KmsKeyId":"alias/other"}]}`},
			},
			tf: []decl{
				{"aws_kms_key", "K", `{"policy":` + getText + `}`},
				{"aws_secretsmanager_secret", "S", `{"name":"s","kms_key_id":{"Get":"K arn"},"replica":[{"region":"eu-west-2","kms_key_id":"alias/other"}]}`},
			},
			want: "AWS::KMS::Key K arn:${own partition}:kms:${own region}:${own account}:key/${K}\n  : " + getShown + "\n" +
				"AWS::SecretsManager::Secret S arn:${own partition}:secretsmanager:${own region}:${own account}:secret:s-${suffix of s} key alias/other\n" +
				"  note: a replica of S has a key of its own",
		},
		{
			name: "replica of a key",
			cfn:  []decl{{"AWS::KMS::ReplicaKey", "R", `{"PrimaryKeyArn":"arn:aws:kms:us-east-1:111122223333:key/mrk-1","KeyPolicy":` + get + `}`}},
			tf:   []decl{{"aws_kms_replica_key", "R", `{"primary_key_arn":"arn:aws:kms:us-east-1:111122223333:key/mrk-1","policy":` + getText + `}`}},
			want: "AWS::KMS::Key R arn:${own partition}:kms:${own region}:${own account}:key/${R}\n  : " + getShown,
		},
		{
			name: "share for the organization alone",
			cfn:  []decl{{"AWS::RAM::ResourceShare", "S", `{"Name":"s","Principals":["444455556666"],"AllowExternalPrincipals":false}`}},
			tf: []decl{
				{"aws_ram_resource_share", "S", `{"name":"s"}`},
				{"aws_ram_principal_association", "P", `{"resource_share_arn":{"Get":"S arn"},"principal":"444455556666"}`},
			},
			want: "AWS::RAM::ResourceShare S arn:${own partition}:ram:${own region}:${own account}:resource-share/${S.id} with P\n" +
				"  P: Allow AWS:444455556666 ram:AcceptResourceShareInvitation on * if StringEquals aws:PrincipalOrgID ${own organization}",
			fromCfn: [2]string{"{S.id}\n  : ", "{S.id} with P\n  P: "},
		},
		{
			name: "share of which it is not known whether it is for the organization alone",
			cfn:  []decl{{"AWS::RAM::ResourceShare", "S", `{"Name":"s","Principals":["444455556666"],"AllowExternalPrincipals":{"Unknown":"X"}}`}},
			tf: []decl{
				{"aws_ram_resource_share", "S", `{"name":"s","allow_external_principals":{"Unknown":"X"}}`},
				{"aws_ram_principal_association", "P", `{"resource_share_arn":{"Get":"S arn"},"principal":"444455556666"}`},
			},
			want: "AWS::RAM::ResourceShare S arn:${own partition}:ram:${own region}:${own account}:resource-share/${S.id} with P\n" +
				"  P: Allow AWS:444455556666 ram:AcceptResourceShareInvitation on * if StringEquals aws:PrincipalOrgID ${own organization}\n" +
				"  P: Allow AWS:444455556666 ram:AcceptResourceShareInvitation on * perhaps by X",
			fromCfn: [2]string{"{S.id}\n  : Allow AWS:444455556666 ram:AcceptResourceShareInvitation on * if StringEquals aws:PrincipalOrgID ${own organization}\n  : ", "{S.id} with P\n  P: Allow AWS:444455556666 ram:AcceptResourceShareInvitation on * if StringEquals aws:PrincipalOrgID ${own organization}\n  P: "},
		},
		{
			name: "a bucket that is not in the code",
			cfn:  []decl{{"AWS::S3::BucketPolicy", "P", `{"Bucket":"other","PolicyDocument":` + get + `}`}},
			tf:   []decl{{"aws_s3_bucket_policy", "P", `{"bucket":"other","policy":` + getText + `}`}},
			want: "AWS::S3::Bucket P arn:${own partition}:s3:::other\n  : " + getShown,
		},
		{
			name: "a policy that is not known",
			cfn:  []decl{{"AWS::S3::BucketPolicy", "P", `{"Bucket":{"Unknown":"X"},"PolicyDocument":{"Unknown":"Y"}}`}},
			tf:   []decl{{"aws_s3_bucket_policy", "P", `{"bucket":{"Unknown":"X"},"policy":{"Unknown":"Y"}}`}},
			want: "AWS::S3::Bucket P arn:${own partition}:s3:::${X}\n" +
				"  : Allow AWS:${Y} Federated:${Y} Service:${Y} CanonicalUser:${Y} ${Y} on ${Y} if   ${Y};" +
				" Deny AWS:${Y} Federated:${Y} Service:${Y} CanonicalUser:${Y} ${Y} on ${Y} if   ${Y}",
		},
	} {
		names := func(s string) string {
			// Names that AWS will give are the address, in Terraform with an attribute.
			return strings.NewReplacer("${K.id}", "${K}", "${R.id}", "${R}", "${A.id}", "${A}", "${M.alias}", "${M.Alias}").Replace(s)
		}
		cfn := summary(Resources(CloudFormation, blocks(t, tt.cfn)))
		if tt.fromCfn[0] != "" {
			cfn = strings.ReplaceAll(cfn, tt.fromCfn[0], tt.fromCfn[1])
		}
		if cfn = names(cfn); cfn != tt.want {
			t.Errorf("%s in CloudFormation:\n%s\nwant\n%s", tt.name, cfn, tt.want)
		}
		if tf := names(summary(Resources(Terraform, blocks(t, tt.tf)))); tf != tt.want {
			t.Errorf("%s in Terraform:\n%s\nwant\n%s", tt.name, tf, tt.want)
		}
	}
}

// What only Terraform has, and what only it does.
func TestTerraform(t *testing.T) {
	for _, tt := range []struct {
		name  string
		decls []decl
		want  string
	}{
		{"open function URL", []decl{
			{"aws_lambda_function", "F", `{"function_name":"f"}`},
			{"aws_lambda_function_url", "U", `{"function_name":{"Get":"F arn"},"authorization_type":"NONE"}`},
		}, "AWS::Lambda::Function F arn:${own partition}:lambda:${own region}:${own account}:function:f with U\n" +
			"  U: Allow AWS:* lambda:InvokeFunctionUrl on arn:${own partition}:lambda:${own region}:${own account}:function:f if StringEquals lambda:FunctionUrlAuthType NONE; " +
			"Allow AWS:* lambda:InvokeFunction on arn:${own partition}:lambda:${own region}:${own account}:function:f if Bool lambda:InvokedViaFunctionUrl true"},
		{"function URL with IAM", []decl{
			{"aws_lambda_function", "F", `{"function_name":"f"}`},
			{"aws_lambda_function_url", "U", `{"function_name":{"Get":"F arn"},"authorization_type":"AWS_IAM"}`},
		}, "AWS::Lambda::Function F arn:${own partition}:lambda:${own region}:${own account}:function:f with U"},
		{"alias and qualifier", []decl{
			{"aws_lambda_function", "F", `{"function_name":"f"}`},
			{"aws_lambda_alias", "L", `{"name":"live","function_name":{"Get":"F arn"}}`},
			{"aws_lambda_permission", "P", `{"function_name":{"Get":"L arn"},"action":"lambda:InvokeFunction","principal":"444455556666"}`},
			{"aws_lambda_permission", "Q", `{"function_name":"f","qualifier":"1","action":"lambda:InvokeFunction","principal":"<var.x>"}`},
		}, "AWS::Lambda::Function F arn:${own partition}:lambda:${own region}:${own account}:function:f with P, Q\n" +
			"  P: Allow AWS:444455556666 lambda:InvokeFunction on arn:${own partition}:lambda:${own region}:${own account}:function:f:live\n" +
			"  Q: Allow AWS:${var.x} Service:${var.x} lambda:InvokeFunction on arn:${own partition}:lambda:${own region}:${own account}:function:f:1"},
		{"grant of a key, by alias", []decl{
			{"aws_kms_key", "K", `{"policy":` + getText + `}`},
			{"aws_kms_alias", "A", `{"name":"alias/a","target_key_id":{"Get":"K key_id"}}`},
			{"aws_kms_grant", "G", `{"key_id":"alias/a","grantee_principal":"444455556666","operations":["Decrypt"],"constraints":[{"encryption_context_equals":{"app":"x"}}]}`},
		}, "AWS::KMS::Key K arn:${own partition}:kms:${own region}:${own account}:key/${K.id} with G\n" +
			"  : " + getShown + "\n" +
			"  G: Allow AWS:444455556666 kms:Decrypt on * if StringEquals kms:EncryptionContext:app x"},
		{"a variable names the bucket", []decl{
			{"aws_s3_bucket", "B", `{"bucket":"<var.name>"}`},
			{"aws_s3_bucket_policy", "P", `{"bucket":"<var.name>","policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::<var.name>/*\"}]}"}`},
		}, "AWS::S3::Bucket B arn:aws:s3:::${var.name} with P\n  P: Allow AWS:* s3:GetObject on arn:aws:s3:::${var.name}/*"},
		{"Block Public Access of the account, not known", []decl{
			{"aws_s3_bucket_policy", "P", `{"bucket":"b","policy":` + getText + `}`},
			{"aws_s3_account_public_access_block", "A", `{"restrict_public_buckets":{"Unknown":"var.on"},"ignore_public_acls":true}`},
		}, "AWS::S3::Bucket P arn:${own partition}:s3:::b with A block true false by A\n  : " + getShown +
			"\n  note: restrict_public_buckets of A is not known"},
		{"snapshot, shared and encrypted", []decl{
			{"aws_db_snapshot_copy", "S", `{"target_db_snapshot_identifier":"s","shared_accounts":["all","444455556666"],"kms_key_id":"alias/aws/rds"}`},
		}, "AWS::RDS::DBSnapshot S arn:${own partition}:rds:${own region}:${own account}:snapshot:s key aws/rds\n" +
			"  : Allow AWS:* rds:CopyDBSnapshot,rds:RestoreDBInstanceFromDBSnapshot on arn:${own partition}:rds:${own region}:${own account}:snapshot:s; " +
			"Allow AWS:444455556666 rds:CopyDBSnapshot,rds:RestoreDBInstanceFromDBSnapshot on arn:${own partition}:rds:${own region}:${own account}:snapshot:s"},
		{"image for an organization", []decl{
			{"aws_ami_launch_permission", "P", `{"image_id":"ami-1","organization_arn":"arn:aws:organizations::111122223333:organization/o-aaaaaaaaaa"}`},
		}, "AWS::EC2::Image P arn:${own partition}:ec2:${own region}::image/ami-1\n" +
			"  : Allow AWS:* ec2:CopyImage,ec2:RunInstances on arn:${own partition}:ec2:${own region}::image/ami-1 if StringEquals aws:PrincipalOrgID o-aaaaaaaaaa"},
		{"Block Public Access of another account, which may turn out to be the own", []decl{
			{"aws_s3_bucket_policy", "P", `{"bucket":"b","policy":` + getText + `}`},
			{"aws_s3_account_public_access_block", "A", `{"account_id":"444455556666","restrict_public_buckets":true}`},
		}, "AWS::S3::Bucket P arn:${own partition}:s3:::b with A if 444455556666 block false true by A\n  : " + getShown},
		{"Block Public Access of an account that is not known", []decl{
			{"aws_s3_bucket_policy", "P", `{"bucket":"b","policy":` + getText + `}`},
			{"aws_s3_account_public_access_block", "A", `{"account_id":"<var.id>","restrict_public_buckets":true}`},
		}, "AWS::S3::Bucket P arn:${own partition}:s3:::b with A if ${var.id} block false true by A\n  : " + getShown + "\n  note: which account A is for is not known: it is taken to block nothing here"},
		{"no image is shared anew", []decl{
			{"aws_ami", "I", `{}`},
			{"aws_ami_launch_permission", "P", `{"image_id":{"Get":"I id"},"group":"all"}`},
			{"aws_ec2_image_block_public_access", "X", `{"state":"block-new-sharing"}`},
		}, "AWS::EC2::Image I arn:${own partition}:ec2:${own region}::image/${I.id} with P, X\n" +
			"  P: Allow AWS:* ec2:CopyImage,ec2:RunInstances on arn:${own partition}:ec2:${own region}::image/${I.id}\n" +
			"  note: X lets no image be shared with the public from now on; what is shared already stays so"},
		{"policy of a directory bucket", []decl{
			{"aws_s3_directory_bucket", "D", `{"bucket":"d--x-s3"}`},
			{"aws_s3_bucket_policy", "P", `{"bucket":{"Get":"D bucket"},"policy":` + getText + `}`},
		}, "AWS::S3Express::DirectoryBucket D arn:${own partition}:s3express:${own region}:${own account}:bucket/d--x-s3 with P block true true by D\n  P: " + getShown},
		{"table and stream", []decl{
			{"aws_dynamodb_table", "T", `{"name":"t"}`},
			{"aws_dynamodb_resource_policy", "P", `{"resource_arn":{"Get":"T arn"},"policy":` + getText + `}`},
			{"aws_dynamodb_resource_policy", "S", `{"resource_arn":{"Get":"T stream_arn"},"policy":` + getText + `}`},
		}, "AWS::DynamoDB::Table T arn:${own partition}:dynamodb:${own region}:${own account}:table/t with P\n  P: " + getShown + "\n" +
			"AWS::DynamoDB::Stream T arn:${own partition}:dynamodb:${own region}:${own account}:table/t/stream/${T.stream_label} with S\n  S: " + getShown},
		{"a policy for the default bus", []decl{
			{"aws_cloudwatch_event_permission", "P", `{"principal":"444455556666","statement_id":"x"}`},
		}, "AWS::Events::EventBus P arn:${own partition}:events:${own region}:${own account}:event-bus/default\n" +
			"  : Allow AWS:444455556666 events:PutEvents on arn:${own partition}:events:${own region}:${own account}:event-bus/default"},
	} {
		if got := summary(Resources(Terraform, blocks(t, tt.decls))); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// A queue policy may name own queues and others: none is forgotten.
func TestSomeOfSeveralParents(t *testing.T) {
	got := summary(Resources(CloudFormation, blocks(t, []decl{
		{"AWS::SQS::Queue", "Q", `{"QueueName":"q"}`},
		{"AWS::SQS::QueuePolicy", "P", `{"Queues":[{"Get":"Q Ref"},"https://sqs.eu-west-1.amazonaws.com/111122223333/other"],"PolicyDocument":` + get + `}`},
	})))
	want := "AWS::SQS::Queue Q arn:${own partition}:sqs:${own region}:${own account}:q with P\n  P: " + getShown + "\n" +
		"AWS::SQS::Queue P arn:aws:sqs:eu-west-1:111122223333:other\n  : " + getShown
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestCases(t *testing.T) {
	bucket := decl{"AWS::S3::Bucket", "B", `{"BucketName":"b"}`}
	policy := decl{"AWS::S3::BucketPolicy", "P", `{"Bucket":"b","PolicyDocument":` + get + `}`}
	plain := "AWS::S3::Bucket B arn:${own partition}:s3:::b"
	with := func(when string) string {
		return strings.TrimSuffix(plain+" when "+when, " when ") + " with P\n  P: " + getShown
	}
	for _, tt := range []struct {
		name         string
		bucket       [][]string // cases of the bucket
		policy       [][]string
		want         []string
		wantDetached bool
	}{
		{"always", [][]string{nil}, [][]string{nil}, []string{with("")}, false},
		{"policy sometimes", [][]string{nil}, [][]string{{"condition A holds"}}, []string{with("condition A holds"), plain + " when condition A does not hold"}, false},
		{"both by one condition", [][]string{{"condition A holds"}}, [][]string{{"condition A holds"}}, []string{with("condition A holds")}, false},
		{"both by two", [][]string{{"x"}}, [][]string{{"y"}}, []string{with("x, y"), plain + " when x, not y"}, false},
		{"policy in each case", [][]string{nil}, [][]string{{"x"}, {"not x"}}, []string{with("x"), with("not x")}, false},
		{"alternatives", [][]string{{"condition A holds"}}, [][]string{{"condition A holds and condition B holds, or condition C holds"}, {"condition A does not hold and condition C does not hold"}},
			[]string{with("condition A holds, condition A holds and condition B holds, or condition C holds"), plain + " when condition A holds, condition B does not hold and condition C does not hold and condition A holds"}, false},
	} {
		var list []Block
		for _, when := range tt.bucket {
			b := block(t, nil, bucket[0], bucket[1], bucket[2])
			b.When = when
			list = append(list, b)
		}
		for _, when := range tt.policy {
			b := block(t, nil, policy[0], policy[1], policy[2])
			b.When = when
			list = append(list, b)
		}
		if got, want := summary(Resources(CloudFormation, list)), strings.Join(tt.want, "\n"); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, want)
		}
	}
}

// Too many cases to list: what may grant does, what may deny does not.
func TestTooManyCases(t *testing.T) {
	list := []Block{block(t, nil, "AWS::S3::Bucket", "B", `{"BucketName":"b"}`)}
	const deny = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"},{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}`
	for _, name := range strings.Fields("C D E F G H I J") {
		b := block(t, nil, "AWS::S3::BucketPolicy", name, `{"Bucket":"b","PolicyDocument":`+deny+`}`)
		b.When = []string{"condition " + name + " holds"}
		list = append(list, b)
	}
	stack := Resources(CloudFormation, list)
	if len(stack.Resources) != 1 || len(stack.Resources[0].Documents) != 8 || len(stack.Resources[0].Notes) != 1 {
		t.Fatalf("%s", summary(stack))
	}
	for _, d := range stack.Resources[0].Documents {
		if len(d.Policy.Statements) != 1 || d.Policy.Statements[0].Effect.String() != "Allow" {
			t.Errorf("%s", statements(d.Policy))
		}
	}
}

// An API whose policies may all be missing may be open.
func TestTooManyCasesOfAnAPI(t *testing.T) {
	list := []Block{block(t, nil, "aws_api_gateway_rest_api", "A", `{}`)}
	for _, name := range strings.Fields("C D E F G H I J") {
		b := block(t, list[:1], "aws_api_gateway_rest_api_policy", name, `{"rest_api_id":{"Get":"A id"},"policy":`+getText+`}`)
		b.When = []string{"count of " + name + " is not 0"}
		list = append(list, b)
	}
	documents := Resources(Terraform, list).Resources[0].Documents
	if n := len(documents); n != 9 || !documents[n-1].Implied {
		t.Errorf("%d documents, want 8 policies and what an API without one has", n)
	}
}

// What belongs to another account is not own, and a child of one account does
// not attach to a parent of another.
func TestScopes(t *testing.T) {
	role := block(t, nil, "aws_iam_role", "aws_iam_role.r", `{"name":"r"}`)
	role.Scope = "aws.other"
	for _, tt := range []struct{ account, want string }{
		{"", "arn:${own partition}:iam::${own account of aws.other}:role/r"},
		{"444455556666", "arn:${own partition}:iam::444455556666:role/r"},
	} {
		role.Account = tt.account
		queue := block(t, []Block{role}, "aws_sqs_queue", "aws_sqs_queue.q", `{"name":"q","policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"<aws_iam_role.r arn>\"},\"Action\":\"sqs:*\",\"Resource\":\"*\"}]}"}`)
		stack := Resources(Terraform, []Block{role, queue})
		p := stack.Resources[1].Documents[0].Policy.Statements[0].Principal.List[0].Text
		if p.String() != tt.want {
			t.Errorf("%s, want %s", p, tt.want)
		}
		for _, part := range p.Parts {
			if part.Ref != nil && part.Ref.Is == value.OwnAccount {
				t.Errorf("%s is taken to be own", p)
			}
		}
	}
	bucket := block(t, nil, "aws_s3_bucket", "b", `{"bucket":"b"}`)
	other := block(t, nil, "aws_s3_bucket_policy", "p", `{"bucket":"b","policy":`+getText+`}`)
	other.Scope = "aws.other"
	if got := len(Resources(Terraform, []Block{bucket, other}).Resources); got != 2 {
		t.Errorf("%d resources, want 2", got)
	}
}

func TestOwn(t *testing.T) {
	bucket := block(t, nil, "aws_s3_bucket", "aws_s3_bucket.b", `{}`)
	identity := block(t, nil, "aws_cloudfront_origin_access_identity", "aws_cloudfront_origin_access_identity.i", `{}`)
	other := block(t, nil, "aws_s3_bucket", "aws_s3_bucket.o", `{"bucket":"o"}`)
	other.Scope = "aws.other"
	var got []string
	for _, own := range Resources(Terraform, []Block{bucket, identity, other}).Resources[0].Own {
		got = append(got, own.String())
	}
	want := "${aws_s3_bucket.b.bucket} arn:${own partition}:s3:::${aws_s3_bucket.b.bucket}" +
		" arn:${own partition}:iam::cloudfront:user/CloudFront Origin Access Identity ${aws_cloudfront_origin_access_identity.i.id}" +
		" ${aws_cloudfront_origin_access_identity.i.s3_canonical_user_id}"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("%s\nwant\n%s", s, want)
	}
}

func TestJoin(t *testing.T) {
	bucket := func(address string) resource.Stack {
		return Resources(CloudFormation, blocks(t, []decl{{"AWS::S3::Bucket", address, `{"BucketName":"b"}`}}))
	}
	policy := Resources(Terraform, blocks(t, []decl{{"aws_s3_bucket_policy", "P", `{"bucket":"b","policy":` + getText + `}`}}))
	generated := Resources(CloudFormation, blocks(t, []decl{{"AWS::S3::Bucket", "P", `{}`}}))

	joined := joinAll([]resource.Stack{bucket("A"), policy, generated})
	if got, want := summary(joined[0]), "AWS::S3::Bucket A arn:${own partition}:s3:::b with P\n  P: "+getShown; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if len(joined[1].Resources) != 0 || len(joined[2].Resources[0].Documents) != 0 {
		t.Errorf("%s\n%s", summary(joined[1]), summary(joined[2]))
	}
	joined = joinAll([]resource.Stack{bucket("A"), bucket("C"), policy})
	for i, address := range []string{"A", "C"} {
		want := "AWS::S3::Bucket " + address + " arn:${own partition}:s3:::b with P\n  P: " + getShown +
			"\n  note: P may belong to this resource or to another of 2 with its name\n" +
			"AWS::S3::Bucket " + address + " arn:${own partition}:s3:::b"
		if got := summary(joined[i]); got != want {
			t.Errorf("%s\nwant\n%s", got, want)
		}
	}
	if len(joinAll([]resource.Stack{policy})[0].Resources) != 1 {
		t.Error("a policy without its bucket got lost")
	}
}

// A policy is of its resource: what it writes for the account, the Region or a
// variable is the resource's.
func TestRefinedARN(t *testing.T) {
	policy := func(resources string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":` + resources + `}]}`
	}
	for _, tt := range []struct{ topic, resources, want string }{
		{`{"TopicName":"t"}`, `"arn:aws:sns:eu-west-1:111122223333:t"`, "arn:aws:sns:eu-west-1:111122223333:t"},
		{`{"TopicName":"t"}`, `"arn:aws:sns:*:111122223333:t"`, "arn:aws:sns:${own region}:111122223333:t"},
		{`{"TopicName":"t"}`, `["arn:aws:sns:eu-west-1:111122223333:t","arn:aws:sns:eu-west-1:444455556666:t"]`, ""},
		{`{"TopicName":"t"}`, `"arn:aws:sns:eu-west-1:111122223333:other"`, "arn:${own partition}:sns:${own region}:${own account}:t"},
		{`{"TopicName":"t"}`, `"arn:aws:sqs:eu-west-1:111122223333:t"`, "arn:${own partition}:sns:${own region}:${own account}:t"},
		{`{"TopicName":{"Unknown":"Name"}}`, `"arn:aws:sns:eu-west-1:111122223333:other"`, ""},
		{`{"TopicName":{"Unknown":"Name"}}`, `"arn:aws:sns:eu-west-1:111122223333:<Name>"`, "arn:aws:sns:eu-west-1:111122223333:${Name}"},
		{`{}`, `"arn:aws:sns:eu-west-1:111122223333:other"`, "arn:${own partition}:sns:${own region}:${own account}:${T}"},
	} {
		stack := Resources(CloudFormation, blocks(t, []decl{
			{"AWS::SNS::Topic", "T", tt.topic},
			{"AWS::SNS::TopicPolicy", "P", `{"Topics":[{"Get":"T Ref"}],"PolicyDocument":` + policy(tt.resources) + `}`},
		}))
		if got := stack.Resources[0].ARN.String(); got != tt.want {
			t.Errorf("%s, policy for %s: %q, want %q", tt.topic, tt.resources, got, tt.want)
		}
	}
}

// A policy that names the resource in another account than the declared one is
// of that account: its statements do not go unread.
func TestAnotherAccountInPolicy(t *testing.T) {
	topic := block(t, nil, "aws_sns_topic", "t", `{"name":"t","policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"arn:aws:sns:eu-west-1:444455556666:t\"}]}"}`)
	topic.Account, topic.Region = "111122223333", "eu-west-1"
	got := Resources(Terraform, []Block{topic}).Resources[0]
	if arn := got.ARN.String(); arn != "arn:aws:sns:eu-west-1:444455556666:t" || got.Account != "111122223333" || len(got.Notes) != 1 {
		t.Errorf("%s of %s, %v", arn, got.Account, got.Notes)
	}
}

// 2,000 buckets with policies and as many policies of buckets elsewhere: the
// time for each must not grow with their number.
func BenchmarkResources(b *testing.B) {
	var list []Block
	for i := range 2000 {
		text := func(s string) value.Value { return value.Value{Kind: value.String, Text: value.Lit(s)} }
		name, other := text(fmt.Sprintf("bucket-%d", i)), text(fmt.Sprintf("other-%d", i))
		properties := func(fields ...value.Field) value.Value { return value.Value{Kind: value.Map, Fields: fields} }
		list = append(list,
			Block{Type: "aws_s3_bucket", Address: fmt.Sprintf("aws_s3_bucket.b[%d]", i), Properties: properties(value.Field{Key: "bucket", Value: name})},
			Block{Type: "aws_s3_bucket_policy", Address: fmt.Sprintf("aws_s3_bucket_policy.b[%d]", i), Properties: properties(value.Field{Key: "bucket", Value: name}, value.Field{Key: "policy", Value: text(get)})},
			Block{Type: "aws_s3_bucket_policy", Address: fmt.Sprintf("aws_s3_bucket_policy.o[%d]", i), Properties: properties(value.Field{Key: "bucket", Value: other}, value.Field{Key: "policy", Value: text(get)})},
		)
	}
	b.ReportAllocs()
	for b.Loop() {
		if got := len(Resources(Terraform, list).Resources); got != 4000 {
			b.Fatalf("%d resources, want 4000", got)
		}
	}
}

// Whoever asks which blocks to evaluate must hear of those that only name others.
func TestRelevant(t *testing.T) {
	for typ, want := range map[string]bool{
		"AWS::S3::Bucket": true, "aws_s3_bucket_acl": true, "aws_kms_alias": true, "AWS::KMS::Alias": true,
		"aws_cloudfront_origin_access_identity": true, "AWS::IAM::InstanceProfile": false, "aws_instance": false, "": false,
	} {
		if got := Relevant(languageOf(typ), typ); got != want {
			t.Errorf("Relevant(%q) = %v", typ, got)
		}
	}
	if Relevant(Terraform, "AWS::S3::Bucket") || Relevant(CloudFormation, "aws_s3_bucket") {
		t.Error("a type is relevant in the other language")
	}
}

func TestAttributes(t *testing.T) {
	for _, tt := range []struct{ typ, properties, attribute, want string }{
		{"AWS::S3::Bucket", `{}`, "Arn", "arn:${own partition}:s3:::${x}"},
		{"AWS::S3::Bucket", `{"BucketName":"b"}`, "RegionalDomainName", "b.s3.${own region}.${own domain suffix}"},
		{"AWS::S3::AccessPoint", `{"Name":"a"}`, "Arn", "arn:${own partition}:s3:${own region}:${own account}:accesspoint/a"},
		{"AWS::SQS::Queue", `{}`, "QueueName", "${x}"},
		{"AWS::IAM::Role", `{"Path":"/a/"}`, "Arn", "arn:${own partition}:iam::${own account}:role/a/${x}"},
		{"AWS::IAM::Role", `{}`, "RoleId", "${x.RoleId}"},
		{"AWS::IAM::User", `{"UserName":"u"}`, "Arn", "arn:${own partition}:iam::${own account}:user/u"},
		{"AWS::IAM::ManagedPolicy", `{}`, "Ref", "arn:${own partition}:iam::${own account}:policy/${x}"},
		{"AWS::Lambda::Alias", `{"FunctionName":"f","Name":"live"}`, "Ref", "arn:${own partition}:lambda:${own region}:${own account}:function:f:live"},
		{"AWS::DynamoDB::Table", `{"TableName":"t"}`, "StreamArn", "arn:${own partition}:dynamodb:${own region}:${own account}:table/t/stream/${x.StreamLabel}"},
		{"AWS::Backup::BackupVault", `{"BackupVaultName":"v"}`, "BackupVaultArn", "arn:${own partition}:backup:${own region}:${own account}:backup-vault:v"},
		{"AWS::StepFunctions::StateMachine", `{"StateMachineName":"m"}`, "Arn", "arn:${own partition}:states:${own region}:${own account}:stateMachine:m"},
		// What Ref and GetAtt give is not always the plain name or ARN: the pages' "Return values".
		{"AWS::Logs::LogGroup", `{"LogGroupName":"/g"}`, "Arn", "arn:${own partition}:logs:${own region}:${own account}:log-group:/g:*"},
		{"AWS::Logs::LogGroup", `{"LogGroupName":"/g"}`, "Ref", "/g"},
		{"AWS::SNS::Topic", `{"TopicName":"t"}`, "Ref", "arn:${own partition}:sns:${own region}:${own account}:t"},
		{"AWS::SQS::Queue", `{"QueueName":"q"}`, "Ref", "https://sqs.${own region}.${own domain suffix}/${own account}/q"},
		{"AWS::SQS::Queue", `{"QueueName":"q"}`, "QueueUrl", "https://sqs.${own region}.${own domain suffix}/${own account}/q"},
		{"AWS::SecretsManager::Secret", `{"Name":"s"}`, "Ref", "arn:${own partition}:secretsmanager:${own region}:${own account}:secret:s-${suffix of s}"},
		{"AWS::SecretsManager::Secret", `{"Name":"s"}`, "Id", "arn:${own partition}:secretsmanager:${own region}:${own account}:secret:s-${suffix of s}"},
		{"AWS::Lambda::LayerVersion", `{"LayerName":"l"}`, "Ref", "arn:${own partition}:lambda:${own region}:${own account}:layer:l:${x.Version}"},
		{"AWS::Lambda::LayerVersion", `{"LayerName":"l"}`, "LayerVersionArn", "arn:${own partition}:lambda:${own region}:${own account}:layer:l:${x.Version}"},
		{"AWS::Lambda::Version", `{"FunctionName":"f"}`, "Ref", "arn:${own partition}:lambda:${own region}:${own account}:function:f:${x.Version}"},
		{"AWS::Kinesis::StreamConsumer", `{"ConsumerName":"c"}`, "Ref", "${x.StreamARN}/consumer/c:${x.ConsumerCreationTimestamp}"},
		{"AWS::Kinesis::StreamConsumer", `{"ConsumerName":"c"}`, "ConsumerARN", "${x.StreamARN}/consumer/c:${x.ConsumerCreationTimestamp}"},
		{"AWS::Events::EventBus", `{"Name":"b"}`, "Ref", "b"},
		{"AWS::Events::EventBus", `{"Name":"b"}`, "Arn", "arn:${own partition}:events:${own region}:${own account}:event-bus/b"},
		{"AWS::ECR::Repository", `{"RepositoryName":"r"}`, "Ref", "r"},
		{"AWS::CodeArtifact::Domain", `{"DomainName":"d"}`, "Ref", "arn:${own partition}:codeartifact:${own region}:${own account}:domain/d"},
		{"aws_cloudwatch_log_group", `{"name":"/g"}`, "arn", "arn:${own partition}:logs:${own region}:${own account}:log-group:/g"},
		{"aws_lambda_layer_version", `{"layer_name":"l"}`, "arn", "arn:${own partition}:lambda:${own region}:${own account}:layer:l:${x.version}"},
		{"aws_lambda_layer_version", `{"layer_name":"l"}`, "layer_arn", "arn:${own partition}:lambda:${own region}:${own account}:layer:l"},
		{"aws_lambda_function", `{"function_name":"f"}`, "qualified_arn", "arn:${own partition}:lambda:${own region}:${own account}:function:f:${x.version}"},
		{"aws_sns_topic", `{"name":"t"}`, "id", "arn:${own partition}:sns:${own region}:${own account}:t"},
		{"aws_kinesis_stream", `{"name":"s"}`, "id", "arn:${own partition}:kinesis:${own region}:${own account}:stream/s"},
		{"AWS::AppSync::GraphQLApi", `{}`, "Arn", "arn:${own partition}:appsync:${own region}:${own account}:apis/${x}"},
		{"AWS::Organizations::Account", `{}`, "Ref", "${x.Ref}"},
		{"AWS::CloudFormation::WaitCondition", `{}`, "Data", "not known"},
		{"aws_s3_bucket", `{"bucket":"<var.b>"}`, "arn", "arn:${own partition}:s3:::${var.b}"},
		{"aws_sqs_queue", `{"name":"q"}`, "id", "https://sqs.${own region}.${own domain suffix}/${own account}/q"},
		{"aws_kms_key", `{}`, "key_id", "${x.id}"},
		{"aws_lambda_function", `{"function_name":"f"}`, "invoke_arn", "arn:${own partition}:apigateway:${own region}:lambda:path/2015-03-31/functions/arn:${own partition}:lambda:${own region}:${own account}:function:f/invocations"},
		{"aws_iam_user", `{"name":"u","path":"/p/"}`, "arn", "arn:${own partition}:iam::${own account}:user/p/u"},
		{"aws_cloudfront_distribution", `{}`, "arn", "arn:${own partition}:cloudfront::${own account}:distribution/${x.id}"},
		{"aws_api_gateway_rest_api", `{}`, "execution_arn", "arn:${own partition}:execute-api:${own region}:${own account}:${x.id}"},
		{"aws_synthetics_canary", `{}`, "arn", "arn:${own partition}:${x.service}:${own region}:${own account}:${x.id}"},
		{"aws_organizations_account", `{}`, "id", "${x.id}"},
		{"aws_synthetics_canary", `{}`, "id", "not known"},
		{"aws_s3_bucket_policy", `{}`, "id", "not known"},
	} {
		v, ok := Attribute(languageOf(tt.typ), block(t, nil, tt.typ, "x", tt.properties), tt.attribute)
		got := v.Text.String()
		if !ok {
			got = "not known"
		}
		if got != tt.want {
			t.Errorf("%s %s of %s: %s, want %s", tt.typ, tt.attribute, tt.properties, got, tt.want)
		}
	}
}

// An account that the code creates is another one.
func TestAccountOfOthers(t *testing.T) {
	for _, typ := range []string{"AWS::Organizations::Account", "aws_organizations_account"} {
		name := map[Language]string{CloudFormation: "Ref", Terraform: "id"}[languageOf(typ)]
		v, _ := Attribute(languageOf(typ), block(t, nil, typ, "x", `{}`), name)
		if !anything(v.Text) {
			t.Errorf("%s is taken to be own: %v", typ, v.Text)
		}
	}
}

// joinAll joins stacks as they are.
func joinAll(stacks []resource.Stack) []resource.Stack { return Link(stacks).Join(stacks) }
