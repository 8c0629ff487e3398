package knowledge

import (
	"slices"
	"strings"
	"testing"
)

// A row says where its key is sent, what its values are, and whom it names: one
// that is half written fails here.
func TestKeyRowsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range slices.Concat(keyRows[:], tagRows[:]) {
		lower := strings.ToLower(row.Name)
		if seen[lower] {
			t.Errorf("%s is there twice", row.Name)
		}
		seen[lower] = true
		probe := row.Name
		if strings.HasSuffix(probe, "/") || strings.HasSuffix(probe, "-") {
			probe += "acl"
		}
		kind, known := KeyOf(probe)
		switch {
		case !known:
			t.Errorf("%s has no type, in its row or in the tables", row.Name)
		case row.Names != NoAccount && kind.Type != "ARN" && kind.Type != "String":
			t.Errorf("%s names an account in a value of type %s", row.Name, kind.Type)
		}
		if global := strings.HasPrefix(lower, "aws:"); global && row.In == nil && !strings.Contains(lower, "tag") {
			t.Errorf("%s is sent with no action", row.Name)
		}
		if !anySender(probe) {
			t.Errorf("%s is sent with no action of any service", row.Name)
		}
		if row.Filter && !row.Tracked {
			t.Errorf("archive rules filter by %s, which no finding shows", row.Name)
		}
		if row.Trust && !strings.Contains(row.Name, ".") {
			t.Errorf("%s is not a claim of a federated trust", row.Name)
		}
		if row.Network == Endpoint && !slices.Contains(row.Never, CallerService) {
			t.Errorf("%s: services call from inside AWS", row.Name)
		}
		if row.Form != nil && row.Form.Prefix != "" && !row.Lower {
			t.Errorf("%s has a prefix, and values of any kind", row.Name)
		}
	}
}

func anySender(key string) bool {
	for _, service := range Services() {
		s := SendersOf(key, service)
		if s.all || len(s.names)+len(s.except) > 0 {
			return true
		}
	}
	return false
}

func TestSendersOf(t *testing.T) {
	for _, tt := range []struct {
		key, service, action string
		want                 bool
	}{
		{"kms:EncryptionContext:app", "kms", "decrypt", true},
		{"kms:EncryptionContext:app", "kms", "describekey", false},
		{"KMS:CallerAccount", "kms", "describekey", true},
		{"kms:CallerAccount", "s3", "getobject", false},
		{"s3:prefix", "s3", "listbucket", true},
		{"s3:prefix", "s3", "getobject", false},
		{"s3:ExistingObjectTag/team", "s3", "getobject", true},
		{"s3:DataAccessPointArn", "s3", "getobject", true},
		{"sts:ExternalId", "sts", "assumerole", true},
		{"sts:ExternalId", "sts", "assumerolewithwebidentity", false},
		{"sns:Protocol", "sns", "subscribe", true},
		{"sns:Protocol", "sns", "publish", false},
		{"aws:PrincipalOrgID", "sqs", "sendmessage", true},
		{"aws:RequestTag/a", "s3", "getobject", false},
		{"gitlab.com:sub", "sts", "assumerolewithwebidentity", true},
		{"example.com:nothing", "sts", "assumerolewithwebidentity", false},
		{"aws:PrincipleOrgID", "s3", "getobject", false},
		{"new:Key", "a-new-service", "do", false},
	} {
		if got := SendersOf(tt.key, tt.service).Has(tt.action); got != tt.want {
			t.Errorf("%s with %s:%s: %v", tt.key, tt.service, tt.action, got)
		}
	}
}
