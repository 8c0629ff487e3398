package reporters

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/escape"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/spelling"
)

// eventVersion is the version of docs/schema/event-v1.json.
const eventVersion = 1

// maxEvent is the most that EventBridge takes for an entry; a written line is
// longer than what it counts.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
const maxEvent = 256 << 10

// maxEventText is what is left of a text, and maxEventList of a list, that would
// make an entry too large.
const (
	maxEventText = 300
	maxEventList = 50
	// maxEventResource is the longest ARN that is named as a resource.
	maxEventResource = 2048
)

// eventEntry is an entry of PutEvents. Sources that begin with "aws." are AWS's.
//
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
type eventEntry struct {
	Source     string
	DetailType string
	Time       string
	Resources  []string
	Detail     string // JSON
}

// eventDetail is the detail of an entry.
type eventDetail struct {
	SchemaVersion int               `json:"schemaVersion"`
	Tool          finding.Tool      `json:"tool"`
	Change        finding.EventKind `json:"change"`
	Finding       finding.Finding   `json:"finding"`
	Before        *finding.Finding  `json:"before"`
	// LeftOut names what was shortened or left out to keep the size.
	LeftOut []string `json:"leftOut"`
}

// eventTypes are the detail types that rules of an event bus match.
var eventTypes = map[finding.EventKind]string{
	finding.FindingNew: "iaclint Finding New", finding.FindingChanged: "iaclint Finding Changed",
	finding.FindingArchived: "iaclint Finding Archived", finding.FindingResolved: "iaclint Finding Resolved",
}

// writeEvents writes an entry of PutEvents a line for each finding that is new,
// changed, archived or resolved since an earlier report; without one, all that
// are active are new.
func writeEvents(w io.Writer, r finding.Report, o Options) error {
	o.sayHidden("events", r)
	since := finding.Report{}
	if o.Since != nil {
		since = *o.Since
	}
	events, unsure := finding.Events(since, r)
	if unsure > 0 {
		o.say("events: %d %s of the earlier report may still be there, as not everything was read: no event says so", unsure, spelling.Plural(unsure, "finding"))
	}
	var out bytes.Buffer
	for _, e := range events {
		if o.Since == nil && e.Kind != finding.FindingNew {
			continue
		}
		line, err := eventLine(e, r.Tool, o.Now)
		if err != nil {
			return err
		}
		out.Write(line)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// eventLine writes one event, shortened as far as its size demands.
func eventLine(e finding.Event, tool finding.Tool, now time.Time) ([]byte, error) {
	d := eventDetail{SchemaVersion: eventVersion, Tool: tool, Change: e.Kind, Finding: e.Finding, Before: e.Before, LeftOut: []string{}}
	entry := eventEntry{Source: "iaclint", DetailType: eventTypes[e.Kind], Time: now.UTC().Format(time.RFC3339), Resources: []string{}}
	if strings.HasPrefix(e.Finding.Resource, "arn:") && len(e.Finding.Resource) <= maxEventResource {
		entry.Resources = append(entry.Resources, e.Finding.Resource)
	}
	for next := 0; ; next++ {
		line, err := entry.with(d)
		if err != nil || len(line) <= maxEvent {
			return line, err
		}
		if next == len(eventSavings) {
			return nil, fmt.Errorf("the event of finding %s is larger than EventBridge takes", d.Finding.ID)
		}
		if s := eventSavings[next]; s.save(&d) {
			d.LeftOut = append(d.LeftOut, s.what)
		}
	}
}

// with is the line of an entry with a detail.
func (e eventEntry) with(d eventDetail) ([]byte, error) {
	completeFinding(&d.Finding)
	if d.Before != nil {
		before := *d.Before
		completeFinding(&before)
		d.Before = &before
	}
	detail, err := line(d)
	if err != nil {
		return nil, err
	}
	e.Detail = strings.TrimSuffix(string(detail), "\n")
	return line(e)
}

// line is a value as JSON on one line.
func line(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding an event: %w", err)
	}
	return escape.JSON(b.Bytes()), nil
}

// eventSavings are what an entry that is too large does without, in their order.
var eventSavings = []struct {
	what string
	save func(*eventDetail) bool // false: there was nothing to save
}{
	{"before", func(d *eventDetail) bool { had := d.Before != nil; d.Before = nil; return had }},
	{"related", func(d *eventDetail) bool { return shorten(&d.Finding.Related, 0) }},
	{"statements", func(d *eventDetail) bool { return shorten(&d.Finding.Statements, 0) }},
	{"witness", func(d *eventDetail) bool { had := d.Finding.Witness != nil; d.Finding.Witness = nil; return had }},
	{"sources", func(d *eventDetail) bool { return shorten(&d.Finding.Sources, maxEventList) }},
	{"needs", func(d *eventDetail) bool { return shorten(&d.Finding.Needs, 0) }},
	{"action", func(d *eventDetail) bool { return shorten(&d.Finding.Action, maxEventList) }},
	{"condition", func(d *eventDetail) bool { had := len(d.Finding.Condition) > 0; d.Finding.Condition = nil; return had }},
	{"texts", shortenTexts},
}

// shorten keeps the first n of a list.
func shorten[T any](list *[]T, n int) bool {
	if len(*list) <= n {
		return false
	}
	*list = append([]T{}, (*list)[:n]...)
	return true
}

// shortenTexts shortens every text that the input decides.
func shortenTexts(d *eventDetail) bool {
	f := &d.Finding
	if f.Location != nil {
		at := *f.Location
		at.Path = clip(at.Path, maxEventText)
		f.Location = &at
	}
	if f.Archive != nil {
		a := *f.Archive
		for _, s := range []*string{&a.By, &a.Reason, &a.Owner, &a.Expires} {
			*s = clip(*s, maxEventText)
		}
		f.Archive = &a
	}
	f.Principal, f.Sources = shortMap(f.Principal), nil
	f.Action, f.AccessLevels = shortList(f.Action), shortList(f.AccessLevels)
	for _, s := range []*string{&f.ID, &f.Rule, &f.Path, &f.Address, &f.ResourceType, &f.Resource, &f.ResourceOwnerAccount, &f.Message, &f.Help, &f.Group, &f.IssueCode, &f.FindingType, &f.LearnMoreLink} {
		*s = clip(*s, maxEventText)
	}
	return true
}

func shortList(list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, clip(s, maxEventText))
	}
	return out
}

func shortMap(m map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		out[clip(k, maxEventText)] = clip(v, maxEventText)
	}
	return out
}
