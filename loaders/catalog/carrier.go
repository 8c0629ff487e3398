package catalog

import (
	"fmt"
	"strings"
	"sync"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// limiting are types outside the catalogue whose documents name principals and let
// nobody in: a stack policy says who may update resources of the stack, the policy of
// an endpoint what may be reached through it, and a parameter is only kept.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
var limiting = map[string]bool{
	"aws_vpc_endpoint": true, "aws_vpc_endpoint_policy": true, "awscc_ec2_vpc_endpoint": true, "AWS::EC2::VPCEndpoint": true,
	"awscc_cloudformation_stack": true, "awscc_cloudformation_stack_set": true,
	"aws_cloudformation_stack": true, "aws_cloudformation_stack_set": true, "AWS::CloudFormation::Stack": true, "AWS::CloudFormation::StackSet": true,
	// These keep any text.
	"aws_ssm_parameter": true, "aws_s3_object": true, "aws_s3_bucket_object": true, "aws_secretsmanager_secret_version": true, "AWS::SSM::Parameter": true,
}

// MayCarry reports whether a block of a type that the catalogue does not know may
// have a resource policy in a property of that name.
func MayCarry(l Language, typ, property string) bool {
	name := strings.ToLower(property)
	return Foreign(l, typ) && (strings.Contains(name, "polic") || strings.Contains(name, "document"))
}

// Foreign reports whether a type is one of AWS's that the catalogue does not know, so
// that any of its properties may be a resource policy.
func Foreign(l Language, typ string) bool {
	ours := strings.HasPrefix(typ, "AWS::") || strings.HasPrefix(typ, "aws_") || strings.HasPrefix(typ, "awscc_")
	return ours && l == languageOf(typ) && !Relevant(l, typ) && !limiting[typ]
}

// carried lists the policies of a block whose type the catalogue does not know, each
// as a resource of its own. Who they let in is judged, although nothing is known of
// what they are on.
func (j *joiner) carried(block Block) {
	if limiting[block.Type] {
		return
	}
	b := &building{joiner: j, row: &Row{}}
	b.describe(block)
	for n, v := range resourcePolicies(block.Properties, nil) {
		doc := b.document(v, block)
		if doc == nil {
			continue
		}
		r := b.res
		if n > 0 {
			r.Address = fmt.Sprintf("%s#%d", r.Address, n+1)
		}
		r.When, r.Related, r.Attachments = block.When, block.Related, unique(block.Documents)
		r.Documents = []resource.Document{{Policy: doc}}
		if block.Type != "" {
			r.Notes = append(r.Notes[:len(r.Notes):len(r.Notes)], "type "+block.Type+" is not known here, so its policy is judged by itself")
		}
		j.out.Resources = append(j.out.Resources, r)
	}
	j.out.Diagnostics = append(j.out.Diagnostics, b.Diagnostics...)
}

// HasResourcePolicy reports whether there is a policy with principals in a value.
func HasResourcePolicy(v value.Value) bool { return len(resourcePolicies(v, nil)) > 0 }

// resourcePolicies appends the policy documents in a value that name principals.
func resourcePolicies(v value.Value, list []value.Value) []value.Value {
	switch v.Kind {
	case value.Map:
		if namesPrincipals(v.Get("Statement")) {
			return append(list, v)
		}
		for _, f := range v.Fields {
			list = resourcePolicies(f.Value, list)
		}
	case value.List, value.Unknown:
		for _, item := range v.Items {
			list = resourcePolicies(item, list)
		}
	case value.String:
		if s := strings.TrimSpace(v.Text.Literal); strings.HasPrefix(s, "{") && strings.Contains(s, `"Statement"`) && strings.Contains(s, `Principal"`) {
			return append(list, v)
		}
	}
	return list
}

func namesPrincipals(statements value.Value) bool {
	switch statements.Kind {
	case value.Map:
		return statements.Get("Principal").Kind != value.Absent || statements.Get("NotPrincipal").Kind != value.Absent
	case value.List, value.Unknown:
		for _, s := range statements.Items {
			if namesPrincipals(s) {
				return true
			}
		}
	}
	return false
}

// cloudControlTypes are the types of CloudFormation in the catalogue by the name of
// the type of the awscc provider, without underscores.
var cloudControlTypes = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for typ := range index().types {
		if name, ok := strings.CutPrefix(typ, "AWS::"); ok {
			out["awscc"+strings.ToLower(strings.ReplaceAll(name, "::", ""))] = typ
		}
	}
	return out
})

// CloudControl returns the block of CloudFormation that a block of the awscc provider
// is: its types and properties are those of CloudFormation in other letters.
//
// https://registry.terraform.io/providers/hashicorp/awscc/latest/docs
func CloudControl(b Block) (Block, bool) {
	typ, ok := cloudControlTypes()[strings.ReplaceAll(b.Type, "_", "")]
	if !ok {
		return b, false
	}
	b.Type, b.Properties = typ, camel(b.Properties)
	return b, true
}

