package tfplan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
)

// A plan has the resources as they will be and, where they change, as they are.
func TestBefore(t *testing.T) {
	policy := `"policy":"{\"Statement\":[]}"`
	stack := Load(source.NewFile("plan.json", []byte(written(array(
		change("aws_sns_topic.same", `"no-op"`, `"before":{"name":"same",`+policy+`},"after":{"name":"same",`+policy+`},"after_unknown":{}`),
		change("aws_sns_topic.new", `"create"`, `"before":null,"after":{"name":"new"},"after_unknown":{}`),
		change("aws_sns_topic.gone", `"delete"`, `"before":{"name":"gone"},"after":null,"after_unknown":{}`),
		change("aws_sns_topic.other", `"update"`, `"before":{"name":"other"},"after":{"name":"other"},"after_unknown":{}`),
		change("aws_sns_topic.part", `"no-op"`, `"before":{"name":"part"},"after":{"name":"part"},"after_unknown":{}`),
		change("aws_sns_topic_policy.part", `"delete"`, `"before":{"arn":"arn:aws:sns:eu-west-1:111122223333:part",`+policy+`},"after":null,"after_unknown":{}`),
	), root()))), Options{Account: "111122223333", Region: "eu-west-1"})
	show := func(list []resource.Resource) string {
		var out []string
		for _, r := range list {
			text := fmt.Sprintf("%s %d", r.Address, len(r.Documents))
			if r.Kept {
				text += " kept"
			}
			out = append(out, text)
		}
		slices.Sort(out)
		return strings.Join(out, ", ")
	}
	if !stack.Compared || len(stack.Diagnostics) > 0 {
		t.Errorf("Compared %t, diagnostics %v", stack.Compared, stack.Diagnostics)
	}
	if got, want := show(stack.Resources), "aws_sns_topic.new 0, aws_sns_topic.other 0, aws_sns_topic.part 0, aws_sns_topic.same 1 kept"; got != want {
		t.Errorf("after:\n got %s\nwant %s", got, want)
	}
	if got, want := show(stack.Before), "aws_sns_topic.gone 0, aws_sns_topic.other 0, aws_sns_topic.part 1"; got != want {
		t.Errorf("before:\n got %s\nwant %s", got, want)
	}
}
