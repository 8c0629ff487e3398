package reporters

import (
	"os"
	"path/filepath"
	"testing"
)

// With IACLINT_PAGES set to a directory, pages are written there to be looked at.
func TestPagesToLookAt(t *testing.T) {
	dir := os.Getenv("IACLINT_PAGES")
	if dir == "" {
		t.Skip("IACLINT_PAGES is not set")
	}
	few := sample()
	few.Diagnostics = few.Diagnostics[1:2]
	for name, page := range map[string]string{
		"none": write(t, "html", clean(), Options{}), "few": write(t, "html", few, Options{}),
		"sample": write(t, "html", sample(), Options{}), "many": write(t, "html", many(300), Options{}),
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".html"), []byte(page), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
