package tfplan

import (
	"archive/zip"
	"bytes"

	"github.com/iaclint/iaclint/analysis/source"
)

// kind of a file.
type fileKind uint8

const (
	other fileKind = iota
	planJSON
	planUTF16
	planBinary
	stateFile // terraform.tfstate
	stateJSON // a state, as terraform show -json writes it
)

// Match reports whether a file is a plan or a state, or something that is given in
// place of one: a plan in binary form or in UTF-16, or a raw state.
func Match(f *source.File) bool { return kindOf(f.Content) != other }

// kindOf looks at the top-level keys of JSON, and at no more of it than needed.
func kindOf(content []byte) fileKind {
	switch {
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		if isBinaryPlan(content) {
			return planBinary
		}
		return other
	case isUTF16(content):
		if k := kindOf(narrow(content[:min(len(content), 4096)])); k != other {
			return planUTF16
		}
		return other
	}
	t := text{content: content}
	start := t.space(0)
	if bytes.HasPrefix(content, utf8BOM) {
		start = t.space(len(utf8BOM))
	}
	if start >= len(content) || content[start] != '{' || !mentionsPlan(content) {
		return other
	}
	seen := map[string]bool{}
	for key := range t.keys(piece{start, len(content)}) {
		seen[key] = true
		switch {
		case seen["planned_values"], seen["resource_changes"], seen["resource_drift"],
			seen["format_version"] && seen["configuration"], seen["format_version"] && seen["prior_state"]:
			return planJSON
		case seen["serial"] && (seen["lineage"] || seen["terraform_version"]):
			return stateFile
		case seen["format_version"] && seen["values"]:
			return stateJSON
		}
	}
	return other
}

func mentionsPlan(content []byte) bool {
	for _, word := range []string{`"planned_values"`, `"resource_changes"`, `"terraform_version"`, `"format_version"`} {
		if bytes.Contains(content, []byte(word)) {
			return true
		}
	}
	return false
}

func isUTF16(content []byte) bool {
	return len(content) >= 4 && (bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) ||
		content[0] == '{' && content[1] == 0 || content[0] == 0 && content[1] == '{')
}

// narrow returns the ASCII characters of a text in UTF-16.
func narrow(content []byte) []byte {
	var out []byte
	for _, c := range content {
		if c != 0 && c < 0x80 {
			out = append(out, c)
		}
	}
	return out
}

// isBinaryPlan: terraform plan -out writes a zip archive with an entry tfplan.
func isBinaryPlan(content []byte) bool {
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return bytes.Contains(content[:min(len(content), 1024)], []byte("tfplan"))
	}
	for _, f := range r.File {
		if f.Name == "tfplan" {
			return true
		}
	}
	return false
}

// refuse says what to give instead of a file that is not the JSON of a plan.
func refuse(f *source.File) (source.Diagnostic, bool) {
	d := source.Diagnostic{Severity: source.Error, Path: f.Name}
	switch kindOf(f.Content) {
	case planBinary:
		d.Message = "this is a plan in Terraform's binary form: write it with terraform show -json and give that, or give the directory of the configuration"
	case planUTF16:
		d.Message = "the plan is in UTF-16, expected UTF-8: in PowerShell, write it with terraform show -json plan.out | Out-File -Encoding utf8 plan.json"
	case stateFile:
		d.Message = "this is a state, which says what is there and not what is planned: give a plan (terraform plan -out plan.out, terraform show -json plan.out), or the directory of the configuration"
	default:
		return d, false
	}
	return d, true
}
