package access

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/knowledge"
)

// along returns the actions that Access Analyzer's findings show beside those of
// a grant: the caller of its witness may do them too.
func (a *analysis) along(sol *solution, g grant) []knowledge.KindAction {
	if !a.complete || g.witness == nil || len(sol.kind.Along) == 0 {
		return nil
	}
	reading := evaluate.Permissive
	if g.proven {
		reading = evaluate.Strict
	}
	var out []knowledge.KindAction
	for _, full := range sol.kind.Along {
		r := *g.witness
		r.Action = full
		if sol.replay(&r, reading) == "" {
			out = append(out, actionNamed(full))
		}
	}
	return out
}

// actionNamed is an action by its name in the service tables.
func actionNamed(full string) knowledge.KindAction {
	action := knowledge.KindAction{Full: full, Lower: strings.ToLower(full)}
	prefix, name, _ := strings.Cut(full, ":")
	if s, ok := knowledge.ServiceOf(prefix); ok {
		if i := slices.IndexFunc(s.Actions, func(x knowledge.Action) bool { return x.Name == name }); i >= 0 {
			action.Level = s.Actions[i].Level
		}
	}
	return action
}
