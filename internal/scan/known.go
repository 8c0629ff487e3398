package scan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/spelling"
)

var (
	actionForm = once.Regexp(`^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$`)
	keyForm    = once.Regexp(`^[A-Za-z0-9][A-Za-z0-9._/-]*:[^\s*?]+$`)
	digits     = once.Regexp(`^[0-9][0-9 -]*$`)
)

// knownAction refuses an action that is none, or almost a known one. Of another one
// that AWS's tables do not have, it is noted that nothing is proven.
func (q *Question) knownAction(action string) error {
	if action == "*" {
		return nil
	}
	if !actionForm().MatchString(action) {
		return fmt.Errorf("--action %q is not an action; service:Name is expected, such as s3:GetObject or sqs:*", action)
	}
	prefix, name, _ := strings.Cut(action, ":")
	service, ok := knowledge.ServiceOf(strings.ToLower(prefix))
	if !ok {
		if near := spelling.Nearest(prefix, knowledge.Services()); near != "" {
			return fmt.Errorf("--action %q: unknown service %q; did you mean %q?", action, prefix, near+":"+name)
		}
		q.doubt("action", action)
		return nil
	}
	names := make([]string, len(service.Actions))
	for i, a := range service.Actions {
		names[i] = a.Name
	}
	matches := func(known string) bool {
		ok, err := path.Match(strings.ToLower(name), strings.ToLower(known))
		return err == nil && ok
	}
	if slices.ContainsFunc(names, matches) {
		return nil
	}
	if near := spelling.Nearest(name, names); near != "" {
		return fmt.Errorf("--action %q: unknown action; did you mean %q?", action, prefix+":"+near)
	}
	q.doubt("action", action)
	return nil
}

// knownKey refuses a condition key that is none, or almost a known one.
func (q *Question) knownKey(key string) error {
	if !keyForm().MatchString(key) {
		return fmt.Errorf("--context %q is not a condition key; a key such as aws:SourceVpc is expected", key)
	}
	if _, known := knowledge.KeyOf(key); known {
		return nil
	}
	name, rest, names := key, "", knowledge.KeyNames()
	if i := strings.IndexByte(key, '/'); i >= 0 {
		name, rest, names = key[:i+1], key[i+1:], knowledge.TaggedKeyNames()
	}
	if near := spelling.Nearest(name, names); near != "" {
		return fmt.Errorf("--context: unknown condition key %q; did you mean %q?", key, near+rest)
	}
	q.doubt("condition key", key)
	return nil
}

// knownCaller refuses the host of a service or an identity provider that is almost
// a known one: an answer about a name that nobody has would be no for all.
func knownCaller(host string) error {
	names := knowledge.CallerNames()
	name := strings.TrimSuffix(host, ".cn")
	if slices.Contains(names, name) || strings.Contains(name, "/") {
		return nil
	}
	if near := spelling.Nearest(name, names); near != "" {
		return fmt.Errorf("--principal %q is unknown; did you mean %q?", host, near)
	}
	return nil
}

func (q *Question) doubt(kind, name string) {
	q.unknown = append(q.unknown, kind+" "+name)
	q.Notes = append(q.Notes, fmt.Sprintf("%s %q is not in AWS's tables: the answer is not proven", kind, name))
}

// doubted makes an answer one that is not known, where the question has a name in
// it that AWS's tables do not have.
func (q *Question) doubted(a finding.Answer) finding.Answer {
	if len(q.unknown) == 0 {
		return a
	}
	a.Answer = access.NotKnown
	a.Needs = append(a.Needs, "whether AWS has the "+strings.Join(q.unknown, " and the "))
	a.Grants = slices.Clone(a.Grants)
	for i := range a.Grants {
		g := &a.Grants[i]
		g.Certainty = finding.NotProven
		g.Message = strings.Replace(g.Message, " can ", " could ", 1)
	}
	return a
}
