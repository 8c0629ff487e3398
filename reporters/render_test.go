package reporters

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/finding"
)

// With IACLINT_CHROMIUM set to a browser: it runs the page's own script, as the
// page's policy allows it, and nothing of the input.
func TestPageInABrowser(t *testing.T) {
	browser := os.Getenv("IACLINT_CHROMIUM")
	if browser == "" {
		t.Skip("IACLINT_CHROMIUM is not set")
	}
	const attack = `</script></style></title><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`
	r := many(3)
	r.Tool.Version, r.Assumptions = attack, []string{attack}
	for i := range r.Findings {
		f := &r.Findings[i]
		f.ID, f.Rule, f.Path, f.Address, f.Resource, f.ResourceType, f.Message, f.Help = attack, attack, attack, attack, attack, attack, attack, attack
		f.Severity, f.Notes, f.Action, f.AccessLevels = finding.Severity(attack), []string{attack}, []string{attack}, []string{attack}
		f.Principal, f.Condition, f.Span = map[string]string{attack: attack}, map[string]string{attack: attack}, spanOf(moduleFile, "module", 0)
	}
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(write(t, "html", r, Options{})), 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+file).Output()
	if err != nil {
		t.Fatal(err)
	}
	dom := string(out)
	if !strings.Contains(dom, `<html lang="en" class="js">`) {
		t.Error("the script of the page did not run")
	}
	if !strings.Contains(dom, "<title>External access: 3 findings") {
		t.Error("the title of the page was changed")
	}
	if strings.Contains(dom, "<img") || strings.Count(dom, "<script") != 1 {
		t.Error("an element of the input is in the page")
	}
}

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
