package knowledge

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/value"
)

func TestSharedIssuer(t *testing.T) {
	for host, want := range map[string]string{
		"token.actions.githubusercontent.com":                                         "GitHub Actions",
		"https://token.actions.githubusercontent.com/":                                "GitHub Actions",
		"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com": "GitHub Actions",
		"GitLab.com":                     "GitLab",
		"app.terraform.io":               "HCP Terraform (Terraform Cloud)",
		"api.pulumi.com/oidc":            "Pulumi Cloud",
		"cognito-identity.amazonaws.com": "Amazon Cognito",
		"accounts.google.com":            "Google",
	} {
		if got, ok := SharedIssuer(host); !ok || got.Name != want {
			t.Errorf("SharedIssuer(%q) = %v, want %s", host, got, want)
		}
	}
	for _, host := range []string{
		"", "gitlab.example.com", "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF", "api.pulumi.com",
		"token.actions.githubusercontent.com/acme", // an enterprise's own issuer
		"oidc.circleci.com/org/6e1a5d0c-0000-0000-0000-000000000000",
		"arn:aws:iam::111122223333:saml-provider/gitlab.com",
	} {
		if got, ok := SharedIssuer(host); ok {
			t.Errorf("SharedIssuer(%q) = %v", host, got)
		}
	}
}

func TestFixes(t *testing.T) {
	const like, equals = false, true
	for _, tt := range []struct {
		host, claim string
		exact       bool
		text        string
		want        bool
	}{
		{"token.actions.githubusercontent.com", "sub", like, "repo:acme/app:ref:refs/heads/main", true},
		{"token.actions.githubusercontent.com", "sub", like, "repo:acme/app:*", true},
		{"token.actions.githubusercontent.com", "sub", like, "repo:acme/*", true},
		{"token.actions.githubusercontent.com", "sub", like, "repo:acme@1/app@2:*", true},
		{"token.actions.githubusercontent.com", "sub", like, "repo:acme@*", true},
		{"token.actions.githubusercontent.com", "sub", like, "repository_owner_id:1234:*", true},
		{"token.actions.githubusercontent.com", "sub", like, "repository_owner_id:1234*", false},
		{"token.actions.githubusercontent.com", "sub", like, "repository_owner_id:1234", true},
		{"token.actions.githubusercontent.com", "sub", like, "environment:prod:repo:acme/*", true},
		{"token.actions.githubusercontent.com", "sub", like, "environment:prod:repository_owner:acme", true},
		{"token.actions.githubusercontent.com", "sub", equals, "job_workflow_ref:acme/ci/.github/workflows/a.yml@refs/heads/main", true},
		{"token.actions.githubusercontent.com", "sub", equals, "environment:prod", false},
		{"token.actions.githubusercontent.com", "sub", equals, "ref:refs/heads/main", false},
		{"token.actions.githubusercontent.com", "sub", equals, "environment:myrepo:acme/app", false},
		{"token.actions.githubusercontent.com", "sub", equals, "repo:acme/*", true},
		{"token.actions.githubusercontent.com", "sub", equals, "repo:${saml:sub}/app", false},
		{"token.actions.githubusercontent.com", "sub", like, "repo:acme*", false},
		{"token.actions.githubusercontent.com", "sub", like, "repo:acm?/app:*", false},
		{"token.actions.githubusercontent.com", "sub", like, "repo:${aws:PrincipalTag/x}/app", false},
		{"token.actions.githubusercontent.com", "sub", like, "repo:/*", false},
		{"token.actions.githubusercontent.com", "sub", like, "repo:*", false},
		{"token.actions.githubusercontent.com", "sub", like, "*repo:acme/app:*", false},
		{"token.actions.githubusercontent.com", "sub", like, "*:ref:refs/heads/main", false},
		{"token.actions.githubusercontent.com", "sub", like, "*", false},
		{"token.actions.githubusercontent.com", "sub", equals, "", false},
		{"token.actions.githubusercontent.com", "aud", equals, "sts.amazonaws.com", false},
		{"token.actions.githubusercontent.com", "actor", equals, "octocat", false},
		{"token.actions.githubusercontent.com", "environment", equals, "prod", false},
		{"token.actions.githubusercontent.com", "repository", like, "acme/*", true},
		{"token.actions.githubusercontent.com", "repository", like, "acme*", false},
		{"token.actions.githubusercontent.com", "job_workflow_ref", like, "acme/ci/.github/workflows/*", true},
		{"token.actions.githubusercontent.com", "job_workflow_ref", like, "*/.github/workflows/deploy.yml@refs/heads/main", false},
		{"token.actions.githubusercontent.com", "repository_id", like, "1234", true},
		{"token.actions.githubusercontent.com", "repository_id", like, "1234*", false},
		{"gitlab.com", "sub", equals, "project_path:group/project:ref_type:branch:ref:main", true},
		{"gitlab.com", "sub", like, "project_path:group/*", true},
		{"gitlab.com", "sub", like, "project_path:*", false},
		{"gitlab.com", "sub", like, "project_path:group*/project:ref_type:branch:ref:main", false},
		{"gitlab.com", "sub", like, "project_id:20:*", true},
		{"gitlab.com", "sub", like, "project_id:20*", false},
		{"gitlab.com", "ref_protected", equals, "true", false},
		{"app.terraform.io", "sub", like, "organization:acme:project:*:workspace:*:run_phase:*", true},
		{"app.terraform.io", "sub", like, "organization:*:project:p:workspace:w:run_phase:*", false},
		{"app.terraform.io", "sub", like, "organization:acme*", false},
		{"app.terraform.io", "aud", equals, "aws.workload.identity", false},
		{"agent.buildkite.com", "sub", like, "organization:acme:*", true},
		{"agent.buildkite.com", "pipeline_slug", equals, "deploy", false},
		{"cognito-identity.amazonaws.com", "aud", equals, "us-east-1:00000000-0000-0000-0000-000000000000", true},
		{"cognito-identity.amazonaws.com", "aud", like, "us-east-1:*", false},
		{"accounts.google.com", "sub", equals, "110000000000000000000", true},
		{"accounts.google.com", "oaud", equals, "https://example.com", false},
	} {
		issuer, ok := SharedIssuer(tt.host)
		if !ok {
			t.Fatalf("%s is not shared", tt.host)
		}
		got := false
		for _, c := range issuer.Controls {
			if c.Key == tt.host+":"+tt.claim {
				got = got || c.Fixes(tt.text, tt.exact)
			}
		}
		if got != tt.want {
			t.Errorf("%s:%s %q (exact: %v) fixes a tenant: %v, want %v", tt.host, tt.claim, tt.text, tt.exact, got, tt.want)
		}
	}
}

