package iaclint_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iaclint/iaclint"
)

// A setting of Block Public Access that is on cuts off, one that is off does not,
// and on one that is not known depends whoever is let in: whatever setting it is,
// of what, and in which language. A default decides, and says so.
func TestBlockPublicAccessNotKnown(t *testing.T) {
	const (
		policyText = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-logs/*"}]}`
		bucket     = `resource "aws_s3_bucket" "b" { bucket = "acme-logs" }` + "\n"
		byPolicy   = bucket + "resource \"aws_s3_bucket_policy\" \"p\" {\n  bucket = aws_s3_bucket.b.id\n  policy = <<E\n" + policyText + "\nE\n}\n"
		byList     = bucket + "resource \"aws_s3_bucket_ownership_controls\" \"o\" {\n  bucket = aws_s3_bucket.b.id\n  rule {\n    object_ownership = \"ObjectWriter\"\n  }\n}\n" +
			"resource \"aws_s3_bucket_acl\" \"a\" {\n  bucket = aws_s3_bucket.b.id\n  acl    = \"public-read\"\n}\n"
		ofBucket  = "resource \"aws_s3_bucket_public_access_block\" \"b\" {\n  bucket = aws_s3_bucket.b.id\n  %s = %s\n}\n"
		ofAccount = "resource \"aws_s3_account_public_access_block\" \"b\" {\n  %s = %s\n}\n"
		template  = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: acme-logs\n      %s\n      PublicAccessBlockConfiguration: {%s: %s}\n"
		ofPolicy  = "  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Ref B\n      PolicyDocument: " + policyText + "\n"
		lists     = "AccessControl: PublicRead\n      OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}"
		// a policy of the bucket that leaves access to its access point's
		delegated = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-logs/*","Condition":{"StringEquals":{"s3:DataAccessPointAccount":"111122223333"}}}]}`
		onPoint   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:eu-west-1:111122223333:accesspoint/pt/object/*"}]}`
		byPoint   = bucket + "provider \"aws\" {\n  region = \"eu-west-1\"\n}\nresource \"aws_s3_bucket_policy\" \"p\" {\n  bucket = aws_s3_bucket.b.id\n  policy = <<E\n" + delegated + "\nE\n}\n" +
			"resource \"aws_s3_access_point\" \"p\" {\n  bucket = aws_s3_bucket.b.id\n  name   = \"pt\"\n  policy = <<E\n" + onPoint + "\nE\n  public_access_block_configuration {\n    block_public_policy = false\n    %s = %s\n  }\n}\n"
	)
	hcl := func(value string) (setting, head string) {
		switch value {
		case "unknown":
			return "var.r", "variable \"r\" { type = bool }\n"
		case "default":
			return "var.r", "variable \"r\" { default = true }\n"
		}
		return value, ""
	}
	yaml := func(value string) (setting, head string) {
		switch value {
		case "unknown":
			return "!Ref R", "Parameters: {R: {Type: String}}\n"
		case "default":
			return "!Ref R", "Parameters: {R: {Type: String, Default: 'true'}}\n"
		}
		return value, ""
	}
	type form struct {
		name, file, text, setting string
		values                    func(string) (setting, head string)
	}
	for _, f := range []form{
		{"a bucket's policy", "main.tf", byPolicy + ofBucket, "restrict_public_buckets", hcl},
		{"an account's, policy", "main.tf", byPolicy + ofAccount, "restrict_public_buckets", hcl},
		{"a bucket's list", "main.tf", byList + ofBucket, "ignore_public_acls", hcl},
		{"an account's, list", "main.tf", byList + ofAccount, "ignore_public_acls", hcl},
		{"an access point's", "main.tf", byPoint, "restrict_public_buckets", hcl},
		{"a template's policy", "t.yaml", strings.Replace(template, "%s", "", 1) + ofPolicy, "RestrictPublicBuckets", yaml},
		{"a template's list", "t.yaml", strings.Replace(template, "%s", lists, 1), "IgnorePublicAcls", yaml},
	} {
		for _, value := range []string{"true", "false", "unknown", "default"} {
			setting, head := f.values(value)
			fsys := fstest.MapFS{f.file: {Data: []byte(head + fmt.Sprintf(f.text, f.setting, setting))}}
			report, err := iaclint.Check(context.Background(), fsys, iaclint.Options{Account: "111122223333"})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, x := range report.Findings {
				if x.Rule != "public-read" && x.Rule != "undetermined-public" {
					continue
				}
				got = append(got, strings.TrimSpace(x.Rule+" "+strings.Join(x.Needs, ",")))
			}
			for _, a := range report.Assumptions {
				if strings.Contains(a, "its default; false opens access: anyone can s3:") {
					got = append(got, "assumed")
				}
			}
			want := map[string]string{
				"true": "", "false": "public-read", "unknown": "undetermined-public " + strings.TrimPrefix(setting, "!Ref "), "default": "assumed",
			}[value]
			if strings.Join(got, "; ") != want {
				t.Errorf("%s, %s: %q, want %q\n%v", f.name, value, got, want, report.Diagnostics)
			}
		}
	}
}
