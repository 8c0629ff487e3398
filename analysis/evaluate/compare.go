package evaluate

import (
	"bytes"
	"encoding/base64"
	"math/big"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// compare compares one value of the policy with one of the request. Only
// string and ARN operators take policy variables.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-conditionelement
func (e evaluation) compare(c policy.Comparison, text value.Text, v string) truth {
	switch c {
	case policy.StringEquals, policy.StringEqualsIgnoreCase:
		p := compile(text, e.variableSyntax(), e.ctx)
		return p.cap(match(p.symbols, v, c == policy.StringEqualsIgnoreCase))
	case policy.StringLike:
		p := compile(text, wildcards|e.variableSyntax(), e.ctx)
		return p.cap(match(p.symbols, v, false))
	case policy.ArnEquals, policy.ArnLike:
		return compareARN(compile(text, wildcards|e.variableSyntax(), e.ctx), v)
	}
	literal, known := text.Known()
	if !known {
		return maybe
	}
	return compareTyped(c, literal, v)
}

// compareARN: the two ARN operators are one, and both take wildcards. What a
// pattern of fewer than six fields means here, or a value that is not an ARN, is
// not said; * alone is everything.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
func compareARN(p pattern, v string) truth {
	matched, complete := matchARN(p, v)
	switch {
	case p.missing || p.isAnything():
		return p.cap(matched)
	case !isARN(v):
		return maybe
	case !complete:
		return p.cap(matched).open()
	}
	return p.cap(matched)
}

// compareTyped compares values that are not text. One that does not have the
// operator's type leaves the answer open: AWS's checks call it an error, and
// the formats are documented loosely.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
func compareTyped(c policy.Comparison, p, v string) truth {
	switch c {
	case policy.Bool:
		a, okA := parseBool(p)
		b, okB := parseBool(v)
		return typed(okA && okB, a == b)
	case policy.BinaryEquals:
		// Request.Context is text, so binary values are in base64 there too.
		a, errA := base64.StdEncoding.DecodeString(p)
		b, errB := base64.StdEncoding.DecodeString(v)
		return typed(errA == nil && errB == nil, bytes.Equal(a, b))
	case policy.IpAddress:
		return compareAddress(p, v)
	case policy.NumericEquals, policy.NumericLessThan, policy.NumericLessThanEquals, policy.NumericGreaterThan, policy.NumericGreaterThanEquals:
		a, okA := parseNumber(p)
		b, okB := parseNumber(v)
		return typed(okA && okB, okA && okB && ordered(c, b.Cmp(a)))
	case policy.DateEquals, policy.DateLessThan, policy.DateLessThanEquals, policy.DateGreaterThan, policy.DateGreaterThanEquals:
		return compareDate(c, p, v)
	}
	return maybe
}

func typed(ok, equal bool) truth {
	if !ok {
		return maybe
	}
	return truthOf(equal)
}

// ordered reports whether the request's value, being order of the policy's,
// satisfies the operator.
func ordered(c policy.Comparison, order int) bool {
	switch c {
	case policy.NumericEquals, policy.DateEquals:
		return order == 0
	case policy.NumericLessThan, policy.DateLessThan:
		return order < 0
	case policy.NumericLessThanEquals, policy.DateLessThanEquals:
		return order <= 0
	case policy.NumericGreaterThan, policy.DateGreaterThan:
		return order > 0
	}
	return order >= 0
}

func parseBool(s string) (value, ok bool) {
	return strings.EqualFold(s, "true"), strings.EqualFold(s, "true") || strings.EqualFold(s, "false")
}

// The length bounds the work; no documented key comes near it.
var number = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[+-]?[0-9]{1,60}(\.[0-9]{1,60})?$`) })

// parseNumber reads an integer or decimal, exactly.
func parseNumber(s string) (*big.Rat, bool) {
	if !number().MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// The forms of the W3C note that the documentation refers to.
//
// https://www.w3.org/TR/NOTE-datetime
var date = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?$`)
})

var dateLayouts = []string{"2006", "2006-01", "2006-01-02", "2006-01-02T15:04Z07:00", time.RFC3339}

// parseDates returns the instants that s can mean: four digits are a year, and
// seconds since 1970.
func parseDates(s string) []time.Time {
	var out []time.Time
	if date().MatchString(s) {
		for _, layout := range dateLayouts {
			if t, err := time.Parse(layout, s); err == nil {
				out = append(out, t)
			}
		}
	}
	if n, err := strconv.ParseUint(s, 10, 48); err == nil {
		out = append(out, time.Unix(int64(n), 0))
	}
	return out
}

// compareDate is settled when every meaning of the two dates agrees.
func compareDate(c policy.Comparison, p, v string) truth {
	least, most := yes, no
	for _, a := range parseDates(p) {
		for _, b := range parseDates(v) {
			t := truthOf(ordered(c, b.Compare(a)))
			least, most = min(least, t), max(most, t)
		}
	}
	if least != most {
		return maybe
	}
	return most
}

// compareAddress: the policy holds a range, or one address without a prefix,
// which is documented to mean /32. For IPv6 that would be far more than the
// address, so what lies between is open.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
func compareAddress(p, v string) truth {
	addr, err := netip.ParseAddr(v)
	if err != nil || addr.Zone() != "" || addr.Is4In6() {
		return maybe
	}
	if prefix, err := netip.ParsePrefix(p); err == nil {
		return truthOf(prefix.Contains(addr))
	}
	bare, err := netip.ParseAddr(p)
	switch {
	case err != nil || bare.Zone() != "":
		return maybe
	case bare == addr:
		return yes
	}
	return truthOf(netip.PrefixFrom(bare, 32).Contains(addr)).open()
}
