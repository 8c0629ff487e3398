package access

import (
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Who can read a secret, by its policy and that of its key. An entry of either
// is a principal and, behind a space, a condition; "-" is not a statement.
func TestSecretAndKey(t *testing.T) {
	const owner = "111122223333"
	document := func(entries, action string) []resource.Document {
		var statements []string
		for _, e := range strings.Split(entries, "; ") {
			if e == "-" {
				continue
			}
			principal, condition, _ := strings.Cut(e, " ")
			effect := "Allow"
			if rest, ok := strings.CutPrefix(principal, "!"); ok {
				effect, principal = "Deny", rest
			}
			element := `{"AWS":"` + principal + `"}`
			if principal == "*" {
				element = `"*"`
			}
			if condition != "" {
				condition = `,"Condition":{` + condition + `}`
			}
			statements = append(statements, `{"Effect":"`+effect+`","Principal":`+element+`,"Action":`+action+`,"Resource":"*"`+condition+`}`)
		}
		d := parse(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)
		for i := range d.Statements {
			for k, p := range d.Statements[i].Principal.List {
				if strings.Contains(p.Text.Literal, "<") {
					d.Statements[i].Principal.List[k].Text = referenceText(p.Text.Literal)
				}
			}
		}
		return []resource.Document{{Policy: d}}
	}
	const (
		read  = `"secretsmanager:GetSecretValue"`
		write = `"secretsmanager:PutSecretValue"`
		key   = `"kms:*"`
	)
	for _, tt := range []struct{ name, secret, action, key, actions, want, blocked string }{
		{"nobody else has the key", "444455556666", read, owner, key, "", "Key"},
		{"the same account", "444455556666", read, "444455556666", key, "444455556666", ""},
		{"another account", "444455556666", read, "555566667777", key, "", "Key"},
		{"a role of the account", "444455556666", read, "arn:aws:iam::444455556666:role/r", key, "arn:aws:iam::444455556666:role/r", ""},
		{"the account of the role", "arn:aws:iam::444455556666:role/r", read, "444455556666", key, "arn:aws:iam::444455556666:role/r", ""},
		{"another role", "arn:aws:iam::444455556666:role/r", read, "arn:aws:iam::444455556666:role/s", key, "", "Key"},
		{"everyone's secret, a partner's key", "*", read, "444455556666", key, "444455556666", ""},
		{"a partner's secret, everyone's key", "444455556666", read, "*", key, "444455556666", ""},
		{"everyone's both", "*", read, "*", key, "* public", ""},
		{"the key through Secrets Manager", "444455556666", read, `444455556666 "StringEquals":{"kms:ViaService":"secretsmanager.eu-west-1.amazonaws.com"}`, key, "444455556666", ""},
		{"the key through what may be Secrets Manager", "444455556666", read, `444455556666 "StringLike":{"kms:ViaService":["s3.*","*.amazonaws.com"]}`, key, "444455556666", ""},
		{"the key through another service", "444455556666", read, `444455556666 "StringLike":{"kms:ViaService":["s3.*","ebs.*"]}`, key, "", "Key"},
		{"the key not through another service", "444455556666", read, `444455556666 "StringNotEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com"}`, key, "444455556666", ""},
		{"the key in an organization", "444455556666", read, `* "StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}`, key, "444455556666", ""},
		{"the key for the own callers", "444455556666", read, `* "StringEquals":{"kms:CallerAccount":"111122223333"}`, key, "", "Key"},
		{"the key denied", "444455556666", read, "444455556666; !444455556666", key, "", "Key"},
		{"the key for something else", "444455556666", read, "444455556666", `"kms:Encrypt"`, "", "Key"},
		{"a key whose users are not known", "444455556666", read, "<Partner>", key, "444455556666 open", ""},
		{"a caller by a unique id", "AROAEXAMPLEOFAROLE123", read, "444455556666", key, "AROAEXAMPLEOFAROLE123 open", ""},
		{"a caller by a unique id, no key", "AROAEXAMPLEOFAROLE123", read, owner, key, "", "Key"},
		{"a key by a unique id", "444455556666", read, "AROAEXAMPLEOFAROLE123", key, "444455556666 open", ""},
		{"writing needs a data key", "444455556666", write, "444455556666", `"kms:Decrypt"`, "", "Key"},
		{"writing needs to decrypt", "444455556666", write, "444455556666", `"kms:GenerateDataKey"`, "", "Key"},
		{"writing", "444455556666", write, "444455556666", `["kms:Decrypt","kms:GenerateDataKey*"]`, "444455556666", ""},
		{"what needs no key", "444455556666", `"secretsmanager:DescribeSecret"`, owner, key, "444455556666", ""},
		{"your account alone", owner, read, owner, key, "", ""},
		{"no policy", "-", read, owner, key, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			arn := "arn:aws:kms:eu-west-1:" + owner + ":key/k"
			r := resource.Resource{
				Type: "AWS::SecretsManager::Secret", ARN: value.Lit("arn:aws:secretsmanager:eu-west-1:" + owner + ":secret:s-abcdef"), Documents: document(tt.secret, tt.action),
				Keys: []resource.Resource{{Type: "AWS::KMS::Key", Address: "Key", ARN: value.Lit(arn), Documents: document(tt.key, tt.actions)}},
			}
			for _, complete := range []bool{false, true} {
				res := Analyze(r, &zone.Zone{Account: owner}, complete)
				got := shortly(res)
				got, _, _ = strings.Cut(got, " needs")
				if got != tt.want || strings.Join(res.BlockedBy, ",") != tt.blocked || len(res.Problems) > 0 {
					t.Errorf("got %q blocked by %q %q, want %q blocked by %q", got, res.BlockedBy, res.Problems, tt.want, tt.blocked)
				}
			}
			// A case in which the key lets everyone in decides for all.
			r.Keys = append(r.Keys, resource.Resource{Type: "AWS::KMS::Key", Address: "Key", ARN: value.Lit(arn), Documents: document("*", key)})
			without := r
			without.Keys = nil
			if got, want := shortly(Analyze(r, &zone.Zone{Account: owner}, false)), shortly(Analyze(without, &zone.Zone{Account: owner}, false)); got != want {
				t.Errorf("with an open key %q, want %q", got, want)
			}
		})
	}
}

// A key of which nothing is known cuts nothing off.
func TestSecretUnderUnknownKey(t *testing.T) {
	r := resource.Resource{
		Type: "AWS::SecretsManager::Secret", Documents: []resource.Document{{Policy: parse(`{"Statement":[` + secretAt("*") + `]}`)}},
		Keys: []resource.Resource{{Type: "AWS::KMS::Key", Address: "Key"}},
	}
	if got := shortly(Analyze(r, &zone.Zone{Account: "111122223333"}, false)); got != "444455556666" {
		t.Errorf("%q", got)
	}
}
