package tfplan

import (
	"slices"
	"strings"
)

// module is a module of the configuration, as it is written: whatever count or
// for_each say, it is there once.
type module struct {
	parent    *module
	name      string
	call      piece // the arguments of its call
	forEach   piece // of its call
	calls     map[string]*module
	resources map[string]*declaration // by address in the module
	outputs   piece
	variables piece
}

// declaration is a resource or data source as it is written. The plan keeps of
// an expression only the literal or the names of what it refers to.
type declaration struct {
	expressions piece
	forEach     piece
	provider    string // key of provider_config
}

const (
	policyDocument = "aws_iam_policy_document"
	callerIdentity = "aws_caller_identity"
)

// readModule reads a module of the configuration.
func (p *plan) readModule(at piece, parent *module, name string, depth int) *module {
	m := &module{parent: parent, name: name, calls: map[string]*module{}, resources: map[string]*declaration{}}
	for f := range p.members(at) {
		switch f.key {
		case "resources":
			for r := range p.elements(f.value) {
				p.declare(m, r)
			}
		case "outputs":
			m.outputs = f.value
		case "variables":
			m.variables = f.value
		case "module_calls":
			if depth > maxModules {
				p.errorf(f.keyPiece, "expected modules nested at most %d levels deep", maxModules)
				continue
			}
			for c := range p.members(f.value) {
				child := p.readModule(p.at(c.value, "module"), m, c.key, depth+1)
				child.call = p.at(c.value, "expressions")
				child.forEach = p.at(c.value, "for_each_expression")
				m.calls[c.key] = child
			}
		}
	}
	return m
}

// maxModules is how deep modules may be nested.
const maxModules = 60

func (p *plan) declare(m *module, at piece) {
	var d declaration
	var address, mode, typ string
	for f := range p.members(at) {
		switch f.key {
		case "address":
			address, _ = p.str(f.value)
		case "mode":
			mode, _ = p.str(f.value)
		case "type":
			typ, _ = p.str(f.value)
		case "provider_config_key":
			d.provider, _ = p.str(f.value)
		case "expressions":
			d.expressions = f.value
		case "for_each_expression":
			d.forEach = f.value
		}
	}
	if mode != "data" || typ == policyDocument || typ == callerIdentity {
		m.resources[address] = &d
	}
}

// find returns the module of an address without instance keys.
func (m *module) find(path []step) *module {
	for _, s := range path {
		if m == nil {
			return nil
		}
		m = m.calls[s.name]
	}
	return m
}

// written returns what the expressions of a resource have for a path of
// attributes. Blocks of one name are read together: the plan may have them in
// another order.
func (p *plan) written(at piece, path []string) []piece {
	if len(path) == 0 {
		return []piece{at}
	}
	var out []piece
	for f := range p.members(at) {
		if f.key == path[0] {
			out = append(out, p.inside(f.value, path[1:])...)
		}
	}
	return out
}

// inside goes on in what is written for a name: blocks, or an expression, which
// then stands for all that is in it.
func (p *plan) inside(at piece, path []string) []piece {
	switch {
	case len(path) == 0 || p.isExpression(at):
		return []piece{at}
	case p.kind(at) == '[':
		var out []piece
		for e := range p.elements(at) {
			out = append(out, p.inside(e, path)...)
		}
		return out
	}
	return p.written(at, path)
}

// isExpression: not a block. A call without references is an empty object.
func (p *plan) isExpression(at piece) bool {
	for f := range p.members(at) {
		if f.key != "references" && f.key != "constant_value" {
			return false
		}
	}
	return p.kind(at) == '{'
}

// references returns what an expression, or all of a block, refers to. Of
// a.b.c and a.b, which Terraform lists both, it is the first.
func (p *plan) references(at ...piece) []string {
	var all []string
	for _, a := range at {
		all = p.collect(a, all)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(slices.Clone(all), func(ref string) bool {
		return slices.ContainsFunc(all, func(other string) bool {
			return len(other) > len(ref) && strings.HasPrefix(other, ref) && (other[len(ref)] == '.' || other[len(ref)] == '[')
		})
	})
}

func (p *plan) collect(at piece, all []string) []string {
	switch p.kind(at) {
	case '[':
		for e := range p.elements(at) {
			all = p.collect(e, all)
		}
	case '{':
		for f := range p.members(at) {
			if f.key != "references" {
				all = p.collect(f.value, all)
				continue
			}
			for e := range p.elements(f.value) {
				if s, ok := p.str(e); ok {
					all = append(all, s)
				}
			}
		}
	}
	return all
}

// step is one part of an address or reference: a name, and the index behind it
// as it is written, "" for none.
type step struct{ name, index string }

// steps splits an address or a reference at its dots.
func steps(s string) []step {
	var out []step
	for s != "" {
		end := strings.IndexAny(s, ".[")
		if end < 0 {
			return append(out, step{name: s})
		}
		part := step{name: s[:end]}
		s = s[end:]
		for strings.HasPrefix(s, "[") {
			n := bracket(s)
			part.index += s[:n]
			s = s[n:]
		}
		out = append(out, part)
		s = strings.TrimPrefix(s, ".")
	}
	return out
}

// bracket returns the length of the index that s begins with.
func bracket(s string) int {
	quoted := false
	for i := 1; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ']' && !quoted:
			return i + 1
		}
	}
	return len(s)
}

// write is the contrary of steps.
func write(list []step) string {
	var b strings.Builder
	for i, s := range list {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s.name + s.index)
	}
	return b.String()
}
