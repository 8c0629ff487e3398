package cloudformation

import (
	"math/big"
	"net/netip"
	"strconv"

	"github.com/iaclint/iaclint/analysis/value"
)

// cidr evaluates Fn::Cidr: a number of blocks of equal size, one after the
// other, from the start of a larger one.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
func (e *evaluator) cidr(s *scope, v, arg value.Value) value.Value {
	if arg.Kind != value.List || len(arg.Items) < 2 || len(arg.Items) > 3 {
		return e.fault(arg.Span, "expected an address block, a count and a number of bits for \"Fn::Cidr\", found %s", described(arg))
	}
	block := e.argument(s, arg.Items[0])
	if !block.IsScalar() {
		return e.fault(arg.Items[0].Span, "expected an address block for \"Fn::Cidr\", found %s", block.Kind)
	}
	label := "Fn::Cidr of " + block.Text.String()
	var numbers [2]int
	for i, raw := range arg.Items[1:] {
		got := e.argument(s, raw)
		text, known := e.literal(got)
		switch {
		case !got.IsScalar():
			return e.fault(raw.Span, "expected a number for \"Fn::Cidr\", found %s", got.Kind)
		case !known:
			return unknown(v.Span, label)
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 256 {
			return e.fault(raw.Span, "expected a number from 1 to 256 for \"Fn::Cidr\", found %q", text)
		}
		numbers[i] = n
	}
	text, known := block.Text.Known()
	if !known {
		return unknown(v.Span, label)
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return e.fault(arg.Items[0].Span, "expected an address block such as \"10.0.0.0/16\" for \"Fn::Cidr\", found %q", text)
	}
	count, bits := numbers[0], numbers[1]
	if len(arg.Items) == 2 {
		return unknown(v.Span, label) // the default is not documented for every size
	}
	width := prefix.Addr().BitLen()
	if bits > width-prefix.Bits() || new(big.Int).Lsh(big.NewInt(1), uint(width-prefix.Bits()-bits)).Cmp(big.NewInt(int64(count))) < 0 {
		return e.fault(arg.Span, "%d blocks of %d bits do not fit into %s", count, bits, text)
	}
	list := value.Value{Kind: value.List, Span: v.Span}
	at := new(big.Int).SetBytes(prefix.Masked().Addr().AsSlice())
	for range count {
		addr, _ := netip.AddrFromSlice(at.FillBytes(make([]byte, width/8)))
		list.Items = append(list.Items, value.Value{
			Kind: value.String, Span: v.Span, Text: value.Lit(netip.PrefixFrom(addr, width-bits).String()),
		})
		at.Add(at, new(big.Int).Lsh(big.NewInt(1), uint(bits)))
	}
	return list
}