func TestIssuersControlThemselves(t *testing.T) {
	for _, i := range issuers {
		if len(i.Controls) == 0 {
			t.Errorf("%s: nothing to test", i.host)
		}
		for _, c := range i.Controls {
			if !strings.HasPrefix(c.Key, i.host+":") && c.Key != "sts:RoleSessionName" {
				t.Errorf("%s: %s is another issuer's", i.host, c.Key)
			}
		}
	}
}

func TestAWSOwned(t *testing.T) {
	for principal, want := range map[string]string{
		"156460612806":                        "ELB eu-west-1",
		"arn:aws:iam::127311923021:root":      "ELB us-east-1",
		"arn:aws:iam::193672423079:user/logs": "Redshift us-east-1",
		"arn:aws:iam::086441151436:root":      "CloudTrail us-east-1",
		"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2EXAMPLE":    "CloudFront origin access identity",
		"arn:aws-cn:iam::cloudfront:user/CloudFront Origin Access Identity E2EXAMPLE": "CloudFront origin access identity",
		"c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0":            "CloudFront log delivery",
		"http://acs.amazonaws.com/groups/s3/LogDelivery":                              "S3 log delivery",
	} {
		if got, ok := AWSOwned(principal); !ok || got != want {
			t.Errorf("AWSOwned(%q) = %q, want %q", principal, got, want)
		}
	}
	for _, principal := range []string{
		"", "*", "111122223333", "arn:aws:iam::111122223333:root", "arn:aws:iam::cloudfront:user/other", "arn:aws:s3:::156460612806",
		"http://acs.amazonaws.com/groups/global/AllUsers", "arn:aws:iam::*:root",
	} {
		if got, ok := AWSOwned(principal); ok {
			t.Errorf("AWSOwned(%q) = %q", principal, got)
		}
	}
}

