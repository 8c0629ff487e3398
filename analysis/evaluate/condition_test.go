package evaluate

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/policy"
)

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func TestCondition(t *testing.T) {
	none := vals()
	for _, tt := range []struct {
		op     string
		policy []string
		key    []string // of the request; nil: absent
		want   truth
	}{
		// Exact, with case; wildcards are characters.
		{"StringEquals", vals("a", "b"), vals("b"), yes},
		{"StringEquals", vals("a"), vals("A"), no},
		{"StringEquals", vals("a*"), vals("ab"), no},
		{"StringEquals", vals("a*"), vals("a*"), yes},
		{"StringEquals", vals("a"), nil, no},
		{"StringEquals", vals(""), vals(""), yes},
		{"StringEquals", vals("a"), vals("a", "a"), maybe},
		{"StringEquals", none, vals("a"), maybe}, // "does not affect the policy", say the policy checks
		{"StringEquals", none, nil, maybe},
		{"StringEqualsIfExists", none, nil, yes},
		{"StringEqualsIfExists", none, vals("a"), no},
		{"Null", none, nil, maybe},
		{"StringEquals", vals("<x>"), vals("a"), maybe},
		{"StringEquals", vals("pre-<x>"), vals("a"), no},
		{"StringEquals", vals("pre-<x>", "a"), vals("a"), yes},
		{"StringEquals", vals("<x>*"), vals("ab"), no},
		{"StringNotEquals", vals("a", "b"), vals("c"), yes},
		{"StringNotEquals", vals("a", "b"), vals("b"), no},
		{"StringNotEquals", vals("a"), nil, yes},
		{"StringNotEquals", vals("a"), vals("b", "c"), maybe},
		{"StringNotEquals", none, vals("a"), yes},
		{"StringNotEquals", vals("<x>"), vals("a"), maybe},
		{"StringNotEquals", vals("pre-<x>"), vals("a"), yes},
		{"StringEqualsIfExists", vals("a"), nil, yes},
		{"StringEqualsIfExists", vals("a"), vals("b"), no},
		{"StringNotEqualsIfExists", vals("a"), nil, yes},
		{"StringNotEqualsIfExists", vals("a"), vals("a"), no},
		{"StringEqualsIgnoreCase", vals("aBc"), vals("AbC"), yes},
		{"StringEqualsIgnoreCase", vals("a*"), vals("AB"), no},
		{"StringEqualsIgnoreCase", vals("a"), nil, no},
		{"StringNotEqualsIgnoreCase", vals("aBc"), vals("AbC"), no},
		{"StringNotEqualsIgnoreCase", vals("aBc"), nil, yes},
		{"StringLike", vals("a*c?"), vals("abbcd"), yes},
		{"StringLike", vals("a*c?"), vals("abbc"), no},
		{"StringLike", vals("a*"), vals("A"), no},
		{"StringLike", vals("*"), vals(""), yes},
		{"StringLike", vals("?"), vals("é"), yes},
		{"StringLike", vals("?"), vals(""), no},
		{"StringLike", vals("*"), nil, no},
		{"StringLike", vals("x<r>*"), vals("xy"), maybe},
		{"StringNotLike", vals("a*"), vals("b"), yes},
		{"StringNotLike", vals("a*", "b"), vals("b"), no},
		{"StringNotLike", vals("*"), nil, yes},
		{"StringLikeIfExists", vals("a"), nil, yes},

		// By value, integer or decimal.
		{"NumericEquals", vals("10"), vals("10.0"), yes},
		{"NumericEquals", vals("10"), vals("11"), no},
		{"NumericEquals", vals("1", "+2"), vals("2"), yes},
		{"NumericEquals", vals("10"), nil, no},
		{"NumericEquals", vals("ten"), vals("10"), maybe},
		{"NumericEquals", vals("1e9999999"), vals("1"), maybe},
		{"NumericEquals", vals("10"), vals("ten"), maybe},
		{"NumericEquals", vals("<n>"), vals("10"), maybe},
		{"NumericNotEquals", vals("10"), vals("10.0"), no},
		{"NumericNotEquals", vals("10"), nil, yes},
		{"NumericLessThan", vals("10"), vals("9.9"), yes},
		{"NumericLessThan", vals("10"), vals("10"), no},
		{"NumericLessThan", vals("10", "20"), vals("15"), yes},
		{"NumericLessThanEquals", vals("10"), vals("10"), yes},
		{"NumericLessThanEquals", vals("10"), vals("10.1"), no},
		{"NumericGreaterThan", vals("-1"), vals("0"), yes},
		{"NumericGreaterThan", vals("10"), vals("9"), no},
		{"NumericGreaterThanEquals", vals("10"), vals("10"), yes},
		{"NumericGreaterThanEquals", vals("10"), vals("9"), no},
		{"NumericLessThanIfExists", vals("10"), nil, yes},

		// ISO 8601 or seconds since 1970.
		{"DateEquals", vals("2020-01-01T00:00:00Z"), vals("2020-01-01T01:00:00+01:00"), yes},
		{"DateEquals", vals("2020-01-01"), vals("2020-01-01T00:00:00Z"), yes},
		{"DateEquals", vals("1577836800"), vals("2020-01-01T00:00Z"), yes},
		{"DateEquals", vals("2020-01-01"), vals("2020-01-02"), no},
		{"DateEquals", vals("2020"), vals("2020-01-01"), maybe}, // a year, or half an hour past midnight in 1970
		{"DateLessThan", vals("2020"), vals("2021-01-01"), no},  // either way
		{"DateEquals", vals("2020-01-01"), nil, no},
		{"DateEquals", vals("2020-01-01T00:00:00"), vals("2020-01-01"), maybe}, // without a zone
		{"DateEquals", vals("2020-01-01T1:00Z"), vals("2020-01-01"), maybe},
		{"DateNotEquals", vals("2020-01-01"), vals("2020-01-01"), no},
		{"DateNotEquals", vals("2020-01-01"), nil, yes},
		{"DateLessThan", vals("2020-01-01"), vals("2019-12-31T23:59:59.9Z"), yes},
		{"DateLessThan", vals("2020-01-01"), vals("2020-01-01"), no},
		{"DateLessThanEquals", vals("2020-01-01"), vals("2020-01-01"), yes},
		{"DateGreaterThan", vals("2020-01-01"), vals("2020-01-01T00:00:01Z"), yes},
		{"DateGreaterThan", vals("2020-01-01"), vals("2019-01-01"), no},
		{"DateGreaterThanEquals", vals("2020-01-01"), vals("2020-01-01"), yes},
		{"DateGreaterThanIfExists", vals("2020-01-01"), nil, yes},

		{"Bool", vals("true"), vals("true"), yes},
		{"Bool", vals("True"), vals("tRUE"), yes},
		{"Bool", vals("true"), vals("false"), no},
		{"Bool", vals("true", "false"), vals("false"), yes},
		{"Bool", vals("true"), nil, no},
		{"Bool", vals("yes"), vals("true"), maybe},
		{"Bool", vals("${aws:SecureTransport}"), vals("true"), maybe}, // the pages disagree on variables here
		{"BoolIfExists", vals("true"), nil, yes},

		{"BinaryEquals", vals("QUI="), vals("QUI="), yes},
		{"BinaryEquals", vals("QUI="), vals("QUM="), no},
		{"BinaryEquals", vals("QUI="), nil, no},
		{"BinaryEquals", vals("?"), vals("QUI="), maybe},
		{"BinaryEqualsIfExists", vals("QUI="), nil, yes},

		{"IpAddress", vals("203.0.113.0/24"), vals("203.0.113.9"), yes},
		{"IpAddress", vals("203.0.113.77/24"), vals("203.0.113.9"), yes},
		{"IpAddress", vals("203.0.113.0/24"), vals("203.0.114.9"), no},
		{"IpAddress", vals("203.0.113.9"), vals("203.0.113.9"), yes},
		{"IpAddress", vals("203.0.113.9"), vals("203.0.113.8"), no},
		{"IpAddress", vals("0.0.0.0/0"), vals("2001:db8::1"), no},
		{"IpAddress", vals("2001:DB8:1234:5678::/64"), vals("2001:db8:1234:5678::9"), yes},
		{"IpAddress", vals("2001:db8::1"), vals("2001:db8::1"), yes},
		{"IpAddress", vals("2001:db8::1"), vals("2001:db8::2"), maybe}, // /32 is documented without regard to IPv6
		{"IpAddress", vals("2001:db8::1"), vals("2001:db9::2"), no},
		{"IpAddress", vals("203.0.113.0/33"), vals("203.0.113.9"), maybe},
		{"IpAddress", vals("203.0.113.0/24"), vals("elsewhere"), maybe},
		{"IpAddress", vals("203.0.113.0/24"), nil, no},
		{"NotIpAddress", vals("203.0.113.0/24"), vals("198.51.100.1"), yes},
		{"NotIpAddress", vals("203.0.113.0/24"), vals("203.0.113.9"), no},
		{"NotIpAddress", vals("203.0.113.0/24"), nil, yes},
		{"IpAddressIfExists", vals("203.0.113.0/24"), nil, yes},

		// Each of the six fields apart; the example is the page's.
		{"ArnLike", vals("arn:aws:someservice:*:111122223333:finance/*"), vals("arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"), no},
		{"StringLike", vals("arn:aws:someservice:*:111122223333:finance/*"), vals("arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"), yes},
		{"ArnEquals", vals("arn:aws:sns:*:111122223333:*"), vals("arn:aws:sns:us-east-2:111122223333:topic:sub"), yes},
		{"ArnEquals", vals("arn:aws:s3:::b"), vals("arn:aws:s3:::B"), no},
		{"ArnEquals", vals("*"), vals("arn:aws:s3:::b"), yes},
		{"ArnEquals", vals("arn:aws:s3:*"), vals("arn:aws:s3:::b"), maybe},
		{"ArnEquals", vals("arn:aws:s3:::b"), vals("b"), maybe},
		{"ArnEquals", vals("arn:aws:s3:::<b>"), vals("arn:aws:s3:::b"), maybe},
		{"ArnEquals", vals("arn:aws:s3:::<b>"), vals("arn:aws:sqs:::b"), no},
		{"ArnEquals", vals("arn:aws:iam::<a>:root"), vals("arn:aws:iam::1:root"), maybe},
		{"ArnEquals", vals("arn:aws:iam::<a>:root"), vals("arn:aws:iam::1:user/x"), no},
		{"ArnEquals", vals("arn:aws:s3:::b"), nil, no},
		{"ArnNotEquals", vals("arn:aws:s3:::b"), nil, yes},
		{"ArnNotLike", vals("arn:aws:s3:::b*"), vals("arn:aws:s3:::bc"), no},
		{"ArnNotLike", vals("arn:aws:s3:::b*"), vals("arn:aws:s3:::c"), yes},
		{"ArnLikeIfExists", vals("arn:aws:s3:::b"), nil, yes},

		{"Null", vals("true"), nil, yes},
		{"Null", vals("true"), vals("a"), no},
		{"Null", vals("false"), nil, no},
		{"Null", vals("FALSE"), vals("a", "b"), yes},
		{"Null", vals("true", "false"), vals("a"), yes},
		{"Null", vals("false"), vals(""), no},
		{"Null", vals("true"), vals(""), maybe},
		{"Null", vals("true", "false"), vals(""), maybe},
		{"Null", vals("maybe"), vals("a"), maybe},
		{"Null", vals("<n>"), nil, maybe},
		{"NullIfExists", vals("true"), nil, maybe},
		{"ForAllValues:Null", vals("true"), nil, yes},
		{"ForAnyValue:Null", vals("false"), vals("a"), no},

		// Every value of the request, or some value. No values satisfy
		// ForAllValues and not ForAnyValue.
		{"ForAllValues:StringEquals", vals("a", "b"), vals("a", "b"), yes},
		{"ForAllValues:StringEquals", vals("a", "b"), vals("a", "c"), no},
		{"ForAllValues:StringEquals", vals("a"), nil, yes},
		{"ForAllValues:StringEquals", vals("a"), vals(""), yes},
		{"ForAllValues:StringEquals", vals("a"), vals("", "b"), no},
		{"ForAllValues:StringEquals", none, vals("a"), no},
		{"ForAllValues:StringEquals", vals("<x>"), vals("a", "b"), maybe},
		{"ForAllValues:StringNotEquals", vals("a"), vals("b", "c"), yes},
		{"ForAllValues:StringNotEquals", vals("a"), vals("a", "c"), no},
		{"ForAllValues:StringNotEquals", vals("a"), nil, yes},
		{"ForAllValues:StringLike", vals("key1*"), vals("key1:legal", "key1:hr"), yes},
		{"ForAllValues:IpAddress", vals("203.0.113.0/24"), vals("203.0.113.1", "203.0.114.1"), no},
		{"ForAnyValue:StringEquals", vals("a", "b"), vals("c", "b"), yes},
		{"ForAnyValue:StringEquals", vals("a", "b"), vals("c", "d"), no},
		{"ForAnyValue:StringEquals", vals("a"), nil, no},
		{"ForAnyValue:StringEquals", vals(""), vals(""), no},
		{"ForAnyValue:StringEqualsIfExists", vals("a"), nil, maybe},
		{"ForAnyValue:StringNotEquals", vals("a", "b"), vals("a", "b"), no},
		{"ForAnyValue:StringNotEquals", vals("a", "b"), vals("a", "c"), yes},
		{"ForAnyValue:StringNotEquals", vals("a"), nil, no},
		{"ForAnyValue:StringNotEquals", vals("a"), vals(""), no},
		{"ForAnyValue:ArnLike", vals("arn:aws:s3:::a*"), vals("arn:aws:s3:::b", "arn:aws:s3:::ab"), yes},

		{"StringMatches", vals("a"), vals("a"), maybe},
		{"StringMatches", vals("a"), nil, maybe},
	} {
		req := Request{Context: map[string][]string{}}
		if tt.key != nil {
			req.Context["Test:Key"] = tt.key
		}
		e := evaluation{req: req, ctx: contextOf(req.Context), variables: true}
		if got := e.condition(when(tt.op, "tesT:kEy", tt.policy...)); got != tt.want {
			t.Errorf("%s %q with %q: got %s, want %s", tt.op, tt.policy, tt.key, got, tt.want)
		}
	}
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func TestVariables(t *testing.T) {
	ctx := map[string][]string{
		"aws:username":           {"Bob"},
		"aws:PrincipalTag/glob":  {"*"},
		"aws:PrincipalTag/arn":   {"arn:aws:s3:::b"},
		"aws:PrincipalTag/empty": {""},
		"aws:TagKeys":            {"one"},
		"test:several":           {"x", "y"},
	}
	for _, tt := range []struct {
		op, policy, key string
		want            truth
	}{
		{"StringEquals", "${aws:username}", "Bob", yes},
		{"StringEquals", "${AWS:UserName}", "Bob", yes},
		{"StringEquals", "a-${aws:username}-${aws:username}", "a-Bob-Bob", yes},
		{"StringEquals", "${aws:username}", "bob", no},
		{"StringEqualsIgnoreCase", "${aws:username}", "bOB", yes},
		{"StringLike", "${aws:username}/*", "Bob/x", yes},
		{"StringLike", "${aws:PrincipalTag/glob}", "anything", no}, // what is substituted is literal
		{"StringLike", "${aws:PrincipalTag/glob}", "*", yes},
		{"StringEquals", "x${aws:PrincipalTag/empty}", "x", yes},
		{"StringLike", "a${*}b", "a*b", yes},
		{"StringLike", "a${*}b", "axb", no},
		{"StringLike", "a${?}", "a?", yes},
		{"StringLike", "a${?}", "ax", no},
		{"StringEquals", "${$}{x}", "${x}", yes},
		{"StringEquals", "$x}", "$x}", yes},
		{"StringEquals", "${aws:PrincipalTag/none}", "x", no},
		{"StringNotEquals", "${aws:PrincipalTag/none}", "x", yes},
		{"StringEquals", "${aws:PrincipalTag/none, 'x'}", "x", yes},
		{"StringEquals", "${aws:PrincipalTag/none, ''}", "", yes},
		{"StringEquals", "${aws:username, 'x'}", "x", no},
		{"StringEquals", "${aws:username, 'x'}", "Bob", yes},
		{"StringLike", "${aws:PrincipalTag/none, '*'}", "x", no},
		// Written in a way that the page does not describe.
		{"StringEquals", "${aws:PrincipalTag/none,'x'}", "x", maybe},
		{"StringEquals", "${aws:PrincipalTag/none, x}", "x", maybe},
		{"StringEquals", "${ aws:username }", "Bob", maybe},
		{"StringEquals", "${}", "x", maybe},
		{"StringEquals", "${aws:username", "Bob", maybe},
		{"StringEquals", "p${aws:username", "Bob", no},
		{"StringEquals", "${aws:<ref>}", "x", maybe},
		// Multivalued keys cannot be variables.
		{"StringEquals", "${test:several}", "x", maybe},
		{"StringEquals", "${aws:TagKeys}", "one", maybe},
		{"ArnEquals", "${aws:PrincipalTag/arn}", "arn:aws:s3:::b", yes},
		{"ArnEquals", "arn:aws:iam::1:user/${aws:username}", "arn:aws:iam::1:user/Bob", yes},
		{"ArnLike", "arn:aws:iam::1:user/${aws:PrincipalTag/glob}", "arn:aws:iam::1:user/Bob", no},
	} {
		e := evaluation{ctx: contextOf(ctx), variables: true}
		if got := e.test(when(tt.op, "test:key", tt.policy), tt.key); got != tt.want {
			t.Errorf("%s %q with %q: got %s, want %s", tt.op, tt.policy, tt.key, got, tt.want)
		}
	}
	// Before version 2012-10-17 they are literal, and * is a wildcard there too.
	old := evaluation{ctx: contextOf(ctx)}
	for _, tt := range []struct {
		op, policy, key string
		want            truth
	}{
		{"StringEquals", "${aws:username}", "Bob", no},
		{"StringEquals", "${aws:username}", "${aws:username}", yes},
		{"StringLike", "${*}", "${abc}", yes},
	} {
		if got := old.test(when(tt.op, "test:key", tt.policy), tt.key); got != tt.want {
			t.Errorf("2008-10-17: %s %q with %q: got %s, want %s", tt.op, tt.policy, tt.key, got, tt.want)
		}
	}
}

// Keys of the context that differ in case are one key.
func TestContextOf(t *testing.T) {
	ctx := contextOf(map[string][]string{"AWS:TagKeys": {"b"}, "aws:TagKeys": {"a"}})
	if got := ctx["aws:tagkeys"]; len(got) != 2 || got[0] != "b" || got[1] != "a" {
		t.Errorf("got %q", got)
	}
}

// Conditions are a conjunction.
func TestConditions(t *testing.T) {
	a, b := when("StringEquals", "test:a", "1"), when("StringEquals", "test:b", "1")
	for _, tt := range []struct {
		ctx  map[string][]string
		want bool
	}{
		{map[string][]string{"test:a": {"1"}, "test:b": {"1"}}, true},
		{map[string][]string{"test:a": {"1"}, "test:b": {"2"}}, false},
		{map[string][]string{"test:a": {"1"}}, false},
		{nil, false},
	} {
		req := Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Context: tt.ctx}
		req.Principal = nobody
		for _, conditions := range [][]policy.Condition{{a, b}, {b, a}} {
			if got := Evaluate(document(allow(list(anyone), "*", "*", conditions...)), req, Strict).Allowed; got != tt.want {
				t.Errorf("%v: got %t", tt.ctx, got)
			}
		}
	}
}
