package scan

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/internal/workspace"
)

// NamesOf returns the names that the configurations of inputs give to accounts.
func NamesOf(in workspace.Inputs) map[string]string {
	names := map[string]string{}
	for _, f := range in.Files {
		if f.Settings == nil {
			continue
		}
		for _, a := range f.Settings.Config.Accounts {
			names[a.ID] = a.Name
		}
		for _, k := range f.Settings.Config.Known {
			for _, id := range k.IDs {
				names[id] = k.Name
			}
		}
	}
	return names
}

// AccountsNamed returns the ids of the accounts that a configuration calls so.
func AccountsNamed(in workspace.Inputs, name string) []string {
	var ids []string
	for id, n := range NamesOf(in) {
		if n == name {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// RolesCalled returns the ARNs of the roles of a run that have the address, name
// or ARN; "" stands for a role whose ARN is not known.
func (r *Run) RolesCalled(name string) []string {
	var arns []string
	for _, result := range r.Results {
		for _, x := range result.Analysed {
			if x.Output.Resource.ResourceType != "AWS::IAM::Role" {
				continue
			}
			arn := x.Output.Resource.ARN
			if arn[strings.LastIndexByte(arn, '/')+1:] == name || slices.ContainsFunc(x.Cases, func(c resource.Resource) bool { return isCalled(c, name) }) {
				arns = append(arns, arn)
			}
		}
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}
