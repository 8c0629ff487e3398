package tfplan

import (
	"slices"

	"github.com/iaclint/iaclint/loaders/catalog"
)

// refers returns the addresses of the objects that an object's configuration
// says it belongs to. Modules may give one name to several resources, of which a
// plan shows the values only.
func (l *loader) refers(o *object) []string {
	var out []string
	if o.code == nil {
		return nil
	}
	for _, property := range catalog.Naming(catalog.Terraform, o.typ) {
		expression := l.at(o.code.expressions, property)
		if expression.missing() {
			continue
		}
		s := o.scope()
		s.lenient = true
		for _, ref := range l.references(expression) {
			found, ok := l.targetsOf(steps(ref), s, 0)
			if !ok {
				continue
			}
			for _, t := range found {
				if !slices.Contains(out, t.object.address) {
					out = append(out, t.object.address)
				}
			}
		}
	}
	return out
}
