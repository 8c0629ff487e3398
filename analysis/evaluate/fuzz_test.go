package evaluate

import (
	"reflect"
	"slices"
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
)

// chooser makes choices from fuzzed bytes; when they run out, the first.
type chooser struct{ data []byte }

func (c *chooser) intn(n int) int {
	if len(c.data) == 0 {
		return 0
	}
	b := c.data[0]
	c.data = c.data[1:]
	return int(b) % n
}

func pick[T any](c *chooser, from []T) T { return from[c.intn(len(from))] }

// text is one of the texts given or, sometimes, pieces or raw bytes.
func (c *chooser) text(from []string) string {
	switch c.intn(4) {
	case 0:
		var s string
		for range c.intn(5) {
			s += pick(c, []string{"a", ":", "*", "?", "<r>", "${aws:username}", "${", "}", ", 'd'", "/", "arn:aws:s3:::", "1"})
		}
		return s
	case 1:
		n := min(c.intn(8), len(c.data))
		s := string(c.data[:n])
		c.data = c.data[n:]
		return s
	}
	return pick(c, from)
}

func (c *chooser) texts(from []string) []string {
	var out []string
	for range c.intn(3) {
		out = append(out, c.text(from))
	}
	return out
}

var (
	fuzzActions   = []string{"s3:GetObject", "*", "S3:Get*", "sqs:SendMessage"}
	fuzzResources = []string{"arn:aws:s3:::b/k", "*", "arn:aws:s3:::b/*", "arn:aws:s3:::${aws:username}/*", "arn:aws:s3", "arn:aws:sqs:us-east-2:111122223333:q"}
	fuzzNames     = []string{acct, rootARN, roleARN, userARN, fedARN, "<r>", "*", "cloudtrail.amazonaws.com", "arn:aws:iam::*:role/*"}
	fuzzKeys      = []string{"aws:username", "AWS:UserName", "aws:SourceIp", "aws:TagKeys", "aws:CurrentTime", "aws:SourceArn", "test:key"}
	fuzzValues    = []string{"Bob", "", "true", "10", "2020-01-01", "203.0.113.0/24", "203.0.113.9", "arn:aws:s3:::b", "arn:aws:s3:::*", "QUI=", "${aws:username}"}
	fuzzOperators = []string{"StringEquals", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike", "NumericLessThan", "NumericNotEquals", "DateGreaterThanEquals", "Bool", "BinaryEquals", "NotIpAddress", "IpAddress", "ArnLike", "ArnNotEquals", "Null", "Nonsense"}
)

func (c *chooser) statement() policy.Statement {
	s := policy.Statement{Effect: policy.Effect(c.intn(2)), Action: patterns(c.texts(fuzzActions)...), Resource: patterns(c.texts(fuzzResources)...)}
	s.Action.Present, s.Resource.Present = c.intn(8) > 0, c.intn(8) > 0
	s.Action.Not, s.Resource.Not = c.intn(4) == 1, c.intn(4) == 1
	s.Principal = policy.Principals{Present: c.intn(8) > 0, Not: c.intn(4) == 1}
	for range c.intn(3) {
		s.Principal.List = append(s.Principal.List, policy.Principal{Kind: policy.PrincipalKind(c.intn(6)), Text: lit(c.text(fuzzNames))})
	}
	for range c.intn(3) {
		op := pick(c, []string{"", "ForAllValues:", "ForAnyValue:"}) + pick(c, fuzzOperators) + pick(c, []string{"", "IfExists"})
		s.Condition = append(s.Condition, when(op, c.text(fuzzKeys), c.texts(fuzzValues)...))
	}
	if c.intn(8) == 1 {
		s.Refused = "refused"
	}
	return s
}

func (c *chooser) request() Request {
	req := Request{
		Principal: pick(c, []Principal{nobody, user, role, session, fedUser, root, trail, google, canon}),
		Action:    c.text(fuzzActions),
		Resource:  c.text(fuzzResources),
		Context:   map[string][]string{},
	}
	if c.intn(8) == 1 {
		req.Principal.ARN = c.text(fuzzNames)
	}
	for range c.intn(4) {
		req.Context[c.text(fuzzKeys)] = c.texts(fuzzValues)
	}
	return req
}

// FuzzEvaluate checks what holds of any policy and request.
func FuzzEvaluate(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14"))
	f.Add([]byte("allow and deny, principals and conditions, in some order of bytes"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &chooser{data}
		req := c.request()
		doc := &policy.Document{Version: pick(c, []string{"2012-10-17", "2008-10-17", ""})}
		for range c.intn(5) {
			doc.Statements = append(doc.Statements, c.statement())
		}
		strict, permissive := Evaluate(doc, req, Strict), Evaluate(doc, req, Permissive)
		for _, d := range []Decision{strict, permissive} {
			if d.Allowed && d.Denied {
				t.Error("allowed and denied")
			}
			if (d.Allowed || d.Denied) != (len(d.Statements) > 0) {
				t.Errorf("decision without its statements: %+v", d)
			}
			for _, i := range d.Statements {
				if (doc.Statements[i].Effect == policy.Allow) != d.Allowed {
					t.Errorf("statement %d is not of the effect decided: %+v", i, d)
				}
			}
		}
		if strict.Allowed && !permissive.Allowed {
			t.Error("allowed in the strict reading only")
		}
		if permissive.Denied && !strict.Denied {
			t.Error("denied in the permissive reading only")
		}
		// Order is irrelevant, one document at a time is enough, and a Deny
		// adds no access.
		reversed := *doc
		reversed.Statements = slices.Clone(doc.Statements)
		slices.Reverse(reversed.Statements)
		if got := Evaluate(&reversed, req, Strict); got.Allowed != strict.Allowed || got.Denied != strict.Denied {
			t.Error("the order of statements matters")
		}
		var apart []*policy.Document
		for _, s := range doc.Statements {
			apart = append(apart, &policy.Document{Version: doc.Version, Statements: []policy.Statement{s}})
		}
		if got := EvaluateAll(apart, req, Strict); !reflect.DeepEqual(got, strict) {
			t.Errorf("apart: %+v, together: %+v", got, strict)
		}
		extra := c.statement()
		extra.Effect = policy.Deny
		more := &policy.Document{Version: doc.Version, Statements: append(slices.Clone(doc.Statements), extra)}
		if Evaluate(more, req, Permissive).Allowed && !permissive.Allowed {
			t.Error("a Deny added access")
		}
		_ = WellFormed(req)
	})
}
