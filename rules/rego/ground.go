package rego

import (
	"cmp"

	"github.com/iaclint/iaclint/analysis/knowledge"
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
	partition := cmp.Or(n.state.Partition, "aws")
	known := map[value.Meaning]string{
		value.OwnAccount: r.document.input.Resources[n.resource].Output.Resource.Account, value.OwnRegion: n.state.Region,
		value.OwnPartition: partition, value.OwnSuffix: knowledge.SuffixOf(partition), value.OwnOrganization: n.zone.Organization,
	}
	text := func(t value.Text) value.Text {
		t, _ = t.Replace(func(r value.Reference) (value.Text, bool) {
			return value.Lit(known[r.Is]), r.Scope == "" && known[r.Is] != ""
		})
		return t
	}
	return d.WithTexts(text)
}
