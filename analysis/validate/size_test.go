package validate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/validate"
)

// White space counts against the quotas of organizations and of resources, where it
// is known how the policy is sent, and not against those of IAM.
func TestSizes(t *testing.T) {
	policy := func(length int) string {
		const start, end = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::`, `"}}`
		return start + strings.Repeat("b", length-len(start)-len(end)) + end
	}
	scp, rcp := validate.Options{Type: validate.ServiceControl}, validate.Options{Type: validate.ResourceControl}
	bucket, trust := validate.Options{Type: validate.Resource, ResourceType: validate.Bucket}, validate.Options{Type: validate.Resource, ResourceType: validate.Trust}
	for _, c := range []struct {
		options validate.Options
		length  int // of the policy without white space
		sent    int // as it is sent; 0: not known
		want    string
	}{
		{validate.Options{Type: validate.Identity}, 10239, 20000, ""},
		{validate.Options{Type: validate.Identity}, 10240, 0, "The 10241 characters in the identity policy"},
		{trust, 2047, 4000, ""},
		{trust, 2048, 0, "The characters in the role trust policy"},
		{scp, 10240, 0, ""},
		{scp, 10241, 0, "The 10241 characters in the service control policy (SCP)"},
		{scp, 6000, 10240, ""},
		{scp, 6000, 10241, "The 10241 characters in the service control policy (SCP)"},
		{rcp, 5120, 0, ""},
		{rcp, 5120, 5121, "The 5121 characters in the resource control policy (RCP)"},
		{bucket, 20480, 0, ""},
		{bucket, 300, 20481, "The 20481 characters in the resource policy"},
	} {
		c.options.Length = c.sent
		findings := validated(t, policy(c.length), c.options)
		i := slices.IndexFunc(findings, func(f validate.Finding) bool { return strings.HasPrefix(f.Code, "POLICY_SIZE") })
		if (i >= 0) != (c.want != "") || i >= 0 && !strings.HasPrefix(findings[i].Details, c.want) {
			t.Errorf("%+v: %v", c, findings)
		}
	}
}
