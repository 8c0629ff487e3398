package rules

import (
	"net/netip"
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
)

// warnings says what in a policy does not do what it seems to.
func warnings(r resource.Resource) []source.Diagnostic {
	var out []source.Diagnostic
	add := func(span source.Span, message string) {
		out = append(out, source.Diagnostic{Severity: source.Warning, Path: r.Path, Span: span, Message: message})
	}
	for _, d := range r.Documents {
		for _, s := range d.Policy.Statements {
			if s.Principal.Not && s.Effect == policy.Allow {
				add(s.Principal.Span, "Allow with NotPrincipal lets in everyone who is not listed, anonymous callers too; AWS no longer accepts it")
			}
			for _, c := range s.Condition {
				if onlyPrivate(c) {
					message := "aws:SourceIp holds public addresses only: private ranges never match"
					if c.Operator.Negated {
						message = "aws:SourceIp holds public addresses only: that it lies in none of these private ranges always holds"
					}
					add(c.Span, message)
				}
			}
		}
	}
	return out
}

// private are the ranges that aws:SourceIp never has.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
var private = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fc00::/7"),
}

// onlyPrivate reports whether a condition compares aws:SourceIp with private
// ranges alone.
func onlyPrivate(c policy.Condition) bool {
	if c.Operator.Compare != policy.IpAddress || !strings.EqualFold(c.Key, "aws:SourceIp") || len(c.Values) == 0 {
		return false
	}
	for _, v := range c.Values {
		text, known := v.Text.Known()
		block, ok := access.ParseBlock(text)
		if !known || !ok || !isPrivate(block) {
			return false
		}
	}
	return true
}

func isPrivate(block netip.Prefix) bool {
	for _, p := range private {
		if p.Contains(block.Addr()) && p.Bits() <= block.Bits() {
			return true
		}
	}
	return false
}
