package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/iaclint/iaclint/analysis/archive"
)

// estateRole is a role of an estate of which it is known what is used.
type estateRole struct {
	name     string
	cfn      bool
	idle     bool                // nobody uses it
	attached bool                // its policy is a managed one
	actions  []string            // of its one statement
	services map[string][]string // that were asked about: tracked actions, used ones with a "+"
	used     []string            // actions
	unused   []string            // patterns that a finding must name
}

var estateServices = map[string][]string{
	"s3": {"GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy", "CreateBucket"}, "sqs": {"CreateQueue", "DeleteQueue", "PurgeQueue"},
	"sns": {"CreateTopic", "DeleteTopic"}, "kms": {"CreateKey", "DescribeKey"}, "dynamodb": {"CreateTable", "DeleteTable"},
}

// randomEstate makes roles in both languages with what they use.
func randomEstate(r *rand.Rand, n int) []estateRole {
	names := []string{"s3", "sqs", "sns", "kms", "dynamodb"}
	var out []estateRole
	for i := range n {
		role := estateRole{name: fmt.Sprintf("role%d", i), cfn: i%2 == 1, idle: i%6 == 5, attached: i%4 == 2, services: map[string][]string{}}
		r.Shuffle(len(names), func(a, b int) { names[a], names[b] = names[b], names[a] })
		for k, service := range names[:2+r.IntN(3)] {
			isUsed := !role.idle && (k == 0 || r.IntN(2) == 0)
			var tracked []string
			var used, unused []string
			for n, action := range estateServices[service] {
				full := service + ":" + action
				if isUsed && (n == 0 || r.IntN(2) == 0) {
					tracked, used = append(tracked, "+"+action), append(used, full)
				} else {
					tracked, unused = append(tracked, action), append(unused, full)
				}
			}
			role.services[service] = tracked
			wide := r.IntN(3) == 0 // all actions of the service
			switch {
			case wide:
				role.actions = append(role.actions, service+":*")
			default:
				for _, a := range estateServices[service] {
					role.actions = append(role.actions, service+":"+a)
				}
			}
			role.used = append(role.used, used...)
			switch {
			case role.idle:
			case !isUsed && wide:
				role.unused = append(role.unused, service+":*")
			default:
				role.unused = append(role.unused, unused...)
			}
		}
		slices.Sort(role.unused)
		out = append(out, role)
	}
	return out
}

func (e estateRole) terraform() string {
	trust := `jsonencode({ Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }] })`
	actions, _ := json.Marshal(e.actions)
	statement := fmt.Sprintf(`jsonencode({ Statement = [{ Effect = "Allow", Action = %s, Resource = "*" }, { Sid = "Keep", Effect = "Allow", Action = "ec2:DescribeInstances", Resource = "*" }] })`, actions)
	role := fmt.Sprintf("resource \"aws_iam_role\" %q {\n  name = %q\n  assume_role_policy = %s\n}\n", e.name, e.name, trust)
	if e.attached {
		return role + fmt.Sprintf("resource \"aws_iam_policy\" %q {\n  name = %q\n  policy = %s\n}\nresource \"aws_iam_role_policy_attachment\" %q {\n  role = aws_iam_role.%s.name\n  policy_arn = aws_iam_policy.%s.arn\n}\n", e.name, e.name+"-managed", statement, e.name, e.name, e.name)
	}
	return role + fmt.Sprintf("data \"aws_iam_policy_document\" %q {\n  statement {\n    actions   = %s\n    resources = [\"*\"]\n  }\n  statement {\n    sid       = \"Keep\"\n    actions   = [\"ec2:DescribeInstances\"]\n    resources = [\"*\"]\n  }\n}\nresource \"aws_iam_role_policy\" %q {\n  name = \"inline\"\n  role = aws_iam_role.%s.id\n  policy = data.aws_iam_policy_document.%s.json\n}\n", e.name, actions, e.name, e.name, e.name)
}

func (e estateRole) cloudformation() string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: %s\n      AssumeRolePolicyDocument:\n        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: \"sts:AssumeRole\"}]\n      Policies:\n        - PolicyName: inline\n          PolicyDocument:\n            Statement:\n              - Effect: Allow\n                Action:\n", e.name, e.name)
	for _, a := range e.actions {
		fmt.Fprintf(&b, "                  - %s\n", a)
	}
	b.WriteString("                Resource: \"*\"\n              - Sid: Keep\n                Effect: Allow\n                Action: ec2:DescribeInstances\n                Resource: \"*\"\n")
	return b.String()
}

