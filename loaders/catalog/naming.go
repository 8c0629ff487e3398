package catalog

import "slices"

// Naming returns the properties of a type that name what its blocks belong to,
// at the top level.
func Naming(l Language, typ string) []string {
	var out []string
	if languageOf(typ) != l {
		return nil
	}
	for _, p := range index().types[typ] {
		if !p.part {
			continue
		}
		for _, path := range p.form.Of {
			if path != all && !slices.Contains(out, path) {
				out = append(out, path)
			}
		}
	}
	return out
}
