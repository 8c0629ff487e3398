// Package finding is the result of a run, as every reporter consumes it. The
// JSON form of Report is a contract: keys are always there, arrays never null.
package finding

import (
	"slices"

	"github.com/iaclint/iaclint/analysis/source"
)

// Severity of a finding.
type Severity string

const (
	Low      Severity = "low"
	Medium   Severity = "medium"
	High     Severity = "high"
	Critical Severity = "critical"
)

// Severities in rising order.
var Severities = []Severity{Low, Medium, High, Critical}

// Rank orders severities: low is 1, critical 4, anything else 0.
func (s Severity) Rank() int {
	for i, t := range Severities {
		if s == t {
			return i + 1
		}
	}
	return 0
}

// Verdict on a resource: the strongest of its findings.
type Verdict string

const (
	Public       Verdict = "public"
	External     Verdict = "external"
	Undetermined Verdict = "undetermined"
	None         Verdict = "none"
)

// Certainty of a finding.
type Certainty string

const (
	Proven    Certainty = "proven"
	NotProven Certainty = "undetermined"
)

// Status of a finding, as Access Analyzer names it.
type Status string

const (
	Active   Status = "ACTIVE"
	Archived Status = "ARCHIVED"
	Resolved Status = "RESOLVED" // of a finding of the account only
)

// ChangeKind is what a finding is in comparison with the state before, in the words of
// Access Analyzer's previews and, for access that is gone, "removed".
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_AccessPreviewFinding.html
type ChangeKind string

const (
	New       ChangeKind = "new"
	Changed   ChangeKind = "changed"
	Unchanged ChangeKind = "unchanged"
	Removed   ChangeKind = "removed"
)

// Is reports whether there was a comparison, and it gave this change.
func (c *ChangeKind) Is(other ChangeKind) bool { return c != nil && *c == other }

// word is the change, or "" without a comparison.
func (c *ChangeKind) word() string {
	if c == nil {
		return ""
	}
	return string(*c)
}

// Report is the result of a run.
type Report struct {
	SchemaVersion int          `json:"schemaVersion"`
	Tool          Tool         `json:"tool"`
	Zones         []Zone       `json:"zones"`
	Resources     []Resource   `json:"resources"`
	Findings      []Finding    `json:"findings"`
	Diagnostics   []Diagnostic `json:"diagnostics"`
	// Inputs are the files and modules that were named or found.
	Inputs []Input `json:"inputs"`
	// Assumptions are sentences about what the report rests on, for people.
	Assumptions []string `json:"assumptions"`
	// Hidden are sentences about what a configuration that was found beside the code,
	// rather than named by the operator, keeps from the report.
	Hidden  []string `json:"hidden"`
	Summary Summary  `json:"summary"`

	// Rules are all that the program has, in their order, for formats that
	// describe them.
	Rules []Rule `json:"-"`
}

// Rule describes a kind of finding.
type Rule struct {
	ID          string
	Severity    Severity
	Summary     string // one line, no full stop
	Description string // one paragraph
	Help        string // what would close the access, one paragraph
	Page        string // explanation and examples, Markdown
	Own         bool   // users wrote it, so that our documentation does not know it
}

// Input is a file or a module that was named or found, by what became of it.
type Input struct {
	Path   string `json:"path"`
	Status string `json:"status"`
	Reason string `json:"reason"` // why it is not analysed
}

// What becomes of an input. One that failed may have been analysed in part.
const (
	InputAnalysed = "analysed"
	InputSkipped  = "skipped"
	InputExcluded = "excluded"
	InputFailed   = "failed"
)

// Tool is the program that made the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Zone is a zone of trust that was applied.
type Zone struct {
	Name         string   `json:"name"`
	Type         string   `json:"type"`
	Account      string   `json:"account"`
	Organization string   `json:"organization"`
	Members      []string `json:"members"`
	Trusted      []string `json:"trusted"`
}

