package policyjson

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "embed"
)

//go:embed testdata/preview.json
var previewAll string

var update = flag.Bool("update", false, "write the golden files anew")

func TestPreview(t *testing.T) {
	got := show(load(previewAll))
	golden := filepath.Join("testdata", "preview.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, c := range configurations {
		if !strings.Contains(previewAll, `"`+c.name+`"`) {
			t.Errorf("no configuration %s in the test's input", c.name)
		}
	}
}

func TestPreviewErrors(t *testing.T) {
	config := func(s string) string { return `{"arn:aws:x:eu-west-1:111122223333:r":{` + s + `}}` }
	tests := []struct{ in, want string }{
		{config(`"sqsQeue":{}`), `field "sqsQeue" of configuration of arn:aws:x:eu-west-1:111122223333:r is unknown; did you mean "sqsQueue"?`},
		{config(`"sqsQueue":{"policy":""}`), `field "policy" of sqsQueue is unknown; expected one of queuePolicy`},
		{config(`"sqsQueue":{},"snsTopic":{}`), `must be one of`},
		{config(`"s3Bucket":{"bucketPublicAccessBlock":{"ignorePublicAcls":true}}`), `bucketPublicAccessBlock has no "restrictPublicBuckets", expected true or false`},
		{config(`"s3Bucket":{"bucketAclGrants":[{"grantee":{"uri":"x"},"permission":"READ"}]}`), `uri of the grantee must be that of AllUsers, AuthenticatedUsers or LogDelivery, found "x"`},
		{config(`"s3Bucket":{"bucketAclGrants":[{"grantee":{"id":"x"},"permission":"LOOK"}]}`), `permission must be one of READ, WRITE, READ_ACP, WRITE_ACP, FULL_CONTROL, found "LOOK"`},
		{config(`"s3Bucket":{"accessPoints":{"arn:ap":{"networkOrigin":{"vpcConfiguration":{},"internetConfiguration":{}}}}}`), `networkOrigin has both "vpcConfiguration" and "internetConfiguration", expected one of them`},
		{config(`"s3Bucket":{"accessPoints":[]}`), `accessPoints must be an object, found list`},
		{config(`"kmsKey":{"grants":[{"operations":["Decypher"],"granteePrincipal":"a"}]}`), `operation of a grant must be one of`},
		{config(`"kmsKey":{"grants":[{"operations":["Decrypt"]}]}`), `granteePrincipal must be a string, found nothing`},
		{config(`"kmsKey":{"keyPolicies":{"other":""}}`), `field "other" of keyPolicies is unknown; expected one of default`},
		{config(`"ebsSnapshot":{"groups":["everyone"]}`), `group must be "all", found "everyone"`},
		{config(`"ebsSnapshot":{"userIds":"all"}`), `userIds must be a list, found string`},
		{config(`"ebsSnapshot":7`), `ebsSnapshot must be an object, found number`},
		{`{"configurations":{"arn:aws:sqs:eu-west-1:111122223333:q":{"sqsQueue":{}},"queue":{"sqsQueue":{}}}}`, `key of a configuration must be the ARN of its resource, found "queue"`},
	}
	for _, tt := range tests {
		var all []string
		for _, d := range load(tt.in).Diagnostics {
			if d.Severity != "error" {
				t.Errorf("%s: %s is a %s", tt.in, d.Message, d.Severity)
			}
			all = append(all, d.Message)
		}
		if got := strings.Join(all, "\n"); !strings.Contains(got, tt.want) {
			t.Errorf("%s:\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}
