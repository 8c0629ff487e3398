package cli

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// TestCommandLineOutput reads what commands of the AWS command line print, one a
// row. Each lets account 444455556666 in, or everyone; PA and P* stand for the
// policies that do, as text in a string.
//
// https://docs.aws.amazon.com/cli/latest/reference/
func TestCommandLineOutput(t *testing.T) {
	doc := func(principal, action string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"` + action + `","Resource":"*"}]}`
	}
	const account, anyone = `{"AWS":"arn:aws:iam::444455556666:root"}`, `"*"`
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + account + `,"Action":"sts:AssumeRole"}]}`
	for _, tt := range []struct{ command, in, typ, verdict string }{
		{"s3api get-bucket-policy", `{"Policy":P*(s3:*)}`, "", "public"},
		{"s3api get-bucket-acl", `{"Owner":{"ID":"me"},"Grants":[{"Grantee":{"URI":"http://acs.amazonaws.com/groups/global/AllUsers","Type":"Group"},"Permission":"READ"}]}`, "AWS::S3::Bucket", "public"},
		{"s3api get-bucket-acl, another account", `{"Owner":{"ID":"me"},"Grants":[{"Grantee":{"ID":"other","Type":"CanonicalUser"},"Permission":"WRITE"}]}`, "AWS::S3::Bucket", "external"},
		{"s3api get-public-access-block", `{"PublicAccessBlockConfiguration":{"BlockPublicAcls":false,"IgnorePublicAcls":false,"BlockPublicPolicy":false,"RestrictPublicBuckets":false}}`, "AWS::S3::Bucket", "none"},
		{"s3control get-access-point-policy", `{"Policy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:us-east-1:111122223333:accesspoint/ap/object/*"}]}}`, "AWS::S3::AccessPoint", "public"},
		{"s3control get-multi-region-access-point-policy", `{"Policy":{"Established":{"Policy":P*(s3:*)},"Proposed":{}}}`, "", "public"},
		{"sqs get-queue-attributes", `{"Attributes":{"QueueArn":"arn:aws:sqs:eu-west-1:111122223333:q","Policy":PA(sqs:*)}}`, "AWS::SQS::Queue", "external"},
		{"sqs get-queue-attributes, Policy alone", `{"Attributes":{"Policy":PA(sqs:SendMessage)}}`, "AWS::SQS::Queue", "external"},
		{"sns get-topic-attributes", `{"Attributes":{"TopicArn":"arn:aws:sns:eu-west-1:111122223333:t","Policy":P*(sns:Publish)}}`, "AWS::SNS::Topic", "public"},
		{"iam get-role", `{"Role":{"Arn":"arn:aws:iam::111122223333:role/r","RoleName":"r","AssumeRolePolicyDocument":` + trust + `}}`, "AWS::IAM::Role", "external"},
		{"iam get-role, URL-encoded", `{"Role":{"Arn":"arn:aws:iam::111122223333:role/r","AssumeRolePolicyDocument":"` + url.QueryEscape(trust) + `"}}`, "AWS::IAM::Role", "external"},
		{"iam list-roles", `{"Roles":[{"RoleName":"r","Arn":"arn:aws:iam::111122223333:role/r","AssumeRolePolicyDocument":` + trust + `}]}`, "AWS::IAM::Role", "external"},
		{"iam get-account-authorization-details", `{"UserDetailList":[],"GroupDetailList":[],"RoleDetailList":[{"RoleName":"r","Arn":"arn:aws:iam::111122223333:role/r","AssumeRolePolicyDocument":` + trust + `}],"Policies":[]}`, "AWS::IAM::Role", "external"},
		{"kms get-key-policy", `{"PolicyName":"default","Policy":PA(kms:*)}`, "AWS::KMS::Key", "external"},
		{"kms list-grants", `{"Grants":[{"KeyId":"arn:aws:kms:eu-west-1:111122223333:key/k","GrantId":"g","Name":"n","CreationDate":"2024-01-01","GranteePrincipal":"arn:aws:iam::444455556666:role/r","IssuingAccount":"arn:aws:iam::111122223333:root","Operations":["Decrypt"]}]}`, "AWS::KMS::Key", "external"},
		{"kms list-grants, to a service", `{"Grants":[{"KeyId":"arn:aws:kms:eu-west-1:111122223333:key/k","GrantId":"g","GranteePrincipal":"dynamodb.eu-west-1.amazonaws.com","Operations":["Decrypt"],"Constraints":{"EncryptionContextSubset":{"a":"b"}}}]}`, "AWS::KMS::Key", "none"},
		{"secretsmanager get-resource-policy", `{"ARN":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-AbCdEf","Name":"s","ResourcePolicy":PA(secretsmanager:GetSecretValue)}`, "AWS::SecretsManager::Secret", "external"},
		{"dynamodb get-resource-policy", `{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},\"Action\":\"dynamodb:GetItem\",\"Resource\":\"arn:aws:dynamodb:eu-west-1:111122223333:table/t\"}]}","RevisionId":"1"}`, "AWS::DynamoDB::Table", "external"},
		{"cloudtrail get-resource-policy", `{"ResourceArn":"arn:aws:cloudtrail:eu-west-1:111122223333:channel/c","ResourcePolicy":PA(cloudtrail-data:PutAuditEvents)}`, "AWS::CloudTrail::Channel", "external"},
		{"lambda get-policy", `{"Policy":"{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":[{\"Sid\":\"x\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"arn:aws:lambda:eu-west-1:111122223333:function:f\"}]}","RevisionId":"1"}`, "AWS::Lambda::Function", "public"},
		{"lambda get-layer-version-policy", `{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"x\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"lambda:GetLayerVersion\",\"Resource\":\"arn:aws:lambda:eu-west-1:111122223333:layer:l:1\"}]}","RevisionId":"1"}`, "AWS::Lambda::LayerVersion", "public"},
		{"ecr get-repository-policy", `{"registryId":"111122223333","repositoryName":"r","policyText":PA(ecr:BatchGetImage)}`, "AWS::ECR::Repository", "external"},
		{"ecr get-registry-policy", `{"registryId":"111122223333","policyText":PA(ecr:ReplicateImage)}`, "AWS::ECR::RegistryPolicy", "external"},
		{"efs describe-file-system-policy", `{"FileSystemId":"fs-1","Policy":P*(elasticfilesystem:ClientMount)}`, "AWS::EFS::FileSystem", "public"},
		{"ec2 describe-snapshot-attribute", `{"SnapshotId":"snap-1","CreateVolumePermissions":[{"Group":"all"}]}`, "AWS::EC2::Snapshot", "public"},
		{"ec2 describe-snapshot-attribute, an account", `{"SnapshotId":"snap-1","CreateVolumePermissions":[{"UserId":"444455556666"}]}`, "AWS::EC2::Snapshot", "external"},
		{"ec2 describe-image-attribute", `{"ImageId":"ami-1","LaunchPermissions":[{"Group":"all"}]}`, "AWS::EC2::Image", "public"},
		{"ec2 describe-image-attribute, an organization", `{"ImageId":"ami-1","LaunchPermissions":[{"OrganizationArn":"arn:aws:organizations::444455556666:organization/o-bbbbbbbbbb"}]}`, "AWS::EC2::Image", "external"},
		{"ec2 describe-image-attribute, an organizational unit", `{"ImageId":"ami-1","LaunchPermissions":[{"OrganizationalUnitArn":"arn:aws:organizations::444455556666:ou/o-bbbbbbbbbb/ou-1234-abcdefgh"}]}`, "AWS::EC2::Image", "external"},
		{"rds describe-db-snapshot-attributes", `{"DBSnapshotAttributesResult":{"DBSnapshotIdentifier":"s","DBSnapshotAttributes":[{"AttributeName":"restore","AttributeValues":["all"]}]}}`, "AWS::RDS::DBSnapshot", "public"},
		{"rds describe-db-cluster-snapshot-attributes", `{"DBClusterSnapshotAttributesResult":{"DBClusterSnapshotIdentifier":"s","DBClusterSnapshotAttributes":[{"AttributeName":"restore","AttributeValues":["444455556666"]}]}}`, "AWS::RDS::DBClusterSnapshot", "external"},
		{"glacier get-vault-access-policy", `{"policy":{"Policy":P*(glacier:*)}}`, "AWS::S3::Glacier", "public"},
		{"opensearch describe-domain-config", `{"DomainConfig":{"AccessPolicies":{"Options":P*(es:*),"Status":{}}}}`, "AWS::OpenSearchService::Domain", "public"},
		{"opensearch describe-domain", `{"DomainStatus":{"ARN":"arn:aws:es:eu-west-1:111122223333:domain/d","AccessPolicies":P*(es:*)}}`, "AWS::OpenSearchService::Domain", "public"},
		{"apigateway get-rest-api", `{"id":"a","name":"b","policy":` + strconv.Quote(strings.ReplaceAll(doc(anyone, "execute-api:Invoke"), `"`, `\"`)) + `}`, "AWS::ApiGateway::RestApi", "public"},
		{"backup get-backup-vault-access-policy", `{"BackupVaultName":"v","BackupVaultArn":"arn:aws:backup:eu-west-1:111122223333:backup-vault:v","Policy":PA(backup:CopyIntoBackupVault)}`, "AWS::Backup::BackupVault", "external"},
		{"events describe-event-bus", `{"Name":"b","Arn":"arn:aws:events:eu-west-1:111122223333:event-bus/b","Policy":PA(events:PutEvents)}`, "AWS::Events::EventBus", "external"},
		{"kinesis get-resource-policy", `{"Policy":PA(kinesis:GetRecords)}`, "", "external"},
		{"codeartifact get-domain-permissions-policy", `{"policy":{"resourceArn":"arn:aws:codeartifact:eu-west-1:111122223333:domain/d","revision":"1","document":PA(codeartifact:GetDomainPermissionsPolicy)}}`, "AWS::CodeArtifact::Domain", "external"},
		{"logs describe-resource-policies", `{"resourcePolicies":[{"policyName":"p","policyDocument":PA(logs:PutLogEvents)}]}`, "AWS::Logs::ResourcePolicy", "external"},
		{"logs describe-destinations", `{"destinations":[{"destinationName":"d","arn":"arn:aws:logs:eu-west-1:111122223333:destination:d","accessPolicy":PA(logs:PutSubscriptionFilter)}]}`, "AWS::Logs::Destination", "external"},
		{"glue get-resource-policy", `{"PolicyInJson":PA(glue:GetTable)}`, "AWS::Glue::DataCatalog", "external"},
		{"sesv2 get-email-identity-policies", `{"Policies":{"p":PA(ses:SendEmail)}}`, "", "external"},
		{"ssm get-resource-policies", `{"Policies":[{"PolicyId":"1","PolicyHash":"h","Policy":PA(ssm:GetParameter)}]}`, "", "external"},
		{"xray list-resource-policies", `{"ResourcePolicies":[{"PolicyName":"p","PolicyDocument":PA(xray:PutTraceSegments)}]}`, "AWS::XRay::ResourcePolicy", "external"},
		{"organizations describe-resource-policy", `{"ResourcePolicy":{"ResourcePolicySummary":{},"Content":PA(organizations:ListAccounts)}}`, "AWS::Organizations::ResourcePolicy", "external"},
		{"codebuild get-resource-policy", `{"policy":PA(codebuild:BatchGetProjects)}`, "", "external"},
		{"ec2 describe-vpc-endpoints", `{"VpcEndpoints":[{"VpcEndpointId":"vpce-1","PolicyDocument":P*(*)}]}`, "AWS::EC2::VPCEndpoint", "none"},
		{"iam get-policy-version", `{"PolicyVersion":{"Document":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]},"VersionId":"v1"}}`, "AWS::IAM::Policy", "none"},
	} {
		t.Run(tt.command, func(t *testing.T) {
			in := tt.in
			for mark, principal := range map[string]string{"PA(": account, "P*(": anyone} {
				for {
					before, rest, ok := strings.Cut(in, mark)
					if !ok {
						break
					}
					action, after, _ := strings.Cut(rest, ")")
					in = before + strconv.Quote(doc(principal, action)) + after
				}
			}
			file := filepath.Join(t.TempDir(), "out.json")
			if err := os.WriteFile(file, []byte(in), 0o600); err != nil {
				t.Fatal(err)
			}
			_, report := runJSON(t, "--account", "111122223333", file)
			errors := slices.ContainsFunc(report.Diagnostics, func(d finding.Diagnostic) bool { return d.Severity == "error" })
			if len(report.Resources) != 1 || errors {
				t.Fatalf("%d resources, %v", len(report.Resources), report.Diagnostics)
			}
			if r := report.Resources[0]; string(r.Verdict) != tt.verdict || tt.typ != "" && r.ResourceType != tt.typ {
				t.Errorf("%s %s, want %s %s", r.ResourceType, r.Verdict, tt.typ, tt.verdict)
			}
		})
	}
}
