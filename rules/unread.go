package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/resource"
)

// Rules about code that is called and is not part of the input.
const (
	UnreadModule   = "unread-module"
	UnreadTemplate = "unread-template"
)

var unreadRules = map[resource.UnreadKind]string{resource.Module: UnreadModule, resource.Template: UnreadTemplate}

// IsUnreadCode reports whether a finding is about code that is not part of the
// input, and so about no resource.
func IsUnreadCode(f finding.Finding) bool { return f.Rule == UnreadModule || f.Rule == UnreadTemplate }

// Unread is the finding of code that is not part of the input. The calls are all of
// one kind and source; the finding is where the first one is, and its id is that of
// the source, so that calls may come and go.
func Unread(calls []resource.Unread) finding.Finding {
	first := calls[0]
	rule := ruleOf(unreadRules[first.Kind])
	f := finding.Finding{
		Rule: rule.ID, Severity: rule.Severity, Status: "ACTIVE", Certainty: finding.NotProven,
		Path: first.Path, Address: first.Address, Subject: fmt.Sprintf("%s %q", first.Kind, first.Source),
		Principal: map[string]string{}, Condition: map[string]string{}, Needs: []string{first.Source}, Statements: []finding.Statement{},
		Span: first.Span, Location: finding.Place(first.Span), Message: first.Message(), Help: first.Help,
	}
	for _, c := range calls[1:] {
		f.Related = append(f.Related, finding.Related{Span: c.Span, Message: fmt.Sprintf("%s called here as well", c.Kind)})
	}
	if n := len(calls); n > 1 {
		f.Message += fmt.Sprintf(" (%d calls)", n)
	}
	h := sha256.Sum256([]byte("iaclint/unread/1\x00" + rule.ID + "\x00" + first.Source))
	f.ID = hex.EncodeToString(h[:])[:32]
	return f
}
