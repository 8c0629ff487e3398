package scan

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/archive"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/workspace"
	"github.com/iaclint/iaclint/loaders"
	"github.com/iaclint/iaclint/loaders/archiverules"
	"github.com/iaclint/iaclint/loaders/directive"
)

// intentions are what one input says about access that is intended.
type intentions struct {
	directives []directive.Directive
	rules      []archive.Rule // of analyzers
	warnings   []source.Diagnostic
}

// intentionsOf searches the files of an input: the input itself and all that
// its resources come from.
func intentionsOf(in loaders.Input, stack resource.Stack, importRules bool) intentions {
	files := map[string]*source.File{}
	add := func(f *source.File) {
		if f != nil && files[f.Name] == nil {
			files[f.Name] = f
		}
	}
	add(in.File)
	for _, r := range stack.Resources {
		add(r.Span.File)
		for _, rel := range r.Related {
			add(rel.Span.File)
		}
		for _, d := range r.Documents {
			if d.Policy != nil {
				for _, s := range d.Policy.Statements {
					add(s.Span.File)
				}
			}
			for _, rel := range d.Related {
				add(rel.Span.File)
			}
		}
	}
	for _, u := range stack.Unread {
		add(u.Span.File)
	}
	if in.Dir != "" && importRules {
		for _, f := range ModuleFiles(in) {
			add(f)
		}
	}
	var out intentions
	for _, name := range slices.Sorted(maps.Keys(files)) {
		out.directives = append(out.directives, directive.Find(files[name])...)
		if importRules {
			rules, warnings := archiverules.Find(files[name])
			out.rules, out.warnings = append(out.rules, rules...), append(out.warnings, warnings...)
		}
	}
	return out
}