// camel spells the keys of a value as CloudFormation does; those of a policy document
// are spelt so already.
func camel(v value.Value) value.Value {
	out := v
	if v.Items != nil {
		out.Items = make([]value.Value, len(v.Items))
		for i, item := range v.Items {
			out.Items[i] = camel(item)
		}
	}
	if v.Kind != value.Map || v.Get("Statement").Kind != value.Absent {
		return out
	}
	out.Fields = make([]value.Field, len(v.Fields))
	for i, f := range v.Fields {
		var key strings.Builder
		for _, word := range strings.Split(f.Key, "_") {
			if word != "" {
				key.WriteString(strings.ToUpper(word[:1]) + word[1:])
			}
		}
		f.Key, f.Value = key.String(), camel(f.Value)
		out.Fields[i] = f
	}
	return out
}

// Template is a template of CloudFormation that is part of other code.
type Template struct {
	File *source.File // that the code is in
	// Tree is the template where it is written as values; else Pieces are its text.
	Tree   value.Value
	Pieces []jsontree.Piece
	// Scope names what deploys it, "" what deploys all else.
	Scope string
	// Parameters are the values that it is given.
	Parameters map[string]value.Text
}

// Types of Terraform that deploy what CloudFormation describes: a stack has the text
// of a template, a resource of the Cloud Control API the properties in JSON.
const (
	StackType    = "aws_cloudformation_stack"
	StackSetType = "aws_cloudformation_stack_set"
	ControlType  = "aws_cloudcontrolapi_resource"
)

// Deploys reports whether a block of Terraform deploys a template.
func Deploys(typ string) bool { return typ == StackType || typ == StackSetType }

// Controls reports whether a block of Terraform may be one that CloudFormation
// describes.
func Controls(typ string) bool { return typ == ControlType || strings.HasPrefix(typ, "awscc_") }

// TemplateOf returns what a block deploys, but for the template itself. A set of
// stacks is deployed to other accounts.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudformation_stack
func TemplateOf(b Block, parameters value.Value) Template {
	t := Template{File: b.Span.File, Scope: b.Scope, Parameters: map[string]value.Text{}}
	if b.Type == StackSetType {
		t.Scope = b.Address
	}
	for _, f := range parameters.Fields {
		switch {
		case f.Value.IsScalar():
			t.Parameters[f.Key] = f.Value.Text
		case f.Value.Kind != value.Null && f.Value.Kind != value.Absent:
			t.Parameters[f.Key] = value.Ref(value.Reference{Name: b.Address + ".parameters." + f.Key})
		}
	}
	return t
}

// Deployed returns the resources of a template as those of the block that deploys it.
func Deployed(b Block, out resource.Stack) resource.Stack {
	inner := b.Address + "/"
	for i := range out.Resources {
		r := &out.Resources[i]
		r.Address = inner + r.Address
		attachments := make([]string, 0, len(r.Attachments)+1)
		for _, a := range r.Attachments {
			attachments = append(attachments, inner+a)
		}
		r.Attachments = append(attachments, b.Address)
		r.Documents = append([]resource.Document{}, r.Documents...)
		for n := range r.Documents {
			if r.Documents[n].Address != "" {
				r.Documents[n].Address = inner + r.Documents[n].Address
			}
		}
		if r.Account == "" && b.Type == StackType {
			r.Account = b.Account
		}
		if r.Region == "" && b.Type == StackType {
			r.Region = b.Region
		}
		r.When = append(b.When[:len(b.When):len(b.When)], r.When...)
		r.Related = append(r.Related[:len(r.Related):len(r.Related)], resource.Related{Span: b.Span, Message: "template deployed here"})
	}
	for i := range out.Unread {
		out.Unread[i].Address = inner + out.Unread[i].Address
	}
	return out
}

// UnreadTemplate says that the template that a block deploys is not known.
func UnreadTemplate(b Block, body, url value.Value) resource.Unread {
	u := resource.Unread{Kind: resource.Template, Source: b.Address, Path: b.Path, Address: b.Address, Span: b.Span,
		Why: "is not known before deployment", Help: "give the values that its template depends on, or analyse the template itself as well; or archive the finding with a reason"}
	if body.Kind == value.Unknown || body.Kind == value.String {
		u.Needs = value.Settling(body.Text.References())
		return u
	}
	u.Why, u.Help = "is not a file here", "analyse the template itself as well; or archive the finding with a reason"
	if text := value.Shown(url.Text.String()); url.IsScalar() && text != "" {
		u.Source = text
	}
	return u
}

// ControlOf returns the block of CloudFormation that a block of Terraform is; ok is
// false where that is not known.
func ControlOf(b Block) (out Block, ok bool) {
	if b.Type != ControlType {
		return CloudControl(b)
	}
	typ, known := b.Properties.Get("type_name").Text.Known()
	if !known || !strings.HasPrefix(typ, "AWS::") {
		return b, false
	}
	b.Type, b.Properties = typ, b.Properties.Get("desired_state")
	return b, true
}