// Resource is one analysed resource.
type Resource struct {
	Path         string   `json:"path"`
	Address      string   `json:"address"`
	Attachments  []string `json:"attachments"`
	ResourceType string   `json:"resourceType"`
	ARN          string   `json:"arn"`
	Account      string   `json:"account"`
	Region       string   `json:"region"`
	Zone         string   `json:"zone"`
	Target       string   `json:"target"`
	Verdict      Verdict  `json:"verdict"`
	BlockedBy    []string `json:"blockedBy"`
}

// Finding is one instance of access from outside the zone of trust, or another
// rule's finding about a policy.
type Finding struct {
	ID                   string            `json:"id"`
	Rule                 string            `json:"rule"`
	Severity             Severity          `json:"severity"`
	Status               Status            `json:"status"` // Active or Archived
	Archive              *Archive          `json:"archive"`
	Change               *ChangeKind       `json:"change"`
	Certainty            Certainty         `json:"certainty"`
	Path                 string            `json:"path"`
	Address              string            `json:"address"`
	ResourceType         string            `json:"resourceType"`
	Resource             string            `json:"resource"`
	ResourceOwnerAccount string            `json:"resourceOwnerAccount"`
	IsPublic             bool              `json:"isPublic"`
	Principal            map[string]string `json:"principal"`
	Action               []string          `json:"action"`
	Condition            map[string]string `json:"condition"`
	AccessLevels         []string          `json:"accessLevels"`
	Sources              []Source          `json:"sources"`
	Message              string            `json:"message"`
	Help                 string            `json:"help"`
	Needs                []string          `json:"needs"`
	Group                string            `json:"group"` // see Cause
	// Related are further places that explain the finding, from the resource's
	// declaration towards the grant.
	Related    []Related   `json:"related"`
	Location   *Location   `json:"location"`
	Statements []Statement `json:"statements"`
	Witness    *Witness    `json:"witness"`
	// IssueCode, FindingType and LearnMoreLink are those of Access Analyzer's policy
	// validation, "" for a finding about access.
	IssueCode     string `json:"issueCode"`
	FindingType   string `json:"findingType"`
	LearnMoreLink string `json:"learnMoreLink"`

	// For reporters that show source.
	Span    source.Span `json:"-"` // the narrowest responsible place
	Subject string      `json:"-"` // the resource as the message names it
	Notes   []string    `json:"-"`
	// Also are the other findings of the same cause, where a report shows them as one.
	Also []Finding `json:"-"`
	// Wider is set when a plan is compared with what is there and the finding has
	// access in it that is not there yet.
	Wider bool `json:"-"`
	// Suggested is what would close the access, if it was asked for and is known.
	Suggested *Suggestion `json:"-"`
	// Narrowed says of unused permissions what each pattern of the statement becomes
	// without them, in the order of the statement; where it is nil, Broad says why.
	Narrowed []Narrowed `json:"-"`
	Broad    string     `json:"-"`
}

// IsOwn reports whether a finding is of a rule that users wrote: it is about what
// is there, and names nobody who gets in.
func (f Finding) IsOwn() bool { return len(f.Principal)+len(f.Action)+len(f.Sources) == 0 }

// Moved returns the finding with all its places moved, as it is in another version of
// its files.
func (f Finding) Moved(move func(source.Span) source.Span) Finding {
	at := func(s source.Span, l Location) (source.Span, Location) {
		s = move(s)
		if to := Place(s); to != nil {
			l = *to
		}
		return s, l
	}
	if f.Span = move(f.Span); f.Location != nil {
		f.Location = Place(f.Span)
	}
	f.Related = slices.Clone(f.Related)
	for i, r := range f.Related {
		f.Related[i].Span, f.Related[i].Location = at(r.Span, r.Location)
	}
	f.Statements = slices.Clone(f.Statements)
	for i, s := range f.Statements {
		if f.Statements[i].Span = move(s.Span); s.Location != nil {
			f.Statements[i].Location = Place(f.Statements[i].Span)
		}
		f.Statements[i].Related = slices.Clone(s.Related)
		for n, r := range s.Related {
			f.Statements[i].Related[n] = move(r)
		}
	}
	return f
}

