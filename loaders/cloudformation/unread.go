package cloudformation

import (
	"cmp"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// absence is why a template is not read, and what to do about it.
type absence struct{ why, help string }

var (
	remote      = absence{"is not a file here", "analyse the template itself as well, or the files that \"sam build\" or \"cdk synth\" write; or archive the finding with a reason"}
	notIncluded = absence{"is included and is not a file here", "analyse the processed template, which has the included text in it; or archive the finding with a reason"}
	openLoop    = absence{"is over a collection that is not known in full", "give a value for the collection (--parameter), or analyse the processed template; or archive the finding with a reason"}
	openSection = absence{"is not known before deployment", "give the values that it depends on, or analyse the template itself as well; or archive the finding with a reason"}
	macro       = absence{"is a macro that changes the template when it is deployed", "analyse the processed template of a change set, which has its macros expanded; or archive the finding with a reason"}
)

// sourceText is the address of a template as people know it; of one that is not
// known before deployment, what it depends on.
func sourceText(v value.Value) string {
	if v.Kind == value.String || v.Kind == value.Unknown {
		if text := value.Shown(v.Text.String()); text != "" {
			return text
		}
	}
	return cmp.Or(v.Span.Shown(), "(unknown)")
}

func (e *evaluator) unreadStack(d *declared, at source.Span, src string, why absence) {
	e.missing(d.scope, d.address, at, resource.Unread{Kind: resource.Template, Source: src}, why)
}

// unreadTemplate records that text which a template includes, or what a macro
// makes of it, is not known.
func (e *evaluator) unreadTemplate(s *scope, at source.Span, src string, why absence) {
	address := "Transform"
	if s.parent != nil {
		address = s.parent.address + "/" + address
	}
	e.missing(s, address, at, resource.Unread{Kind: resource.Template, Source: src}, why)
}

// unreadLoop records that a loop declares something for each item of a collection
// that is not known, or not known in full. References to it are not errors.
func (e *evaluator) unreadLoop(s *scope, key string, at source.Span, needs []string) {
	s.loose = true
	e.missing(s, s.prefix+key, at, resource.Unread{
		Kind: resource.Loop, Source: s.file.Name + ": " + s.prefix + key, Needs: needs,
	}, openLoop)
}

func (e *evaluator) missing(s *scope, address string, at source.Span, what resource.Unread, why absence) {
	for _, u := range e.unread {
		if u.Span == at && u.Address == address {
			return
		}
	}
	if len(e.unread) >= maxSaid {
		return
	}
	what.Path, what.Address, what.Span, what.Why, what.Help = s.file.Name, address, at, why.why, why.help
	e.unread = append(e.unread, what)
}
