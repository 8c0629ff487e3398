// Package policyjson loads JSON that is about policies and nothing else: policy
// documents, output of the AWS command line that holds one, and the map of
// configurations that an Access Analyzer access preview takes.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Configuration.html
package policyjson

import (
	"bytes"
	"fmt"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// Options of Load.
type Options struct {
	// ResourceType is the type of what a policy is attached to when the input
	// does not say; any name that package knowledge has. "" infers it.
	ResourceType string
}

// Match reports whether a value is something that Load reads.
func Match(v value.Value) bool {
	return isPolicy(v) || isPreview(v) || findWrapper(v) != nil
}

// MatchFile reports whether a file is JSON that Load reads, or would be were it
// not broken. It is cheap for files that are nothing of the kind.
func MatchFile(file *source.File) bool {
	if !looksLikeJSON(file.Content) || !mentionsPolicies(file.Content) {
		return false
	}
	for v, diags := range jsontree.Values(file) {
		if len(diags) > 0 {
			return wouldBe(file.Content)
		}
		if Match(v) {
			return true
		}
	}
	return false
}

func looksLikeJSON(content []byte) bool {
	content = bytes.TrimLeft(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(content) > 0 && (content[0] == '{' || content[0] == '[')
}

// wouldBe reports whether a text that is not JSON, such as one that was cut or has
// comments, shows that it was to be a policy or to hold one: by a word that nothing
// else has. A policy that is written as text has these words with their quotation
// marks escaped.
func wouldBe(content []byte) bool {
	for _, word := range []string{`"Statement"`, `\"Statement\"`, `"2012-10-17"`, `\"2012-10-17\"`, `"2008-10-17"`, `\"2008-10-17\"`} {
		if bytes.Contains(content, []byte(word)) {
			return true
		}
	}
	return false
}

// mentionsPolicies looks for a piece of one of the words without which there is
// no input of ours.
func mentionsPolicies(content []byte) bool {
	for _, word := range []string{`"Stat`, `2012-10-17`, `2008-10-17`, `olicy`, `olicies`, `"Grants"`, `PublicAccessBlock`, `"LaunchPermissions"`, `"CreateVolumePermissions"`, `SnapshotAttributes"`, `"arn:`, `"configurationItems"`, `"QueryInfo"`} {
		if bytes.Contains(content, []byte(word)) {
			return true
		}
	}
	return false
}

// isPolicy reports whether a value is a policy document, maybe a faulty one.
func isPolicy(v value.Value) bool {
	if v.Kind != value.Map {
		return false
	}
	if s := v.Get("Statement"); s.Kind == value.Map || s.Kind == value.List {
		return true
	}
	version, _ := v.Get("Version").Text.Known()
	return version == "2012-10-17" || version == "2008-10-17"
}

// Load reads a file. What is in it and cannot be read, or is not known at all,
// is among the diagnostics.
func Load(file *source.File, o Options) resource.Stack {
	l := &loader{Reader: grants.Reader{Path: file.Name}, file: file, options: o}
	for v, diags := range jsontree.Values(file) {
		if len(diags) > 0 {
			l.Diagnostics = append(l.Diagnostics, diags...)
			break
		}
		l.root(v)
	}
	l.out.Diagnostics = l.Diagnostics
	return l.out
}

type loader struct {
	grants.Reader
	file     *source.File
	options  Options
	out      resource.Stack
	policies int // resources with the address "(policy)"
}

func (l *loader) root(v value.Value) {
	switch w := findWrapper(v); {
	case isPolicy(v):
		l.bare(v, v.Span)
	case isPreview(v):
		l.preview(v)
	case w != nil:
		l.wrapped(v, w)
	case v.Kind == value.Map && hasNear(v, "Statement"):
		l.bare(v, v.Span)
	case v.Kind == value.List:
		l.Errorf(v.Span, "not recognised: expected one policy document, found a list")
	default:
		l.Errorf(v.Span, "not recognised: expected a policy document, output of the AWS command line that holds one, or a map of Access Analyzer configurations")
	}
}

func hasNear(v value.Value, name string) bool {
	for _, f := range v.Fields {
		if spelling.Nearest(f.Key, []string{name}) != "" {
			return true
		}
	}
	return false
}

// bare adds the resource of a policy that comes without any word on it.
func (l *loader) bare(v value.Value, span source.Span) {
	if doc := l.Document(withPlaceholders(v)); doc != nil {
		r := resource.Resource{Span: span}
		l.describe(&r, doc)
		l.add(r)
	}
}

// describe gives the resource a document and what the document tells about it.
func (l *loader) describe(r *resource.Resource, doc *policy.Document) {
	r.Documents = append(r.Documents, resource.Document{Policy: doc})
	forced := r.Type
	if forced == "" {
		forced = canonicalType(l.options.ResourceType)
	}
	if forced == "" && isIdentityPolicy(doc) {
		forced = identityType
	}
	inferred, arn := Infer(doc)
	if forced != "" {
		arn = inferARN(doc, forced)
	}
	if r.Type = forced; r.Type == "" {
		r.Type = inferred
	}
	if r.Type == "" {
		fits, said := fitsEndpoint(doc), saysEndpoint(l.file.Name)
		switch {
		case fits && said:
			r.Type = endpointType
		case fits && !hasPolicies(doc), said && forEveryone(doc):
			unsettle(doc)
		}
	}
	r.IdentityPolicy = r.Type == identityType
	if r.ARN.Equal(value.Text{}) && !r.IdentityPolicy {
		setARN(r, arn)
	}
}

// Describe sets the type and the ARN of a resource of which nothing but its policy is
// known, as far as the policy tells.
func Describe(r *resource.Resource) {
	typ, arn := Infer(r.Documents[0].Policy)
	r.Type = typ
	if r.ARN.Equal(value.Text{}) {
		setARN(r, arn)
	}
}

const identityType = "AWS::IAM::Policy"

// canonicalType returns the type that a name stands for, the name itself if
// nothing is known of it.
func canonicalType(name string) string {
	if k, ok := knowledge.KindOf(name); ok {
		return k.Type
	}
	return name
}

// isIdentityPolicy: only policies of identities name no principal.
func isIdentityPolicy(doc *policy.Document) bool {
	for _, s := range doc.Statements {
		if s.Principal.Present {
			return false
		}
	}
	return len(doc.Statements) > 0
}

// setARN sets the ARN and what it tells.
func setARN(r *resource.Resource, text string) {
	name, ok := arn.Parse(text)
	if !ok {
		return
	}
	r.ARN, r.Partition, r.Region = value.Lit(text), name.Partition, name.Region
	if r.Account == "" {
		r.Account = name.Account
	}
}

// add gives the resource its place and, unless it has one, its address.
func (l *loader) add(r resource.Resource) {
	r.Path = l.file.Name
	if r.Address == "" {
		l.policies++
		r.Address = "(policy)"
		if l.policies > 1 {
			r.Address = fmt.Sprintf("(policy)#%d", l.policies)
		}
	}
	l.out.Resources = append(l.out.Resources, r)
}

// IsJSON reports whether a file begins as JSON does.
func IsJSON(file *source.File) bool { return looksLikeJSON(file.Content) }
