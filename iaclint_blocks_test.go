package iaclint_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iaclint/iaclint"
	"github.com/iaclint/iaclint/analysis/finding"
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

// Whether Block Public Access is there is as open as any of its settings: a policy for
// everyone is public where the block never is, cut off where it always is, and in
// doubt otherwise. That is so of every two conditions, in both languages.
func TestBlockPublicAccessMayBeThere(t *testing.T) {
	type condition struct {
		hcl   string
		yaml  string // of conditions A and B, "" for none
		holds func(a, b bool) bool
	}
	conditions := []condition{
		{"true", "", func(a, b bool) bool { return true }},
		{"var.a", "!Condition A", func(a, b bool) bool { return a }},
		{"!var.b", "!Not [!Condition B]", func(a, b bool) bool { return !b }},
		{"var.a && var.b", "!And [!Condition A, !Condition B]", func(a, b bool) bool { return a && b }},
		{"var.b || var.a", "!Or [!Condition B, !Condition A]", func(a, b bool) bool { return a || b }},
		{"!(var.a || !var.b)", "!Not [!Or [!Condition A, !Not [!Condition B]]]", func(a, b bool) bool { return !a && b }},
		{"(var.a ? !var.b : var.b)", "!Or [!And [!Condition A, !Not [!Condition B]], !And [!Not [!Condition A], !Condition B]]", func(a, b bool) bool { return a != b }},
		{"(local.both ? true : !var.a)", "!Or [!And [!Condition A, !Condition B], !Not [!Condition A]]", func(a, b bool) bool { return a && b || !a }},
	}
	const (
		statement = `[{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-logs/*"}]`
		module    = `variable "a" { type = bool }
variable "b" { type = bool }
locals { both = alltrue([var.a, var.b]) }
resource "aws_s3_bucket" "b" { bucket = "acme-logs" }
resource "aws_s3_bucket_policy" "p" {
  count  = %s ? 1 : 0
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-logs/*" }] })
}
resource "aws_s3_bucket_public_access_block" "b" {
  count                   = %s ? 1 : 0
  bucket                  = aws_s3_bucket.b.id
  restrict_public_buckets = true
}
`
		template = `Parameters:
  A: {Type: String}
  B: {Type: String}
Conditions:
  A: !Equals [!Ref A, "yes"]
  B: !Equals [!Ref B, "yes"]
  Always: !Equals [a, a]
  P: %s
  Block: %s
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: acme-logs
      PublicAccessBlockConfiguration: !If [Block, {RestrictPublicBuckets: true}, !Ref "AWS::NoValue"]
  P:
    Type: AWS::S3::BucketPolicy
    Condition: P
    Properties: {Bucket: !Ref Bucket, PolicyDocument: {Statement: ` + statement + `}}
`
	)
	for _, policy := range conditions {
		for _, block := range conditions {
			with, without := false, false
			for world := range 4 {
				a, b := world&1 == 1, world&2 == 2
				with = with || policy.holds(a, b) && block.holds(a, b)
				without = without || policy.holds(a, b) && !block.holds(a, b)
			}
			want := "undetermined-public"
			switch {
			case !without:
				want = ""
			case !with:
				want = "public-read"
			}
			yaml := func(c condition) string { return cmp.Or(c.yaml, "!Condition Always") }
			for file, text := range map[string]string{
				"main.tf": fmt.Sprintf(module, policy.hcl, block.hcl),
				"t.yaml":  fmt.Sprintf(template, yaml(policy), yaml(block)),
			} {
				report, err := iaclint.Check(context.Background(), fstest.MapFS{file: {Data: []byte(text)}}, iaclint.Options{Account: "111122223333"})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, f := range report.Findings {
					if f.FindingType == "" {
						got = append(got, f.Rule)
						if f.Certainty != finding.Proven && (len(f.Needs) != 1 || strings.Contains(f.Needs[0], " holds")) {
							t.Errorf("%s, %s under %s: needs %q", file, policy.hcl, block.hcl, f.Needs)
						}
					}
				}
				if strings.Join(got, "; ") != want {
					t.Errorf("%s, policy if %s, block if %s: %q, want %q", file, policy.hcl, block.hcl, got, want)
				}
			}
		}
	}
}
