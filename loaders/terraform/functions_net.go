package terraform

import (
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/value"
)

// prefix reads an address range argument; ok is false where it is not known.
func (c *call) prefix(i int) (p netip.Prefix, ok bool, err error) {
	s, known := c.args[i].known()
	if !known {
		return p, false, nil
	}
	p, err = netip.ParsePrefix(s)
	if err != nil {
		return p, false, fmt.Errorf("expected an address range such as 10.0.0.0/8, found %q", s)
	}
	return p.Masked(), true, nil
}

// whole reads an argument that is a whole number; nil where it is not known.
func (c *call) whole(i int) (*big.Int, error) {
	n, ok := c.l.numberOf(c.args[i])
	if !ok || n != nil && !n.IsInt() {
		return nil, fmt.Errorf("argument %d must be a whole number", i+1)
	}
	if n == nil {
		return nil, nil
	}
	if n.MantExp(nil) > 256 {
		return nil, fmt.Errorf("argument %d is too large", i+1)
	}
	out, _ := n.Int(nil)
	return out, nil
}

func addressOf(n *big.Int, bits int) (netip.Addr, bool) {
	if n.Sign() < 0 || n.BitLen() > bits {
		return netip.Addr{}, false
	}
	return netip.AddrFromSlice(n.FillBytes(make([]byte, bits/8)))
}

func cidrHost(c *call) *val {
	p, known, err := c.prefix(0)
	n, err2 := c.whole(1)
	switch {
	case err != nil:
		return c.errorf("%s", err)
	case err2 != nil:
		return c.errorf("%s", err2)
	case !known || n == nil:
		return c.derived()
	}
	bits := p.Addr().BitLen()
	size := new(big.Int).Lsh(big.NewInt(1), uint(bits-p.Bits()))
	if n.Sign() < 0 {
		n = new(big.Int).Add(size, n)
	}
	if n.Sign() < 0 || n.Cmp(size) >= 0 {
		return c.errorf("the range %s has no host of that number", p)
	}
	addr, ok := addressOf(n.Add(n, new(big.Int).SetBytes(p.Addr().AsSlice())), bits)
	if !ok {
		return c.errorf("the range %s has no host of that number", p)
	}
	return textVal(addr.String(), c.span)
}

func cidrNetmask(s string) (string, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil || !p.Addr().Is4() {
		return "", fmt.Errorf("expected an IPv4 address range such as 10.0.0.0/8, found %q", s)
	}
	return net.IP(net.CIDRMask(p.Bits(), 32)).String(), nil
}

// subnet returns the range number n of those with some bits more.
func subnet(p netip.Prefix, more int, n *big.Int) (netip.Prefix, error) {
	bits := p.Addr().BitLen()
	length := p.Bits() + more
	if more < 0 || length > bits {
		return netip.Prefix{}, fmt.Errorf("the range %s cannot have %d more bits", p, more)
	}
	if n.Sign() < 0 || n.BitLen() > more {
		return netip.Prefix{}, fmt.Errorf("%d more bits have no range of number %s", more, n)
	}
	start := new(big.Int).SetBytes(p.Addr().AsSlice())
	start.Add(start, new(big.Int).Lsh(n, uint(bits-length)))
	addr, ok := addressOf(start, bits)
	if !ok {
		return netip.Prefix{}, fmt.Errorf("the range %s is too small", p)
	}
	return netip.PrefixFrom(addr, length), nil
}

func cidrSubnet(c *call) *val {
	p, known, err := c.prefix(0)
	more, err2 := c.whole(1)
	n, err3 := c.whole(2)
	for _, e := range []error{err, err2, err3} {
		if e != nil {
			return c.errorf("%s", e)
		}
	}
	if !known || more == nil || n == nil {
		return c.derived()
	}
	s, err := subnet(p, int(more.Int64()), n)
	if err != nil {
		return c.errorf("%s", err)
	}
	return textVal(s.String(), c.span)
}

// cidrSubnets gives each size the next range that is aligned to it.
func cidrSubnets(c *call) *val {
	p, known, err := c.prefix(0)
	if err != nil {
		return c.errorf("%s", err)
	}
	bits := p.Addr().BitLen()
	next := new(big.Int)
	if known {
		next.SetBytes(p.Addr().AsSlice())
	}
	end := new(big.Int)
	if known {
		end.Add(next, new(big.Int).Lsh(big.NewInt(1), uint(bits-p.Bits())))
	}
	var items []*val
	for i := 1; i < len(c.args); i++ {
		more, err := c.whole(i)
		if err != nil {
			return c.errorf("%s", err)
		}
		if !known || more == nil {
			return c.derived()
		}
		length := p.Bits() + int(more.Int64())
		if more.Sign() < 0 || length > bits {
			return c.errorf("the range %s cannot have %s more bits", p, more)
		}
		size := new(big.Int).Lsh(big.NewInt(1), uint(bits-length))
		next.Add(next, size).Sub(next, big.NewInt(1)).Div(next, size).Mul(next, size)
		addr, ok := addressOf(next, bits)
		next.Add(next, size)
		if !ok || next.Cmp(end) > 0 {
			return c.errorf("the range %s has no room for that many", p)
		}
		items = append(items, textVal(netip.PrefixFrom(addr, length).String(), c.span))
	}
	return seqVal(items, c.span)
}

func cidrContains(c *call) *val {
	p, known, err := c.prefix(0)
	if err != nil {
		return c.errorf("%s", err)
	}
	s, alsoKnown := c.args[1].known()
	if !known || !alsoKnown {
		return c.derived()
	}
	if addr, err := netip.ParseAddr(s); err == nil {
		return boolVal(p.Contains(addr), c.span)
	}
	inner, err := netip.ParsePrefix(s)
	if err != nil {
		return c.errorf("expected an address or an address range, found %q", s)
	}
	return boolVal(inner.Bits() >= p.Bits() && p.Contains(inner.Addr()), c.span)
}

// arnBuild puts an ARN together.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/functions/arn_build
func arnBuild(c *call) *val {
	texts := []value.Text{value.Lit("arn")}
	for i := range c.args {
		t, ok := c.textArg(i)
		if !ok {
			return c.l.failed(c.span)
		}
		texts = append(texts, value.Lit(":"), t)
	}
	return textOf(value.Join(texts...), c.span)
}

func arnParse(c *call) *val {
	t, ok := c.textArg(0)
	if !ok {
		return c.l.failed(c.span)
	}
	name, ok := arn.ParseText(t)
	if !ok {
		if _, known := t.Known(); known {
			return c.errorf("expected an ARN of six parts, found %q", t.Literal)
		}
		return c.derived()
	}
	part := func(key string, t value.Text) field { return field{key: key, span: c.span, val: textOf(t, c.span)} }
	return mapVal([]field{
		part("partition", name.Partition), part("service", name.Service), part("region", name.Region),
		part("account_id", name.Account), part("resource", name.Resource),
	}, c.span)
}

// trimRolePath takes the path out of the ARN of a role.
func trimRolePath(c *call) *val {
	s, known := c.args[0].known()
	if !known {
		return c.derived()
	}
	role, ok := arn.Parse(s)
	if !ok || !strings.HasPrefix(role.Resource, "role/") {
		return c.errorf("expected the ARN of a role, found %q", s)
	}
	role.Resource = "role/" + role.Resource[strings.LastIndex(role.Resource, "/")+1:]
	return textVal(role.String(), c.span)
}