// Related is a place that explains a finding, and what it has to do with it.
type Related struct {
	Span     source.Span `json:"-"`
	Location             // of the span, in the JSON form
	Message  string      `json:"message"` // lower case: "module called here"
}

// DeclaredHere is the message of the place that declares the resource.
const DeclaredHere = "resource declared here"

// Archive says what archived a finding.
type Archive struct {
	By      string `json:"by"`
	Reason  string `json:"reason"`
	Owner   string `json:"owner"`
	Expires string `json:"expires"`

	Span source.Span `json:"-"` // of a comment; zero for a rule and a baseline
	// Exact is set for what says which actions are meant: more of them are not archived.
	Exact bool `json:"-"`
}

// IsWidened reports whether an archived finding has access that was not there
// before, and what archives it does not say that such access is meant.
func (f Finding) IsWidened() bool {
	return f.Archive != nil && !f.Archive.Exact && f.Wider && f.Change.Is(Changed)
}

// Source is what the access is granted through.
type Source struct {
	Type   string        `json:"type"`
	Detail *SourceDetail `json:"detail,omitempty"`
}

// SourceDetail names the access point of a source.
type SourceDetail struct {
	AccessPointARN     string `json:"accessPointArn,omitempty"`
	AccessPointAccount string `json:"accessPointAccount,omitempty"`
}

// Location is a place in a file; lines and columns from 1, the end exclusive,
// columns in code points.
type Location struct {
	Path        string `json:"path"`
	StartLine   int    `json:"startLine"`
	StartColumn int    `json:"startColumn"`
	EndLine     int    `json:"endLine"`
	EndColumn   int    `json:"endColumn"`
}

// Statement is a statement that grants the access.
type Statement struct {
	Sid      string    `json:"sid"`
	Index    int       `json:"index"`
	Location *Location `json:"location"`

	Span source.Span `json:"-"`
	// Related are the places that lead to its document and not to the resource as
	// a whole: the call of the module that declares it.
	Related []source.Span `json:"-"`
}

// Witness is one concrete request that is allowed.
type Witness struct {
	Principal WitnessPrincipal    `json:"principal"`
	Action    string              `json:"action"`
	Resource  string              `json:"resource"`
	Context   map[string][]string `json:"context"`
}

// WitnessPrincipal is the caller of a witness.
type WitnessPrincipal struct {
	Type    string `json:"type"`
	ARN     string `json:"arn"`
	Account string `json:"account"`
	Session string `json:"session"` // name of the role session, "" if any will do
}

// Diagnostic says what could not be read.
type Diagnostic struct {
	Severity string `json:"severity"`
	Path     string `json:"path"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Message  string `json:"message"`

	// Span is the text that an error is about, zero where it is not to be shown.
	Span source.Span `json:"-"`
}

// Summary counts.
type Summary struct {
	Resources      int `json:"resources"`
	Public         int `json:"public"`
	External       int `json:"external"`
	Undetermined   int `json:"undetermined"`
	None           int `json:"none"`
	Archived       int `json:"archived"`
	OpenToServices int `json:"openToServices"`
	FilesRead      int `json:"filesRead"`
	FilesSkipped   int `json:"filesSkipped"`
	FilesExcluded  int `json:"filesExcluded"` // by configuration
}

// Place turns a span into a location, nil when it is unknown.
func Place(s source.Span) *Location {
	if s.IsZero() {
		return nil
	}
	start, end := s.Range(source.Runes)
	return &Location{Path: s.Path(), StartLine: start.Line, StartColumn: start.Column, EndLine: end.Line, EndColumn: end.Column}
}

// Narrowed is a pattern of actions without those that nobody uses.
type Narrowed struct {
	Pattern string   // as it is
	To      []string // what takes its place; nil: nothing
	Keep    []string // all that must be left: what is used, and what nothing is known of
}
