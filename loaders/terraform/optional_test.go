package terraform

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/iaclint/iaclint/analysis/value"
)

// An argument that a condition may leave out keeps what it is where it is there.
func TestOptionalArgumentKeepsItsText(t *testing.T) {
	for _, tt := range []struct{ typ, key, text string }{
		{"aws_ami_launch_permission", "group", "all"},
		{"aws_ami_launch_permission", "account_id", "444455556666"},
		{"aws_s3_bucket_acl", "acl", "public-read"},
		{"aws_lambda_permission", "principal", "*"},
		{"aws_ram_principal_association", "principal", "444455556666"},
	} {
		for _, form := range []string{`var.on ? %q : null`, `var.on ? null : %q`} {
			files := fstest.MapFS{"main.tf": {Data: fmt.Appendf(nil, "variable \"on\" {}\nresource %q \"p\" {\n%s = %s\n}\n", tt.typ, tt.key, fmt.Sprintf(form, tt.text))}}
			blocks, _ := Blocks(files, ".", Options{})
			if len(blocks) != 1 {
				t.Fatalf("%s: %d blocks", tt.typ, len(blocks))
			}
			got := blocks[0].Properties.Get(tt.key)
			list, why := got.Alternatives()
			if got.Kind != value.Unknown || len(list) != 1 || list[0].Text.Literal != tt.text || why == "" {
				t.Errorf("%s %s = %s: %v %v, one of %v as %q decides", tt.typ, tt.key, form, got.Kind, got.Text, list, why)
			}
		}
	}
}
