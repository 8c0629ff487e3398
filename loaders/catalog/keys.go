package catalog

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/resource"
)

// withKeys gives secrets the keys that encrypt them, of their own stack or of
// another one.
func (j *joining) withKeys(stacks []resource.Stack) []resource.Stack {
	encrypted := func(r resource.Resource) bool {
		return r.KeyAddress != "" || r.KeyARN.Literal != "" || r.KeyARN.Parts != nil
	}
	out := slices.Clone(stacks)
	for i := range stacks {
		for _, list := range []*[]resource.Resource{&out[i].Resources, &out[i].Before} {
			if !slices.ContainsFunc(*list, encrypted) {
				continue
			}
			*list = slices.Clone(*list)
			for k, r := range *list {
				switch {
				case r.KeyAddress != "":
					r.Keys = keysOf(r.When, *list, func(key resource.Resource) bool { return key.Address == r.KeyAddress })
					if r.Keys == nil {
						r.KeyNotInCode = r.KeyAddress
					}
				case encrypted(r):
					r.Keys = j.keysElsewhere(r, i, stacks)
					if r.Keys != nil {
						r.KeyNotInCode = ""
					}
				}
				(*list)[k] = r
			}
		}
	}
	return out
}

// keysElsewhere are the cases of a key of another stack. If several have its
// ARN it is not known which it is.
func (j *joining) keysElsewhere(r resource.Resource, at int, stacks []resource.Stack) []resource.Resource {
	if !j.fixed(r.KeyARN) {
		return nil
	}
	var found []resource.Resource
	for i, other := range stacks {
		if i == at {
			continue
		}
		keys := keysOf(nil, other.Resources, func(key resource.Resource) bool {
			return j.fixed(key.ARN) && mayBe(unscoped(key.ARN), unscoped(r.KeyARN))
		})
		if found != nil && keys != nil {
			return nil
		}
		found = slices.Concat(found, keys)
	}
	return found
}

// keysOf returns the keys among resources that can be there under conditions.
// Those of another stack are its own, whatever they are called.
func keysOf(given []string, among []resource.Resource, is func(resource.Resource) bool) []resource.Resource {
	var out []resource.Resource
	for _, key := range among {
		if _, together := both(given, key.When); key.Type == keyKind && !key.Detached && is(key) && together {
			out = append(out, key)
		}
	}
	return out
}
