package rego

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/print"

	"github.com/iaclint/iaclint/analysis/source"
)

// test is a rule that must hold.
type test struct {
	pkg, name string
	span      source.Span
}

// TestResult is what became of a test.
type TestResult struct {
	Name    string // iaclint.rules.x_test.test_y
	Span    source.Span
	Passed  bool
	Skipped bool
	Error   string // what ended it, "" if nothing did
	Printed []string
}

// tests finds the tests of the files.
func (c *compilation) tests() {
	if !c.options.Tests {
		return
	}
	seen := map[string]bool{}
	for _, m := range c.set.modules {
		if !strings.HasSuffix(m.Package.Loc().File, TestSuffix) {
			continue
		}
		for _, r := range m.Rules {
			name := string(r.Head.Ref()[0].Value.(ast.Var))
			full := packageName(m.Package) + "." + name
			if seen[full] || !strings.HasPrefix(strings.TrimPrefix(name, "todo_"), "test_") {
				continue
			}
			seen[full] = true
			c.set.tests = append(c.set.tests, test{packageName(m.Package), name, c.set.span(r.Loc())})
		}
	}
}

// Tests are the names of the tests, in the order of the files.
func (s *Set) Tests() []string {
	var out []string
	for _, t := range s.tests {
		out = append(out, t.pkg+"."+t.name)
	}
	return out
}

// Test runs a test within a time.
func (s *Set) Test(name string, load Load, limit time.Duration) TestResult {
	i := slices.Index(s.Tests(), name)
	if i < 0 {
		return TestResult{Name: name, Error: "there is no such test"}
	}
	return s.test(s.tests[i], load, limit)
}

func (s *Set) test(t test, load Load, limit time.Duration) TestResult {
	out := TestResult{Name: t.pkg + "." + t.name, Span: t.span}
	if strings.HasPrefix(t.name, "todo_") {
		out.Skipped = true
		return out
	}
	query, err := ast.ParseBody("data." + t.pkg + "." + t.name)
	if err != nil {
		out.Error = err.Error()
		return out
	}
	d := newDocument(Input{})
	if err := d.terms(); err != nil {
		out.Error = err.Error()
		return out
	}
	r := s.newRun(d)
	r.load = load
	result := make([]evaluated, 1)
	var failed []topdown.Error
	printed := &lines{}
	r.all(1, limit, most, func(int) evaluated {
		return evaluated{err: r.query(query, nil, printed, &failed, func(topdown.QueryResult) error {
			printed.passed = true
			return nil
		})}
	}, result)
	out.Passed = result[0].err == nil && printed.passed
	if _, limited := isLimit(result[0].err); !limited {
		out.Printed = printed.list // nothing writes to it any more
	}
	if result[0].err == nil && !out.Passed && len(failed) > 0 {
		out.Error = "it does not hold; " + message(failed[0].Message)
	}
	if err := result[0].err; err != nil {
		out.Error = message(err.Error())
		if e, ok := err.(*topdown.Error); ok {
			out.Error = message(e.Message)
			if at := s.span(e.Location); !at.IsZero() {
				out.Span = at
			}
		}
	}
	return out
}

// lines collects what a test prints.
type lines struct {
	list   []string
	passed bool
}

func (l *lines) Print(c print.Context, text string) error {
	if len(l.list) < mostLines {
		l.list = append(l.list, fmt.Sprintf("%s:%d: %s", c.Location.File, c.Location.Row, message(text)))
	}
	return nil
}

const mostLines = 1000
