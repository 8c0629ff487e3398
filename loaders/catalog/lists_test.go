package catalog

import (
	"strings"
	"testing"
)

// What a sharing list grants is asked of the resource that has the list, so that
// whoever is on it is found.
func TestListsGrantOnTheirResource(t *testing.T) {
	for _, row := range rows() {
		k := row.kind()
		if k.Grants == nil || row.Kind == shareKind { // see shareWith
			continue
		}
		fits := false
		for _, a := range k.Actions() {
			for _, g := range k.Grants {
				if !strings.EqualFold(a.Full, g) {
					continue
				}
				for _, shape := range a.Shapes {
					fits = fits || shape == 0
				}
				fits = fits || len(a.Shapes) == 0
			}
		}
		if !fits {
			t.Errorf("%s: no action of %q is for the resource itself", row.Kind, k.Grants)
		}
	}
}
