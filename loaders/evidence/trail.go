package evidence

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/usage"
)

// largestEvent is more than CloudTrail writes: an event has 256 KB at most.
const largestEvent = 4 << 20

// IsTrail reports whether a file that begins so is a log file of CloudTrail, or a
// compressed one of whatever it holds.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
func IsTrail(head []byte) bool {
	text := strings.Join(strings.Fields(string(head)), "")
	return strings.HasPrefix(text, `{"Records":[`) || strings.HasPrefix(text, "\x1f\x8b")
}

// ReadTrail reads a log file of CloudTrail, compressed or not, an event at a time,
// and adds who used what. Events show use: that something is not in them shows
// nothing.
func ReadTrail(r io.Reader, to *usage.Evidence) error {
	b := bufio.NewReaderSize(r, 64<<10)
	if head, _ := b.Peek(2); string(head) == "\x1f\x8b" {
		z, err := gzip.NewReader(b)
		if err != nil {
			return errors.New("expected a compressed log file of CloudTrail")
		}
		b = bufio.NewReaderSize(z, 64<<10)
	}
	limited := &perEvent{r: b, left: largestEvent}
	d := jsontext.NewDecoder(limited, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for _, want := range []string{"{", `"Records"`, "["} {
		t, err := d.ReadToken()
		if err != nil || t.Kind() != jsontext.Kind(want[0]) || want[0] == '"' && t.String() != "Records" {
			return errors.New("expected a log file of CloudTrail: {\"Records\": [...]}")
		}
	}
	for n := 1; d.PeekKind() != ']'; n++ {
		limited.left = largestEvent
		v, err := d.ReadValue()
		if err == nil {
			err = addEvent(v, to)
		}
		if err != nil {
			return fmt.Errorf("event %d: %w", n, trailError(err))
		}
	}
	return nil
}

// trailError is an error without what it quotes of the file.
func trailError(err error) error {
	if errors.Is(err, errLargeEvent) {
		return errLargeEvent
	}
	return errors.New("expected an event of CloudTrail, or the file is cut off")
}

var errLargeEvent = fmt.Errorf("larger than %d MiB", largestEvent>>20)

// perEvent reads no more for one event than it may have.
type perEvent struct {
	r    io.Reader
	left int
}

func (p *perEvent) Read(b []byte) (int, error) {
	if p.left <= 0 {
		return 0, errLargeEvent
	}
	n, err := p.r.Read(b[:min(len(b), p.left)])
	p.left -= n
	return n, err
}

// trailEvent is what counts of an event: no request, no address, no name of a session.
type trailEvent struct {
	Time     time.Time `json:"eventTime"`
	Source   string    `json:"eventSource"`
	Name     string    `json:"eventName"`
	Identity struct {
		Type    string `json:"type"`
		ARN     string `json:"arn"`
		Session struct {
			Issuer struct {
				ARN string `json:"arn"`
			} `json:"sessionIssuer"`
		} `json:"sessionContext"`
	} `json:"userIdentity"`
}

// sources are services whose events come from another name than that of their
// actions.
var sources = map[string]string{"monitoring": "cloudwatch", "email": "ses", "tagging": "tag"}

// addEvent notes who used what.
func addEvent(text []byte, to *usage.Evidence) error {
	var e trailEvent
	if err := json.Unmarshal(text, &e); err != nil {
		return err
	}
	to.Seen(e.Time)
	arn := e.Identity.ARN
	if e.Identity.Type == "AssumedRole" {
		arn = e.Identity.Session.Issuer.ARN
	}
	x := to.Of(arn)
	if x == nil || e.Time.IsZero() {
		return nil
	}
	x.Use(e.Time)
	prefix, _, _ := strings.Cut(e.Source, ".")
	if other, ok := sources[prefix]; ok {
		prefix = other
	}
	s := x.Service(prefix)
	if _, seen := s.Seen[strings.ToLower(e.Name)]; !seen && !isAction(prefix, e.Name) {
		s.Blurred = true // an operation that is allowed by an action of another name
	}
	s.Use(e.Name, e.Time)
	return nil
}

// isAction reports whether an event is called as an action is.
func isAction(prefix, name string) bool {
	s, known := knowledge.ServiceOf(prefix)
	if !known {
		return false
	}
	_, ok := s.Action(name)
	return ok
}
