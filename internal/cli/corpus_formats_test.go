package cli

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/reporters"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Every third-party policy is written in every format: SARIF follows the OASIS
// schema and what code scanning demands beyond it, XML and JSON are well formed,
// and the exit status is that of the JSON format.
func TestCorpusFormats(t *testing.T) {
	long(t)
	dir := corpusDir(t)
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(dir, "formats", "sarif-schema-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	written := 0
	for _, below := range []string{"labelled", "wild/policy", "bench"} {
		err := filepath.WalkDir(filepath.Join(dir, filepath.FromSlash(below)), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") || strings.HasSuffix(path, ".findings.json") {
				return err
			}
			written++
			checkFormats(t, schema, path)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if written < 50 {
		t.Errorf("only %d inputs", written)
	}
	t.Logf("%d inputs", written)
}

func checkFormats(t *testing.T, schema *jsonschema.Schema, path string) {
	t.Helper()
	out := t.TempDir()
	args := []string{"--account", recordedOwner}
	for _, f := range reporters.Names() {
		args = append(args, "--format", f+"="+filepath.Join(out, f))
	}
	_, _, status := output("", append(args, path)...)
	if want, _ := runJSON(t, "--policy-checks", "security", "--account", recordedOwner, path); status != want {
		t.Errorf("%s: status %d, want %d", path, status, want)
	}
	for _, f := range reporters.Names() {
		text, err := os.ReadFile(filepath.Join(out, f))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		switch f {
		case "sarif":
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
			if err == nil {
				err = schema.Validate(doc)
			}
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			checkUpload(t, path, text)
		case "json", "gitlab", "rdjson", "asff":
			if !json.Valid(text) {
				t.Errorf("%s: %s is not JSON", path, f)
			}
		case "events":
			for l := range strings.Lines(string(text)) {
				if !json.Valid([]byte(l)) {
					t.Errorf("%s: a line of %s is not JSON", path, f)
				}
			}
		case "junit", "html":
			d := xml.NewDecoder(strings.NewReader(string(text)))
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Errorf("%s: %s: %v", path, f, err)
					break
				}
			}
		}
	}
}

var uploadURI = regexp.MustCompile(`^[A-Za-z0-9._~%-]+(/[A-Za-z0-9._~%-]+)*$`)

// checkUpload demands of a SARIF file what code scanning rejects it for.
func checkUpload(t *testing.T, path string, text []byte) {
	t.Helper()
	var log struct {
		Runs []struct {
			Invocations []struct{ ExecutionSuccessful bool }
			Results     *[]struct {
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
					}
				}
				PartialFingerprints map[string]string
			}
		}
	}
	if err := json.Unmarshal(text, &log); err != nil || len(log.Runs) != 1 || log.Runs[0].Results == nil || !log.Runs[0].Invocations[0].ExecutionSuccessful {
		t.Errorf("%s: not one successful run with results: %v", path, err)
		return
	}
	for _, r := range *log.Runs[0].Results {
		if r.Message.Text == "" || len(r.Locations) != 1 || r.PartialFingerprints["primaryLocationLineHash"] == "" {
			t.Errorf("%s: no message, location or line hash: %+v", path, r)
			continue
		}
		at := r.Locations[0].PhysicalLocation
		if !uploadURI.MatchString(at.ArtifactLocation.URI) || at.Region.StartLine < 1 || at.Region.StartColumn < 1 || at.Region.EndLine != at.Region.StartLine {
			t.Errorf("%s: %+v", path, at)
		}
	}
}
