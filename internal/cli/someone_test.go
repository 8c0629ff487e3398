package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Who is named by a value that is not known is someone in particular: each value is
// a finding of its own, none is anyone, and nothing is missed where the value has to
// be one that another part of the policy names.
func TestSomeoneInParticular(t *testing.T) {
	allow := func(principal, action, condition string) string {
		return `{"Effect": "Allow", "Principal": ` + principal + `, "Action": "` + action + `", "Resource": "*"` + condition + `}`
	}
	aws := func(p string) string { return `{"AWS": ` + p + `}` }
	const root = `"arn:aws:iam::${X}:root"`
	for _, tt := range []struct{ name, statements, want string }{
		{"two principals", allow(aws(`["${X}", "${Y}"]`), "sqs:SendMessage", ""), "principal ${X} / principal ${Y}"},
		{"two accounts", allow(aws(`[`+root+`, "arn:aws:iam::${Y}:root"]`), "sqs:SendMessage", ""), "account ${X} / account ${Y}"},
		{"the same account twice", allow(aws(root), "sqs:SendMessage", "") + `,` + allow(aws(root), "sqs:ReceiveMessage", ""), "account ${X}"},
		{"two roles of one account", allow(aws(`["arn:aws:iam::${X}:role/a", "arn:aws:iam::${X}:role/b"]`), "sqs:SendMessage", ""), "arn:aws:iam::${X}:role/a / arn:aws:iam::${X}:role/b"},
		{"two organizations", allow(`"*"`, "sqs:SendMessage", `, "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["${X}", "${Y}"]}}`), "anyone with aws:PrincipalOrgID ${X} / anyone with aws:PrincipalOrgID ${Y}"},
		{"not even the key is known", allow(`"${X}"`, "sqs:SendMessage", ""), "principal ${X}"},
		{"beside everyone", allow(`"*"`, "sqs:ReceiveMessage", "") + `,` + allow(aws(`"${X}"`), "sqs:SendMessage", ""), "anyone / principal ${X}"},
		{"beside everyone, the same action", allow(`"*"`, "sqs:SendMessage", "") + `,` + allow(aws(`"${X}"`), "sqs:SendMessage", ""), "anyone"},
		{"one that another statement names", allow(aws(`"${X}"`), "sqs:SendMessage", "") + `,` + allow(aws(`"444455556666"`), "sqs:ReceiveMessage", ""), "444455556666 / principal ${X}"},
		{"it must be an account that is named", allow(aws(`"${X}"`), "sqs:SendMessage", `, "Condition": {"StringEquals": {"aws:PrincipalAccount": "444455556666"}}`), "aws:PrincipalAccount 444455556666"},
		{"all but an account are denied", allow(aws(root), "sqs:SendMessage", "") + `,{"Effect": "Deny", "NotPrincipal": {"AWS": ["444455556666", "arn:aws:iam::444455556666:root"]}, "Action": "*", "Resource": "*"}`, "444455556666"},
		{"it is denied", allow(aws(`"444455556666"`), "sqs:SendMessage", "") + `,{"Effect": "Deny", "Principal": {"AWS": "${X}"}, "Action": "*", "Resource": "*"}`, "444455556666"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			text := `{"Parameters": {"X": {"Type": "String"}, "Y": {"Type": "String"}}, "Resources": {"Q": {"Type": "AWS::SQS::Queue"}, "P": {"Type": "AWS::SQS::QueuePolicy",
"Properties": {"Queues": [{"Ref": "Q"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [` + tt.statements + `]}}}}}`
			for _, name := range []string{"X", "Y"} { // every text that has a parameter in it is one to substitute
				text = substituted(text, name)
			}
			if err := os.WriteFile(filepath.Join(dir, "t.json"), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
			out, errs, _ := output("", "--no-config", "--policy-checks", "off", "--account", "111122223333", "--format", "compact", dir)
			var who []string
			for line := range strings.Lines(out) {
				_, rest, _ := strings.Cut(line, ": ")
				if _, said, ok := strings.Cut(rest, ": "); ok {
					who = append(who, said)
				}
			}
			want := strings.Split(tt.want, " / ")
			if len(who) != len(want) || errs != "" {
				t.Fatalf("%d findings, want %d: %s%s", len(who), len(want), out, errs)
			}
			for _, w := range want {
				if !strings.Contains(out, w+" could") && !strings.Contains(out, w+" can") {
					t.Errorf("nothing of %q: %s", w, out)
				}
			}
		})
	}
}

// substituted writes the texts of a template that have a parameter in them as
// calls of Fn::Sub.
func substituted(text, name string) string {
	parts := strings.Split(text, `"`)
	for i := 1; i < len(parts); i += 2 {
		if strings.Contains(parts[i], "${"+name+"}") {
			parts[i-1] += `{"Fn::Sub": `
			parts[i+1] = `}` + parts[i+1]
		}
	}
	return strings.Join(parts, `"`)
}