func TestOwnedAccounts(t *testing.T) {
	seen := map[string]bool{}
	for _, o := range owned {
		if len(o.account) != 12 || strings.Trim(o.account, "0123456789") != "" || seen[o.account] {
			t.Errorf("%s %s: bad or repeated account %q", o.service, o.region, o.account)
		}
		seen[o.account] = true
	}
}

func TestSteerableService(t *testing.T) {
	for _, tt := range []struct {
		principal, kind string
		open, known     bool
	}{
		{"cloudfront.amazonaws.com", "AWS::S3::Bucket", true, true},
		{"apigateway.amazonaws.com", "AWS::Lambda::Function", true, true},
		{"s3.amazonaws.com", "AWS::Lambda::Function", true, true},
		{"S3.amazonaws.com.cn", "AWS::Lambda::Function", true, true},
		{"sns.amazonaws.com", "AWS::Lambda::Function", true, true},
		{"sns.amazonaws.com", "AWS::SQS::Queue", false, true},
		{"s3.amazonaws.com", "AWS::SNS::Topic", false, true},
		{"logs.eu-west-1.amazonaws.com", "AWS::KMS::Key", false, true},
		{"logs.${AWS::Region}.amazonaws.com", "AWS::KMS::Key", false, true},
		{"logs." + value.StandIn("var.region") + ".amazonaws.com", "AWS::KMS::Key", false, true},
		{"delivery.logs.amazonaws.com", "AWS::S3::Bucket", false, true},
		{"alexa-appkit.amazon.com", "AWS::Lambda::Function", true, true},
		{"bcm-data-exports.amazonaws.com", "AWS::S3::Bucket", false, true},
		{"es.amazonaws.com", "AWS::Logs::ResourcePolicy", false, true},
		{"eu-west-1.devops-guru.amazonaws.com", "AWS::SNS::Topic", false, true},
		{"ec2.amazonaws.com", "AWS::IAM::Role", false, false},
		{"", "", false, false},
		{".amazonaws.com", "", false, false},
		{".", "", false, false},
	} {
		if open, known := SteerableService(tt.principal, tt.kind); open != tt.open || known != tt.known {
			t.Errorf("SteerableService(%q, %q) = %v, %v", tt.principal, tt.kind, open, known)
		}
	}
	for i, d := range deputies {
		if i > 0 && deputies[i-1].name >= d.name || !strings.HasPrefix(d.page, "https://") {
			t.Errorf("%s: out of order, or without a page", d.name)
		}
		for _, kind := range d.open {
			if k, ok := KindOf(kind); !ok || k.Type != kind {
				t.Errorf("%s: no kind %q", d.name, kind)
			}
		}
	}
}

func TestSourceKeyOf(t *testing.T) {
	for _, tt := range []struct {
		key, principal string
		form           SourceForm
		ok             bool
	}{
		{"AWS:SourceArn", "s3.amazonaws.com", SourceARN, true},
		{"aws:sourceaccount", "unknown.amazonaws.com", SourceAccount, true},
		{"kms:EncryptionContext:aws:logs:arn", "logs.us-east-1.amazonaws.com", SourceARN, true},
		{"kms:EncryptionContext:aws:logs:arn", "s3.amazonaws.com", "", false},
		{"aws:Referer", "ses.amazonaws.com", SourceAccount, true},
		{"aws:Referer", "s3.amazonaws.com", "", false},
		{"aws:PrincipalOrgID", "s3.amazonaws.com", "", false},
	} {
		if got, ok := SourceKeyOf(tt.key, tt.principal); ok != tt.ok || got.Form != tt.form {
			t.Errorf("SourceKeyOf(%q, %q) = %v, %v", tt.key, tt.principal, got, ok)
		}
	}
}
