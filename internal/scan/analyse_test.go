package scan

import (
	"fmt"
	"slices"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/config"
)

// The configuration may state that an account blocks public access to S3.
func TestBlockPublicS3(t *testing.T) {
	off := &resource.PublicAccessBlock{}
	bucket := resource.Resource{Type: "AWS::S3::Bucket", Block: off, Documents: []resource.Document{{}, {Source: resource.AccessPoint, Block: off}}}
	declared := config.Deployment{Zone: &zone.Zone{Account: "111122223333"}, BlockPublicS3: map[string]string{"111122223333": "prod"}}
	for _, c := range []struct {
		name       string
		kind       string
		owner      string
		deployment config.Deployment
		want       bool
	}{
		{"declared owner", "AWS::S3::Bucket", "", declared, true},
		{"owner in the input", "AWS::S3::Bucket", "111122223333", config.Deployment{Zone: &zone.Zone{}, BlockPublicS3: declared.BlockPublicS3}, true},
		{"other owner", "AWS::S3::Bucket", "444455556666", declared, false},
		{"not S3", "AWS::SQS::Queue", "", declared, false},
		{"unknown owner", "AWS::S3::Bucket", "", config.Deployment{Zone: &zone.Zone{}, BlockPublicS3: map[string]string{"": "x"}}, false},
	} {
		r := bucket
		r.Type, r.Account = c.kind, c.owner
		got := asDeployed(r, c.deployment)
		blocks := []bool{got.Block.RestrictPublicBuckets, got.Block.IgnorePublicACLs, got.Documents[1].Block.RestrictPublicBuckets, len(got.Notes) == 1}
		if slices.Contains(blocks, !c.want) {
			t.Errorf("%s: %s", c.name, fmt.Sprint(blocks))
		}
		if off.RestrictPublicBuckets || bucket.Documents[1].Block != off {
			t.Fatalf("%s: the argument has changed", c.name)
		}
	}
}
