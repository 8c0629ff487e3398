package catalog

import (
	"fmt"
	"strings"
	"sync"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
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
