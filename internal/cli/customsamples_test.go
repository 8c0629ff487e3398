package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// Samples of custom policy checks, by what people check: tags, Regions, roles that are
// passed, boundaries, networks, organizations, NotAction and NotResource, trust, keys,
// and the public of each type. Verdicts follow from the documentation.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func TestCustomSamples(t *testing.T) {
	file, err := os.Open("testdata/custom/samples.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	seen := map[bool]int{}
	for lines.Scan() {
		var sample struct {
			Name string
			Pass bool
			Args []string
		}
		if err := json.Unmarshal(lines.Bytes(), &sample); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		status := Run(append(sample.Args, "--format", "json"), strings.NewReader(""), &out, &errs)
		var got struct {
			Result  string
			Reasons []struct {
				Certainty      string
				StatementIndex *int
				Witness        map[string]any
			}
		}
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Errorf("%s: %v, %s", sample.Name, err, errs.String())
			continue
		}
		seen[sample.Pass]++
		switch {
		case (got.Result == "PASS") != sample.Pass || (status == statusClean) != sample.Pass:
			t.Errorf("%s: %s, exit status %d", sample.Name, out.String(), status)
		case sample.Pass && len(got.Reasons) > 0, !sample.Pass && (len(got.Reasons) != 1 || got.Reasons[0].StatementIndex == nil || got.Reasons[0].Certainty != "proven"):
			t.Errorf("%s: %s", sample.Name, out.String())
		}
	}
	if err := lines.Err(); err != nil || seen[true] < 50 || seen[false] < 50 {
		t.Errorf("%v, %v", seen, err)
	}
}
