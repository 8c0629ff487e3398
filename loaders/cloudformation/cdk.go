package cloudformation

import (
	"bytes"
	"io/fs"
	"path"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// Assembly is a template of a cloud assembly, as the CDK writes it into cdk.out.
type Assembly struct {
	Template        string // name of the file, in the directory of the manifest
	Stack           string
	Account, Region string // where it is deployed to, "" where the manifest leaves that open
}

// Assemblies returns the templates that a manifest.json names; none for a file
// that is not a manifest. Other files of its directory are assets.
//
// https://docs.aws.amazon.com/cdk/v2/guide/deploy.html
func Assemblies(f *source.File) []Assembly {
	if !bytes.Contains(f.Content, []byte(`"artifacts"`)) || !bytes.Contains(f.Content, []byte(`"aws:cloudformation:stack"`)) {
		return nil
	}
	root, diags := jsontree.Parse(f)
	if len(diags) > 0 {
		return nil
	}
	var out []Assembly
	for _, artifact := range root.Get("artifacts").Fields {
		if artifact.Value.Get("type").Text.Literal != "aws:cloudformation:stack" {
			continue
		}
		a := Assembly{Template: artifact.Value.Get("properties").Get("templateFile").Text.Literal, Stack: artifact.Key}
		if a.Template == "" || path.Base(a.Template) != a.Template {
			continue
		}
		// aws://account/region, or unknown-account and unknown-region
		environment, _ := strings.CutPrefix(artifact.Value.Get("environment").Text.Literal, "aws://")
		account, region, _ := strings.Cut(environment, "/")
		if !strings.HasPrefix(account, "unknown") {
			a.Account = account
		}
		if !strings.HasPrefix(region, "unknown") {
			a.Region = region
		}
		out = append(out, a)
	}
	return out
}

// maxManifest is the size of the largest manifest that is looked at.
const maxManifest = 4 << 20

// deployment returns the options with what the manifest beside a template tells
// of its deployment, where the user declares nothing.
func deployment(f *source.File, o Options) Options {
	if o.FS == nil || !strings.HasSuffix(f.Name, ".template.json") || o.Account != "" && o.Region != "" {
		return o
	}
	name := path.Join(path.Dir(f.Name), "manifest.json")
	if !fs.ValidPath(name) {
		return o
	}
	if info, err := fs.Stat(o.FS, name); err != nil || !info.Mode().IsRegular() || info.Size() > maxManifest {
		return o
	}
	content, err := fs.ReadFile(o.FS, name)
	if err != nil {
		return o
	}
	for _, a := range Assemblies(source.NewFile(name, content)) {
		if a.Template != path.Base(f.Name) {
			continue
		}
		if o.Account == "" {
			o.Account = a.Account
		}
		if o.Region == "" {
			o.Region = a.Region
		}
	}
	return o
}

// jsonType is a custom resource of the CDK whose attribute Value is what its property
// Value says in JSON: keys of objects can have references in them that way.
//
// https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.CfnJson.html
const jsonType = "Custom::AWSCDKCfnJson"

// jsonAttribute returns the attribute Value of a resource of jsonType.
func (e *evaluator) jsonAttribute(d *declared, span source.Span) value.Value {
	if d.busy {
		return e.circular(d, span)
	}
	d.busy = true
	v := e.argument(d.scope, d.properties().Get("Value"))
	d.busy = false
	open := refer(span, value.Reference{Name: d.scope.prefix + d.id + ".Value", Scope: d.scope.deployment})
	if v.Kind != value.String || !jsontree.InStrings(v.Text) {
		return open
	}
	got, diags := jsontree.ParsePieces(piecesOf(v))
	if len(diags) > 0 {
		return jsontree.Unreadable(diags[0])
	}
	return got
}

// assetOf returns the file of a nested stack's template, where the CDK noted it.
func assetOf(d *declared) value.Value {
	metadata := d.body.Get("Metadata")
	if metadata.Get("aws:asset:property").Text.Literal != "TemplateURL" {
		return value.Value{}
	}
	return metadata.Get("aws:asset:path")
}

// Nests returns the names of the templates that a template nests and that are
// files of the input: they are analysed with it, with its parameters.
func Nests(f *source.File, o Options) []string {
	if o.FS == nil || !Match(f) || !bytes.Contains(f.Content, []byte("AWS::CloudFormation::Stack")) && !bytes.Contains(f.Content, []byte("AWS::Serverless::Application")) {
		return nil
	}
	root, _ := parse(f)
	if root.Kind != value.Map {
		return nil
	}
	e := newEvaluator(f, o)
	e.open(e.scope(f, root, nil))
	var names []string
	for _, name := range keys(e.files) {
		if e.files[name].ok {
			names = append(names, name)
		}
	}
	return names
}

// open reads the templates of all stacks in a template.
func (e *evaluator) open(s *scope) {
	for _, d := range s.order {
		if d.typ == stackType {
			if nested := e.template(d); nested != nil {
				e.open(nested)
			}
		}
	}
}
