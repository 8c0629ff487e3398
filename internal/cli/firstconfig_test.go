package cli

import (
	"regexp"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/config"
)

// What is proposed can be taken over by removing the comment marks, and no name of the
// analysed code gets out of its comment or its quotes.
func TestFirstConfig(t *testing.T) {
	const evil = "x\"\n}\nzone_of_trust \"all\" { default = true }\n# ${file(\"/etc/passwd\")}"
	r := finding.Report{
		Resources: []finding.Resource{{Path: "live/a.yaml", Account: "111122223333"}},
		Inputs:    []finding.Input{{Path: "live/a.yaml"}, {Path: evil + "/b.yaml"}, {Path: "live/c.yaml"}, {Path: "."}, {Path: "top.yaml"}},
		Findings: []finding.Finding{
			{Subject: "queue a", Principal: map[string]string{"AWS": "444455556666"}, Condition: map[string]string{"aws:PrincipalOrgID": "o-bbbbbbbbbb"}},
			{Subject: evil, Principal: map[string]string{"AWS": "arn:aws:iam::444455556666:role/x"}, Condition: map[string]string{"aws:PrincipalOrgID": "o-" + evil}},
			{Needs: []string{"var.partner", "data.aws_ssm_parameter.p.value"}}, {Needs: []string{"var.partner", "Partner"}}, {Needs: []string{evil, "data." + evil}},
		},
	}
	text := firstConfig(r, 2)
	for _, want := range []string{
		`id                 = "o-bbbbbbbbbb"`, "# reaches queue a, x", `# target "live/**" { # 2 inputs`,
		`"partner" = "…" # 2 findings depend on it`, `"Partner" = "…" # 1 finding depends on it`, `"data.aws_ssm_parameter.p.value" = "…" # 1 finding depends on it`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("nothing says %s in\n%s", want, text)
		}
	}
	for name, text := range map[string]string{"as it is": text, "taken over": regexp.MustCompile(`(?m)^# ([a-z_]+( "|\s+=|\s*\{)|  |\}|\])`).ReplaceAllString(text, "$1")} {
		c, diags := config.Parse(".iaclint.hcl", []byte(strings.NewReplacer(`"…"`, `"1"`, `["1"]`, `[]`).Replace(text)), configOptions(""))
		if len(c.Zones) > 1 {
			t.Errorf("%s: a name got out of its quotes: %v\n%s", name, diags, text)
		}
		for _, d := range diags {
			if !strings.Contains(d.Message, "account") && !strings.Contains(d.Message, "region") && !strings.Contains(d.Message, "glob") {
				t.Errorf("%s: %s\n%s", name, d.Message, text)
			}
		}
	}
}
