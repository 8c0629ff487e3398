package tfplan

import (
	"fmt"
	"slices"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/loaders/catalog"
)

// stack joins the blocks into resources: those that will be there, and those
// that were there and are changed.
func (l *loader) stack() resource.Stack {
	var after, before []catalog.Block
	for _, o := range l.objects {
		if o.mode != "managed" {
			continue
		}
		if o.actions.stays() {
			after = append(after, o.block)
		}
		if b, ok := l.blockBefore(o); ok {
			before = append(before, b)
		}
	}
	out := catalog.Resources(catalog.Terraform, after)
	out.Diagnostics = append(l.diags, out.Diagnostics...)
	out.Diagnostics = l.withoutSecrets(out.Diagnostics)
	_ = before
	return out
}

// blockBefore is the block of an object as it was.
func (l *loader) blockBefore(o *object) (catalog.Block, bool) {
	switch {
	case o.partial || o.actions.keeps():
		return o.block, o.actions.stays()
	case l.kind(o.before) != '{':
		return catalog.Block{}, false
	}
	b := o.block
	b.Notes, b.Documents = nil, nil
	b.Properties = l.before(o)
	b = without(b, o.echoes)
	return b, true
}

// withoutSecrets replaces what is said of sensitive text, as it may quote it.
func (l *loader) withoutSecrets(list []source.Diagnostic) []source.Diagnostic {
	var out []source.Diagnostic
	for _, d := range list {
		if d.Span.File != nil && d.Span.File.Sensitive {
			d.Message = fmt.Sprintf("something in a sensitive value is not as AWS expects it (a %s whose text is not shown)", d.Severity)
			if slices.ContainsFunc(out, func(e source.Diagnostic) bool { return e == d }) {
				continue
			}
		}
		out = append(out, d)
	}
	return out
}
