package catalog

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// block reads properties from JSON. {"Ref": "x"} is a value that is not known,
// "${x}" in a string a reference, "${own:x}" to a name that AWS will give; {"Get":
// "address attribute"} is what Attribute gives for a block before.
func block(t *testing.T, before []Block, typ, address, properties string) Block {
	t.Helper()
	tree, diags := jsontree.Parse(source.NewFile(address, []byte(properties)))
	if len(diags) > 0 {
		t.Fatalf("%s: %v", properties, diags)
	}
	return Block{Type: typ, Address: address, Path: "main", Span: tree.Span, Properties: resolve(t, before, tree)}
}

func resolve(t *testing.T, before []Block, v value.Value) value.Value {
	t.Helper()
	switch v.Kind {
	case value.Map:
		if ref := v.Get("Unknown"); ref.Kind == value.String {
			return value.Value{Kind: value.Unknown, Span: v.Span, Text: value.Ref(value.Reference{Name: ref.Text.Literal})}
		}
		if get := v.Get("Get"); get.Kind == value.String {
			address, attribute, _ := strings.Cut(get.Text.Literal, " ")
			for _, b := range before {
				if b.Address == address {
					got, ok := Attribute(languageOf(b.Type), b, attribute)
					if !ok {
						t.Fatalf("no attribute %s", get.Text.Literal)
					}
					got.Span = v.Span
					return got
				}
			}
			t.Fatalf("no block %s", address)
		}
		for i := range v.Fields {
			v.Fields[i].Value = resolve(t, before, v.Fields[i].Value)
		}
	case value.List:
		for i := range v.Items {
			v.Items[i] = resolve(t, before, v.Items[i])
		}
	case value.String:
		v.Text = references(t, before, v.Text.Literal)
	}
	return v
}

func references(t *testing.T, before []Block, s string) value.Text {
	head, rest, found := strings.Cut(s, "<")
	if !found {
		return value.Lit(s)
	}
	name, after, _ := strings.Cut(rest, ">")
	var ref value.Text
	if address, attribute, ok := strings.Cut(name, " "); ok {
		ref = resolve(t, before, value.Value{Kind: value.Map, Fields: []value.Field{{Key: "Get", Value: value.Value{Kind: value.String, Text: value.Lit(address + " " + attribute)}}}}).Text
	} else {
		ref = value.Ref(value.Reference{Name: name})
	}
	return value.Join(value.Lit(head), ref, references(t, before, after))
}

// summary of a resource: one line each.
func summary(s resource.Stack) string {
	var out []string
	for _, r := range s.Resources {
		var b strings.Builder
		fmt.Fprintf(&b, "%s %s %s", r.Type, r.Address, r.ARN)
		if len(r.When) > 0 {
			fmt.Fprintf(&b, " when %s", strings.Join(r.When, ", "))
		}
		if len(r.Attachments) > 0 {
			fmt.Fprintf(&b, " with %s", strings.Join(r.Attachments, ", "))
		}
		if r.AWSManagedKey != "" || r.KeyNotInCode != "" {
			fmt.Fprintf(&b, " key %s", r.AWSManagedKey+r.KeyNotInCode)
		}
		if r.KeyAddress != "" {
			fmt.Fprintf(&b, " under %s", r.KeyAddress)
		}
		if r.AccountBlock != nil {
			fmt.Fprintf(&b, " if %s block %v %v by %s", r.AccountBlock.Account, r.AccountBlock.IgnorePublicACLs, r.AccountBlock.RestrictPublicBuckets, r.AccountBlock.Address)
		}
		if r.Block != nil {
			fmt.Fprintf(&b, " block %v %v by %s", r.Block.IgnorePublicACLs, r.Block.RestrictPublicBuckets, r.Block.Address)
		}
		for _, d := range r.Documents {
			fmt.Fprintf(&b, "\n  %s%s: %s", d.Address, d.Source, statements(d.Policy))
			if d.Source == resource.AccessPoint {
				fmt.Fprintf(&b, " through %s %s %v", d.AccessPointARN, d.VPC, d.Block)
			}
		}
		for _, n := range r.Notes {
			fmt.Fprintf(&b, "\n  note: %s", n)
		}
		out = append(out, b.String())
	}
	for _, d := range s.Diagnostics {
		out = append(out, string(d.Severity)+": "+d.Message)
	}
	return strings.Join(out, "\n")
}

func statements(d *policy.Document) string {
	var out []string
	for _, s := range d.Statements {
		var b strings.Builder
		b.WriteString(s.Effect.String())
		for _, p := range s.Principal.List {
			fmt.Fprintf(&b, " %s:%s", p.Kind.Key(), p.Text)
		}
		texts := func(list []policy.Pattern) string {
			var all []string
			for _, p := range list {
				all = append(all, p.Text.String())
			}
			sort.Strings(all)
			return strings.Join(all, ",")
		}
		fmt.Fprintf(&b, " %s on %s", texts(s.Action.List), texts(s.Resource.List))
		if s.Maybe != "" {
			fmt.Fprintf(&b, " perhaps by %s", s.Maybe)
		}
		for _, c := range s.Condition {
			fmt.Fprintf(&b, " if %s %s %s", c.Operator.Text, c.Key, texts(c.Values))
		}
		out = append(out, b.String())
	}
	return strings.Join(out, "; ")
}
