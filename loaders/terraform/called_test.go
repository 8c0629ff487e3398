package terraform

import (
	"testing"
	"testing/fstest"
)

func TestModulesThatAreNotHere(t *testing.T) {
	repository := []string{"github.com/acme/terraform-aws-network"}
	tests := []struct{ source, unread, why string }{
		{"acme/x/aws", "acme/x/aws", notInstalled.why},
		{"git::https://example.com/x.git", "git::https://example.com/x.git", notInstalled.why},
		{"../../x", "../../x", outside.why},
		{"./here", "", ""},
		{"acme/given/aws", "", ""},
		{"acme/network/aws//here", "", ""},
		{"registry.terraform.io/acme/network/aws//here", "", ""},
		{"github.com/acme/terraform-aws-network//here?ref=v1", "", ""},
		{"git::https://github.com/Acme/terraform-aws-network.git//here?ref=v1", "", ""},
		{"git::ssh://git@github.com/acme/terraform-aws-network.git//here", "", ""},
		{"git@github.com:acme/terraform-aws-network.git//here", "", ""},
		{"github.com/acme/terraform-aws-network//gone", "github.com/acme/terraform-aws-network//gone", notInstalled.why},
		{"github.com/acme/terraform-aws-network//../../x", "github.com/acme/terraform-aws-network//../../x", notInstalled.why},
		{"github.com/other/terraform-aws-network//here", "github.com/other/terraform-aws-network//here", notInstalled.why},
	}
	for _, tt := range tests {
		fsys := fstest.MapFS{
			"main.tf":      {Data: []byte("module \"m\" {\n  count = 2\n  source = \"" + tt.source + "\"\n}\n")},
			"here/main.tf": {Data: []byte("resource \"aws_s3_bucket\" \"b\" {}\n")},
		}
		stack := Load(fsys, ".", Options{Modules: map[string]string{"acme/given/aws": "here"}, Repository: repository})
		if len(stack.Diagnostics) > 0 {
			t.Errorf("%s: %v", tt.source, stack.Diagnostics)
		}
		switch {
		case tt.unread == "" && (len(stack.Unread) > 0 || len(stack.Resources) != 2):
			t.Errorf("%s: unread %v, %d resources, want all read", tt.source, stack.Unread, len(stack.Resources))
		case tt.unread != "" && (len(stack.Unread) != 1 || stack.Unread[0].Source != tt.unread || stack.Unread[0].Why != tt.why):
			t.Errorf("%s: %v, want %s that %s", tt.source, stack.Unread, tt.unread, tt.why)
		}
	}
}
