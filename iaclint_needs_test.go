package iaclint_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iaclint/iaclint"
)

// A finding about one of several principals needs what decides about that one, and
// not what the others of its statement are.
func TestNeedsAreOfThePrincipal(t *testing.T) {
	const text = `variable "a" {}
variable "b" {}
variable "c" {}
resource "aws_sqs_queue" "q" { name = "q" }
resource "aws_sqs_queue_policy" "q" {
  queue_url = aws_sqs_queue.q.id
  policy    = jsonencode({ Version = "2012-10-17", Statement = [STATEMENTS] })
}
`
	for _, tt := range []struct {
		name, statements string
		want             []string // principal: needs
	}{
		{"two of one statement", `{ Effect = "Allow", Principal = { AWS = [var.a, var.b] }, Action = "sqs:SendMessage", Resource = "*" }`,
			[]string{"${var.a}: var.a", "${var.b}: var.b"}},
		{"and a condition of both", `{ Effect = "Allow", Principal = { AWS = [var.a, var.b] }, Action = "sqs:SendMessage", Resource = "*", Condition = { StringEquals = { "sqs:MessageAttribute" = var.c } } }`,
			nil},
		{"beside a known one", `{ Effect = "Allow", Principal = { AWS = ["444455556666", var.b] }, Action = "sqs:SendMessage", Resource = "*" }`,
			[]string{"${var.b}: var.b", "444455556666: "}},
		{"the same in two statements", `{ Effect = "Allow", Principal = { AWS = [var.a, var.b] }, Action = "sqs:SendMessage", Resource = "*" }, { Effect = "Allow", Principal = { AWS = var.a }, Action = "sqs:ReceiveMessage", Resource = "*" }`,
			[]string{"${var.a}: var.a", "${var.b}: var.b"}},
		{"a Deny decides about both", `{ Effect = "Allow", Principal = { AWS = [var.a, var.b] }, Action = "sqs:SendMessage", Resource = "*" }, { Effect = "Deny", Principal = { AWS = var.c }, Action = "sqs:SendMessage", Resource = "*" }`,
			[]string{"${var.a}: var.a,var.c", "${var.b}: var.b,var.c"}},
	} {
		fsys := fstest.MapFS{"main.tf": {Data: []byte(strings.Replace(text, "STATEMENTS", tt.statements, 1))}}
		report, err := iaclint.Check(context.Background(), fsys, iaclint.Options{Account: "111122223333"})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range report.Findings {
			if f.Principal["AWS"] != "" && (len(f.Needs) == 0 || strings.HasPrefix(f.Needs[0], "var.")) {
				got = append(got, f.Principal["AWS"]+": "+strings.Join(f.Needs, ","))
			}
		}
		slices.Sort(got)
		if tt.want == nil {
			for _, line := range got {
				if strings.Contains(line, "var.a,") && strings.Contains(line, "var.b") || !strings.Contains(line, "var.c") {
					t.Errorf("%s: %s", tt.name, line)
				}
			}
			continue
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
