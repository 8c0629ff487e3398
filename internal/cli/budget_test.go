package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// words make patterns of which no one holds another.
var words = strings.Fields("alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november")

// A pattern more is access more, however many there are: where the sets that would
// tell are too large, the change counts as wider.
func TestAPatternMoreIsWider(t *testing.T) {
	t.Parallel()
	write := func(statements ...map[string]any) string {
		text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "policy.json"), text, 0o666); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	patterns := func(form string, n int) []string {
		var out []string
		for _, w := range words[:n] {
			out = append(out, fmt.Sprintf(form, w))
		}
		return out
	}
	allow := func(principal, resource, condition any) map[string]any {
		s := map[string]any{"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": resource}
		if condition != nil {
			s["Condition"] = map[string]any{"StringLike": condition}
		}
		return s
	}
	account := map[string]string{"AWS": "444455556666"}
	for _, shape := range []struct {
		name string
		of   func(n int) map[string]any
	}{
		{"callers", func(n int) map[string]any {
			return allow("*", "arn:aws:s3:::b/*", map[string]any{"aws:PrincipalArn": patterns("arn:aws:iam::444455556666:role/*%s*", n)})
		}},
		{"resources", func(n int) map[string]any { return allow(account, patterns("arn:aws:s3:::b/*%s*", n), nil) }},
		{"a key that nobody tracks", func(n int) map[string]any {
			return allow(account, "arn:aws:s3:::b/*", map[string]any{"aws:UserAgent": patterns("*%s*", n)})
		}},
	} {
		sizes := []int{3, 13}
		if thorough() {
			sizes = []int{3, 8, 11, 13}
		}
		for _, n := range sizes {
			t.Run(fmt.Sprint(shape.name, " ", n), func(t *testing.T) {
				run := func(before, after int) (string, int) {
					out, errs, status := output("", "diff", "--no-config", "--account", "111122223333", "--resource-type", "AWS::S3::Bucket", write(shape.of(before)), write(shape.of(after)))
					return out + errs, status
				}
				if out, status := run(n-1, n); status != statusFindings || strings.Contains(out, "no difference") {
					t.Errorf("one more: status %d: %s", status, out)
				}
				if out, status := run(n, n); status != statusClean || !strings.Contains(out, "no difference") {
					t.Errorf("the same: status %d: %s", status, out)
				}
			})
		}
	}
}
