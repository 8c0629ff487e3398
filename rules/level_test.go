package rules_test

import (
	"slices"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/loaders/policyjson"
	"github.com/iaclint/iaclint/rules"
)

// A policy without a type that names no service is not said to be of one.
func TestNoServiceIsInvented(t *testing.T) {
	file := source.NewFile("p.json", []byte(`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`))
	out := rules.Run(policyjson.Load(file, policyjson.Options{}).Resources[0], &zone.Zone{Type: zone.Account, Account: "111122223333"}, rules.Options{})
	if len(out.Findings) == 0 {
		t.Fatal("no findings")
	}
	for _, f := range out.Findings {
		if !slices.Equal(f.Action, []string{"*"}) || f.Witness != nil {
			t.Errorf("%s: actions %q, witness %+v", f.Message, f.Action, f.Witness)
		}
		for _, n := range f.Needs {
			if n == "" || n[0] == ',' {
				t.Errorf("%s needs %q", f.Message, n)
			}
		}
	}
}

// Whoever may set the access control list of an object changes permissions only
// where such lists are known to be in force.
func TestObjectACLsChangePermissions(t *testing.T) {
	for _, tt := range []struct {
		principal, action string
		lists             bool
		want, level       string
	}{
		{`"*"`, "s3:PutObjectAcl", false, "public-write", "Write"},
		{`"*"`, "s3:PutObjectVersionAcl", false, "public-write", "Write"},
		{`"*"`, "s3:PutObjectAcl", true, "public-admin", "Permissions management"},
		{`{"AWS":"444455556666"}`, "s3:PutObjectAcl", false, "external-account", "Write"},
		{`{"AWS":"444455556666"}`, "s3:PutObjectAcl", true, "external-admin", "Permissions management"},
		{`{"AWS":"444455556666"}`, "s3:PutBucketPolicy", false, "external-admin", "Permissions management"},
	} {
		resource := `"arn:aws:s3:::logs/*"`
		if tt.action == "s3:PutBucketPolicy" {
			resource = `"arn:aws:s3:::logs"`
		}
		file := source.NewFile("p.json", []byte(`{"Statement":[{"Effect":"Allow","Principal":`+tt.principal+`,"Action":"`+tt.action+`","Resource":`+resource+`}]}`))
		r := policyjson.Load(file, policyjson.Options{}).Resources[0]
		r.ObjectACLs = tt.lists
		out := rules.Run(r, &zone.Zone{Type: zone.Account, Account: "111122223333"}, rules.Options{})
		if len(out.Findings) != 1 || out.Findings[0].Rule != tt.want || !slices.Equal(out.Findings[0].AccessLevels, []string{tt.level}) {
			t.Errorf("%s for %s, lists in force %t: %+v, want %s at level %s", tt.action, tt.principal, tt.lists, out.Findings, tt.want, tt.level)
		}
	}
}
