package workspace

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/usage"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/loaders/evidence"
)

// Evidence is what was exported of an account, with how it is to be judged.
type Evidence struct {
	*usage.Evidence
	Options     usage.Options
	Diagnostics []finding.Diagnostic
}

// EvidenceFlags are what the command line says of evidence.
type EvidenceFlags struct {
	Paths           []string // files and directories; they replace those of a configuration
	Age             int      // days; 0: what the configuration says
	Now             string   // RFC 3339 or a day; "": the latest date of the evidence
	ExcludeAccounts []string
	ExcludeTags     []string
	// Reading is told that evidence is being read, and how many bytes are; what it
	// returns is called once all is. nil: nobody is told.
	Reading func(read func() int64) (done func())
}

// UsualAge is after how many days AWS's console calls access unused.
const UsualAge = 90

const (
	mostEvidenceFiles = 500_000
	largestEvidence   = 64 << 20 // of a file that is read as a whole
)

// evidence reads what a configuration or the flags name; nil if they name nothing.
// What a configuration names is below the directory that is analysed.
func (s *Finder) evidence(out *Settings, content []byte) *Evidence {
	given, c := s.given.Evidence, out.Config.Evidence
	if len(given.Paths) == 0 && len(c.Paths) == 0 {
		return nil
	}
	e := &Evidence{Evidence: usage.New(), Options: usage.Options{
		ExcludeAccounts: append(given.ExcludeAccounts, c.ExcludeAccounts...), ExcludeTags: append(given.ExcludeTags, c.ExcludeTags...),
		Age: time.Duration(cmp.Or(given.Age, c.Age, UsualAge)) * 24 * time.Hour,
	}}
	var read atomic.Int64
	if given.Reading != nil {
		defer given.Reading(read.Load)()
	}
	if s.named != nil {
		e.Evidence, e.Diagnostics = s.named.Evidence, s.named.Diagnostics
		given.Paths = nil
	}
	for _, abs := range given.Paths {
		if !filepath.IsAbs(abs) {
			abs = filepath.Join(s.Cwd, abs)
		}
		r := evidenceReader{e: e, files: newRooted(abs), shown: s.Shown(abs), read: &read}
		name := "."
		if info, err := os.Stat(abs); err == nil && !info.IsDir() {
			r.files, r.shown, name = newRooted(filepath.Dir(abs)), path.Dir(s.Shown(abs)), filepath.Base(abs)
		}
		if err := r.add(name); err != nil {
			r.fail(name, err)
		} else if r.recognised == 0 && len(e.Diagnostics) == 0 {
			e.Diagnostics = append(e.Diagnostics, finding.Diagnostic{Severity: string(source.Error), Path: path.Join(r.shown, name), Message: "nothing in the directory is evidence of use: " + evidenceKinds})
		}
	}
	if len(s.given.Evidence.Paths) == 0 {
		root := RootOf(filepath.Dir(out.Abs))
		r := evidenceReader{e: e, files: newRooted(root), read: &read}
		for _, p := range c.Paths {
			abs := filepath.Join(filepath.Dir(out.Abs), filepath.FromSlash(p.Path))
			if !Within(root, abs) {
				s.Wrong = append(s.Wrong, config.Elsewhere(p.Range, content, "%s is not below the directory that is analysed", p.Path))
				continue
			}
			if err := r.add(Below(root, abs)); err != nil {
				s.Wrong = append(s.Wrong, config.Elsewhere(p.Range, content, "%s %s", p.Path, Reason(err)))
			}
		}
	}
	e.Settle()
	if len(given.Paths) > 0 {
		s.named = e
	}
	e.Options.Now = e.Date
	if now, err := Moment(cmp.Or(given.Now, s.Today)); err == nil && (given.Now != "" || e.Date.IsZero()) {
		e.Options.Now = now
	}
	return e
}

// Moment reads a day or a time.
func Moment(text string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, text)
}

// countedReader counts what is read.
type countedReader struct {
	r     io.Reader
	count *atomic.Int64
}

func (c *countedReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.count.Add(int64(n))
	return n, err
}

const evidenceKinds = "last-accessed details, roles, a credential report, findings of unused access or events of CloudTrail"

// evidenceReader reads evidence below a directory.
type evidenceReader struct {
	e     *Evidence
	files fs.FS
	shown string // the directory, for people
	count int
	// recognised is how many files are evidence.
	recognised int
	read       *atomic.Int64 // bytes
}

func (r *evidenceReader) fail(name string, err error) {
	r.e.Diagnostics = append(r.e.Diagnostics, finding.Diagnostic{Severity: string(source.Error), Path: path.Join(r.shown, name), Message: Reason(err)})
}

// add reads a file, or all files of a directory. Links in a directory are not
// followed, and files of git are not read.
func (r *evidenceReader) add(name string) error {
	info, err := fs.Stat(r.files, name)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		r.file(name, true)
		return nil
	}
	return fs.WalkDir(r.files, name, func(at string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			r.fail(at, err)
		case d.IsDir() && at != name && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() && strings.Count(at, "/") >= deepest:
			r.fail(at, errTooDeep)
			return fs.SkipDir
		case d.Type().IsRegular():
			if r.count++; r.count > mostEvidenceFiles {
				return fmt.Errorf("more than %d files of evidence", mostEvidenceFiles)
			}
			r.file(at, false)
		}
		return nil
	})
}

// file reads a file as what its content says it is. Of a directory, what is no
// evidence is passed over.
func (r *evidenceReader) file(name string, named bool) {
	f, err := r.files.Open(name)
	if err != nil {
		r.fail(name, err)
		return
	}
	defer f.Close()
	counted := &countedReader{f, r.read}
	head := make([]byte, 512)
	n, err := io.ReadFull(counted, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		r.fail(name, err)
		return
	}
	whole := io.MultiReader(strings.NewReader(string(head[:n])), counted)
	if evidence.IsTrail(head[:n]) {
		r.recognised++
		if err := evidence.ReadTrail(whole, r.e.Evidence); err != nil {
			r.e.Diagnostics = append(r.e.Diagnostics, finding.Diagnostic{Severity: string(source.Error), Path: path.Join(r.shown, name), Message: err.Error()})
		}
		return
	}
	switch path.Ext(name) {
	case ".json", ".csv", ".jsonl", ".txt":
	default:
		if !named {
			return
		}
	}
	content, err := io.ReadAll(io.LimitReader(whole, largestEvidence+1))
	if err == nil && len(content) > largestEvidence {
		err = fmt.Errorf("larger than %d MiB", largestEvidence>>20)
	}
	if err != nil {
		r.fail(name, err)
		return
	}
	recognised, diags := evidence.ReadUsage(source.NewFile(path.Join(r.shown, name), content), r.e.Evidence)
	for _, d := range diags {
		where, at := d.Where()
		r.e.Diagnostics = append(r.e.Diagnostics, finding.Diagnostic{Severity: string(d.Severity), Path: where, Line: at.Line, Column: at.Column, Message: d.Message})
	}
	if recognised {
		r.recognised++
	}
	if !recognised && named {
		r.e.Diagnostics = append(r.e.Diagnostics, finding.Diagnostic{Severity: string(source.Error), Path: path.Join(r.shown, name), Message: "expected evidence of use: " + evidenceKinds})
	}
}
