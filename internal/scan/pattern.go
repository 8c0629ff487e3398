package scan

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/reconcile"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
)

// ARNPatterns returns the ARNs that the resources of a report may have whose name
// AWS will give, where something of the name is known.
func (o *Outcome) ARNPatterns() reconcile.Patterns {
	out := reconcile.Patterns{}
	for _, result := range o.run.Results {
		for _, x := range result.Analysed {
			if x.Output.Resource.ARN != "" || len(x.Cases) == 0 {
				continue
			}
			if p := arnPattern(x.Cases[0], x.Deployment.Zone.Account); p != "" {
				out[[2]string{x.Output.Resource.Path, x.Output.Resource.Address}] = p
			}
		}
	}
	return out
}

// arnPattern writes an ARN with * for what is not known; "" if nothing tells the
// resource from others of its type.
func arnPattern(r resource.Resource, account string) string {
	var b strings.Builder
	known := 0 // characters of the name
	prefix := namePrefix(r.Properties)
	for _, p := range r.ARN.Parts {
		switch {
		case p.Ref == nil:
			b.WriteString(p.Literal)
			known += len(p.Literal[strings.LastIndexAny(p.Literal, ":/")+1:])
		case p.Ref.Is == value.OwnAccount && account != "":
			b.WriteString(account)
		case p.Ref.Is == value.OwnName && prefix != "":
			b.WriteString(prefix + "*")
			known += len(prefix)
		case p.Ref.Is == value.OwnName:
			if id := logicalID(r.Address); id != "" && known == 0 {
				// CloudFormation: name of the stack, logical id, characters of its own. Buckets
				// have small letters only.
				if strings.Contains(arnPrefix(r.ARN), ":s3:") {
					id = strings.ToLower(id)
				}
				b.WriteString("*-" + id + "-*")
				known += len(id)
				continue
			}
			b.WriteString("*")
		default:
			b.WriteString("*")
		}
	}
	if known < 3 {
		return ""
	}
	return b.String()
}

// namePrefix is what a resource's name begins with, where the code says that alone.
func namePrefix(properties value.Value) string {
	for _, key := range []string{"name_prefix", "bucket_prefix"} {
		if v := properties.Get(key); v.Kind == value.String && v.Text.Parts == nil && !strings.ContainsAny(v.Text.Literal, "*?") {
			return v.Text.Literal
		}
	}
	return ""
}

// arnPrefix is what an ARN begins with before its first unknown name.
func arnPrefix(arn value.Text) string {
	var b strings.Builder
	for _, p := range arn.Parts {
		if p.Ref != nil && p.Ref.Is == value.OwnName {
			break
		}
		b.WriteString(p.Literal)
	}
	return b.String()
}

// logicalID returns the logical id of a template's resource, "" for an address of
// another language.
func logicalID(address string) string {
	id := address[strings.LastIndexByte(address, '/')+1:]
	if id == "" || strings.ContainsAny(id, "._()[]-") {
		return ""
	}
	return id
}
