package policyjson

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

const (
	openTrust = `%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22AWS%22%3A%22444455556666%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D`
	bucketDoc = `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}]}`
	aclText   = `{\"grantSet\":null,\"grantList\":[{\"grantee\":\"AllUsers\",\"permission\":\"Read\"},{\"grantee\":{\"id\":\"aaaa\"},\"permission\":\"FullControl\"}],\"owner\":{\"id\":\"aaaa\"}}`
	roleItem  = `{"configurationItemStatus":"ResourceDiscovered","awsAccountId":"111122223333","resourceType":"AWS::IAM::Role","ARN":"arn:aws:iam::111122223333:role/app","configuration":{"assumeRolePolicyDocument":"` + openTrust + `","rolePolicyList":[{"policyName":"x","policyDocument":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"*\"}]}"}]}}`
)

func TestConfigItems(t *testing.T) {
	bucket := func(more string) string {
		return `{"resourceType":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b","awsAccountId":"111122223333","supplementaryConfiguration":{` + more + `}}`
	}
	for _, tt := range []struct{ name, items, want string }{
		{"a role with an inline policy", roleItem, "AWS::IAM::Policy 1 identity | AWS::IAM::Role 1"},
		{"a bucket policy", bucket(`"BucketPolicy":{"policyText":"` + bucketDoc + `"}`), "AWS::S3::Bucket 1"},
		{"a bucket policy in a text", bucket(`"BucketPolicy":"{\"policyText\":\"{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":\\\"*\\\",\\\"Action\\\":\\\"s3:GetObject\\\",\\\"Resource\\\":\\\"arn:aws:s3:::b/*\\\"}]}\"}"`), "AWS::S3::Bucket 1"},
		{"no bucket policy", bucket(`"BucketPolicy":{"policyText":null}`), "AWS::S3::Bucket 0"},
		{"a list and a block", bucket(`"AccessControlList":"` + aclText + `","PublicAccessBlockConfiguration":{"ignorePublicAcls":true,"restrictPublicBuckets":false}`), "AWS::S3::Bucket 1 block=true,false"},
		{"deleted", strings.Replace(roleItem, "ResourceDiscovered", "ResourceDeleted", 1), ""},
		{"no policy is recorded", `{"resourceType":"AWS::SecretsManager::Secret","ARN":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:s"}`, "! AWS Config does not record the policies of AWS::SecretsManager::Secret: nothing is known of 1 of them"},
		{"a configuration as a text", `{"resourceType":"AWS::IAM::Role","arn":"arn:aws:iam::111122223333:role/app","accountId":"111122223333","configuration":"{\"path\":\"/\",\"assumeRolePolicyDocument\":\"` + openTrust + `\"}"}`, "AWS::IAM::Role 1"},
		{"of no interest", `{"resourceType":"AWS::EC2::Instance","ARN":"arn:aws:ec2:eu-west-1:111122223333:instance/i"}`, ""},
	} {
		quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(tt.items)
		for _, text := range []string{`{"fileVersion":"1.0","configurationItems":[` + tt.items + `]}`, `{"Results":["` + quoted + `"],"QueryInfo":{"SelectFields":[]}}`} {
			f := source.NewFile("x.json", []byte(text))
			if !MatchFile(f) {
				t.Errorf("%s is not recognised: %s", tt.name, text)
			}
			stack := Load(f, Options{})
			var got []string
			for _, r := range stack.Resources {
				s := fmt.Sprintf("%s %d", r.Type, len(r.Documents))
				if r.IdentityPolicy {
					s += " identity"
				}
				if r.Block != nil {
					s += fmt.Sprintf(" block=%t,%t", r.Block.IgnorePublicACLs, r.Block.RestrictPublicBuckets)
				}
				got = append(got, s)
			}
			for _, d := range stack.Diagnostics {
				got = append(got, "! "+d.Message)
			}
			if s := strings.Join(got, " | "); s != tt.want {
				t.Errorf("%s: got %s, want %s", tt.name, s, tt.want)
			}
		}
	}
}

// Block Public Access of the account is an item of its own.
func TestConfigAccountBlock(t *testing.T) {
	const items = `{"configurationItems":[{"resourceType":"AWS::S3::AccountPublicAccessBlock","awsAccountId":"111122223333","resourceId":"111122223333","configuration":{"blockPublicAcls":true,"ignorePublicAcls":true,"blockPublicPolicy":true,"restrictPublicBuckets":true}},` +
		`{"resourceType":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b","awsAccountId":"111122223333","supplementaryConfiguration":{"BucketPolicy":{"policyText":"` + bucketDoc + `"}}}]}`
	stack := Load(source.NewFile("x.json", []byte(items)), Options{})
	if len(stack.Resources) != 1 || len(stack.Diagnostics) != 0 {
		t.Fatalf("got %v", stack)
	}
	if b := stack.Resources[0].AccountBlock; b == nil || !b.RestrictPublicBuckets || b.Account != "111122223333" {
		t.Errorf("got %v", b)
	}
}
