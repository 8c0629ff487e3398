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
	UnreadBudget   = "unread-budget"
)

var unreadRules = map[resource.UnreadKind]string{resource.Module: UnreadModule, resource.File: UnreadModule, resource.Template: UnreadTemplate, resource.Loop: UnreadTemplate, resource.Budget: UnreadBudget}

// IsUnreadCode reports whether a finding is about code that was not read or not
// analysed as a whole, and so about no resource.
func IsUnreadCode(f finding.Finding) bool {
	return f.Rule == UnreadModule || f.Rule == UnreadTemplate || f.Rule == UnreadBudget
}

// Unread is the finding of code that is not part of the input. The calls are all of
// one kind and source; the finding is where the first one is, and its id is that of
// the source, so that calls may come and go.
func Unread(calls []resource.Unread) finding.Finding {
	first := calls[0]
	rule := ruleOf(unreadRules[first.Kind])
	f := finding.Finding{
		Rule: rule.ID, Severity: rule.Severity, Status: finding.Active, Certainty: finding.NotProven,
		Path: first.Path, Address: first.Address, Subject: fmt.Sprintf("%s %q", first.Kind, first.Source),
		Principal: map[string]string{}, Condition: map[string]string{}, Needs: []string{first.Source}, Statements: []finding.Statement{},
		Span: first.Span, Location: finding.Place(first.Span), Message: first.Message(), Help: first.Help,
	}
	if first.Kind == resource.Budget {
		f.Subject, f.Needs = fmt.Sprintf("%q", first.Source), []string{}
	}
	if first.Needs != nil {
		f.Needs = first.Needs
	}
	for _, c := range calls[1:] {
		message := fmt.Sprintf("%s called here as well", c.Kind)
		switch c.Kind {
		case resource.Budget:
			message = "this as well: " + c.Message()
		case resource.File:
			message = "file named here as well"
		}
		f.Related = append(f.Related, finding.Related{Span: c.Span, Message: message})
	}
	if n := len(calls); n > 1 && first.Kind != resource.Budget {
		f.Message += fmt.Sprintf(" (%d calls)", n)
	}
	h := sha256.Sum256([]byte("iaclint/unread/1\x00" + rule.ID + "\x00" + first.Source))
	f.ID = hex.EncodeToString(h[:])[:32]
	return f
}
