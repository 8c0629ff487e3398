package validate

import (
	"net/netip"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
)

// addressChecks are about values of IP address operators.
var addressChecks = []Check{
	private("PRIVATE_IP_ADDRESS", Error, false, false, "aws:SourceIp works only for public IP address ranges. The values for condition key aws:SourceIp include only private IP addresses and will not have the desired effect. Update the value to include only public IP addresses."),
	private("PRIVATE_NOT_IP_ADDRESS", Error, true, false, "The values for condition key aws:SourceIp include only private IP addresses and has no effect. aws:SourceIp works only for public IP address ranges. Update the value to include only public IP addresses."),
	private("PRIVATE_IP_ADDRESS_SUBSET", Suggestion, false, true, "The values for condition key aws:SourceIp include a mix of private and public IP addresses. The private addresses will not have the desired effect. aws:SourceIp works only for public IP address ranges. To define permissions for private IP ranges, use aws:VpcSourceIp."),
	private("PRIVATE_NOT_IP_ADDRESS_SUBSET", Suggestion, true, true, "The values for condition key aws:SourceIp include a mix of private and public IP addresses. The private addresses have no effect. aws:SourceIp works only for public IP address ranges. To define permissions for private IP ranges, use aws:VpcSourceIp."),
	{Code: "IMPROVE_IP_RANGE", Type: Suggestion, Basis: Grammar, Details: "The non-zero bits in the IP address after the masked bits are ignored. Replace address with %s.", run: func(r *run) {
		r.eachValue([]policy.Comparison{policy.IpAddress}, func(s *statement, c *condition, x entry, text string) {
			if p, err := netip.ParsePrefix(text); err == nil && p.Masked() != p {
				r.at(x.at(), p.Masked().String())
			}
		})
	}},
}

// private is the check for private ranges under aws:SourceIp: alone, or mixed
// with public ones. Values that are not known may be public ranges.
func private(code string, t FindingType, negated, mixed bool, details string) Check {
	return Check{Code: code, Type: t, Basis: Grammar, Details: details, run: func(r *run) {
		r.eachCondition(func(s *statement, c *condition) {
			if c.lower != "aws:sourceip" || c.operator.Compare != policy.IpAddress || c.operator.Negated != negated {
				return
			}
			var inside []Location
			outside := 0
			for _, x := range c.entries() {
				text, known := x.text()
				p, ok := prefixOf(text)
				switch {
				case !known:
					outside++
				case ok && isPrivate(p):
					inside = append(inside, x.at())
				default:
					outside++
				}
			}
			if len(inside) > 0 && (outside > 0) == mixed && (!mixed || c.complete()) {
				r.report(inside)
			}
		})
	}}
}

// ranges that no request from the internet has as its source.
//
// https://www.rfc-editor.org/rfc/rfc1918, https://www.rfc-editor.org/rfc/rfc6598,
// https://www.rfc-editor.org/rfc/rfc4193
var privateRanges = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("fc00::/7"),
}

func isPrivate(p netip.Prefix) bool {
	for _, r := range privateRanges {
		if r.Bits() <= p.Bits() && r.Contains(p.Addr()) {
			return true
		}
	}
	return false
}

func prefixOf(s string) (netip.Prefix, bool) {
	if !strings.Contains(s, "/") {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return netip.Prefix{}, false
		}
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	return p, err == nil
}

func isAddress(s string) bool {
	_, ok := prefixOf(s)
	return ok
}
