package terraform

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// told returns what exports of the account tell of an attribute; nil: nothing.
func (i *instance) told(name string, span source.Span) *val {
	d := i.m.l.o.Deployed
	if d == nil {
		return nil
	}
	if v, ok := d.Attributes(i.address)[name]; ok && v.Kind != value.Null {
		return fromValue(v).placed(span)
	}
	if i.data && i.block.Labels[0] == remoteState && name == "outputs" {
		others := 0
		for key := range i.m.cfg.resources {
			if strings.HasPrefix(key, "data."+remoteState+".") {
				others++
			}
		}
		if fields := d.Outputs(i.block.Labels[1], others == 1); fields != nil {
			// What the export does not have is not known.
			v := *fromValue(value.Value{Kind: value.Map, Fields: fields}).placed(span)
			v.open = unknownVal(value.Reference{Name: i.address + ".outputs"}, span)
			return &v
		}
	}
	return nil
}

// remoteState is the type of data source that has the outputs of another
// configuration.
const remoteState = "terraform_remote_state"

// given are the names that AWS gave to the resource.
func (i *instance) given() map[string]string {
	if i.m.l.o.Deployed == nil {
		return nil
	}
	var out map[string]string
	for name, v := range i.m.l.o.Deployed.Attributes(i.address) {
		if text, known := v.Text.Known(); v.Kind == value.String && known && text != "" {
			if out == nil {
				out = map[string]string{}
			}
			out[name] = text
		}
	}
	return out
}

// stated returns what the user says of a value that is not known: a text, or a list or
// an object as the command line has those of variables.
func (l *loader) stated(v *val, m *module) *val {
	if l.o.Stated == nil || v.kind != unknown {
		return v
	}
	text, ok := l.o.Stated.Of(v.ref().Name)
	if !ok {
		return v
	}
	if s := strings.TrimSpace(text); !strings.HasPrefix(s, "[") && !strings.HasPrefix(s, "{") {
		return textVal(text, v.span)
	}
	e := l.expression(text, "--value "+v.ref().Name)
	if e == nil {
		return v
	}
	return l.eval(e, &scope{m: m, only: true}).placed(v.span)
}
