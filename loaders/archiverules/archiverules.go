// Package archiverules reads the archive rules of IAM Access Analyzer that
// infrastructure code declares, or that the AWS command line prints:
//
//   - aws_accessanalyzer_archive_rule in Terraform's languages and in plans
//   - AWS::AccessAnalyzer::Analyzer with ArchiveRules, and AWS::AccessAnalyzer::ArchiveRule
//   - the output of list-archive-rules and get-archive-rule, the input of create-archive-rule
//
// Only what is written out is read: a rule whose name or filter is computed is
// reported, and left out.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CreateArchiveRule.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-accessanalyzer-analyzer.html
package archiverules

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
	"github.com/iaclint/iaclint/loaders/yamltree"
)

// largest file that is read as a tree.
const largest = 16 << 20

// Find returns the archive rules of a file, in its order, and what is wrong
// with those that are left out.
func Find(f *source.File) ([]archive.Rule, []source.Diagnostic) {
	r := &reader{file: f}
	switch {
	case !mayHave(f.Content):
	case strings.HasSuffix(f.Name, ".tf") || strings.HasSuffix(f.Name, ".tofu"):
		r.hcl()
	case len(f.Content) > largest:
		r.warnf(source.Span{File: f}, "archive rules are not looked for in a file of this size")
	default:
		r.tree(r.parse())
	}
	return r.rules, r.diags
}

// mayHave is a quick look: most files have no archive rules.
func mayHave(content []byte) bool {
	for _, word := range []string{"aws_accessanalyzer_archive_rule", "AWS::AccessAnalyzer::", "archiveRule", "ruleName"} {
		if bytes.Contains(content, []byte(word)) {
			return true
		}
	}
	return false
}

type reader struct {
	file  *source.File
	rules []archive.Rule
	diags []source.Diagnostic
}

func (r *reader) warnf(at source.Span, format string, args ...any) {
	r.diags = append(r.diags, source.Diagnostic{Severity: source.Warning, Path: r.file.Name, Span: at, Message: fmt.Sprintf(format, args...)})
}

func (r *reader) parse() value.Value {
	text := bytes.TrimLeft(bytes.TrimPrefix(r.file.Content, []byte("\ufeff")), " \t\r\n")
	if bytes.HasPrefix(text, []byte("{")) {
		v, _ := jsontree.Parse(r.file)
		return v
	}
	documents, _ := yamltree.Parse(r.file, intrinsics)
	if len(documents) == 0 {
		return value.Value{}
	}
	return documents[0]
}

// intrinsics stand where a name may: what they give is not known here.
var intrinsics = yamltree.Tags{"*": "Fn"}

// tree reads a file of JSON or YAML as what it is.
func (r *reader) tree(v value.Value) {
	switch {
	case v.Get("Resources").Kind == value.Map:
		r.template(v.Get("Resources"))
	case v.Get("archiveRules").Kind == value.List:
		for _, item := range v.Get("archiveRules").Items {
			r.api(item)
		}
	case v.Get("archiveRule").Kind == value.Map:
		r.api(v.Get("archiveRule"))
	case v.Get("ruleName").Kind != value.Absent:
		r.api(v)
	case v.Get("planned_values").Kind == value.Map:
		r.planned(v.Get("planned_values").Get("root_module"), 0)
	case v.Get("resource").Kind != value.Absent:
		r.terraformJSON(v.Get("resource"))
	}
}

func (r *reader) template(resources value.Value) {
	for _, f := range resources.Fields {
		p := f.Value.Get("Properties")
		analyzer, ok := literal(p.Get("AnalyzerName"))
		if !ok {
			analyzer = f.Key
		}
		switch t, _ := literal(f.Value.Get("Type")); t {
		case "AWS::AccessAnalyzer::Analyzer":
			for _, item := range p.Get("ArchiveRules").Items {
				r.add(item, item.Get("RuleName"), "RuleName", analyzer, r.listed(item.Get("Filter"), "Property", "Eq", "Neq", "Contains", "Exists"))
			}
		case "AWS::AccessAnalyzer::ArchiveRule":
			at := f.Value
			at.Span = f.KeySpan
			r.add(at, p.Get("RuleName"), "RuleName", analyzer, r.keyed(p.Get("Filter"), "Eq", "Neq", "Contains", "Exists"))
		}
	}
}

// api reads a rule as the API has it.
func (r *reader) api(v value.Value) {
	analyzer, _ := literal(v.Get("analyzerName"))
	r.add(v, v.Get("ruleName"), "ruleName", analyzer, r.keyed(v.Get("filter"), "eq", "neq", "contains", "exists"))
}

// planned reads the resources of a plan's modules.
//
// https://developer.hashicorp.com/terraform/internals/json-format#values-representation
func (r *reader) planned(module value.Value, depth int) {
	if depth > jsontree.MaxDepth {
		return
	}
	for _, res := range module.Get("resources").Items {
		if t, _ := literal(res.Get("type")); t == "aws_accessanalyzer_archive_rule" {
			r.terraform(res, res.Get("values"))
		}
	}
	for _, child := range module.Get("child_modules").Items {
		r.planned(child, depth+1)
	}
}

