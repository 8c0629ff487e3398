package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/reporters"
)

// A policy that a plan marks as sensitive shows nothing of its text, wherever in it a
// secret stands, in no format and in the answer of no command.
func TestSensitivePolicyLeaksNothing(t *testing.T) {
	const secret = "hunter2"
	type object = map[string]any
	allow := func(with object) object {
		s := object{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
		for k, v := range with {
			if s[k] = v; v == nil {
				delete(s, k)
			}
		}
		return s
	}
	for name, statement := range map[string]object{
		"role":                {"Principal": object{"AWS": "arn:aws:iam::123456789012:role/" + secret}},
		"user":                {"Principal": object{"AWS": "arn:aws:iam::123456789012:user/x/" + secret}},
		"account":             {"Principal": object{"AWS": "123456789012" + secret}},
		"kind of principal":   {"Principal": object{secret: "*"}},
		"service":             {"Principal": object{"Service": secret + ".amazonaws.com"}},
		"SAML provider":       {"Principal": object{"Federated": "arn:aws:iam::123456789012:saml-provider/" + secret}},
		"OIDC provider":       {"Principal": object{"Federated": secret + ".example.com"}, "Action": "sts:AssumeRoleWithWebIdentity"},
		"action":              {"Action": "s3:Get" + secret},
		"pattern of actions":  {"Action": []string{"s3:*" + secret + "*", "s3:Get*"}},
		"end of an action":    {"Action": "s3:GetObject" + secret + "*"},
		"service of actions":  {"Action": []string{secret + ":*", "s3:GetObject"}},
		"action of a service": {"Action": "s3:Get" + secret, "Principal": object{"Service": "sns.amazonaws.com"}},
		"other actions":       {"Action": nil, "NotAction": "s3:" + secret},
		"resource":            {"Resource": "arn:aws:s3:::b/" + secret + "/*"},
		"other resource":      {"Resource": "arn:aws:s3:::" + secret + "/*"},
		"statement id":        {"Sid": secret},
		"value":               {"Condition": object{"StringEquals": object{"aws:Referer": secret}}},
		"tag":                 {"Condition": object{"StringEquals": object{"aws:PrincipalTag/" + secret: "a"}}},
		"key":                 {"Condition": object{"StringEquals": object{secret: "a"}}},
		"operator":            {"Condition": object{secret: object{"aws:Referer": "a"}}},
		"source":              {"Principal": object{"Service": "sns.amazonaws.com"}, "Condition": object{"ArnLike": object{"aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:" + secret}}},
		"element":             {secret: "x"},
		"effect":              {"Effect": secret},
	} {
		document, err := json.Marshal(object{"Version": "2012-10-17", "Statement": []object{allow(statement)}})
		if err != nil {
			t.Fatal(err)
		}
		change := func(kind, name string, after, sensitive object) object {
			return object{"address": kind + "." + name, "mode": "managed", "type": kind, "name": name, "provider_name": "registry.terraform.io/hashicorp/aws",
				"change": object{"actions": []string{"create"}, "before": nil, "after": after, "after_unknown": object{}, "after_sensitive": sensitive}}
		}
		plan, err := json.Marshal(object{"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": []object{
			change("aws_s3_bucket", "b", object{"bucket": "b"}, object{}),
			change("aws_s3_bucket_policy", "p", object{"bucket": "b", "policy": string(document)}, object{"policy": true}),
		}})
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			if err := os.WriteFile("plan.json", plan, 0o666); err != nil {
				t.Fatal(err)
			}
			all := []string{"check", "--no-config", "-v", "--policy-checks", "all"}
			for _, f := range reporters.Names() {
				all = append(all, "--format", f+"=report."+f)
			}
			for _, args := range [][]string{
				all[:3], append(all, "plan.json"), {"check", "--no-config", "--findings", "complete"}, {"check", "--suggest", "--no-config"}, {"suggest", "--no-config"}, {"validate-policy"},
				{"query", "--no-config", "--action", "s3:GetObject"}, {"who", "--no-config"}, {"rules", "input"}, {"baseline", "create", "--baseline", "baseline.json"},
			} {
				if args[len(args)-1] != "plan.json" {
					args = append(args[:len(args):len(args)], "plan.json")
				}
				var out, errw bytes.Buffer
				Run(args, nil, &out, &errw)
				said := map[string]string{"standard output": out.String(), "standard error": errw.String()}
				files, err := filepath.Glob("*")
				if err != nil {
					t.Fatal(err)
				}
				for _, file := range files {
					if content, err := os.ReadFile(file); err == nil && file != "plan.json" {
						said[file] = string(content)
					}
				}
				for where, text := range said {
					if i := strings.Index(strings.ToLower(text), secret); i >= 0 {
						t.Errorf("%s: in %s: %q", strings.Join(args[:2], " "), where, text[max(0, i-100):i+len(secret)])
					}
				}
				if out.Len()+errw.Len() == 0 && len(files) == 1 {
					t.Errorf("%s says nothing", fmt.Sprint(args))
				}
			}
		})
	}
}