// ModuleFiles reads the files of a module that may declare archive rules;
// what cannot be read is for the module's loader to report.
func ModuleFiles(in loaders.Input) []*source.File {
	if in.FS == nil {
		return nil
	}
	entries, _ := fs.ReadDir(in.FS, in.Dir)
	var out []*source.File
	for _, e := range entries {
		if !loaders.IsModuleFile(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		name := path.Join(in.Dir, e.Name())
		if content, err := fs.ReadFile(in.FS, name); err == nil {
			out = append(out, source.NewFile(name, content))
		}
	}
	return out
}

// LoadersInput is an input as loaders see it, without its content.
func LoadersInput(in *workspace.Input) loaders.Input {
	return loaders.Input{Dir: in.Path, FS: in.FS(), Named: in.Named}
}

// placesOf are where a resource is declared, and what led there.
func placesOf(r resource.Resource) []source.Span {
	out := []source.Span{r.Span}
	for _, rel := range r.Related {
		out = append(out, rel.Span)
	}
	return out
}

// archiver decides which findings of a run are archived, and by what.
type archiver struct {
	Options    Options
	comments   map[commentKey]*comment
	order      []commentKey
	byPath     map[string][]*comment
	covers     map[coverKey]covers
	shown      map[string]string // for people, by path in the report
	sets       map[*workspace.Settings]*ruleSet
	baselines  map[string]*Baseline // by file; "" is that of the flag
	setOrder   []*workspace.Settings
	diagnosed  []finding.Diagnostic
	importedAt map[*workspace.Settings][]archive.Rule
	read       func(file string) ([]byte, error) // of configuration
}

type commentKey struct {
	path  string
	start int
}

// comment is a directive that was found, and what became of it.
type comment struct {
	directive.Directive
	settings *workspace.Settings
	valid    bool
	used     bool
	expired  bool
}

// ruleSet are the archive rules under one configuration.
type ruleSet struct {
	settings *workspace.Settings
	path     string // of the configuration file, in the report
	rules    []*archiveRule
}

type archiveRule struct {
	archive.Rule
	at      finding.Diagnostic // its place
	by      string
	used    bool
	public  int // public findings that it archived without naming isPublic
	expired int
}

func newArchiver(o Options) *archiver {
	return &archiver{
		Options: o, comments: map[commentKey]*comment{}, byPath: map[string][]*comment{}, covers: map[coverKey]covers{}, shown: map[string]string{}, sets: map[*workspace.Settings]*ruleSet{},
		baselines: map[string]*Baseline{}, importedAt: map[*workspace.Settings][]archive.Rule{}, read: workspace.ReadConfig,
	}
}

// learn takes in what the inputs say, before any finding is looked at: a rule
// in one file may be about a finding in another.
func (a *archiver) learn(in workspace.Inputs, results []Result) {
	for i, r := range results {
		s := in.Files[i].Settings
		for _, d := range r.directives {
			a.comment(d, s)
		}
		if s.Config.Suppressions.ImportFromIaC {
			a.importedAt[s] = append(a.importedAt[s], r.intentions.rules...)
		}
	}
	for i := range in.Files {
		s := in.Files[i].Settings
		if a.sets[s] == nil {
			a.sets[s] = a.ruleSet(&in.Files[i])
			a.setOrder = append(a.setOrder, s)
		}
	}
}

func (a *archiver) comment(d directive.Directive, s *workspace.Settings) {
	key := commentKey{d.Span.Path(), d.Span.Start}
	if a.comments[key] != nil {
		return // of a file that several inputs share
	}
	c := &comment{Directive: d, settings: s}
	problem := problemOf(d, s, a.Options.Today)
	c.valid = problem == ""
	c.expired = d.Expires != "" && a.Options.Today > d.Expires
	a.comments[key] = c
	a.order = append(a.order, key)
	a.byPath[key.path] = append(a.byPath[key.path], c)
	if problem != "" {
		a.warn(d.Span, "this comment archives nothing: it "+problem)
	}
}

// problemOf says why a comment is not followed, "" if it is.
func problemOf(d directive.Directive, of *workspace.Settings, today string) string {
	c, s := of.Config, of.Config.Suppressions
	switch {
	case d.Problem != "":
		return d.Problem
	case s.InlineDenied:
		return "stands where the configuration allows no comments to archive findings"
	case d.Reason == "" && s.RequireReason:
		return "gives no reason: say why the access is intended"
	case s.MaxAge > 0 && d.Expires == "":
		return fmt.Sprintf("never expires; max_age is %d days", s.MaxAge)
	case s.MaxAge > 0 && d.Expires > config.Later(today, s.MaxAge):
		return "expires later than max_age allows, which is " + config.Later(today, s.MaxAge)
	}
	for _, rule := range d.Rules {
		if ids := of.RuleIDs(); !slices.Contains(ids, rule) {
			return fmt.Sprintf("names %q, which is not a rule%s", rule, RuleHint(rule, ids))
		}
		if c.Rules[rule].Visible {
			return fmt.Sprintf("names %s, which the configuration does not let be ignored", rule)
		}
	}
	return ""
}

// ruleSet joins the rules of a configuration with those that are imported.
func (a *archiver) ruleSet(in *workspace.Input) *ruleSet {
	s := in.Settings
	set := &ruleSet{settings: s, path: s.ReportPath(in)}
	a.shown[set.path] = s.File
	if s.Custom != nil {
		maps.Copy(a.shown, s.Custom.Shown)
	}
	for _, r := range s.Config.Archive {
		set.rules = append(set.rules, &archiveRule{Rule: r.Rule, by: r.Name, at: finding.Diagnostic{
			Severity: string(source.Warning), Path: set.path, Line: r.Range.Start.Line, Column: r.Range.Start.Column,
		}})
	}
	for _, r := range a.importedAt[s] {
		start, _ := r.Span.Range(source.Runes)
		set.rules = append(set.rules, &archiveRule{Rule: r, by: r.Name, at: finding.Diagnostic{
			Severity: string(source.Warning), Path: r.Span.Path(), Line: start.Line, Column: start.Column,
		}})
	}
	return set
}

// apply archives a finding if something says that it is intended. The nearest
// word counts: that of a comment, then that of a rule, then the baseline.
func (a *archiver) apply(in *workspace.Input, x Analysed, f finding.Finding) finding.Finding {
	s := in.Settings
	subject := archive.Subject{Finding: f, Target: x.Output.Resource.Target}
	if s.Config.Rules[f.Rule].Visible {
		for _, r := range a.sets[s].rules {
			if r.Apply(subject, a.Options.Today) == archive.Archived {
				r.used = true
				f.Notes = append(f.Notes[:len(f.Notes):len(f.Notes)], fmt.Sprintf("archive rule %q does not count: the configuration does not let %s be ignored", r.Name, f.Rule))
			}
		}
		return f
	}
	var archived *finding.Archive
	var notes []string
	if !a.Options.NoIgnores {
		archived, notes = a.byComment(f, x.places)
		for _, r := range a.sets[s].rules {
			by, note := r.apply(subject, a.Options.Today)
			if note != "" {
				notes = append(notes, note)
			}
			if by != nil && archived == nil {
				archived = by
			}
		}
	}
	if b := a.baselineOf(in); b != nil {
		change, note := b.look(f)
		f.Change = &change
		if note != "" {
			notes = append(notes, note)
		}
		if change == "unchanged" && archived == nil {
			archived = &finding.Archive{By: "baseline", Reason: "recorded on " + b.Entries[f.ID].Since, Exact: true}
		}
	}
	if archived != nil {
		f.Status, f.Archive = finding.Archived, archived
		return f
	}
	f.Notes = append(f.Notes[:len(f.Notes):len(f.Notes)], notes...)
	return f
}

// covers are the comments of a file that are about a rule, by where that begins
// which they stand at, and for each how far those up to it reach at most.
type covers struct {
	list  []*comment
	reach []int
}

// covering calls f with the comments about a rule that stand at what a place is in.
// What comments stand at is nested, so that few are looked at in vain.
func (a *archiver) covering(place source.Span, rule string, f func(*comment)) {
	if place.IsZero() || a.byPath[place.Path()] == nil {
		return
	}
	key := coverKey{place.Path(), rule}
	in, made := a.covers[key]
	if !made {
		for _, c := range a.byPath[key.path] {
			if c.valid && !c.Cover.IsZero() && slices.Contains(c.Rules, rule) {
				in.list = append(in.list, c)
			}
		}
		slices.SortStableFunc(in.list, func(a, b *comment) int { return a.Cover.Start - b.Cover.Start })
		far := 0
		for _, c := range in.list {
			far = max(far, c.Cover.End)
			in.reach = append(in.reach, far)
		}
		a.covers[key] = in
	}
	i, _ := slices.BinarySearchFunc(in.list, place.Start+1, func(c *comment, at int) int { return c.Cover.Start - at })
	for i--; i >= 0 && in.reach[i] >= place.End; i-- {
		if in.list[i].Cover.End >= place.End {
			f(in.list[i])
		}
	}
}

type coverKey struct{ path, rule string }

func byPlace(a, b *comment) int {
	return cmp.Or(strings.Compare(a.Span.Path(), b.Span.Path()), a.Span.Start-b.Span.Start)
}

// byComment looks for comments at the finding.
func (a *archiver) byComment(f finding.Finding, resource []source.Span) (*finding.Archive, []string) {
	if len(a.order) == 0 {
		return nil, nil
	}
	places := append([]source.Span{f.Span}, resource...)
	for _, st := range f.Statements {
		places = append(append(places, st.Span), st.Related...)
	}
	found := map[*comment]bool{}
	for _, place := range places {
		a.covering(place, f.Rule, func(c *comment) {
			if c.AboutAddress(f.Address) {
				found[c] = true
			}
		})
	}
	var candidates []directive.Directive
	for _, c := range slices.SortedFunc(maps.Keys(found), byPlace) {
		candidates = append(candidates, c.Directive)
	}
	var notes []string
	chosen := directive.Choose(candidates, f, resource)
	for _, d := range chosen {
		c := a.comments[commentKey{d.Span.Path(), d.Span.Start}]
		c.used = true
		switch {
		case c.expired:
			notes = append(notes, fmt.Sprintf("was archived by the comment at %s until %s", placeOf(d.Span), d.Expires))
		case archive.Exceeds(f.AccessLevels, d.MaxAccess):
			notes = append(notes, fmt.Sprintf("the comment at %s was made for %s access at most", placeOf(d.Span), d.MaxAccess))
		}
	}
	if len(chosen) == 0 || len(notes) > 0 {
		return nil, notes
	}
	d := chosen[0]
	return &finding.Archive{By: placeOf(d.Span), Reason: d.Reason, Owner: d.Owner, Expires: d.Expires, Span: d.Span}, nil
}

func placeOf(s source.Span) string {
	start, _ := s.Range(source.Runes)
	return fmt.Sprintf("%s:%d", s.Path(), start.Line)
}

func (r *archiveRule) apply(s archive.Subject, today string) (by *finding.Archive, note string) {
	switch r.Apply(s, today) {
	case archive.Archived:
		r.used = true
		if s.IsPublic && !r.Names("isPublic") {
			r.public++
		}
		reason := r.Reason
		if reason == "" && r.Analyzer != "" {
			reason = "archive rule of analyzer " + r.Analyzer
		}
		if r.Ticket != "" {
			reason = strings.TrimPrefix(reason+" ("+r.Ticket+")", " ")
		}
		return &finding.Archive{By: r.by, Reason: reason, Owner: r.Owner, Expires: r.Expires, Exact: r.Names("iaclint:action")}, ""
	case archive.Expired:
		r.used = true
		r.expired++
		return nil, fmt.Sprintf("was archived by %q until %s", r.Name, r.Expires)
	case archive.Exceeded:
		r.used = true
		return nil, fmt.Sprintf("archive rule %q was made for %s access at most", r.Name, r.MaxAccess)
	case archive.Wider:
		r.used = true
		return nil, fmt.Sprintf("archive rule %q was made for less: for other actions, or for requests that need more", r.Name)
	}
	return nil, ""
}

func (a *archiver) warn(at source.Span, message string) {
	a.say(finding.Place(at), string(source.Warning), message)
}

func (a *archiver) say(at *finding.Location, level, message string) {
	if level == "off" {
		return
	}
	a.diagnosed = append(a.diagnosed, finding.Diagnostic{Severity: level, Path: at.Path, Line: at.StartLine, Column: at.StartColumn, Message: message})
}

// finish says what is odd about the comments, rules and baselines of the run.
// What matched nothing is only told when the run could have seen it match.
func (a *archiver) finish(in workspace.Inputs, complete bool) []finding.Diagnostic {
	judged := !a.Options.NoIgnores && !a.Options.ChangedOnly && len(a.Options.Filter.Only)+len(a.Options.Filter.Skip) == 0
	for _, key := range a.order {
		c := a.comments[key]
		s := c.settings.Config.Suppressions
		at := finding.Place(c.Span)
		switch {
		case !c.valid:
		case c.expired:
			a.say(at, level(s.Expired), fmt.Sprintf("this comment has applied until %s", c.Expires))
		case !c.used && judged && complete && !a.off(c.settings, c.Rules):
			a.say(at, level(s.Unused), fmt.Sprintf("this comment archives nothing: there is no finding of %s here", strings.Join(c.Rules, " or ")))
		case expiresSoon(c.Expires, a.Options.Today, s.ExpiringWithin):
			a.say(at, string(source.Warning), "this comment applies until "+c.Expires)
		}
	}
	for _, s := range a.setOrder {
		full := judged && complete && workspace.CoveredBy(s, in)
		for _, r := range a.sets[s].rules {
			a.review(r, s.Config.Suppressions, full)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.baselines)) {
		b := a.baselines[name]
		if judged && complete && b != nil {
			a.diagnosed = append(a.diagnosed, b.stale(in)...)
		}
	}
	return a.diagnosed
}

func (a *archiver) review(r *archiveRule, s config.Suppressions, full bool) {
	say := func(level, format string, args ...any) {
		if level == "off" {
			return
		}
		d := r.at
		d.Severity, d.Message = level, fmt.Sprintf("archive rule %q ", r.Name)+fmt.Sprintf(format, args...)
		a.diagnosed = append(a.diagnosed, d)
	}
	warning := string(source.Warning)
	if r.public > 0 {
		say(warning, "archives public access without saying so; add filter \"isPublic\" { eq = [\"true\"] } if that is meant, or else \"false\"")
	}
	switch {
	case r.ExpiredOn(a.Options.Today):
		say(level(s.Expired), "has applied until %s", r.Expires)
	case !r.used && full:
		say(level(s.Unused), "matches no finding")
	case expiresSoon(r.Expires, a.Options.Today, s.ExpiringWithin):
		say(warning, "applies until %s", r.Expires)
	}
	if r.Analyzer != "" {
		for _, doubt := range r.Review() {
			say(warning, "of analyzer %s: %s", r.Analyzer, doubt)
		}
	}
}

// off reports whether the configuration switches all of the rules off.
func (a *archiver) off(s *workspace.Settings, rules []string) bool {
	return !slices.ContainsFunc(rules, func(r string) bool { return !s.Config.Rules[r].Disabled })
}

// level is how something is reported; without a configuration it is a warning.
func level(word string) string {
	if word == "" {
		return string(source.Warning)
	}
	return word
}

func expiresSoon(expires, today string, within int) bool {
	return expires != "" && within > 0 && expires <= config.Later(today, within)
}

// Entries are all that may archive findings: rules, comments, then baselines.
func (a *archiver) Entries() []finding.Archive {
	var out []finding.Archive
	for _, s := range a.setOrder {
		for _, r := range a.sets[s].rules {
			out = append(out, finding.Archive{By: r.by, Expires: r.Expires, Owner: r.Owner, Reason: r.Reason})
		}
	}
	for _, key := range a.order {
		if c := a.comments[key]; c.valid {
			out = append(out, finding.Archive{By: placeOf(c.Span), Expires: c.Expires, Owner: c.Owner, Reason: c.Reason})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.baselines)) {
		out = append(out, finding.Archive{By: "baseline", Reason: a.baselines[name].path})
	}
	return out
}

// unneeded are the rules of a configuration that no longer do anything.
type unneeded struct {
	Settings *workspace.Settings
	Rules    []string
}

// Prunable returns the rules that are expired, or that match nothing although the
// whole directory of their configuration was looked at.
func (a *archiver) Prunable(in workspace.Inputs) []unneeded {
	var out []unneeded
	for _, s := range a.setOrder {
		var names []string
		for _, r := range a.sets[s].rules {
			declared := slices.ContainsFunc(s.Config.Archive, func(c config.ArchiveRule) bool { return c.Name == r.Name })
			if declared && r.Analyzer == "" && (r.ExpiredOn(a.Options.Today) || !r.used && workspace.CoveredBy(s, in)) {
				names = append(names, r.Name)
			}
		}
		if names != nil {
			out = append(out, unneeded{s, names})
		}
	}
	return out
}
