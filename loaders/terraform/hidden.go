package terraform

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/analysis/source"
)

// hideSecrets has a file show nothing of what is written in it for variables,
// outputs and calls that are sensitive: reports quote lines around what they are about.
func (l *loader) hideSecrets(file *source.File, body *hclsyntax.Body) {
	if !mentionsSecrets(file.Content) {
		return
	}
	for _, b := range body.Blocks {
		switch {
		case !l.marked(b.Body, "sensitive") && !l.marked(b.Body, "ephemeral"):
		case b.Type == "variable":
			l.hideAttribute(b.Body, "default")
			for _, nested := range b.Body.Blocks { // which compares it with what it may be
				l.hideAttribute(nested.Body, "condition")
			}
		case b.Type == "output":
			l.hideAttribute(b.Body, "value")
		}
	}
	_ = hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		if call, ok := n.(*hclsyntax.FunctionCallExpr); ok && call.Name == "sensitive" {
			for _, a := range call.Args {
				l.hideLiterals(a)
			}
		}
		return nil
	})
}

func mentionsSecrets(text []byte) bool {
	return bytes.Contains(text, []byte("sensitive")) || bytes.Contains(text, []byte("ephemeral"))
}

func (l *loader) marked(body *hclsyntax.Body, name string) bool {
	a := body.Attributes[name]
	return a != nil && l.constant(a.Expr) != "false"
}

func (l *loader) hideAttribute(body *hclsyntax.Body, name string) {
	if a := body.Attributes[name]; a != nil {
		l.hideLiterals(a.Expr)
	}
}

// hideLiterals hides what an expression says itself; names in it stay.
func (l *loader) hideLiterals(e hclsyntax.Expression) {
	if len(e.Variables()) == 0 {
		l.hide(e)
		return
	}
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		if x, ok := n.(*hclsyntax.LiteralValueExpr); ok {
			l.hide(x)
		}
		return nil
	})
}

func (l *loader) hide(e hclsyntax.Expression) {
	if s := l.span(e.Range()); s.File != nil {
		s.File.Hide(s.Start, s.End)
	}
}

// mostSecrets is how many texts of secrets are looked for in messages.
const mostSecrets = 1000

// remember notes the texts of a secret, which messages may quote from then on.
func (l *loader) remember(v *val) {
	if len(l.secretly) > mostSecrets {
		return
	}
	if l.secretly == nil {
		l.secretly = map[string]bool{}
	}
	if t, ok := v.scalarText(); ok {
		for _, p := range t.Parts {
			if p.Ref == nil && p.Literal != "" {
				l.secretly[p.Literal] = true
			}
		}
		if s, known := t.Known(); known && s != "" {
			l.secretly[s] = true
		}
	}
	for _, item := range v.items {
		l.remember(item)
	}
	for _, f := range v.fields {
		l.secretly[f.key] = true
		l.remember(f.val)
	}
}

// withoutSecrets takes the texts of secrets out of a message. A short one is only
// taken out where it is quoted, since it is a part of many words.
func (l *loader) withoutSecrets(message string) string {
	if len(l.secretly) > mostSecrets {
		return "a value is not as expected; with as many secrets, no message is shown"
	}
	for _, s := range sortedKeys(l.secretly) {
		message = strings.ReplaceAll(message, strconv.Quote(s), hiddenText)
		if len(s) >= 4 {
			message = strings.ReplaceAll(message, s, hiddenText)
		}
	}
	return message
}

const hiddenText = "(sensitive)"
