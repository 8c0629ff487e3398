package scan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/internal/workspace"
)

// Baseline is a file of findings that were there when it was written.
type Baseline struct {
	path    string // in the report
	level   string // of what is said about entries that match nothing
	lines   map[string]int
	Entries map[string]archive.Entry
	seen    map[string]bool
}

// baselineVersion is that of the file's form.
const baselineVersion = 1

// baselineFile is the form of the file: the entries in the order of
// archive.CompareEntries, one on a line, so that merges stay small.
type baselineFile struct {
	Version int             `json:"version"`
	Entries []archive.Entry `json:"findings"`
}

// ReadBaseline reads a baseline; shown is its name in the report.
func ReadBaseline(file, shown string) (*Baseline, error) {
	content, err := workspace.ReadConfig(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New(workspace.Reason(err))
	}
	if err != nil {
		return nil, err
	}
	return parseBaseline(content, shown)
}

// whyNot says in words of ours why a text is not a baseline.
func whyNot(content []byte, err error) string {
	var kind *json.UnmarshalTypeError
	var offset *json.SyntaxError
	switch {
	case errors.As(err, &offset):
		before := content[:min(int(offset.Offset), len(content))]
		return fmt.Sprintf("invalid JSON in line %d", 1+bytes.Count(before, []byte("\n")))
	case errors.As(err, &kind):
		return fmt.Sprintf("%s in %q is not expected", kind.Value, kind.Field)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the JSON in it does not end"
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func parseBaseline(content []byte, shown string) (*Baseline, error) {
	var f baselineFile
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return nil, fmt.Errorf("is not a baseline: %s", whyNot(content, err))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("is not a baseline: something follows it")
	}
	if f.Version != baselineVersion {
		return nil, fmt.Errorf("is a baseline of version %d; version %d is expected", f.Version, baselineVersion)
	}
	b := &Baseline{path: shown, lines: map[string]int{}, Entries: map[string]archive.Entry{}, seen: map[string]bool{}}
	for _, e := range f.Entries {
		if _, twice := b.Entries[e.ID]; twice || e.ID == "" {
			return nil, fmt.Errorf("has the id %q twice, or an entry without one", e.ID)
		}
		b.Entries[e.ID] = e
	}
	for i, line := range bytes.Split(content, []byte("\n")) {
		if _, rest, ok := bytes.Cut(line, []byte(`{"id":"`)); ok {
			id, _, _ := bytes.Cut(rest, []byte{'"'})
			b.lines[string(id)] = i + 1
		}
	}
	return b, nil
}

// look compares a finding with what was recorded.
func (b *Baseline) look(f finding.Finding) (change finding.ChangeKind, note string) {
	e, ok := b.Entries[f.ID]
	if !ok {
		return finding.New, ""
	}
	b.seen[f.ID] = true
	if !e.Covers(f) {
		return finding.Changed, "more than the baseline of " + e.Since + " records"
	}
	return finding.Unchanged, ""
}

// stale are the entries that match no finding, although the run looked there.
func (b *Baseline) stale(in workspace.Inputs) []finding.Diagnostic {
	if b.level == "off" {
		return nil
	}
	var out []finding.Diagnostic
	for _, e := range b.Sorted() {
		if !b.seen[e.ID] && in.LooksAt(e.Path) {
			out = append(out, finding.Diagnostic{
				Severity: b.level, Path: b.path, Line: b.lines[e.ID], Column: 1,
				Message: fmt.Sprintf("baseline entry %s of %s matches no finding; \"iaclint baseline prune\" removes it", e.ID[:min(len(e.ID), archive.ShortID)], e.Address),
			})
		}
	}
	return out
}

func (b *Baseline) Sorted() []archive.Entry {
	var out []archive.Entry
	for _, e := range b.Entries {
		out = append(out, e)
	}
	slices.SortFunc(out, archive.CompareEntries)
	return out
}

// WriteBaseline writes entries in the form of the file.
func WriteBaseline(w io.Writer, entries []archive.Entry) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n\"version\": %d,\n\"findings\": [", baselineVersion)
	for i, e := range entries {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		b.Write(line)
	}
	b.WriteString("\n]\n}\n")
	_, err := w.Write(b.Bytes())
	return err
}

// loadBaselines reads the baselines that flags and configurations name. A
// baseline that is named and missing is an error: everything would be new.
func (a *archiver) loadBaselines(in workspace.Inputs) error {
	if name := a.Options.BaselineAs; name != "" {
		b, err := ReadBaseline(a.Options.Baseline, filepath.ToSlash(name))
		if err != nil {
			return fmt.Errorf("--baseline %s %s", name, BaselineReason(err))
		}
		b.level = string(source.Warning)
		a.baselines[""] = b
		return nil
	}
	if a.Options.NoIgnores {
		return nil
	}
	for i := range in.Files {
		s := in.Files[i].Settings
		if s.Config.Baseline == "" || a.baselines[s.BaselineFile()] != nil {
			continue
		}
		at := &workspace.Settings{Abs: s.BaselineFile(), File: s.Config.Baseline}
		content, err := a.read(s.BaselineFile())
		var b *Baseline
		if err == nil {
			b, err = parseBaseline(content, at.ReportPath(&in.Files[i]))
		}
		if err != nil {
			return fmt.Errorf("baseline %s of %s %s", s.Config.Baseline, s.File, BaselineReason(err))
		}
		a.shown[b.path] = at.ShownBeside(s)
		b.level = level(s.Config.Suppressions.Unused)
		a.baselines[s.BaselineFile()] = b
	}
	return nil
}

func BaselineReason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) && errors.Is(err, fs.ErrNotExist) {
		return "is not there; \"iaclint baseline create\" writes one"
	}
	if errors.As(err, &pathError) {
		return workspace.Reason(err)
	}
	return err.Error()
}

// baselineOf returns the baseline for the findings of an input, nil for none.
func (a *archiver) baselineOf(in *workspace.Input) *Baseline {
	if b := a.baselines[""]; b != nil {
		return b
	}
	if in.Settings.Config.Baseline == "" || in.Settings.Abs == "" {
		return nil
	}
	return a.baselines[in.Settings.BaselineFile()]
}

// Elsewhere are the entries of places that a run did not look at. There may be
// no baseline yet.
func (b *Baseline) Elsewhere(in workspace.Inputs) map[string]archive.Entry {
	out := map[string]archive.Entry{}
	if b == nil {
		return out
	}
	for id, e := range b.Entries {
		if !in.LooksAt(e.Path) {
			out[id] = e
		}
	}
	return out
}

// Merged is one entry for a finding that several targets have.
func Merged(a, b archive.Entry) archive.Entry {
	if a.ID == "" {
		return b
	}
	a.Actions = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(a.Actions), b.Actions...))))
	a.IsPublic, a.Proven = a.IsPublic || b.IsPublic, a.Proven || b.Proven
	return a
}

// IsBaseline reports whether a file is a baseline, which a new one may replace.
func IsBaseline(content []byte) bool {
	_, err := parseBaseline(content, "")
	return err == nil
}

// ParseBaseline reads the content of a baseline.
func ParseBaseline(content []byte) (*Baseline, error) { return parseBaseline(content, "") }
