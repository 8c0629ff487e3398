package scan

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/reconcile"
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
			if p := arnPattern(x.Cases[0].ARN, x.Deployment.Zone.Account, x.Output.Resource.Address); p != "" {
				out[[2]string{x.Output.Resource.Path, x.Output.Resource.Address}] = p
			}
		}
	}
	return out
}

// arnPattern writes an ARN with * for what is not known; "" if nothing tells the
// resource from others of its type.
func arnPattern(arn value.Text, account, address string) string {
	var b strings.Builder
	known := 0 // characters of the name
	for _, p := range arn.Parts {
		switch {
		case p.Ref == nil:
			b.WriteString(p.Literal)
			known += len(p.Literal[strings.LastIndexAny(p.Literal, ":/")+1:])
		case p.Ref.Is == value.OwnAccount && account != "":
			b.WriteString(account)
		case p.Ref.Is == value.OwnName && len(p.Ref.Name) > 0:
			if id := logicalID(address); id != "" && known == 0 {
				// CloudFormation: name of the stack, logical id, characters of its own. Buckets
				// have small letters only.
				if strings.Contains(arnPrefix(arn), ":s3:") {
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
