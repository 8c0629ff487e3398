package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/usage"
)

// unusedFinding is what the findings of unused access have in common. The id tells
// what is unused, not since when.
func unusedFinding(id string, r finding.Resource, what string, o usage.Options) finding.Finding {
	rule := ruleOf(id)
	h := sha256.Sum256([]byte("iaclint/unused/1\x00" + rule.ID + "\x00" + r.Path + "\x00" + r.Address + "\x00" + what))
	return finding.Finding{
		ID: hex.EncodeToString(h[:])[:32], Rule: rule.ID, Severity: rule.Severity, Status: finding.Active, Certainty: finding.Proven,
		Path: r.Path, Address: r.Address, ResourceType: r.ResourceType, Resource: r.ARN, ResourceOwnerAccount: r.Account, Subject: r.Address,
		Principal: map[string]string{}, Condition: map[string]string{}, Needs: []string{}, Statements: []finding.Statement{}, Help: help[rule.ID],
		Notes: []string{fmt.Sprintf("as of %s, for an age of %d days", day(o.Now), int(o.Age.Hours()/24))},
	}
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// since words when something was last used.
func since(used time.Time) string {
	if used.IsZero() {
		return "has not been used in the time that the evidence covers"
	}
	return "was last used on " + day(used)
}

// UnusedRole is the finding of a role that nobody uses.
func UnusedRole(of finding.Resource, r resource.Resource, e *usage.Entity, o usage.Options, certain bool) finding.Finding {
	f := unusedFinding("unused-role", of, "", o)
	f.Message = fmt.Sprintf("role %q %s", e.Name(), since(e.Last()))
	f.Span, f.Location = r.Span, finding.Place(r.Span)
	if !certain {
		f.Certainty, f.Needs = finding.NotProven, []string{"the date on which the role was made, which get-role tells"}
	}
	return f
}

// mostListed is how many unused permissions a message names.
const mostListed = 12

// UnusedPermission is the finding of permissions of a statement that none of those
// who have it uses.
func UnusedPermission(of finding.Resource, r resource.Resource, s policy.Statement, unused []string, whole bool, holders []*usage.Entity, o usage.Options) finding.Finding {
	name := s.Sid
	if name == "" {
		name = fmt.Sprint("#", s.Index)
	}
	f := unusedFinding("unused-permission", of, name, o)
	list := unused
	more := ""
	if n := len(list) - mostListed; n > 0 {
		list, more = list[:mostListed], fmt.Sprintf(" and %d more", n)
	}
	f.Message = fmt.Sprintf("role %q does not use %s%s", holders[0].Name(), strings.Join(list, ", "), more)
	if len(holders) > 1 {
		f.Message = fmt.Sprintf("none of %d roles uses %s%s", len(holders), strings.Join(list, ", "), more)
	}
	if whole {
		f.Message += ", which is all that the statement allows"
	}
	f.Span = narrowest(s)
	f.Location = finding.Place(f.Span)
	f.Narrowed, f.Broad = o.Narrow(s, holders)
	f.Statements = []finding.Statement{{Sid: s.Sid, Index: s.Index, Location: finding.Place(s.Span), Span: s.Span}}
	f.Notes = append(f.Notes, "last-accessed data has management events only, counts attempts that were denied, and does not track iam:PassRole")
	for _, rel := range r.Related {
		f.Related = append(f.Related, finding.Related{Span: rel.Span, Message: rel.Message})
	}
	return f
}

func narrowest(s policy.Statement) source.Span {
	if !s.Action.Span.IsZero() {
		return s.Action.Span
	}
	return s.Span
}

// UnusedCredential is the finding of an access key or a password. It is where the code
// has the user, or else where the evidence does.
func UnusedCredential(rule string, e *usage.Entity, c usage.Credential, o usage.Options, declared *resource.User) finding.Finding {
	r := finding.Resource{Address: "user " + e.Name(), ResourceType: "AWS::IAM::User", ARN: e.ARN, Account: e.Account()}
	if declared != nil {
		r.Path, r.Address = declared.Path, declared.Address
	}
	f := unusedFinding(rule, r, c.Name, o)
	f.Message = fmt.Sprintf("%s of user %q %s", c.Name, e.Name(), since(c.Used))
	if declared != nil {
		f.Span, f.Location = declared.Span, finding.Place(declared.Span)
		return f
	}
	f.Location = c.Location
	if c.Location != nil {
		f.Path = c.Location.Path
	}
	return f
}