// Of 30 roles in Terraform and CloudFormation of which it is known what they use, all
// that is unused is found and nothing that is used is named; what suggest writes takes
// exactly that away.
func TestUnusedEstate(t *testing.T) {
	const date = "2027-01-05T00:00:00Z"
	const seed uint64 = 15988435730773131530 // one role has patterns that would become too many entries
	roles := randomEstate(rand.New(rand.NewPCG(seed, 1)), 30)
	t.Logf("seed %d", seed)
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(".git/HEAD", "")
	tf, cfn := "", "Resources:\n"
	var list []any
	for _, e := range roles {
		if e.cfn {
			cfn += e.cloudformation()
		} else {
			tf += e.terraform()
		}
		arn := "arn:aws:iam::111122223333:role/" + e.name
		last := map[string]any{}
		services := []any{map[string]any{"ServiceNamespace": "ec2", "LastAuthenticated": date, "LastAuthenticatedEntity": arn}}
		if e.idle {
			services = []any{map[string]any{"ServiceNamespace": "ec2"}}
		} else {
			last["LastUsedDate"] = date
		}
		list = append(list, map[string]any{"RoleName": e.name, "Arn": arn, "CreateDate": "2025-01-01T00:00:00Z", "RoleLastUsed": last})
		for service, tracked := range e.services {
			s := map[string]any{"ServiceNamespace": service}
			var actions []any
			for _, a := range tracked {
				name, used := strings.CutPrefix(a, "+")
				action := map[string]any{"ActionName": name}
				if used {
					action["LastAccessedTime"], action["LastAccessedEntity"] = date, arn
					s["LastAuthenticated"], s["LastAuthenticatedEntity"] = date, arn
				}
				actions = append(actions, action)
			}
			s["TrackedActionsLastAccessed"] = actions
			services = append(services, s)
		}
		text, _ := json.Marshal(map[string]any{"JobStatus": "COMPLETED", "JobType": "ACTION_LEVEL", "JobCompletionDate": "2027-01-06T00:00:00Z", "ServicesLastAccessed": services})
		write("ev/role/"+e.name+".json", string(text))
	}
	text, _ := json.Marshal(map[string]any{"RoleDetailList": list})
	write("ev/roles.json", string(text))
	write("main.tf", tf)
	write("stack.yaml", cfn)
	t.Chdir(dir)
	run := func(want int, args ...string) string {
		t.Helper()
		var out, errors bytes.Buffer
		if got := Run(args, strings.NewReader(""), &out, &errors); got != want {
			t.Fatalf("seed %d: %v: exit status %d, want %d\n%s%s", seed, args, got, want, out.String(), errors.String())
		}
		return out.String()
	}
	type report struct {
		Findings []struct{ Rule, Message, Address string }
	}
	found := func() map[string][]string {
		var r report
		if err := json.Unmarshal([]byte(run(0, "unused", "--evidence", "ev", "--policy-checks", "off", "--account", "111122223333", "--format", "json", "main.tf", "stack.yaml")), &r); err != nil {
			t.Fatal(err)
		}
		out := map[string][]string{}
		for _, f := range r.Findings {
			name := strings.Split(f.Message, `"`)[1]
			if f.Rule == "unused-role" {
				out[name] = append(out[name], "role")
				continue
			}
			_, unused, _ := strings.Cut(f.Message, " does not use ")
			unused, _, _ = strings.Cut(unused, ", which is all")
			out[name] = append(out[name], strings.Split(unused, ", ")...)
			slices.Sort(out[name])
		}
		return out
	}
	began := time.Now()
	before := found()
	for _, e := range roles {
		want := e.unused
		if e.idle {
			want = []string{"role"}
		}
		if got := before[e.name]; !slices.Equal(got, want) {
			t.Errorf("seed %d: %s allows %v and uses %v: found %v, want %v", seed, e.name, e.actions, e.used, got, want)
		}
	}
	run(1, "suggest", "--write", "--evidence", "ev", "--policy-checks", "off", "--account", "111122223333", "--fail-on", "low", "--rule", "unused-*", "main.tf", "stack.yaml")
	t.Logf("%s", time.Since(began))
	after := found()
	for _, e := range roles {
		if !e.idle && len(after[e.name]) > 0 {
			// A pattern that stands for more actions than people read in a row stays.
			for _, left := range after[e.name] {
				if !slices.ContainsFunc(e.actions, func(a string) bool { return strings.HasSuffix(a, ":*") && archive.Glob(a, left) }) {
					t.Errorf("seed %d: %s: %v is left", seed, e.name, left)
				}
			}
		}
	}
	written := map[bool]string{}
	for cfn, name := range map[bool]string{false: "main.tf", true: "stack.yaml"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		written[cfn] = string(content)
	}
	pattern := regexp.MustCompile(`\b(s3|sqs|sns|kms|dynamodb):[A-Za-z*]+`)
	for _, e := range roles {
		_, block, _ := strings.Cut(written[e.cfn], map[bool]string{false: `"aws_iam_role" "` + e.name + `"`, true: "\n  " + e.name + ":\n"}[e.cfn])
		if next := regexp.MustCompile(`"aws_iam_role" "|\n  role\d+:\n`).FindStringIndex(block); next != nil {
			block = block[:next[0]]
		}
		left := pattern.FindAllString(block, -1)
		for _, action := range e.used {
			if !slices.ContainsFunc(left, func(p string) bool { return archive.Glob(p, action) }) {
				t.Errorf("seed %d: %s uses %s, and it is gone: %v", seed, e.name, action, left)
			}
		}
		if !strings.Contains(block, "ec2:DescribeInstances") {
			t.Errorf("seed %d: %s has lost another statement", seed, e.name)
		}
	}
}
