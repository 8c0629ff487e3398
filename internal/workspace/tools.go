package workspace

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
)

// otherTool is a tool whose sources are not read: what declares that a directory
// is its own, and which command gives something to read.
type otherTool struct {
	name string
	// files are the names of its configuration.
	files []string
	// made is the directory beside that it writes what is read into; with it there,
	// nothing has to be said.
	made   string
	advice string
}

var otherTools = []otherTool{
	// https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-synth.html
	{"AWS CDK", []string{"cdk.json"}, "cdk.out", `run "cdk synth" and analyse cdk.out`},
	// https://developer.hashicorp.com/terraform/cdktf/cli-reference/commands
	{"CDK for Terraform", []string{"cdktf.json"}, "cdktf.out", `run "cdktf synth" and analyse cdktf.out`},
	// https://www.serverless.com/framework/docs/providers/aws/cli-reference/package
	{"Serverless Framework", []string{"serverless.yml", "serverless.yaml", "serverless.json", "serverless.js", "serverless.ts"}, "", `run "serverless package" and analyse .serverless`},
	// https://terragrunt.gruntwork.io/docs/features/stacks/
	{"a stack of Terragrunt", []string{"terragrunt.stack.hcl"}, ".terragrunt-stack", `run "terragrunt stack generate" and analyse .terragrunt-stack`},
	// https://terragrunt.gruntwork.io/docs/reference/cli-options/
	{"Terragrunt in JSON syntax", []string{"terragrunt.hcl.json"}, "",
		`run "terragrunt plan -out tfplan" and "terragrunt show -json tfplan > plan.json" and analyse plan.json; modules that lie here are analysed without the inputs that it gives`},
	// https://www.pulumi.com/docs/iac/concepts/projects/project-file/
	{"Pulumi", []string{"Pulumi.yaml", "Pulumi.yml", "Pulumi.json"}, "", "no output of Pulumi is read; give the policies as JSON documents"},
	// https://helm.sh/docs/topics/charts/
	{"Helm", []string{"Chart.yaml"}, "", "manifests of Kubernetes are not read; give the policies of its AWS resources as JSON documents"},
}

// toolsOf returns the tools that a directory with these names belongs to, and the
// names that say so.
func toolsOf(names []string) (found []otherTool, by []string) {
	for _, t := range otherTools {
		i := slices.IndexFunc(names, func(n string) bool { return slices.Contains(t.files, n) })
		if i >= 0 && (t.made == "" || !slices.Contains(names, t.made)) {
			found, by = append(found, t), append(by, names[i])
		}
	}
	return found, by
}

// madeByTools are directories that tools write, which a walk passes over: what
// they hold is a copy, or comes from elsewhere.
var madeByTools = map[string]string{
	".aws-sam":          "written by sam build from templates",
	".serverless":       "written by serverless package",
	".terraform":        "written by terraform init; what module calls name is read from there",
	".terragrunt-cache": "written by terragrunt",
	"node_modules":      "written by a package manager",
}

// sawTool counts a directory of a tool that is not read, in the walk of dir.
func (w *Walker) sawTool(t otherTool, in Input) {
	i := slices.IndexFunc(w.tools, func(s seenTool) bool { return s.tool.name == t.name && s.first.Dir == in.Dir })
	if i < 0 {
		w.tools = append(w.tools, seenTool{tool: t, first: in, count: 1})
		return
	}
	w.tools[i].count++
}

// seenTool is a tool that was met in a walk.
type seenTool struct {
	tool  otherTool
	first Input
	count int
}

// tellTools adds a warning for each tool that was met.
func (w *Walker) tellTools() {
	for _, s := range w.tools {
		where := ""
		if s.count > 1 {
			where = fmt.Sprintf(" (%d directories, this one first)", s.count)
		}
		w.Problems = append(w.Problems, Problem{Input: s.first, Warning: true, Message: fmt.Sprintf("%s is not read%s: %s", s.tool.name, where, s.tool.advice)})
	}
}

// lookForTools looks at the names in a directory for those of other tools.
func (t *tree) lookForTools(rel string, entries []fs.DirEntry) {
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	found, by := toolsOf(names)
	for i, tool := range found {
		if in := t.at(filepath.Join(rel, by[i])); t.walks(&in) {
			t.sawTool(tool, in)
		}
	}
}