// terraformJSON reads the resources of a file in Terraform's JSON syntax, in
// which a block may be a list of blocks wherever it stands.
func (r *reader) terraformJSON(resources value.Value) {
	for _, types := range several(resources) {
		for _, named := range several(types.Get("aws_accessanalyzer_archive_rule")) {
			for _, f := range named.Fields {
				for _, body := range several(f.Value) {
					at := body
					at.Span = f.KeySpan
					r.terraform(at, body)
				}
			}
		}
	}
}

func several(v value.Value) []value.Value {
	if v.Kind == value.List {
		return v.Items
	}
	return []value.Value{v}
}

func (r *reader) terraform(at, body value.Value) {
	analyzer, _ := literal(body.Get("analyzer_name"))
	filters := body.Get("filter")
	if filters.Kind == value.Map {
		filters = value.Value{Kind: value.List, Span: filters.Span, Items: []value.Value{filters}}
	}
	r.add(at, body.Get("rule_name"), "rule_name", analyzer, r.listed(filters, "criteria", "eq", "neq", "contains", "exists"))
}

// operands are a criterion's values as they are written.
type operands struct {
	at                           source.Span
	key                          string
	eq, neq, contains, existence value.Value
}

// listed reads criteria that are a list and name their key in a property. One
// for a key that was there before takes its place, as the provider has it.
func (r *reader) listed(list value.Value, key, eq, neq, contains, exists string) []operands {
	var out []operands
	for _, item := range list.Items {
		name, ok := literal(item.Get(key))
		if !ok {
			name = ""
		}
		out = slices.DeleteFunc(out, func(o operands) bool { return o.key == name })
		out = append(out, operands{item.Span, name, item.Get(eq), item.Get(neq), item.Get(contains), item.Get(exists)})
	}
	return out
}

// keyed reads criteria that are an object by key.
func (r *reader) keyed(object value.Value, eq, neq, contains, exists string) []operands {
	var out []operands
	for _, f := range object.Fields {
		out = append(out, operands{f.KeySpan, f.Key, f.Value.Get(eq), f.Value.Get(neq), f.Value.Get(contains), f.Value.Get(exists)})
	}
	return out
}

// literal returns a string that is written out.
func literal(v value.Value) (string, bool) {
	return v.Text.Literal, v.Kind == value.String && v.Text.Parts == nil && v.Text.Literal != ""
}

// add adds a rule, unless something of it is not known.
func (r *reader) add(at, name value.Value, property, analyzer string, filter []operands) {
	text, ok := literal(name)
	if !ok {
		r.warnf(at.Span, "archive rule is not imported: %s is not written out", property)
		return
	}
	rule := archive.Rule{Name: text, Analyzer: analyzer, Span: at.Span}
	if !name.Span.IsZero() {
		rule.Span = name.Span
	}
	for _, o := range filter {
		c, problem := o.criterion()
		if problem != "" {
			span := o.at
			if span.IsZero() {
				span = rule.Span
			}
			r.warnf(span, "archive rule %q is not imported: %s", text, problem)
			return
		}
		rule.Filter = append(rule.Filter, c)
	}
	if len(rule.Filter) == 0 {
		r.warnf(rule.Span, "archive rule %q is not imported: it has no filter that is written out", text)
		return
	}
	slices.SortStableFunc(rule.Filter, func(a, b archive.Criterion) int { return strings.Compare(a.Key, b.Key) })
	r.rules = append(r.rules, rule)
}

func (o operands) criterion() (c archive.Criterion, problem string) {
	c.Key = o.key
	switch {
	case o.key == "":
		return c, "the key of a filter is not written out"
	case !archive.IsKey(o.key) || archive.IsOwnKey(o.key):
		return c, fmt.Sprintf("%q is not a filter key of archive rules", o.key)
	}
	count := 0
	for _, list := range []struct {
		of value.Value
		to *[]string
	}{{o.eq, &c.Eq}, {o.neq, &c.Neq}, {o.contains, &c.Contains}} {
		if list.of.Kind == value.Absent || list.of.Kind == value.Null || list.of.Kind == value.List && len(list.of.Items) == 0 {
			continue // plans write what is not set as null or as an empty list
		}
		count++
		for _, item := range several(list.of) {
			if !item.IsScalar() || item.Kind == value.Unknown || item.Text.Parts != nil {
				return c, fmt.Sprintf("a value of %s is not written out", o.key)
			}
			*list.to = append(*list.to, item.Text.Literal)
		}
	}
	if e := o.existence; e.Kind != value.Absent && e.Kind != value.Null && !(e.Kind == value.String && e.Text.Parts == nil && e.Text.Literal == "") {
		text := e.Text.Literal
		if !e.IsScalar() || e.Text.Parts != nil || text != "true" && text != "false" {
			return c, fmt.Sprintf("exists of %s is not true or false", o.key)
		}
		exists := text == "true"
		c.Exists = &exists
		count++
	}
	switch {
	case count == 0:
		return c, fmt.Sprintf("the filter of %s has no operator that is written out", o.key)
	case count > 1:
		return c, fmt.Sprintf("the filter of %s has several operators, and AWS does not say how they are joined", o.key)
	}
	return c, ""
}
