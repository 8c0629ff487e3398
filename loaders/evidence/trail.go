package evidence

import (
	"bufio"
	"bytes"
	"compress/gzip"
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
		var e trailEvent
		err := e.read(d)
		if err == nil {
			e.add(to)
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
	time         time.Time
	source, name string
	typ, arn     string // of the identity
	issuer       string // ARN of the role of a session
}

// read reads one event, of which most is passed over.
func (e *trailEvent) read(d *jsontext.Decoder) error {
	return members(d, func(name string) error {
		switch name {
		case "eventTime":
			text, err := stringOf(d)
			if err == nil && text != "" {
				e.time, err = time.Parse(time.RFC3339, text)
			}
			return err
		case "eventSource":
			return e.text(d, &e.source)
		case "eventName":
			return e.text(d, &e.name)
		case "userIdentity":
			return members(d, func(name string) error {
				switch name {
				case "type":
					return e.text(d, &e.typ)
				case "arn":
					return e.text(d, &e.arn)
				case "sessionContext":
					return members(d, func(name string) error {
						if name != "sessionIssuer" {
							return d.SkipValue()
						}
						return members(d, func(name string) error {
							if name == "arn" {
								return e.text(d, &e.issuer)
							}
							return d.SkipValue()
						})
					})
				}
				return d.SkipValue()
			})
		}
		return d.SkipValue()
	})
}

func (e *trailEvent) text(d *jsontext.Decoder, to *string) (err error) {
	*to, err = stringOf(d)
	return err
}

var errNoEvent = errors.New("no event")

// stringOf reads a string, or null as an empty one.
func stringOf(d *jsontext.Decoder) (string, error) {
	t, err := d.ReadToken()
	switch {
	case err != nil:
		return "", err
	case t.Kind() == '"':
		return t.String(), nil
	case t.Kind() == 'n':
		return "", nil
	}
	return "", errNoEvent
}

// members reads an object, or null; f reads the value of each member.
func members(d *jsontext.Decoder, f func(name string) error) error {
	t, err := d.ReadToken()
	switch {
	case err != nil:
		return err
	case t.Kind() == 'n':
		return nil
	case t.Kind() != '{':
		return errNoEvent
	}
	for d.PeekKind() != '}' {
		t, err := d.ReadToken()
		if err != nil {
			return err
		}
		if t.Kind() != '"' {
			return errNoEvent
		}
		if err := f(t.String()); err != nil {
			return err
		}
	}
	_, err = d.ReadToken()
	return err
}

// sources are services whose events come from another name than that of their
// actions.
var sources = map[string]string{"monitoring": "cloudwatch", "email": "ses", "tagging": "tag"}

// addEvent notes who used what.
func addEvent(text []byte, to *usage.Evidence) error {
	var e trailEvent
	if err := e.read(jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))); err != nil {
		return err
	}
	e.add(to)
	return nil
}

// add notes who used what.
func (e *trailEvent) add(to *usage.Evidence) {
	to.Seen(e.time)
	arn := e.arn
	if e.typ == "AssumedRole" {
		arn = e.issuer
	}
	x := to.Of(arn)
	if x == nil || e.time.IsZero() {
		return
	}
	x.Use(e.time)
	prefix, _, _ := strings.Cut(e.source, ".")
	if other, ok := sources[prefix]; ok {
		prefix = other
	}
	s := x.Service(prefix)
	if _, seen := s.Seen[strings.ToLower(e.name)]; !seen && !isAction(prefix, e.name) {
		s.Blurred = true // an operation that is allowed by an action of another name
	}
	s.Use(e.name, e.time)
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
