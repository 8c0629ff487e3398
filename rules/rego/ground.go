package rego

import (
	"cmp"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// grounded is a policy with what is known of the deployment of its resource in the
// place of references to it: account, region, partition, organization. What is
// not known stays a reference, so that what depends on it is undetermined.
func (r *run) grounded(d *policy.Document, n *node) *policy.Document {
	if n == nil || n.state == nil {
		return d
	}
	known := map[value.Meaning]string{
		value.OwnAccount: r.document.input.Resources[n.resource].Output.Resource.Account, value.OwnRegion: n.state.Region,
		value.OwnPartition: cmp.Or(n.state.Partition, "aws"), value.OwnSuffix: "amazonaws.com", value.OwnOrganization: n.zone.Organization,
	}
	if strings.HasPrefix(n.state.Partition, "aws-cn") {
		known[value.OwnSuffix] = "amazonaws.com.cn"
	}
	text := func(t value.Text) value.Text {
		if t.Parts == nil {
			return t
		}
		texts := make([]value.Text, len(t.Parts))
		for i, p := range t.Parts {
			switch {
			case p.Ref == nil:
				texts[i] = value.Lit(p.Literal)
			case p.Ref.Scope == "" && known[p.Ref.Is] != "":
				texts[i] = value.Lit(known[p.Ref.Is])
			default:
				texts[i] = value.Text{Parts: t.Parts[i : i+1]}
			}
		}
		return value.Join(texts...)
	}
	return d.WithTexts(text)
}
