package tfplan

import (
	tfjson "github.com/hashicorp/terraform-json"

	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// readObjects finds what will be there, and what was.
func (l *loader) readObjects() {
	if l.noun == "state" {
		l.readDeployed()
		return
	}
	changes, planned := l.parts["resource_changes"], l.at(l.parts["planned_values"])
	l.incomplete = l.checkComplete()
	if !changes.missing() {
		l.objects = l.readChanges(changes)
	}
	l.readDeferred()
	switch {
	case !changes.missing() && !l.incomplete:
	case planned.missing() && changes.missing():
		if l.parts["resource_drift"].missing() && l.parts["configuration"].missing() && len(l.diags) == 0 {
			l.errorf(piece{0, 1}, "the plan has neither resource_changes nor planned_values: nothing can be said about it")
		}
	default:
		l.readPlanned(planned)
	}
	if l.incomplete {
		l.readUnplanned()
	}
	l.checkDrift()
}

// readDeployed reads the resources of a state: all that is deployed, and nothing of
// it is open.
func (l *loader) readDeployed() {
	l.readState(l.parts["values"], mayMatter, func(o *object) {
		if !l.matters(o) {
			return
		}
		o.partial = false
		l.objects = append(l.objects, o)
	})
}

// readPlanned adds the resources of planned_values that no change is listed for:
// what an incomplete plan leaves as it is, or all, in a plan without changes.
func (l *loader) readPlanned(planned piece) {
	listed := map[string]bool{}
	for _, o := range l.objects {
		listed[o.base+o.index] = true
	}
	n := 0
	l.readState(planned, mayMatter, func(o *object) {
		if l.matters(o) && !listed[o.base+o.index] {
			l.objects = append(l.objects, o)
			n++
		}
	})
	if n > 0 && l.parts["configuration"].missing() {
		l.errorf(planned, "the plan has planned_values, but no configuration: what is not known before it is applied cannot be told from what is not set")
	}
}

// checkVersion says what can be said of the format.
//
// https://developer.hashicorp.com/terraform/internals/json-format#format-summary
func (l *loader) checkVersion() {
	at := l.parts["format_version"]
	version, ok := l.str(at)
	major, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(major)
	supported := (&tfjson.Plan{FormatVersion: version}).Validate() == nil
	if l.noun == "state" {
		supported = (&tfjson.State{FormatVersion: version}).Validate() == nil
	}
	switch {
	case at.missing():
		l.errorf(piece{0, min(1, len(l.content))}, `the plan has no format_version, expected "0.1" to "1.2": it is read as if it were complete`)
	case !ok || err != nil || n < 0:
		l.errorf(at, `format_version must be a string such as "1.2"`)
	case !supported:
		l.errorf(at, "the %s has format_version %q, expected one below 2.0: it is read as far as it is known", l.noun, version)
	}
}

// checkComplete says what the plan says of itself, and reports whether resources
// may be missing from its changes.
func (l *loader) checkComplete() bool {
	errored, complete := l.parts["errored"], l.parts["complete"]
	switch {
	case l.is(errored, "true"):
		l.errorf(errored, "the plan has errored: what Terraform did not get to is undetermined; mend the error and plan again")
		return true
	case l.is(complete, "false") && !l.hasDeferred():
		l.warnf(complete, "the plan is partial, as with -target: of what it does not touch, only what exists already is analysed, as it is")
		return true
	case l.is(complete, "false"):
		return true
	}
	for _, flag := range []string{"errored", "complete"} {
		if at := l.parts[flag]; !at.missing() && !l.is(at, "true") && !l.is(at, "false") {
			l.errorf(at, "%s must be true or false", flag)
		}
	}
	return false
}

func (l *loader) hasDeferred() bool {
	for range l.elements(l.parts["deferred_changes"]) {
		return true
	}
	return false
}

// readDeferred adds the changes that Terraform has put off, because it does not
// know yet how many instances there are or what a provider needs.
func (l *loader) readDeferred() {
	at := l.parts["deferred_changes"]
	n := 0
	for e := range l.elements(at) {
		o := l.readChange(l.at(e, "resource_change"))
		if o == nil {
			continue
		}
		n++
		if o.deferred, _ = l.str(l.at(e, "reason")); o.deferred == "" {
			o.deferred = "no reason is given"
		}
		l.objects = append(l.objects, o)
	}
	if n > 0 {
		l.warnf(at, "Terraform has put off planning %d resources that decide who has access: what is not known of them is undetermined", n)
	}
}

// readUnplanned adds what the configuration declares and an errored plan does
// not have. In a plan that is partial on purpose it is not made.
func (l *loader) readUnplanned() {
	if !l.is(l.parts["errored"], "true") {
		return
	}
	have := map[*declaration]bool{}
	for _, o := range l.objects {
		l.declare(o)
		have[o.code] = true
	}
	l.eachModule(l.root, "", func(m *module, address string) {
		for _, name := range slices.SortedFunc(maps.Keys(m.resources), cmp.Compare[string]) {
			typ, _, _ := strings.Cut(name, ".")
			if d := m.resources[name]; !have[d] && isRelevant("managed", typ) {
				o := &object{module: address, name: name, base: name, mode: tfjson.ManagedResourceMode, actions: tfjson.Actions{tfjson.ActionCreate}, where: d.expressions, partial: true, deferred: "the plan has errored"}
				o.typ = typ
				if address != "" {
					o.base = address + "." + name
				}
				o.address = o.base
				l.objects = append(l.objects, o)
			}
		}
	})
}

func (l *loader) eachModule(m *module, address string, yield func(*module, string)) {
	yield(m, address)
	for _, name := range slices.Sorted(maps.Keys(m.calls)) {
		child := "module." + name
		if address != "" {
			child = address + "." + child
		}
		l.eachModule(m.calls[name], child, yield)
	}
}

// checkDrift says that resources have been changed outside of Terraform. The
// plan tells of it as of the past; what matters is what it makes of them.
func (l *loader) checkDrift() {
	n := 0
	for e := range l.elements(l.parts["resource_drift"]) {
		mode := l.mode(l.at(e, "mode"))
		typ, _ := l.str(l.at(e, "type"))
		if mode == tfjson.ManagedResourceMode && isRelevant(mode, typ) {
			n++
		}
	}
	if n > 0 {
		l.warnf(l.parts["resource_drift"], "%d resources that decide who has access were changed outside of Terraform: what is analysed is what the plan makes of them", n)
	}
}
