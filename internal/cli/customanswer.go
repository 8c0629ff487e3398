package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/rules"
)

// customResult is what a custom policy check says.
type customResult string

const (
	passes customResult = "PASS"
	fails  customResult = "FAIL"
)

// customAnswer is the answer of a custom policy check. Policies are those of the
// code; certainty, places and requests are ours.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html
type customAnswer struct {
	Result   customResult   `json:"result"`
	Message  string         `json:"message"`
	Reasons  []customReason `json:"reasons"`
	Policies []customPolicy `json:"policies,omitempty"`
}

type customPolicy struct {
	Path         string         `json:"path"`
	Address      string         `json:"address"`
	ResourceType string         `json:"resourceType"`
	Result       customResult   `json:"result"`
	Message      string         `json:"message"`
	Reasons      []customReason `json:"reasons"`
}

type customReason struct {
	Description    string            `json:"description"`
	StatementIndex *int              `json:"statementIndex,omitempty"`
	StatementID    string            `json:"statementId,omitempty"`
	Path           string            `json:"path,omitempty"`
	Address        string            `json:"address,omitempty"`
	Certainty      finding.Certainty `json:"certainty,omitempty"`
	Needs          []string          `json:"needs,omitempty"`
	Location       *finding.Location `json:"location,omitempty"`
	Witness        *finding.Witness  `json:"witness,omitempty"`
}

// answer puts a verdict into AWS's words. Of a sensitive policy nothing is shown
// but which statement it is.
func (k customCheck) answer(v access.Verdict, sensitive bool) customAnswer {
	if v.Pass {
		return customAnswer{Result: passes, Message: k.pass, Reasons: []customReason{}}
	}
	reason := customReason{Certainty: finding.Proven, Needs: v.Needs}
	if !v.Proven {
		reason.Certainty = finding.NotProven
	}
	if !sensitive {
		reason.Witness = rules.WitnessOf(v.Witness)
	} else if len(v.Needs) > 0 {
		reason.Needs = []string{"what is said in the policy, which is a secret"} // needs quote it
	}
	switch s := v.Statement; {
	case s == nil:
		reason.Description = "The policies are too large to be compared exactly."
	default:
		index := s.Index
		reason.StatementIndex = &index
		reason.Description = fmt.Sprintf("%s index: %d.", k.reason, index)
		if s.Sid != "" && !sensitive {
			reason.StatementID = s.Sid
			reason.Description = fmt.Sprintf("%s sid: %s.", k.reason, s.Sid)
		}
		reason.Location = finding.Place(s.Span)
	}
	return customAnswer{Result: fails, Message: k.fail, Reasons: []customReason{reason}}
}

// asAWS leaves out what the service does not say.
func (a customAnswer) asAWS() customAnswer {
	a.Reasons = bare(a.Reasons)
	a.Policies = slices.Clone(a.Policies)
	for i := range a.Policies {
		a.Policies[i].Reasons = bare(a.Policies[i].Reasons)
	}
	return a
}

func bare(reasons []customReason) []customReason {
	out := []customReason{}
	for _, r := range reasons {
		out = append(out, customReason{Description: r.Description, StatementIndex: r.StatementIndex, StatementID: r.StatementID, Path: r.Path, Address: r.Address})
	}
	return out
}

// text writes a line for each reason, and the result.
func (a customAnswer) text(w io.Writer, relative func(string) string) error {
	var b strings.Builder
	for _, r := range a.Reasons {
		var line strings.Builder
		if l := r.Location; l != nil {
			fmt.Fprintf(&line, "%s:%d:%d: ", relative(l.Path), l.StartLine, l.StartColumn)
		}
		if r.Address != "" {
			line.WriteString(r.Address + ": ")
		}
		line.WriteString(r.Description)
		if x := r.Witness; x != nil {
			who := x.Principal.ARN
			if who == "" {
				who = strings.ToLower(x.Principal.Type)
			}
			fmt.Fprintf(&line, " For example: %s calls %s on %s.", who, x.Action, x.Resource)
		}
		if len(r.Needs) > 0 {
			fmt.Fprintf(&line, " It depends on %s.", strings.Join(r.Needs, ", "))
		}
		fmt.Fprintln(&b, config.Printable(line.String()))
	}
	fmt.Fprintf(&b, "%s: %s\n", a.Result, a.Message)
	_, err := io.WriteString(w, b.String())
	return err
}
