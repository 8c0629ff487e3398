package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A policy that a plan marks as sensitive is analysed, and nothing of it or of
// the rest of the plan is shown in any format.
func TestSensitivePlan(t *testing.T) {
	const plan = `{"format_version":"1.2","variables":{"password":{"value":"HUSH"}},"resource_changes":[%s],"configuration":{"root_module":{"variables":{"password":{"sensitive":true}}}}}`
	const topic = `{"address":"aws_sns_topic.t%d","mode":"managed","type":"aws_sns_topic","name":"t%d","change":{"actions":["create"],"before":null,"after":{"name":%q,"policy":%q},"after_unknown":{},"after_sensitive":%s}}`
	policy := `{"Version":"2012-10-17","Statement":[{"Sid":"HUSH","Effect":"Allow","Principal":%s,"Action":"sns:Publish","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/HUSH":"HUSH","HUSH.example.com:sub":"HUSH"}}},{"HUSH":1}]}`
	changes := []string{
		fmt.Sprintf(topic, 1, 1, "one", fmt.Sprintf(policy, `"*"`), `{"policy":true}`),
		fmt.Sprintf(topic, 2, 2, "HUSH", fmt.Sprintf(policy, `{"AWS":["HUSH","arn:aws:iam::999999999999:role/HUSH"]}`), `{"policy":true,"name":true}`),
		fmt.Sprintf(topic, 3, 3, "three", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"*"}]}`, `{}`),
		fmt.Sprintf(topic, 4, 4, "four", `{"HUSH`, `{"policy":true}`),
		fmt.Sprintf(topic, 5, 5, "five", fmt.Sprintf(policy, `{"Federated":"HUSH.example.com"}`), `{"policy":true}`),
	}
	path := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(path, []byte(fmt.Sprintf(plan, strings.Join(changes, ","))), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "compact", "json"} {
		for _, findings := range []string{"minimal", "complete"} {
			var out, errs bytes.Buffer
			Run([]string{"check", "--format", format, "--findings", findings, path}, strings.NewReader(""), &out, &errs)
			for _, text := range []string{out.String(), errs.String()} {
				if i := strings.Index(text, "HUSH"); i >= 0 {
					t.Errorf("%s, %s findings, shows a secret: …%s…", format, findings, text[max(i-200, 0):min(i+40, len(text))])
				}
			}
			for _, address := range []string{"aws_sns_topic.t2", "(sensitive)"} {
				if format == "json" && !strings.Contains(out.String(), address) {
					t.Errorf("%s, %s findings: nothing about %s", format, findings, address)
				}
			}
		}
	}
	for _, format := range []string{"text", "markdown", "json", "sarif"} {
		var out, errs bytes.Buffer
		Run([]string{"diff", "--format", format, path}, strings.NewReader(""), &out, &errs)
		if text := out.String() + errs.String(); strings.Contains(text, "HUSH") || !strings.Contains(text, "aws_sns_topic.t3") {
			t.Errorf("diff, %s: a secret is shown, or nothing is: %s", format, text)
		}
	}
	_, report := runJSON(t, path)
	verdicts := map[string]string{}
	for _, r := range report.Resources {
		verdicts[r.Address] = string(r.Verdict)
	}
	for address, want := range map[string]string{"aws_sns_topic.t1": "external", "aws_sns_topic.t2": "undetermined", "aws_sns_topic.t3": "public", "aws_sns_topic.t4": "undetermined"} {
		if verdicts[address] != want {
			t.Errorf("verdict on %s is %q, want %q", address, verdicts[address], want)
		}
	}
}
