package access

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// RestrictPublicBuckets cuts off outsiders if S3 takes the policy for public,
// which it does not for the fixed values that its page lists. What a policy that
// is not public grants stays.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func TestRestrictPublicBuckets(t *testing.T) {
	allow := func(condition string) string {
		return `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{` + condition + `}}`
	}
	foreign := `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
	for _, tt := range []struct {
		statements string
		cut        bool
	}{
		{foreign, false},
		{foreign + "," + allow(""), true},
		{allow(`"StringEquals":{"aws:PrincipalOrgID":"o-bbbbbbbbbb"}`), false},
		{allow(`"StringEqualsIgnoreCase":{"aws:PrincipalOrgID":"O-BBBBBBBBBB"}`), false},
		{allow(`"StringEqualsIgnoreCase":{"aws:SourceVpc":"VPC-1"}`), false},
		{allow(`"StringLike":{"aws:SourceVpc":"vpc-*"}`), true},
		{allow(`"StringEquals":{"aws:SourceOwner":"444455556666"}`), false},
		{allow(`"StringEquals":{"aws:SourceAccount":"444455556666"}`), false},
		{allow(`"ArnLike":{"aws:SourceArn":"arn:aws:s3:::other"}`), false},
		{allow(`"StringLike":{"aws:userid":"AROAEXAMPLE:*"}`), false},
		{allow(`"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:eu-west-1:444455556666:accesspoint/*"}`), false},
		{allow(`"IpAddress":{"aws:SourceIp":"3.0.0.0/8"}`), false},
		{allow(`"IpAddress":{"aws:SourceIp":["3.0.0.0/8","13.0.0.0/8"]}`), false},
		{allow(`"IpAddress":{"aws:SourceIp":"3.0.0.0/8"}`) + "," + allow(`"IpAddress":{"aws:SourceIp":"13.0.0.0/8"}`), false},
		{allow(`"IpAddress":{"aws:SourceIp":"2.0.0.0/7"}`), true},
		{allow(`"IpAddress":{"aws:SourceIp":["2001:db8::/32","2001:db9::/32"]}`), false},
		{allow(`"IpAddress":{"aws:SourceIp":"2001:db8::/31"}`), true},
		{allow(`"IpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}`), false},
		{allow(`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), true},
	} {
		d := parse(`{"Version":"2012-10-17","Statement":[` + tt.statements + `]}`)
		res := Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: d}},
			Block: &resource.PublicAccessBlock{RestrictPublicBuckets: true, Address: "block"}}, &zone.Zone{Account: "111122223333"}, false)
		if (len(res.Grants) == 0) != tt.cut || (len(res.BlockedBy) == 1) != tt.cut {
			t.Errorf("%s: cut %v: %s", tt.statements, !tt.cut, shortly(res))
		}
	}
}
